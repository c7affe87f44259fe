"""Findings as a reader looks at them: chosen, in order with the worst first, and counted.

What belongs here: pure functions over the frame of cases (casebook.py), and the address of a finding's page with what was chosen.
"""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, fields
from urllib.parse import urlencode

import polars as pl

from dashboards.casebook import STATUSES
from data.contracts import rules
from transforms.case_history import GONE, HERE, PASSED
from transforms.what_next import LONG

ALL, OUTSIDE, NONE, NOBODY, OVERDUE = "all", "outside", "none", "nobody", "overdue"
SEVERITIES = ("H", "S", "I")
MOVES = (ALL, "new", "again", "stayed", "unchecked", GONE, PASSED)
STANDINGS = (ALL, *(status for status in STATUSES if status != "closed"), OVERDUE)
AGES = (ALL, "3", "6", "12")
KINDS = ("unit", "org", "link", "member", "return", "district", "delivery", "park")
PAGE_ROWS = 25
SAME = (("unit", "org", "link"), ("return", "district"))  # kinds of subject that name each other


@dataclass(frozen=True)
class Choice:
    """What is looked at. moved `all`: what stands in the release. park `outside`: in no park; district `none`: of no district (files).
    age: at least so many months. about: the kind of subject. assignee `nobody`: given to no one."""

    severity: str = ALL
    moved: str = ALL
    status: str = ALL
    district: str = ALL
    rule: str = ALL
    park: str = ALL
    age: str = ALL
    about: str = ALL
    assignee: str = ALL

    @property
    def narrowed(self) -> dict[str, str]:
        """What was chosen, without what was left as it is."""
        return {name: value for name, value in asdict(self).items() if value != ALL}


FILTERS = tuple(each.name for each in fields(Choice))


def kept(get: Callable[[str], str | None]) -> Choice:
    """The choice as a link carries it; what is none of its values counts as not chosen."""
    known = {"severity": SEVERITIES, "moved": MOVES, "status": STANDINGS, "age": AGES, "about": KINDS}
    found = {name: get(name) or ALL for name in FILTERS}
    return Choice(**{name: value if value in known.get(name, (value,)) else ALL for name, value in found.items()})


def placed(cases: pl.DataFrame, choice: Choice) -> pl.DataFrame:
    """The cases of a choice whatever became of them in this month."""
    kept = [pl.lit(True)]
    for name, column in (("severity", "severity"), ("rule", "rule"), ("about", "subject_kind")):
        if getattr(choice, name) != ALL:
            kept.append(pl.col(column) == getattr(choice, name))
    if choice.district == NONE:
        kept.append(pl.col("district_code").is_null())
    elif choice.district != ALL:
        kept.append(pl.col("district_code") == choice.district)
    if choice.park == OUTSIDE:
        kept.append(pl.col("park_code").is_null())
    elif choice.park != ALL:
        kept.append(pl.col("park_code") == choice.park)
    if choice.age != ALL:
        kept.append(pl.col("age") >= int(choice.age))
    if choice.assignee == NOBODY:
        kept.append(pl.col("assignee").is_null())
    elif choice.assignee != ALL:
        kept.append(pl.col("assignee") == choice.assignee)
    return cases.filter(pl.all_horizontal(kept))


def moved(cases: pl.DataFrame, choice: Choice) -> pl.DataFrame:
    """Those that stand in the release, or that moved as was chosen, in the status that was chosen."""
    found = cases.filter(pl.col("moved").is_in(HERE) if choice.moved == ALL else pl.col("moved") == choice.moved)
    if choice.status == OVERDUE:
        return found.filter(pl.col("overdue"))
    return found if choice.status == ALL else found.filter(pl.col("status") == choice.status)


def chosen(cases: pl.DataFrame, choice: Choice) -> pl.DataFrame:
    return in_order(moved(placed(cases, choice), choice))


def in_order(cases: pl.DataFrame) -> pl.DataFrame:
    """What must be put right first, then what is overdue, then the oldest."""
    rank = pl.col("severity").replace_strict({name: place for place, name in enumerate(SEVERITIES)}, default=len(SEVERITIES))
    return cases.sort(rank, ~pl.col("overdue"), -pl.col("age"), "order", "subject")


