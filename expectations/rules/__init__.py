"""The rules, a file a family: each a function of the name of its card, from a month to its leads."""
