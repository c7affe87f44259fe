"""A month of the whole city, files to release, beside a bare read of its files; the first run of all months; a run with nothing to do.

    python -m bench.month [--units 196000] [--months 13] [--runs 5] [--work DIR]

The last month is published from the same state in every counted run, in turn with the bare script, so that both meet the same machine.
"""

import argparse
import shutil
import tempfile
from pathlib import Path

from bench.timing import LIANGXIN, ROOT, machine, middle, timed


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--units", type=int, default=196_000)
    options.add_argument("--months", type=int, default=13)
    options.add_argument("--runs", type=int, default=5)
    options.add_argument("--work", type=Path, default=None, help="where to put the homes (default: a temporary folder)")
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory(dir=chosen.work) as folder:
        measure(Path(folder), chosen.units, chosen.months, chosen.runs)


def measure(work: Path, units: int, months: int, runs: int) -> None:
    print(f"{units:,} units, {months} months; {machine()}")
    home, last = work / "home", work / "last-month"
    print(f"sample written: {timed(*LIANGXIN, 'sample', '--home', home, '--units', units, '--months', months).seconds:.1f} s", flush=True)
    newest = sorted((home / "landing").iterdir())[-1]
    shutil.move(newest, last)
    first = timed(*LIANGXIN, "run", "--home", home)
    shutil.copytree(last, newest)
    month, bare, idle = [], [], []
    for _ in range(runs):
        again = work / "again"
        shutil.copytree(home, again)
        month.append(timed(*LIANGXIN, "run", "--home", again).seconds)
        bare.append(timed(LIANGXIN[0], ROOT / "bench" / "bare.py", again / "landing" / newest.name).seconds)
        idle.append(timed(*LIANGXIN, "run", "--home", again).seconds)
        shutil.rmtree(again)
    print(f"first run of {months - 1} months: {first.seconds:.1f} s, {first.peak_mb:.0f} MB")
    print(f"a run with nothing to do: {middle(idle)} s")
    print(f"a month, files to release: {middle(month)} s")
    print(f"a bare read of its files:  {middle(bare)} s")
    ratios = [(m - i) / b for m, i, b in zip(month, idle, bare, strict=True)]
    print(f"(month - nothing to do) / bare: {middle(ratios)}")


if __name__ == "__main__":
    main()