def severities(cases: pl.DataFrame) -> dict[str, str]:
    """rule -> its severity, in the order of its cards: all that there are today, then those that only older findings are of."""
    found = {card.name: card.severity for card in sorted(rules().values(), key=lambda card: (SEVERITIES.index(card.severity), card.order))}
    return found | {name: severity for name, severity in cases.select("rule", "severity").unique().sort("rule").rows() if name not in found}


def counts(cases: pl.DataFrame, by: str) -> dict[str | None, int]:
    return dict(cases.group_by(by).len().rows())


def tally(cases: pl.DataFrame, by: str | None = None) -> dict[str | None, dict[str, int]]:
    """Of each code: here (in the release), came, gone, open, late (overdue), explained, long (six months and more); without `by`, of all
    under None. What came and went within the month is in none of them."""
    here = pl.col("moved").is_in(HERE)
    sums = {
        "here": here,
        "came": pl.col("moved").is_in(("new", "again")),
        "gone": pl.col("moved") == GONE,
        "open": here & pl.col("status").is_in(("open", "assigned", "answered")),
        "late": here & pl.col("overdue"),
        "explained": here & (pl.col("status") == "explained"),
        "long": here & (pl.col("age") >= LONG),
    }
    counted = [where.sum().cast(pl.Int64).alias(name) for name, where in sums.items()]
    if by is None:
        return {None: cases.select(counted).row(0, named=True)}
    return {row.pop(by): row for row in cases.group_by(by).agg(counted).to_dicts()}


def balance(cases: pl.DataFrame) -> dict[str, int]:
    """before - gone + new + again = now, of which some were not looked at; passed: came and went within the month."""
    stands, stood = pl.col("status") != "closed", pl.col("stood")
    count = lambda where: cases.filter(where).height  # noqa: E731
    return {
        "before": count(stood),
        "gone": count(stood & ~stands),
        "new": count(~stood & stands & (pl.col("rounds") == 1)),
        "again": count(~stood & stands & (pl.col("rounds") > 1)),
        "now": count(stands),
        "unchecked": count(pl.col("moved") == "unchecked"),
        "passed": count(pl.col("moved") == PASSED),
    }


def about_the_same(cases: pl.DataFrame, row: Mapping) -> pl.DataFrame:
    """The other cases of the month about the same unit, organisation or member, the same district's returns, or the same file."""
    kind, parts = row["subject_kind"], row["subject"].split("|")
    group = next((kinds for kinds in SAME if kind in kinds), (kind,))
    # Of a return or a district its code tells what it is about, not the sector or day; of a file all of it.
    parts = parts[:1] if kind in ("return", "district") else [row["subject"]] if kind == "delivery" else parts
    subject = pl.col("subject")
    named = pl.any_horizontal((subject == part) | subject.str.starts_with(f"{part}|") | subject.str.ends_with(f"|{part}") for part in parts)
    return cases.filter(pl.col("subject_kind").is_in(group) & named & (pl.col("fingerprint") != row["fingerprint"]))


def neighbours(ordered: pl.DataFrame, fingerprint: str) -> tuple[int, str | None, str | None]:
    """(its place from 1 on, 0 where it is not there; the one before it; the one after it)."""
    names = ordered["fingerprint"].to_list()
    if fingerprint not in names:
        return 0, None, names[0] if names else None
    place = names.index(fingerprint)
    return place + 1, names[place - 1] if place else None, names[place + 1] if place + 1 < len(names) else None


def address(page: str, period: str, release: str | None, lang: str, choice: Choice | None = None, **more: str) -> str:
    """The address of the list or of a finding, which keeps what was chosen. release: only where it is not the current one."""
    named: Mapping[str, str | None] = {"period": period, "release": release, "lang": lang}
    chosen = choice.narrowed if choice else {}
    return f"{page}?{urlencode({name: value for name, value in (more | named | chosen).items() if value})}"
