"""Processor time and memory of processes, as Linux counts them."""

import os
import resource
from pathlib import Path

_TICK = os.sysconf("SC_CLK_TCK")


def _of(pid: int) -> float:
    """Seconds of processor time of a process and of those that it has started and that live."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    children = [int(child) for task in Path(f"/proc/{pid}/task").glob("*/children") for child in _text(task).split()]
    return (int(fields[11]) + int(fields[12])) / _TICK + sum(map(_of, children))


def _text(path: Path) -> str:
    try:
        return path.read_text()
    except OSError:
        return ""


def _own() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def machine_busy() -> float:
    """Seconds in which a processor of the machine was at work, whoever it was for."""
    fields = [int(field) for field in Path("/proc/stat").read_text().splitlines()[0].split()[1:9]]
    return (sum(fields) - fields[3] - fields[4]) / _TICK


def peak_mb(pid: int) -> float:
    """The largest resident memory of a process so far."""
    found = [line for line in Path(f"/proc/{pid}/status").read_text().splitlines() if line.startswith("VmHWM")]
    return int(found[0].split()[1]) / 1024 if found else 0.0


class Spent:
    """Processor time from now on: of a server, and of the process that asks."""

    def __init__(self, pid: int):
        self._pid = pid
        self._begun = {"server": _of(pid), "bench": _own()}

    def share(self, wall: float) -> dict[str, float]:
        """Processors in use on average."""
        return {"server": (_of(self._pid) - self._begun["server"]) / wall, "bench": (_own() - self._begun["bench"]) / wall}
