"""申报与核算: the returns of the districts beside what is counted, behind screens/returns.py."""
