"""Targets as a release's manifest keeps them: what was asked for when it was published, each with its document (0004-release-state.md).

What belongs here: writing them into a manifest and reading them back. The file that an office writes is read in home.py.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from decimal import Decimal

from data.home import Target

STATED = "target_documents"


def stated(targets: Iterable[Target]) -> list[dict[str, str]]:
    """For a manifest: the columns of targets.csv, the value as it was written."""
    return [asdict(target) | {"value": str(target.value)} for target in targets]


def asked_for(manifest: Mapping) -> tuple[Target, ...] | None:
    """What a release was asked for; None of one that does not say."""
    if STATED not in manifest:
        return None
    return tuple(Target(**{**row, "value": Decimal(row["value"])}) for row in manifest[STATED])
