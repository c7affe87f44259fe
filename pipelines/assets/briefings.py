"""One asset a kind of briefing: its files in the outbox, from the release. What a briefing says is settled in pipelines/briefing/."""

from collections.abc import Callable, Iterator

import dagster as dg

from data.access import ANYBODY_HERE
from data.audit_log import AuditLog
from data.home import Home, HomeUnfit
from data.outbox import DUE, Slip
from data.releases import NoSuchRelease
from pipelines.assets.common import MONTHS, City
from pipelines.assets.stages import release

GROUP = "briefings"
TITLES = {"month": "月统计", "quarter": "季通报", "half_year": "半年督查"}


def _logged(home: Home) -> Callable[[Slip], None]:
    """Into the audit log before it is written, as the command does: whoever runs this is who the operating system says."""

    def log(slip: Slip) -> None:
        edition = f"{slip.kind}-{slip.revision}-{slip.edition}-{slip.lang}"
        AuditLog(home).write(
            who=ANYBODY_HERE, did="exported", what="briefings", release=f"{slip.period} {slip.revision}", asked={"edition": edition}
        )

    return log


def _briefing(kind: str) -> dg.AssetsDefinition:
    due = "every month" if len(DUE[kind]) == 12 else "months " + ", ".join(map(str, DUE[kind]))

    @dg.asset(
        name=f"{kind}_briefing",
        group_name=GROUP,
        partitions_def=MONTHS,
        kinds={"pdf"},
        output_required=False,  # in a month that has none nothing is materialized
        deps=[release],
        description=f"{TITLES[kind]}: PDF, DOCX and XLSX in the outbox, {due}. Each row is a sentence. "
        "What says the same as the newest edition is not written again.",
    )
    def briefing(context: dg.AssetExecutionContext, city: City) -> Iterator[dg.MaterializeResult]:
        # A run that publishes a month knows this asset too, and need not wait for what writes it.
        from pipelines.briefing.writing import write

        period, home = context.partition_key, city.at_home()
        try:
            written = write(home, period, say=context.log.info, kinds=(kind,), log=_logged(home))
        except (NoSuchRelease, HomeUnfit) as error:
            raise dg.Failure(str(error), allow_retries=False) from None
        for each in written.editions:
            found = {"period": period, "revision": written.revision}
            files = dg.MetadataValue.json(dict(each.slip.files.values()))
            said = {"dagster/row_count": len(each.slip.sentences), "left_out": len(each.slip.left_out), "quoted": len(each.slip.quoted)}
            found |= said | {"edition": each.slip.edition, "written": dg.MetadataValue.json(list(each.added)), "files": files}
            yield dg.MaterializeResult(metadata=found)

    return briefing


BRIEFINGS = [_briefing(kind) for kind in DUE]
