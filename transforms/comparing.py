"""What the published censuses of two months are compared by: the districts as they are valid in the later one, and its settings.

What belongs here: the `Inputs` of a comparison, which has censuses and no rows of deliveries. What moved between the two is computed in
transforms/measures/doubling.py; it is asked for by the pages, by `explain` and by the briefings.
"""

from collections.abc import Iterable

import narwhals as nw
import polars as pl

from data.contracts import sources
from data.home import District, Settings
from data.periods import last_day
from transforms.inputs import Inputs, valid_codes


def district_map(districts: Iterable[District], period: str) -> pl.LazyFrame:
    """code, valid_code: the district that an earlier code leads to at the period's end."""
    valid = valid_codes(districts, last_day(period))
    return pl.LazyFrame(list(valid.items()), schema={"code": pl.String, "valid_code": pl.String}, orient="row")


def inputs(period: str, districts: tuple[District, ...], settings: Settings, basis: str, missing: Iterable[str] | None = None) -> Inputs:
    """Of the later month. basis: the one that its release was signed on, whatever the settings say today. missing: the sources that had no
    delivery in it; None where nobody asks what a figure rests on."""
    known = () if missing is None else set(sources()) - set(missing)
    return Inputs(
        period=period,
        rows=dict.fromkeys(known),
        types=nw.from_native(pl.LazyFrame(schema={"code": pl.String, "kind": pl.String})),
        district_map=nw.from_native(district_map(districts, period)),
        districts=districts,
        settings=settings.model_copy(update={"basis": basis}),
    )
