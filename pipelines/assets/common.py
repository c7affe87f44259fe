"""What all assets share: the months, the pool of the one DuckDB writer, and the city's home."""

import dagster as dg

from data.home import Home
from pipelines.work import Work, shared_work

# The month at hand has a partition too: what describes its end may be delivered before it is over.
MONTHS = dg.MonthlyPartitionsDefinition(start_date="2000-01", fmt="%Y-%m", end_offset=1)
# DuckDB knows one writer: dagster.yaml gives this pool one slot.
POOL = "duckdb"


class City(dg.ConfigurableResource):
    """The city that a run works on: its home, as `--home` names it (empty: LIANGXIN_HOME, else ./home)."""

    home: str = ""

    def at_home(self) -> Home:
        return Home.from_option(self.home or None)

    def work(self) -> Work:
        return shared_work(self.at_home())


def metadata(period: str, rows: int, inputs: dict[str, str], **more: object) -> dict[str, object]:
    """What every materialization states: its period, its rows, and the digests of what it was made of."""
    return {"dagster/row_count": rows, "period": period, "inputs": dg.MetadataValue.json(inputs)} | more
