"""一企一策: one unit over all registers and months, behind screens/unit.py."""
