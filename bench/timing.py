"""A whole process timed from outside: wall seconds, and the peak memory of the largest process that it or its children were."""

import os
import resource
import statistics
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
LIANGXIN = [sys.executable, str(ROOT / "liangxin.py")]


@dataclass(frozen=True)
class Took:
    seconds: float
    peak_mb: float


def timed(*command: object) -> Took:
    """Run it to its end; it must succeed."""
    begun = time.perf_counter()
    process = subprocess.Popen([str(part) for part in command], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    said: list[str] = []
    reader = threading.Thread(target=lambda: said.extend(process.stderr), daemon=True)
    reader.start()
    _, status, usage = os.wait4(process.pid, 0)
    reader.join()
    if os.waitstatus_to_exitcode(status) != 0:
        raise SystemExit(f"failed: {command}\n{''.join(said[-5:])}")
    return Took(time.perf_counter() - begun, usage.ru_maxrss / 1024)


def middle(values: list[float]) -> str:
    """Median, with the least and the largest behind it."""
    return f"{statistics.median(values):.2f} ({min(values):.2f}–{max(values):.2f})"


def machine() -> str:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{os.cpu_count()} cores, {memory:.0f} GB, Python {sys.version.split()[0]}; {resource.getpagesize()} B pages"
