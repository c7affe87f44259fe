"""The pages' addresses, in the order of the side bar. The first is also the one that `/` opens."""

PAGES = ("overview", "districts", "parks", "deliveries")
