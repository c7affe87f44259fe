"""A work list under a choice: what is on it, what came and what left, and for want of which sources it was not made.

What belongs here: what the page of work lists and the page of one place start from. What is drawn lies in the pages.
"""

from dataclasses import dataclass
from functools import cached_property

import polars as pl

from dashboards import lists, store
from dashboards.lists import Choice
from dashboards.shell import View
from dashboards.store import Picture
from data.contracts import WorkListCard, worklists


@dataclass(frozen=True)
class Desk:
    """What is looked at: one list under a choice, now and in the period published before (None where that has no such list)."""

    view: View
    before: Picture | None
    choice: Choice

    @property
    def card(self) -> WorkListCard:
        return worklists()[self.choice.name]

    @cached_property
    def now(self) -> pl.DataFrame:
        return lists.placed(lists.on_list(self.view.picture.worklist, self.choice.name), self.choice)

    @cached_property
    def shown(self) -> pl.DataFrame:
        return lists.in_order(lists.waited(self.now, self.choice.since, self.view.picture.period))

    @cached_property
    def earlier(self) -> pl.DataFrame | None:
        if self.before is None or missing_sources(self.before, self.choice.name):
            return None
        follow = lambda code: store.followed(self.view.home, code, self.view.picture.period)  # noqa: E731
        rows = lists.followed(lists.on_list(self.before.worklist, self.choice.name), follow)
        return lists.placed(rows, self.choice)

    @cached_property
    def came_and_left(self) -> tuple[pl.DataFrame, pl.DataFrame] | None:
        return None if self.earlier is None else lists.came_and_left(self.now, self.earlier)

    @cached_property
    def gone(self) -> pl.DataFrame:
        """What left, in order, with the reason (`why`)."""
        rows = lists.in_order(self.came_and_left[1])
        known = self.view.picture.units_in_census(rows["uscc"])
        still = set(lists.on_list(self.view.picture.worklist, self.choice.name)["uscc"])
        basis, name = self.view.signed, self.choice.name
        why = [lists.why_left(name, known.get(uscc), basis, uscc in still) for uscc in rows["uscc"]]
        return rows.with_columns(pl.Series("why", why, dtype=pl.String))


def missing_sources(picture: Picture, name: str) -> list[str]:
    """The sources for want of which a list was not made; a release without the table has none to say."""
    return list(picture.manifest.get("checks", {}).get("not_run", {}).get(name, ()))


def before(view: View) -> Picture | None:
    """The last period published before, in the revision that this release looked back to."""
    months = [period for period in store.published(view.home) if period < view.picture.period]
    found = store.looked_back(view.home, view.picture, max(months)) if months else None
    return found if found is not None and found.worklist is not None else None
