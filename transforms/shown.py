"""A release as it may be shown to anybody: small counts of members hidden, with what would give them away.

What belongs here: small_cells.py laid over the tables and the manifest of a release that is handed in. Areas and names are a reader's
matter and lie in reach.py.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

import polars as pl

from data.contracts import metrics
from data.home import Settings
from transforms import small_cells


class Published(Protocol):
    """What is asked of a release; it can be hashed. `sibling`: another revision beside it, None where that is gone. `lies_within`: whether
    all that lies in a place (kind, code) is given."""

    @property
    def period(self) -> str: ...

    @property
    def manifest(self) -> dict: ...

    def lies_within(self, kind: str, code: str) -> bool: ...

    def scan(self, table: str) -> pl.LazyFrame: ...

    def table(self, table: str) -> pl.DataFrame: ...

    def sibling(self, period: str, revision: str) -> "Published | None": ...


@dataclass(frozen=True)
class Small:
    """Which counts of members are small. `least`: the smallest that is shown; `yuan`: what a figure of money counts a member."""

    least: int
    yuan: int


def small_of(settings: Settings) -> Small:
    return Small(settings.protection.smallest_member_cell, settings.funding.per_member_yuan)


def protected(release: Published, table: str, small: Small) -> pl.LazyFrame:
    """A table of the whole city with its small counts of members hidden, and with what would give them away."""
    rows = release.scan(table)
    if table == "metrics":
        return small_cells.apply(rows.collect(), hidden_in(release, small)).lazy()
    if table == "targets" and "metrics" in release.manifest["tables"]:
        back = [release.sibling(period, revision) for period, revision in release.manifest.get("looked_back", {}).items()]
        earlier = [found for each in back if (found := _still_hidden(each, small)) is not None]
        return small_cells.apply_targets(rows.collect(), hidden_in(release, small), earlier, metrics().values()).lazy()
    return rows


def hidden_in(release: Published, small: Small) -> pl.DataFrame:
    """Which figures of a release are hidden, as small_cells.hidden has them."""
    return _hidden(release, release.manifest.get("created_at", ""), small)


# Worked out once a release, and asked for by everybody who reads it.
@lru_cache(maxsize=256)
def _hidden(release: Published, created: str, small: Small) -> pl.DataFrame:
    return small_cells.hidden(release.table("metrics"), release.table("units"), metrics().values(), small.least, small.yuan)


def manifest_shown(release: Published, small: Small) -> dict:
    """The manifest of the whole city, without the numbers of changes to figures that this revision or the one before hides."""
    whole = dict(release.manifest)
    if not whole.get("changes"):
        return whole | {"changes": []}
    # The changes are told against the revision before.
    former = release.sibling(whole["period"], f"r{int(whole['revision'][1:]) - 1:02d}")
    before = _still_hidden(former, small)
    if former is not None and before is None:  # damaged: what it hid nobody can tell any more, so its numbers are not told either
        return whole | {"changes": [_without_numbers(each) for each in whole["changes"]]}
    return whole | {"changes": changes_shown(whole["changes"], [each for each in (hidden_in(release, small), before) if each is not None])}


def _still_hidden(release: Published | None, small: Small) -> pl.DataFrame | None:
    """What an earlier release hides; None where it is gone, or damaged (`verify` names it): then it tells nobody anything."""
    try:
        return None if release is None else hidden_in(release, small)
    except (OSError, ValueError, LookupError, pl.exceptions.PolarsError):
        return None


def changes_shown(changes: Iterable[Mapping], hidden: Iterable[pl.DataFrame]) -> list[dict]:
    """What moved between two revisions, without the numbers of figures that either hides."""
    shut = {key for frame in hidden for key in frame.select("metric", "sector", "unit_kind", "unit_code").iter_rows()}
    found = []
    for each in changes:
        key = tuple(each.get(name) for name in ("metric", "sector", "unit_kind", "unit_code"))
        found.append(_without_numbers(each) if key in shut else dict(each))
    return found


def _without_numbers(change: Mapping) -> dict:
    return dict(change) | {"old": [None] * len(change["old"]), "new": [None] * len(change["new"])}
