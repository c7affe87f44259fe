"""A month's briefings, from the command to the files. `python -m bench.briefing --home DIR [--runs N]`

HOME's last month and the one before it are written anew each time; its outbox is emptied, so give it a copy:
the month before has one briefing, the last one as many as are due in it. Goal: 5 s a briefing once the release stands.
"""

import argparse
from pathlib import Path

from bench.timing import LIANGXIN, machine, middle, timed
from data.home import Home
from data.outbox import FORMATS, slips
from data.releases import current


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--home", type=Path, required=True, help="a copy: its outbox is emptied")
    options.add_argument("--runs", type=int, default=5)
    chosen = options.parse_args()
    home = Home(chosen.home)
    print(machine())
    print("| month | briefings | formats | s, the whole command | s a briefing | peak MB |\n|---|--:|---|--:|--:|--:|")
    for period in sorted(current(home))[-2:]:
        for form in (None, *FORMATS):
            took = [_written(home, period, form) for _ in range(chosen.runs)]
            written, seconds = len(slips(home, period)), [one.seconds for one in took]
            each = [one / written for one in seconds]
            peak = max(one.peak_mb for one in took)
            print(f"| {period} | {written} | {form or 'all'} | {middle(seconds)} | {middle(each)} | {peak:.0f} |", flush=True)


def _written(home: Home, period: str, form: str | None):
    for path in (home.path / "outbox").rglob("*"):
        if path.is_file():
            path.unlink()
    only = ["--format", form] if form else []
    return timed(*LIANGXIN, "briefing", "--period", period, "--home", home.path, *only)


if __name__ == "__main__":
    main()
