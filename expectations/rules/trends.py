"""Rules on how a district moved: what was founded in one day, and a rate that rose because its base shrank."""

from collections import Counter, defaultdict
from collections.abc import Iterator

import narwhals as nw

from expectations.findings import Lead, Month

BURST_LEAST = 10


def founding_burst(month: Month) -> Iterator[Lead]:
    lately = month.organisations.filter(nw.col("founded_on") >= nw.lit(month.year_start))
    founded: dict[tuple, list[str]] = defaultdict(list)
    all_year: Counter = Counter()
    for district, day, org in lately.select("district_code", "founded_on", "org_code").collect().rows():
        founded[district, day].append(org)
        all_year[district] += 1
    for (district, day), orgs in founded.items():
        if len(orgs) >= BURST_LEAST and 10 * len(orgs) >= 3 * all_year[district]:
            facts = {"founded_that_day": len(orgs), "founded_in_the_year": all_year[district]}
            yield Lead(f"{district}|{day.isoformat()}", district, None, facts, {"org_code": tuple(sorted(orgs))})


def base_shrink(month: Month) -> Iterator[Lead]:
    for key, (covered, units) in month.figures.items():
        metric, sector, kind, district = key
        if (metric, sector, kind) == ("org_coverage", "enterprise", "district"):
            covered_before, units_before = month.before.figures.get(key, (None, None))
            if None in (covered, covered_before) or not units or not units_before:
                continue
            # Five points up, as exact fractions, on a base that is at least a tenth smaller.
            rose = 20 * (covered * units_before - covered_before * units) >= units * units_before
            if rose and 10 * units <= 9 * units_before:
                facts = {"covered_before": covered_before, "units_before": units_before, "covered": covered, "units": units}
                yield Lead(district, district, None, facts)
