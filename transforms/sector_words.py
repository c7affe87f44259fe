"""What a sector is called beside a figure.

What belongs here: the one exception. Service centres are counted in parks, so that theirs of `all` are all parks, and not both kinds of
organisations together.
"""

PARKS = ("centre_rate",)


def sector_of(metric: str | None, sector: str) -> str:
    """The coded value whose word stands beside a figure of this metric (`sector.<value>` of the catalogue)."""
    return "all_parks" if metric in PARKS and sector == "all" else sector
