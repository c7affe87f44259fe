"""What each office writes down of the city at the end of a month: typed rows, right and complete, before any odd writing or fault.

What belongs here: one pair a source, `table` (which rows there are, as small arrays) and `frame` (their cells, typed, for
one file at a time, so that memory stays bounded). Columns that start with `_` are for the answer key and never written.
"""

import numpy as np
import polars as pl

from . import names, party
from .cells import dates, known, mix
from .city import EXITS, NEVER
from .lists import Lists

# Files a delivery has at most, and how its rows are shared among them.
FILES = {"registration": 10, "social_insurance": 5, "tax": 4, "survey": 5, "member": 4, "org_link": 3, "party_org": 3,
         "mass_org": 3, "social_org": 2, "district_return": 2, "funding": 2}  # fmt: skip
DISTRICT_TEXT = np.array([row[0] for row in names.DISTRICTS])
SOCIAL_KINDS = ("association",) * 9 + ("non_enterprise",) * 10 + ("foundation",)


class Ledgers(Lists):
    """All fourteen ledgers of one city."""

    def table(self, source: str, month: int) -> dict[str, np.ndarray]:
        return getattr(self, f"_{source}_rows")(month)

    def frame(self, source: str, month: int, rows: dict[str, np.ndarray]) -> pl.DataFrame:
        return pl.DataFrame(getattr(self, f"_{source}")(month, rows))

    # The registers
    def _registration_rows(self, month):
        units = np.flatnonzero(self.city.listed[: self.city.market] <= month)
        return {"unit": units, "group": self.city.district(units, month)}

    def _social_org_rows(self, month):
        city = self.city
        units = np.flatnonzero(city.listed[city.market : city.market + city.social] <= month) + city.market
        units = np.append(units, np.array(self.leads.twins, dtype=np.int64))
        return {"unit": units, "group": city.district(units, month)}

    def _place(self, month, units, statuses):
        """What both registers say of a unit: status, dates, district and park."""
        city = self.city
        end = city.ends[month]
        ended = city.exit_day[units] <= end
        salt = mix(units, 11)
        # Near misses: an exit announced for next month, an exit that the status column missed, an exit without its date.
        announced = ~ended & (city.exit_day[units] <= end + 31) & (salt % 8 == 0)
        overlooked = ended & (salt % 25 == 3) & ~city.protected[units]
        which = city.exit_kind[units]
        dated = (ended & (which != 3) & (salt % 10 != 1)) | announced | overlooked
        writing, home = city.writing[units], city.district(units, month)
        code = DISTRICT_TEXT[home]
        code = np.where(writing == 1, names.OLD_DISTRICT[0], np.where(writing == 2, names.LOST_DISTRICT, code))
        park = city.park[units]
        parks = pl.Series((*names.PARK_CODES, names.LOST_PARK))[np.maximum(park, 0)]
        status = np.where(ended & ~overlooked, which + 1, 0)
        return {
            "status": pl.Series(("active", *statuses))[status],
            "founded_on": dates(city.founded[units]), "ended_on": dates(city.exit_day[units], dated),
            "district_code": known(pl.Series(code), writing != 3), "park_code": known(parks, park >= 0),
            "_unit": units, "_active": status == 0, "_founded": city.founded[units], "_ended": np.where(dated, city.exit_day[units], NEVER),
            "_district": np.where(writing >= 2, names.UNKNOWN, home).astype(np.uint8),
            "_park": np.where(park == 21, -1, park).astype(np.int8),
            "_protected": city.protected[units],
        }  # fmt: skip

    def _registration(self, month, rows):
        units, city = rows["unit"], self.city
        letters = pl.Series([f"{letter}{number}" for letter, number in zip("ACFGHILMOS", range(13, 83, 7), strict=True)])
        return {
            "uscc": names.text(city.code[units]), "name": names.unit_names(units, city.kind[units]),
            "type_code": pl.Series(city.type_code[units]).cast(pl.String),
            "industry_code": letters[mix(units, 5) % 10], "_keeper": city.kind[units] == 1, **self._place(month, units, EXITS),
        }  # fmt: skip

    def _social_org(self, month, rows):
        units = rows["unit"]
        kind = pl.Series(SOCIAL_KINDS)[units % 20]
        called = pl.DataFrame({"n": units, "k": kind}).select(
            pl.lit("九九市第") + pl.col("n").cast(pl.String).str.zfill(6) + pl.col("k").replace_strict(names.SOCIAL_ENDINGS)
        )
        return {
            "uscc": names.text(self.city.code[units]), "name": called.to_series(), "kind": kind,
            "is_chamber": pl.Series(units % 20 < 3), **self._place(month, units, ("cancelled", "revoked", "cancelled", "cancelled")),
        }  # fmt: skip

    # The two lists that tell who operates
    def _listed(self, which: np.ndarray, month: int, salt: int) -> np.ndarray:
        """On a list this month: most stay, some are late with a payment, a few turn up for once."""
        city, dice = self.city, self.city.dice(3, month, salt)
        drawn = dice.random(len(which))
        there = (which & (drawn > 0.012)) | ((drawn < 0.0006) & (city.kind != 7))
        there &= (city.listed <= month) & (city.exit_day > city.first_day(month)) & ~city.protected
        # One district's lists come in short for one month: a rate that rises because its base fell.
        if self.leads.shrink and self.leads.shrink[0] == month:
            gone = (city.home == self.leads.shrink[1]) & ~self.leads.covered_units & (mix(np.arange(len(which)), 77) % 10 < 6)
            there &= ~gone
        # And another's short of every fifth unit, whether covered or not: a base that falls, and no rate that rises.
        if self.leads.thin == month:
            there &= ~self.leads.thinned_units
        return np.flatnonzero(there)

    def _tax_rows(self, month):
        city, dice = self.city, self.city.dice(4, month)
        units = self._listed(city.taxed, month, 1)
        units = np.sort(np.concatenate([units, units[dice.random(len(units)) < 0.12]]))
        paid = np.exp(dice.normal(9.3, 1.6, len(units))).astype(np.int64) + 1
        paid[dice.random(len(units)) < 0.02] = 0
        status = dice.choice(4, len(units), p=(0.965, 0.02, 0.005, 0.01))
        short = dice.random(len(units)) < 0.03
        forced = [(unit, money, brief) for unit, first, money, brief in self.leads.taxes if first <= month]
        added = np.array(forced, dtype=np.int64).reshape(-1, 3)
        units, paid = np.append(units, added[:, 0]), np.append(paid, added[:, 1])
        status, short = np.append(status, np.zeros(len(added), dtype=int)), np.append(short, added[:, 2] > 0)
        return {"unit": units, "paid": paid, "status": status, "short": short, "group": city.district(units, month)}

    def _tax(self, month, rows):
        units, city = rows["unit"], self.city
        full = names.text(city.code[units])
        short = pl.select(full.str.slice(2, 6) + full.str.slice(8, 9)).to_series()
        return {
            "taxpayer_id": pl.select(pl.when(pl.Series(rows["short"])).then(short).otherwise(full)).to_series(),
            "status": pl.Series(("normal", "abnormal", "cancelled", "suspended"))[rows["status"]], "paid_yuan": rows["paid"],
            "_unit": units, "_normal": rows["status"] == 0, "_paid": rows["paid"], "_short": rows["short"],
            "_protected": city.protected[units],
        }  # fmt: skip

    def _social_insurance_rows(self, month):
        city, dice = self.city, self.city.dice(5, month)
        units = self._listed(city.insured, month, 2)
        heads = np.maximum(1, np.rint(city.employees[units] * (1 + dice.normal(0, 0.04, len(units))))).astype(np.int64)
        heads[dice.random(len(units)) < 0.01] = 0
        forced = [(unit, heads) for unit, first, last, heads in self.leads.insured if first <= month <= last]
        added = np.array(forced, dtype=np.int64).reshape(-1, 2)
        units, heads = np.append(units, added[:, 0]), np.append(heads, added[:, 1])
        return {"unit": units, "heads": heads, "group": city.district(units, month)}

    def _social_insurance(self, month, rows):
        units = rows["unit"]
        return {"uscc": names.text(self.city.code[units]), "insured": rows["heads"], "_unit": units, "_insured": rows["heads"],
                "_protected": self.city.protected[units]}  # fmt: skip

    # The organisation department's ledgers
    def _party_org_rows(self, month):
        orgs = self.life.orgs
        # Some are written down a month before they are founded: known, and not yet active.
        there = np.flatnonzero(
            (orgs.founded <= self.city.ends[month]) | ((orgs.founded <= self.city.ends[month] + 31) & (orgs.number % 9 == 0))
        )
        return {"row": there, "group": orgs.district[there]}

    def _party_org(self, month, rows):
        orgs, place = self.life.orgs, rows["row"]
        number, end = orgs.number[place], self.city.ends[month]
        known_end = orgs.ended[place] <= end + 40
        salt = mix(number, 3)
        return {
            "org_code": pl.Series(party.org_codes(number), dtype=pl.String),
            "name": pl.Series([f"九九市第{n}党支部" for n in number], dtype=pl.String),
            "kind": pl.Series(party.ORG_KINDS)[orgs.kind[place]], "mode": pl.Series(party.MODES)[orgs.mode[place]],
            "founded_on": dates(orgs.founded[place]), "ended_on": dates(orgs.ended[place], known_end),
            "term_ends_on": dates(orgs.term[place], salt % 12 != 0), "secretary": known(pl.Series(orgs.secretary[place]), salt % 15 != 0),
            "secretary_trained_on": dates(np.minimum(orgs.trained[place], end), salt % 5 != 0),
            "stars": known(pl.Series(orgs.stars[place]), salt % 6 != 0), "eight_haves": known(pl.Series(orgs.haves[place]), salt % 10 != 0),
            "meetings": known(pl.Series(orgs.meetings[place]), salt % 11 != 0),
            "managed_by": known(pl.Series(("park", "township", "industry", "organ", "upper"))[orgs.managed[place]], salt % 7 != 0),
            "_number": number, "_mode": orgs.mode[place], "_founded": orgs.founded[place],
            "_ended": np.where(known_end, orgs.ended[place], NEVER), "_protected": orgs.protected[place],
        }  # fmt: skip

    def _org_link_rows(self, month):
        links = self.life.links
        there = np.flatnonzero(
            (links.start <= self.city.ends[month]) | ((links.start <= self.city.ends[month] + 31) & (links.unit % 9 == 0))
        )
        return {"row": there, "group": self.city.home[links.unit[there]]}

    def _org_link(self, month, rows):
        links, place = self.life.links, rows["row"]
        number, unit = links.number[place], links.unit[place]
        known_end = links.end[place] <= self.city.ends[month] + 40
        return {
            "org_code": pl.Series(party.org_codes(number), dtype=pl.String), "uscc": names.text(self.city.code[unit]),
            "starts_on": dates(links.start[place]), "ends_on": dates(links.end[place], known_end), "_number": number, "_unit": unit,
            "_start": links.start[place], "_end": np.where(known_end, links.end[place], NEVER), "_protected": links.protected[place],
        }  # fmt: skip

    def _member_rows(self, month):
        members = self.life.members
        there = np.flatnonzero(members.appears <= self.city.ends[month])
        return {"row": there, "group": members.org[there] % 4}

    def _member(self, month, rows):
        members, place = self.life.members, rows["row"]
        unit, formal = members.unit[place], members.formal[place] <= self.city.ends[month]
        salt = mix(members.person[place], 9)
        # A formal date still to come, on a row that says formal already, counts from its day on.
        early = ~formal & (salt % 9 == 0)
        return {
            "member_id": names.person_ids(members.person[place]),
            "org_code": pl.Series(party.org_codes(members.org[place]), dtype=pl.String),
            "uscc": known(names.text(self.city.code[np.maximum(unit, 0)]), unit >= 0),
            "kind": pl.Series(("probationary", "formal"))[(formal | early).astype(int)],
            "joined_on": dates(members.joined[place], (salt % 30 != 0) | members.protected[place]),
            "formal_on": dates(members.formal[place], (formal & (salt % 20 != 0)) | early),
            "relation": known(pl.Series(party.RELATIONS)[members.relation[place]], (members.relation[place] > 0) | (salt % 3 != 0)),
            "_person": members.person[place], "_unit": unit, "_counts": members.relation[place] < 2, "_protected": members.protected[place],
        }  # fmt: skip

    def _instructor_rows(self, month):
        there = np.flatnonzero(self.life.instructors.start <= self.city.ends[month] + 20)
        return {"row": there, "group": np.zeros(len(there), dtype=int)}

    def _instructor(self, month, rows):
        table, place = self.life.instructors, rows["row"]
        known_end = table.end[place] <= self.city.ends[month] + 40
        posts = pl.Series(names.DISTRICT_CODES[: names.UNKNOWN] + names.PARK_CODES)
        return {
            "instructor_id": names.person_ids(table.person[place]), "uscc": names.text(self.city.code[table.unit[place]]),
            "posting_code": known(posts[table.posting[place]], table.person[place] % 13 != 0),
            "full_time": known(pl.Series(table.full[place]), table.full[place] | (table.person[place] % 2 == 0)),
            "starts_on": dates(table.start[place]), "ends_on": dates(table.end[place], known_end), "_unit": table.unit[place],
            "_start": table.start[place], "_end": np.where(known_end, table.end[place], NEVER),
        }  # fmt: skip

    def _mass_org_rows(self, month):
        mass = self.life.mass
        there = np.flatnonzero(mass.founded <= self.city.ends[month] + 15)
        return {"row": there, "group": mass.kind[there]}

    def _mass_org(self, month, rows):
        mass, place = self.life.mass, rows["row"]
        known_end = mass.ended[place] <= self.city.ends[month] + 40
        return {
            "uscc": names.text(self.city.code[mass.unit[place]]), "kind": pl.Series(party.MASS_KINDS)[mass.kind[place]],
            "founded_on": dates(mass.founded[place]), "ended_on": dates(mass.ended[place], known_end), "_unit": mass.unit[place],
            "_founded": mass.founded[place], "_ended": np.where(known_end, mass.ended[place], NEVER),
        }  # fmt: skip
