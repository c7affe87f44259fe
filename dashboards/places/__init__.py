"""一区（园）一策: one district or park with everything about it, behind screens/place.py."""
