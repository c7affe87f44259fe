"""One asset a kind of briefing: its files in the outbox, from the release. What a briefing says is settled in pipelines/briefing/."""

import dagster as dg

from data.home import HomeUnfit
from data.releases import NoSuchRelease
from data.words import Words
from pipelines.assets.common import MONTHS, City
from pipelines.assets.stages import release
from pipelines.briefing.writing import DUE, write

GROUP = "briefings"


def _briefing(kind: str) -> dg.AssetsDefinition:
    due = "every month" if len(DUE[kind]) == 12 else "months " + ", ".join(map(str, DUE[kind]))

    @dg.asset(
        name=f"{kind}_briefing",
        group_name=GROUP,
        partitions_def=MONTHS,
        kinds={"pdf"},
        deps=[release],
        description=f"{Words('zh')(f'briefing.file_{kind}')}: PDF, DOCX and XLSX in the outbox, {due}. Each row is a sentence. "
        "What says the same as the newest edition is not written again.",
    )
    def briefing(context: dg.AssetExecutionContext, city: City) -> dg.MaterializeResult:
        period = context.partition_key
        try:
            written = write(city.at_home(), period, say=context.log.info, kinds=(kind,))
        except (NoSuchRelease, HomeUnfit) as error:
            raise dg.Failure(str(error), allow_retries=False) from None
        found = {"period": period, "revision": written.revision, "due": bool(written.editions)}
        for each in written.editions:
            files = dg.MetadataValue.json(dict(each.slip.files.values()))
            said = {"dagster/row_count": len(each.slip.sentences), "left_out": len(each.slip.left_out), "quoted": len(each.slip.quoted)}
            found |= said | {"edition": each.slip.edition, "written": dg.MetadataValue.json(list(each.added)), "files": files}
        return dg.MaterializeResult(metadata=found)

    return briefing


BRIEFINGS = [_briefing(kind) for kind in DUE]
