"""The findings of all months and revisions put together with what people did about them: one row a finding.

What belongs here: what several releases saw, made one story; the releases' pictures and the casework are handed in. How a status follows
from what was seen and done is settled in cases.py.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property, lru_cache

import narwhals as nw
import polars as pl

from data.acts import Event
from data.contracts import rules
from data.periods import last_day
from data.picture import Picture
from transforms import evidence
from transforms.cases import Sighting, case_of, standing

NEW, AGAIN, STAYED, UNCHECKED, GONE = "new", "again", "stayed", "unchecked", "gone"
PASSED = "passed"  # came and went within the month, by its revisions: neither new nor gone
HERE = (NEW, AGAIN, STAYED)  # in this release; the others are not, but belong to its month
DONE = {"status": pl.String, "lapsed": pl.Boolean, "assignee": pl.String, "due": pl.Date, "disposition": pl.String, "overdue": pl.Boolean}


def due_day(period: str, newest: str, today: date) -> date:
    """Against which day the cases of a month are overdue: today while it is the newest month published, after that its own last day."""
    return today if period >= newest else last_day(period)


@dataclass(frozen=True, eq=False)
class History:
    """What every revision until a picture saw. looks: (period, revision, time, rules that were run) of each, the oldest first."""

    pictures: tuple[Picture, ...]
    looks: tuple[tuple[str, str, datetime, frozenset[str]], ...]
    sightings: pl.DataFrame

    @cached_property
    def months(self) -> list[str]:
        """Those in which anybody looked, the oldest first: a release of before there were rules saw nothing, and says nothing."""
        return sorted({period for period, _, _, ran in self.looks if ran})

    @cached_property
    def runs(self) -> pl.DataFrame:
        rows = [(rule, period, revision, at) for period, revision, at, ran in self.looks for rule in sorted(ran)]
        columns = {"rule": pl.String, "period": pl.String, "revision": pl.String, "at": pl.Datetime(time_zone="UTC")}
        return pl.DataFrame(rows, schema=columns, orient="row")

    @cached_property
    def kept(self) -> dict:
        """What pages have worked out of it."""
        return {}

    def standing(self, period: str) -> pl.DataFrame:
        """Every finding seen until a month, by the data alone."""
        return _stood(tuple(picture for picture in self.pictures if picture.period <= period), period)

    def of(self, fingerprints: Collection[str], facts: bool = True) -> dict[str, list[Sighting]]:
        """fingerprint -> what each revision saw of it."""
        mine = self.sightings.filter(pl.col("fingerprint").is_in(list(fingerprints)))
        rule = dict(mine.select("fingerprint", "rule").rows())
        seen = set(mine.select("fingerprint", "period", "revision").rows())
        found: dict[str, list[Sighting]] = {name: [] for name in rule}
        for picture, (period, revision, at, ran) in zip(self.pictures, self.looks, strict=True):
            here = [name for name in rule if (name, period, revision) in seen]
            shown = picture.evidence(here) if facts else {}
            for name in rule:
                there = (name, period, revision) in seen if rule[name] in ran else None
                said = evidence.read(shown[name])[0] if name in shown else {}
                found[name].append(Sighting(period, revision, at, there, said))
        return found


# What was seen until a month stays as it is when later months come: only what is new is worked out anew.
@lru_cache(maxsize=512)
def _stood(pictures: tuple[Picture, ...], period: str) -> pl.DataFrame:
    history = history_of(pictures)
    found = standing(nw.from_native(history.sightings.lazy()), nw.from_native(history.runs.lazy()), period)
    return found.to_native().collect()


def history_of(pictures: Sequence[Picture]) -> History:
    looks, seen = [], []
    for picture in pictures:
        rows = picture.sightings
        looks.append((picture.period, picture.revision, _time(picture), picture.ran))
        if rows is not None:
            seen.append(rows.with_columns(revision=pl.lit(picture.revision), look=pl.lit(len(looks))))
    return History(tuple(pictures), tuple(looks), pl.concat(seen))


def _time(picture: Picture) -> datetime:
    at = datetime.fromisoformat(picture.manifest["created_at"])
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def cases_of(history: History, now: str, before: str | None, followed: Callable[[str], str]) -> pl.DataFrame:
    """Every finding until a month without what people did: status open or closed. followed: a district code of then -> the one of today."""
    cases = history.standing(now)
    then = history.standing(before).filter(pl.col("closed").is_null()).select("fingerprint", stood=pl.lit(True)) if before else None
    cases = cases.join(then, on="fingerprint", how="left") if then is not None else cases.with_columns(stood=pl.lit(None, pl.Boolean))
    last = history.sightings.sort("look").unique("fingerprint", keep="last").drop("rule", "revision").rename({"period": "last_period"})
    latest = len(history.looks)
    cases = cases.join(last, on="fingerprint").with_columns(pl.col("stood").fill_null(False), here=pl.col("look") == latest)
    stands = pl.col("closed").is_null()
    moved = (
        pl.when(stands & ~pl.col("here"))
        .then(pl.lit(UNCHECKED))
        .when(stands & pl.col("stood"))
        .then(pl.lit(STAYED))
        .when(stands)
        .then(pl.when(pl.col("rounds") == 1).then(pl.lit(NEW)).otherwise(pl.lit(AGAIN)))
        .when(pl.col("closed") == now)
        .then(pl.when(pl.col("stood")).then(pl.lit(GONE)).otherwise(pl.lit(PASSED)))
    )
    months = lambda year, month: year * 12 + month  # noqa: E731
    opened = months(pl.col("opened").str.head(4).cast(pl.Int64), pl.col("opened").str.tail(2).cast(pl.Int64))
    codes = {code: followed(code) for code in cases.filter(~pl.col("here"))["district_code"].drop_nulls().unique()}
    order = {name: card.order for name, card in rules().items()}
    return cases.with_columns(
        moved=moved,
        age=pl.lit(months(int(now[:4]), int(now[5:]))) - opened,
        order=pl.col("rule").replace_strict(order, default=len(order) + 1, return_dtype=pl.Int64),
        district_code=pl.when(pl.col("here")).then("district_code").otherwise(pl.col("district_code").replace(codes)),
        status=pl.when(stands).then(pl.lit("open")).otherwise(pl.lit("closed")),
        lapsed=pl.lit(False),
        assignee=pl.lit(None, pl.String),
        due=pl.lit(None, pl.Date),
        disposition=pl.lit(None, pl.String),
        overdue=pl.lit(False),
    ).drop("look", "here", "period", strict=False)


def acted_on(names: Collection[str], history: History, events: Mapping[str, Sequence[Event]], day: date) -> dict[str, tuple]:
    """fingerprint -> its row of DONE: what people did about it, as of the history's last month. day: against which it is overdue."""
    # Only a bound on a figure looks at figures, and reading evidence is the most of the work.
    bound = {name for name in names if any(event.fact for event in events[name])}
    found = {}
    for name, seen in (history.of(set(names) - bound, facts=False) | history.of(bound)).items():
        case = case_of(seen, events[name], history.looks[-1][0])
        if case is not None:
            found[name] = (name, case.status, case.lapsed, case.assignee, case.due, case.disposition, case.overdue(day))
    return found


def with_acts(bare: pl.DataFrame, acts: Collection[tuple]) -> pl.DataFrame:
    """The cases with what was done about them; acts: rows of `acted_on`."""
    found = pl.DataFrame(list(acts), schema={"fingerprint": pl.String} | DONE, orient="row")
    return bare.update(found, on="fingerprint")
