"""One asset a table of the release, then the draft that holds them all, then the release. What each is made of is said here, once."""

import dagster as dg

from data.contracts import TableCard, sources, tables
from pipelines.assets.common import MONTHS, POOL, City, metadata

# What a table is computed from, by name of source or table. What is not named here is computed from the census.
EVERY_SOURCE = tuple(sources())
MADE_OF = {
    "units": ("park",),
    "census": EVERY_SOURCE,
    "targets": ("metrics", "units"),
    "organisations": ("census", "party_org", "org_link", "member"),
    "worklist": ("census",),
    "weak_orgs": ("organisations",),
    "findings": (*EVERY_SOURCE, "census", "metrics"),
    "returned": ("district_return",),
    "surveyed": ("census",),
    "parks": ("park",),
    "origins": EVERY_SOURCE,
    "loads": EVERY_SOURCE,
    "rejected": EVERY_SOURCE,
}
MEASURES = ("census", "units")
RECORDS = ("units", "origins", "loads", "rejected")


def _table(card: TableCard) -> dg.AssetsDefinition:
    @dg.asset(
        name=card.name,
        group_name="release" if card.name in RECORDS else "measures",
        partitions_def=MONTHS,
        pool=POOL,
        kinds={"parquet"},
        deps=MADE_OF.get(card.name, MEASURES),
        description=f"{card.zh}. Each row is a {card.each_row_is_a}. Key: {', '.join(card.key)}.",
    )
    def table(context: dg.AssetExecutionContext, city: City) -> dg.MaterializeResult:
        work, period = city.work(), context.partition_key
        report = work.build(period, card.name)
        return dg.MaterializeResult(metadata=metadata(period, report.rows, work.inputs(period)))

    return table


TABLES = [_table(card) for card in tables().values()]


@dg.asset(
    group_name="release",
    partitions_def=MONTHS,
    pool=POOL,
    deps=list(tables()),
    description="草稿: a period's tables, complete, checked, and seen by nobody yet. Each row is a table.",
)
def draft(context: dg.AssetExecutionContext, city: City) -> dg.MaterializeResult:
    work, period = city.work(), context.partition_key
    return dg.MaterializeResult(metadata=metadata(period, len(tables()), work.inputs(period)))


@dg.asset(
    group_name="release",
    partitions_def=MONTHS,
    pool=POOL,
    deps=[draft],
    kinds={"parquet"},
    description="发布: a period's published state, immutable, with its manifest. Each row is a table.",
)
def release(context: dg.AssetExecutionContext, city: City) -> dg.MaterializeResult:
    work, period = city.work(), context.partition_key
    inputs = work.inputs(period)
    published = work.publish(period)
    return dg.MaterializeResult(metadata=metadata(period, len(tables()), inputs, revision=published.revision))


STAGES = [*TABLES, draft, release]
