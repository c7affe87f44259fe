"""Figures of places: park centres, instructors, recruitment, irregular members, funding (definitions.md, park and area metrics).

These are no predicates over one frame, so each is a function of a few lines; their cards give names and sentences.
"""

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal

import narwhals as nw

from transforms.census import IRREGULAR_RELATIONS, OK_RELATIONS
from transforms.inputs import LINKS, REGISTERS, UNKNOWN, Inputs, in_force, valid_codes
from transforms.measures.figures import NO_BASIS, Unit, figure

LEVELS = ("national", "provincial", "municipal")
AREAS = ("city", "district")


def centre_rate(inputs: Inputs, units: list[Unit]) -> list[tuple]:
    """Parks with a centre open at D over parks, by level (in the sector column) and in all."""
    parks = []
    if "park" in inputs.rows:
        valid = valid_codes(inputs.districts, inputs.day)
        for district, level, opened in inputs.rows["park"].select("district_code", "level", "centre_opened_on").collect().rows():
            parks.append((valid.get(district, UNKNOWN), level, opened is not None and opened <= inputs.day))
    rows = []
    for unit in units:
        if unit.kind in AREAS:
            for sector in ("all", *LEVELS):
                opened = [
                    is_open
                    for district, level, is_open in parks
                    if (unit.kind == "city" or district == unit.code) and sector in ("all", level)
                ]
                known = (sum(opened), len(opened)) if inputs.has("park") else (None, None)
                rows.append(figure(inputs, NO_BASIS, unit, sector, "centre_rate", {"park"}, *known))
    return rows


def instructor_staffing(inputs: Inputs, units: list[Unit]) -> list[tuple]:
    """Distinct full-time instructors active at D and posted to that very district or park, over the minimum of its kind and level."""
    posted: dict[str, set[str]] = {}
    if "instructor" in inputs.rows:
        valid = valid_codes(inputs.districts, inputs.day)
        active = inputs.rows["instructor"].filter(in_force(inputs.day, "starts_on", "ends_on") & nw.col("full_time"))
        for person, code in active.select("instructor_id", "posting_code").collect().rows():
            posted.setdefault(valid.get(code, code), set()).add(person)
    minimum = {"district": inputs.settings.staffing.district} | {level: getattr(inputs.settings.staffing, level) for level in LEVELS}
    rows = []
    for unit in units:
        if unit.kind == "park" or (unit.kind == "district" and unit.code != UNKNOWN):
            count = len(posted.get(unit.code, ())) if inputs.has("instructor") else None
            rows.append(
                figure(inputs, NO_BASIS, unit, "all", "instructor_staffing", {"instructor"}, count, minimum[unit.level or "district"])
            )
    return rows


def area_metrics(inputs: Inputs, census: nw.LazyFrame | None, organisations: nw.LazyFrame | None, units: list[Unit]) -> list[tuple]:
    """recruit_rate, irregular_member_share, activity_funding, allowance_funding: city and districts, sector all."""
    places = _Members(inputs, census)
    people, quota = {"member", *REGISTERS}, {"recruit_quota"}
    funding, orgs = {"funding"}, {*LINKS, *REGISTERS}
    quotas = _money(inputs, "recruit_quota", "quota")
    activity = _money(inputs, "funding", "amount_yuan", "activity")
    allowance = _money(inputs, "funding", "amount_yuan", "allowance")
    secretaries = _secretaries(inputs, organisations)
    per_member = inputs.settings.funding.per_member_yuan
    rows = []
    for unit in units:
        if unit.kind in AREAS:
            due = sum(
                12 * _month_rate(inputs, code) * count for code, count in secretaries.items() if unit.kind == "city" or code == unit.code
            )
            regular = places.count("regular", unit)
            for metric, above, over, numerator, denominator in (
                ("recruit_rate", people, quota, places.count("recruited", unit), _of(quotas, unit)),
                ("irregular_member_share", people, people, places.count("irregular", unit), places.count("all", unit)),
                ("activity_funding", funding, people, _of(activity, unit), per_member * regular),
                ("allowance_funding", funding, orgs, _of(allowance, unit), due),
            ):
                known = (numerator if inputs.has(*above) else None, denominator if inputs.has(*over) else None)
                rows.append(figure(inputs, NO_BASIS, unit, "all", metric, above | over, *known))
    return rows


