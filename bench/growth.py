"""How time and memory grow with the city: one month of 50,000, 200,000 and 1,000,000 units, files to release.

python -m bench.growth [--units 50000 200000 1000000] [--work DIR]
"""

import argparse
import tempfile
from pathlib import Path

from bench.timing import LIANGXIN, machine, timed


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--units", type=int, nargs="+", default=[50_000, 200_000, 1_000_000])
    options.add_argument("--work", type=Path, default=None)
    chosen = options.parse_args()
    print(machine())
    print("units | sample written s | run s | peak MB")
    for units in chosen.units:
        with tempfile.TemporaryDirectory(dir=chosen.work) as folder:
            written = timed(*LIANGXIN, "sample", "--home", folder, "--units", units, "--months", 1)
            ran = timed(*LIANGXIN, "run", "--home", folder)
            print(f"{units:,} | {written.seconds:.1f} | {ran.seconds:.1f} | {ran.peak_mb:.0f}", flush=True)


if __name__ == "__main__":
    main()
