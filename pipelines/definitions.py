"""The whole pipeline on one screen.

    landing/<period>/<source>/   the offices' files
      └─ 14 sources              read, folded, rejected with a reason; raw tables in the warehouse, each row with file and line
           │ deliveries_checked  Great Expectations, from the source cards
           ├─ units              the period's city, districts, parks, zones
           ├─ census             one row a unit: what every register says of it
           │    ├─ metrics       every figure of the metric cards
           │    └─ base_numbers  the base of work objects
           ├─ loads, rejected    what arrived, and what did not load, and why
           └─ draft              the tables, complete
                │ draft_checked  Great Expectations, from the table cards
                └─ release       immutable, switched to in one step: dashboards read this and nothing else
                     ├─ month_briefing      月统计, every month: PDF, DOCX and XLSX in the outbox
                     ├─ quarter_briefing    季通报, in March, June, September and December
                     └─ half_year_briefing  半年督查, in June and December

`dagster dev` and `dg dev` show it; `liangxin run` runs the job of the month in process (running.py), which ends with the release. Briefings
are written by jobs of their own, or by `liangxin briefing`.
"""

import dagster as dg

from pipelines.assets.borders import CHECKS
from pipelines.assets.briefings import BRIEFINGS, GROUP
from pipelines.assets.common import City
from pipelines.assets.sources import SOURCES
from pipelines.assets.stages import STAGES
from pipelines.schedules import BRIEFING_JOBS, BRIEFING_SCHEDULES, JOB, landing_changed, monthly

month = dg.define_asset_job(
    JOB,
    selection=dg.AssetSelection.all() - dg.AssetSelection.groups(GROUP),
    description="一个月: a period's files in, its release out. Nothing new is published when nothing changed.",
)

briefings = [
    dg.define_asset_job(
        name, selection=dg.AssetSelection.assets(f"{kind}_briefing"), description="简报: from the month's release into the outbox."
    )
    for kind, name in BRIEFING_JOBS.items()
]

defs = dg.Definitions(
    assets=[*SOURCES, *STAGES, *BRIEFINGS],
    asset_checks=CHECKS,
    jobs=[month, *briefings],
    schedules=[monthly, *BRIEFING_SCHEDULES],
    sensors=[landing_changed],
    resources={"city": City()},
    # One process: Dagster's default starts one a step, which takes twenty seconds before anything is read.
    executor=dg.in_process_executor,
)
