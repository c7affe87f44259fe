"""All rules on a month, with the rows that each finding rests on. `python -m bench.rules --home DIR [--period YYYY-MM] [--runs N]`

The home must have been run. Timed is what table findings adds to a month whose census and figures are there.
"""

import argparse
import resource
import time
from pathlib import Path

from bench.timing import machine, middle
from data.contracts import sources
from data.home import Home
from pipelines.steps import Session


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--home", type=Path, required=True)
    options.add_argument("--period", default="2017-12")
    options.add_argument("--runs", type=int, default=5)
    chosen = options.parse_args()
    took = []
    with Session(Home(chosen.home)) as session:
        for source in sources():
            session.load(source, chosen.period)
        for _ in range(chosen.runs):
            session._at_work = None  # nothing of the run before is kept
            session.build(chosen.period, "metrics")
            begun = time.perf_counter()
            report = session.build(chosen.period, "findings")
            took.append(time.perf_counter() - begun)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{report.rows:,} findings; {machine()}\nall rules, with evidence: {middle(took)} s; peak of the process {peak:,.0f} MB")


if __name__ == "__main__":
    main()
