"""Fifty people at once on the dashboards of a city, while a run publishes a new month beside them.

    python -m bench.load HOME [--publish FOLDER] [--people 50] [--minutes 5] [--up 60] [--sign-in]

HOME is served as `liangxin dashboard` serves it. FOLDER is a month's delivery (landing/2017-12 of a sample city): after a third of the
time it is put into HOME's landing, and `liangxin run` publishes it. So HOME is changed: give it a copy.

An interaction is timed from before the first byte is sent until the page's script has ended and all that it sent is here; one opened by a
link (a page anew, as the links in tables are) with the page's HTML and a connection of its own. Goal: 95 of 100 under one second.
"""

import argparse
import asyncio
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections import defaultdict
from pathlib import Path

from bench.browsing import browse
from bench.pages import free_port, wait_for
from bench.people import LEAST, MORE, MOST, Deed, Person, crowd
from bench.session import Tab
from bench.signed import Signed, sign_in
from bench.spent import Spent, machine_busy, peak_mb
from bench.timing import LIANGXIN, machine
from bench.wholeness import hold
from data.access import Area
from data.home import Home
from data.words import Words

ARRIVE = 30  # seconds over which people come in
GOAL = 1.0


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("home", type=Path)
    options.add_argument("--publish", type=Path, default=None, help="a month's folder, put into landing and run while people read")
    options.add_argument("--people", type=int, default=50)
    options.add_argument("--minutes", type=float, default=5)
    options.add_argument("--up", type=float, default=60, help="seconds that the server has stood when the first of them comes")
    options.add_argument("--port", type=int, default=0)
    options.add_argument("--no-browser", action="store_true", help="no Chromium beside the people")
    options.add_argument("--sign-in", action="store_true", help="people of roles and areas who have signed in (writes into HOME)")
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--deeds", type=Path, default=None, help="a file for every interaction, a line of JSON each")
    chosen = options.parse_args()
    port = chosen.port or free_port()
    roles = crowd(chosen.people)
    people = sign_in(chosen.home, roles, port) if chosen.sign_in else [Signed(role, Area("city"), {}, None) for role in roles]
    server = subprocess.Popen(
        [*LIANGXIN, "dashboard", "--home", chosen.home, "--port", str(port)], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    try:
        wait_for(f"http://127.0.0.1:{port}")
        time.sleep(chosen.up)
        asyncio.run(_all(chosen, people, port, server))
    finally:
        server.send_signal(signal.SIGTERM)
        _, said = server.communicate(timeout=20)
        bad = [line for line in said.decode(errors="replace").splitlines() if "Error" in line or "error" in line or "Traceback" in line]
        print(f"lines of trouble in the server's log: {len(bad)}", *bad[:10], sep="\n  ")


async def _all(chosen: argparse.Namespace, crowd: list[Signed], port: int, server: subprocess.Popen) -> None:
    begin = time.time()
    end = begin + 60 * chosen.minutes
    done: list[Deed] = []
    people = [
        Person(one.role, Tab("127.0.0.1", port, one.cookies), 1000 * chosen.seed + number, done, one.units).work(
            begin + ARRIVE * number / len(crowd), end
        )
        for number, one in enumerate(crowd)
    ]
    spent, busy = Spent(server.pid), machine_busy()
    browser = [] if chosen.no_browser else [browse(f"http://127.0.0.1:{port}", crowd[0].cookies, begin + ARRIVE / 2, end, done)]
    times: dict[str, float] = {}
    publishing = [] if chosen.publish is None else [_publish(chosen, begin + (end - begin) / 3, times)]
    await asyncio.gather(*people, *browser, *publishing)
    wall = time.time() - begin
    share = spent.share(wall)
    who = "signed in, every other one for a district" if chosen.sign_in else "without sign-in"
    print(f"{chosen.people} people ({who}), {chosen.minutes:g} minutes; {machine()}")
    print(f"reading between two interactions: {LEAST:g} s and, on average, {MORE:g} s more (exponential), at most {MOST:g} s")
    print(
        f"processors in use, of {os.cpu_count()}: dashboards {share['server']:.2f}, this bench {share['bench']:.2f}, the whole machine"
        f" {(machine_busy() - busy) / wall:.2f}; largest memory of the dashboards {peak_mb(server.pid):.0f} MB"
    )
    _say(done, begin, times)
    _held(chosen.home, done)
    if chosen.deeds:
        with chosen.deeds.open("w", encoding="utf-8") as file:
            for deed in done:
                file.write(
                    json.dumps({key: value for key, value in vars(deed).items() if key not in ("seen", "units")}, ensure_ascii=False) + "\n"
                )


async def _publish(chosen: argparse.Namespace, at: float, times: dict[str, float]) -> None:
    """The month's files into landing, and a run over them; notes when it began, when the release was current, and when the run ended."""
    await asyncio.sleep(max(0.0, at - time.time()))
    current = chosen.home / "releases" / "CURRENT.json"
    before = current.read_bytes()
    await asyncio.to_thread(shutil.copytree, chosen.publish, chosen.home / "landing" / chosen.publish.name, dirs_exist_ok=True)
    times["run begun"] = time.time()
    run = await asyncio.create_subprocess_exec(
        *map(str, [*LIANGXIN, "run", "--home", chosen.home]), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    while run.returncode is None:
        await asyncio.sleep(0.1)
        if "published" not in times and current.read_bytes() != before:
            times["published"] = time.time()
    times["run ended"] = time.time()
    if run.returncode not in (0, 1) or "published" not in times:
        print(f"the run ended with {run.returncode} and published {'something' if 'published' in times else 'nothing'}")


def _say(done: list[Deed], begin: float, times: dict[str, float]) -> None:
    readers = [deed for deed in done if deed.role != "browser"]
    groups = {"all": readers} | _phases(readers, begin, times)
    for kind, of in (("role", lambda deed: deed.role), ("act", lambda deed: deed.act), ("page", lambda deed: f"{deed.act}: {deed.page}")):
        found: dict[str, list[Deed]] = defaultdict(list)
        for deed in readers if kind != "page" else [deed for deed in readers if deed.act in ("turn", "filter", "file")]:
            found[of(deed)].append(deed)
        groups |= {f"{kind} {name}": found[name] for name in sorted(found)}
    for name in sorted({deed.act for deed in done if deed.role == "browser"}):
        groups[name] = [deed for deed in done if deed.act == name and deed.role == "browser"]
    print("| interactions | number | median s | p95 s | p99 s | worst s | under 1 s % | kB | faults |")
    print("|---|--:|--:|--:|--:|--:|--:|--:|--:|")
    for name, deeds in groups.items():
        print(_line(name, deeds))
    if times:
        print({name: round(at - begin, 1) for name, at in times.items()})
    for deed in done:
        for fault in deed.faults:
            print(f"fault: {deed.role} {deed.act} {deed.page} at {deed.at - begin:.0f} s: {fault[:200]}")


def _phases(deeds: list[Deed], begin: float, times: dict[str, float]) -> dict[str, list[Deed]]:
    """While they come in, before the run, beside it, in the half minute after the release became current, and later."""
    if "published" not in times:
        edges = {"coming in": ARRIVE, "later": float("inf")}
    else:
        edges = {"coming in": ARRIVE, "before the run": times["run begun"] - begin}
        edges |= {"beside the run": times["run ended"] - begin, "the 30 s after it": times["run ended"] - begin + 30, "later": float("inf")}
    found: dict[str, list[Deed]] = {name: [] for name in edges}
    for deed in deeds:
        found[next(name for name, edge in edges.items() if deed.at - begin < edge)].append(deed)
    return {name: some for name, some in found.items() if some}


def _line(name: str, deeds: list[Deed]) -> str:
    took = sorted(deed.seconds for deed in deeds)
    at = lambda share: took[min(len(took) - 1, int(share * len(took)))]  # noqa: E731
    under = 100 * sum(seconds < GOAL for seconds in took) / len(took)
    size = sum(deed.size for deed in deeds) / len(deeds) / 1000
    faults = sum(bool(deed.faults) for deed in deeds)
    return (
        f"| {name} | {len(took)} | {at(0.5):.2f} | {at(0.95):.2f} | {at(0.99):.2f} | {took[-1]:.2f} | {under:.1f} | {size:.0f} | {faults} |"
    )


def _held(home: Path, done: list[Deed]) -> None:
    words = Words("zh")
    said = [words(f"empty.{name}") for name in ("broken", "fault")]
    verdict = hold(Home(home), ((deed.page, deed.seen, deed.units) for deed in done if deed.seen), said)
    shown = ", ".join(f"{name} {number}" for name, number in sorted(verdict.releases.items()))
    print(f"{verdict.answers} answers held against their releases ({shown}): {verdict.figures:,} n/N, {len(verdict.wrong)} wrong")
    for line in verdict.wrong[:20]:
        print(f"  wrong: {line}")


if __name__ == "__main__":
    sys.exit(main())
