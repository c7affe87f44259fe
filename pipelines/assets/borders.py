"""The two borders as asset checks: deliveries before anything is made of them, the draft before it is published.

Each suite was put to the checking process when its rows were written, and runs beside the work; here a run waits for what is left.
A critical breach blocks what comes after; a warning is said in the manifest.
"""

from collections.abc import Iterator

import dagster as dg

from data.contracts import sources, tables
from pipelines.assets.common import City
from pipelines.checks import Report

RAW = [
    dg.AssetCheckSpec(
        "as_its_card_says", asset=card.name, blocking=True, description=f"{card.zh}: the rows that were loaded are what the card says."
    )
    for card in sources().values()
]
DRAFT = [
    dg.AssetCheckSpec(
        card.name, asset="draft", blocking=True, description=f"{card.zh}: the table is what its card says, before it is published."
    )
    for card in tables().values()
]


def _result(spec: dg.AssetCheckSpec, report: Report | None) -> dg.AssetCheckResult:
    severity = dg.AssetCheckSeverity.ERROR if report is not None and report.blocking else dg.AssetCheckSeverity.WARN
    broken = {outcome.name: outcome.unexpected for outcome in report.failed} if report else {}
    facts = (
        {"rows": report.rows, "expectations": len(report.outcomes), "broken": dg.MetadataValue.json(broken)}
        if report
        else {"read": "not in this run"}
    )
    return dg.AssetCheckResult(
        passed=report is None or report.passed, check_name=spec.name, asset_key=spec.asset_key, severity=severity, metadata=facts
    )


@dg.multi_asset_check(specs=RAW, name="deliveries_checked")
def deliveries_checked(context: dg.AssetCheckExecutionContext, city: City) -> Iterator[dg.AssetCheckResult]:
    """Great Expectations over the rows that were read in this run."""
    reports = city.work().raw_reports(context.partition_key)
    yield from (_result(spec, reports.get(spec.asset_key.path[-1])) for spec in RAW)


@dg.multi_asset_check(specs=DRAFT, name="draft_checked")
def draft_checked(context: dg.AssetCheckExecutionContext, city: City) -> Iterator[dg.AssetCheckResult]:
    """Great Expectations over the tables of the draft."""
    reports = city.work().draft_reports(context.partition_key)
    yield from (_result(spec, reports.get(spec.name)) for spec in DRAFT)


CHECKS = [deliveries_checked, draft_checked]
