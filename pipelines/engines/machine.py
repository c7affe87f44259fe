"""What an engine may take of this machine: half of its memory, unless LIANGXIN_MEMORY says how much."""

import os
import re
from pathlib import Path

from data.home import HomeUnfit
from data.language import words

VARIABLE = "LIANGXIN_MEMORY"
# The rest is for the checking process, which holds a whole table at a time, and for the system's cache of files.
SHARE = 0.5
LEAST = 1 << 30
_UNITS = {"M": 1 << 20, "G": 1 << 30, "T": 1 << 40}
# A container's own limit, of both kinds of cgroup; "max" or a number beyond any machine where there is none.
_LIMITS = (Path("/sys/fs/cgroup/memory.max"), Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"))


def memory() -> int:
    """Bytes that an engine may use. HomeUnfit where LIANGXIN_MEMORY is no size."""
    wanted = os.environ.get(VARIABLE)
    if wanted is None:
        return max(LEAST, int(SHARE * _machine()))
    size = re.fullmatch(r"(\d+)\s*([MGT])i?B?", wanted.strip(), re.IGNORECASE)
    if size is None:
        raise HomeUnfit(
            words(
                f"环境变量 {VARIABLE} 的值 {wanted} 不是内存大小。请写成 4GB 这样的形式，或去掉该变量。",
                f"{VARIABLE}={wanted} is no size. Write it like 4GB, or take it out.",
            )
        )
    return int(size[1]) * _UNITS[size[2].upper()]


def _machine() -> int:
    known = [_physical(), *(_limit(path) for path in _LIMITS)]
    return min(size for size in known if size)


def _physical() -> int:
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):  # not every system tells; then as little as any machine of today has
        return 4 << 30


def _limit(path: Path) -> int | None:
    try:
        text = path.read_text(encoding="ascii").strip()
    except OSError:
        return None
    return int(text) if text.isdigit() else None