class _Members:
    """Distinct members by what they are and the district of their work unit; of the city, each person once."""

    KINDS = ("all", "regular", "irregular", "recruited")

    def __init__(self, inputs: Inputs, census: nw.LazyFrame | None):
        self._counts: dict[str | None, tuple[int, ...]] = {}
        if census is None or not inputs.has("member", *REGISTERS):
            return
        units = census.filter(nw.col("sector").is_in(["enterprise", "social_org"])).select("uscc", "district_code")
        of_kind = {
            "all": nw.lit(True),
            "regular": nw.col("relation").is_in(OK_RELATIONS),
            "irregular": nw.col("relation").is_in(IRREGULAR_RELATIONS),
            "recruited": nw.col("joined_on").is_between(nw.lit(inputs.day.replace(month=1, day=1)), nw.lit(inputs.day)),
        }
        rows = inputs.rows["member"].join(units, on="uscc", how="inner")
        rows = rows.select("member_id", "district_code", **{kind: of.fill_null(False).cast(nw.Int64) for kind, of in of_kind.items()})
        # A person with rows in several districts counts in each of them, and once in the city.
        by_district = _persons(rows, "district_code").group_by("district_code").agg(*_sums(self.KINDS)).collect()
        self._counts = {row[0]: row[1:] for row in by_district.select("district_code", *self.KINDS).rows()}
        self._counts[None] = _persons(rows).select(*_sums(self.KINDS)).collect().row(0)

    def count(self, kind: str, unit: Unit) -> int:
        found = self._counts.get(None if unit.kind == "city" else unit.code)
        return 0 if found is None else found[self.KINDS.index(kind)] or 0


def _persons(rows: nw.LazyFrame, *places: str) -> nw.LazyFrame:
    """One row a person and place: what one of the rows says of them holds."""
    return rows.group_by("member_id", *places).agg(*(nw.col(kind).max() for kind in _Members.KINDS))


def _sums(names: Iterable[str]) -> list[nw.Expr]:
    return [nw.col(name).sum().cast(nw.Int64) for name in names]


def _money(inputs: Inputs, source: str, column: str, item: str | None = None) -> dict[str, Decimal]:
    """Sums of the year by area code as mapped: a park's code counts for its district, the city's own for the city alone."""
    sums: dict[str, Decimal] = {}
    if source not in inputs.rows:
        return sums
    rows = inputs.rows[source].filter(nw.col("year") == inputs.day.year)
    if item is not None:
        rows = rows.filter(nw.col("item") == item)
    parks = dict(inputs.rows["park"].select("park_code", "district_code").collect().rows()) if "park" in inputs.rows else {}
    valid, city = valid_codes(inputs.districts, inputs.day), inputs.settings.city.code
    for code, amount in rows.select("area_code", column).collect().rows():
        place = city if code == city else valid.get(parks.get(code, code), UNKNOWN)
        sums[place] = sums.get(place, Decimal(0)) + amount
    return sums


def _of(sums: dict[str, Decimal], unit: Unit) -> int:
    """Whole yuan, rounded half up once, from the exact sum. The city is the sum of all rows."""
    total = sum(sums.values(), Decimal(0)) if unit.kind == "city" else sums.get(unit.code, Decimal(0))
    return int(total.quantize(Decimal(1), ROUND_HALF_UP))


def _secretaries(inputs: Inputs, organisations: nw.LazyFrame | None) -> dict[str, int]:
    if organisations is None:
        return {}
    counted: Iterable[tuple] = (
        organisations.filter(nw.col("secretary")).group_by("district_code").agg(count=nw.len().cast(nw.Int64)).collect().rows()
    )
    return dict(counted)


def _month_rate(inputs: Inputs, district: str) -> int:
    urban = any(row.code == district and row.is_urban and row.valid_on(inputs.day) for row in inputs.districts)
    return inputs.settings.funding.secretary_month_yuan_urban if urban else inputs.settings.funding.secretary_month_yuan_rural
