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

`dagster dev` and `dg dev` show it; `liangxin run` runs the same job in process (running.py).
"""

import dagster as dg

from pipelines.assets.borders import CHECKS
from pipelines.assets.common import City
from pipelines.assets.sources import SOURCES
from pipelines.assets.stages import STAGES
from pipelines.schedules import JOB, landing_changed, monthly

month = dg.define_asset_job(
    JOB,
    selection=dg.AssetSelection.all(),
    description="一个月: a period's files in, its release out. Nothing new is published when nothing changed.",
)

defs = dg.Definitions(
    assets=[*SOURCES, *STAGES],
    asset_checks=CHECKS,
    jobs=[month],
    schedules=[monthly],
    sensors=[landing_changed],
    resources={"city": City()},
    # One process: Dagster's default starts one a step, which takes twenty seconds before anything is read.
    executor=dg.in_process_executor,
)
