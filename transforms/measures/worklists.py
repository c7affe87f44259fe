"""Work lists (工作清单): who is on each, and since when. The lists are cards; this only reads them (definitions.md, 'Work lists')."""

from collections.abc import Collection, Iterable

import narwhals as nw

from data.contracts import WorkListCard, sources
from data.periods import twelve_months_to
from transforms.inputs import REGISTERS, Inputs
from transforms.measures.entity import BASIS_SOURCES
from transforms.predicates import predicate

SECTORS = ("enterprise", "social_org")
COLUMNS = ("period", "list", "uscc", "district_code", "park_code", "sector", "employees", "members", "since")


def worklist(
    inputs: Inputs, census: nw.LazyFrame | None, cards: Iterable[WorkListCard], previous: nw.LazyFrame | None
) -> nw.LazyFrame | None:
    """Table worklist; None where no list can be made. `previous`: the same table of the last published period before."""
    runs = [card for card in cards if census is not None and not lacks(inputs.rows, card)]
    if not runs:
        return None
    known = with_founded_lately(census, inputs.period).filter(nw.col(inputs.settings.basis) & nw.col("sector").is_in(SECTORS))
    listed = nw.concat([known.filter(predicate(card.where)).with_columns(list=nw.lit(card.name)) for card in runs], how="vertical")
    listed = listed.with_columns(period=nw.lit(inputs.period)).select(*COLUMNS[:-1])
    if previous is None:
        return listed.with_columns(since=nw.lit(inputs.period))
    before = previous.select("list", "uscc", "since")
    return listed.join(before, on=["list", "uscc"], how="left").with_columns(nw.col("since").fill_null(inputs.period)).select(*COLUMNS)


def with_founded_lately(census: nw.LazyFrame, period: str) -> nw.LazyFrame:
    """The census with `founded_lately`: within the twelve months to D (who is registered was founded on or before D)."""
    return census.with_columns(founded_lately=nw.col("founded_on") >= nw.lit(twelve_months_to(period)))


def lacks(in_effect: Collection[str], card: WorkListCard) -> list[str]:
    """The sources, not among those in effect, without which this list is not run: the two lists, whatever basis is signed, and its own."""
    needed = {*REGISTERS, *BASIS_SOURCES, *card.needs}
    return [name for name in sources() if name in needed and name not in in_effect]
