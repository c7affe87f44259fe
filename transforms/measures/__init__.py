"""Figures from the census, one file a family: each gives rows of a published table. Counts are summed once, then rolled up as integers."""
