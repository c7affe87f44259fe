"""One asset a source: the rows of its delivery in the warehouse, each with file and line. Raw is raw: nothing is joined or counted here."""

import dagster as dg

from data.contracts import SourceCard, sources
from pipelines.assets.common import MONTHS, POOL, City, metadata


def _priority(card: SourceCard) -> int:
    # In the order of sources.md, so that the largest list is checked while the others are read; tax last, for its old
    # numbers are matched with the registers.
    return -100 if any(field.form == "taxpayer" for field in card.fields) else -card.order


def _source(card: SourceCard) -> dg.AssetsDefinition:
    @dg.asset(
        name=card.name,
        group_name="raw",
        partitions_def=MONTHS,
        pool=POOL,
        kinds={"duckdb"},
        op_tags={"dagster/priority": str(_priority(card))},
        description=f"{card.zh}({card.office}). Each row is {card.each_row_is_a}, as delivered for the period, with file and line. "
        f"Key: {', '.join(card.key) or 'none, rows add up'}.",
    )
    def source(context: dg.AssetExecutionContext, city: City) -> dg.MaterializeResult:
        report = city.work().load(card.name, context.partition_key)
        counts = {name: getattr(report, name) for name in ("rows_read", "rows_rejected", "rows_skipped")}
        return dg.MaterializeResult(metadata=metadata(report.period, report.rows_loaded, report.files, changed=report.changed, **counts))

    return source


SOURCES = [_source(card) for card in sources().values()]
