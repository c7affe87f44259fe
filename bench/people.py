"""People at their desks: what a leader, an analyst and an auditor do with the pages, one thing after another, with time to read between.

What belongs here: who does what how often, and how long they read. How a tab speaks with the server is in session.py; whether what they
read was whole is looked at in wholeness.py.
"""

import asyncio
import random
import re
import time
from dataclasses import dataclass, field
from html import unescape

from bench.session import Answer, Tab
from bench.wholeness import Seen, seen_of

# Reading takes 5 s and more: 5 s, and then as long again on average, at most 20 s in all. The mean is 9.8 s.
LEAST, MORE, MOST = 5.0, 5.0, 20.0
# Page -> how often this role turns to it. The first page's address is empty.
PAGES = {
    "leader": {"": 6, "districts": 3, "parks": 1, "doubling": 2, "targets": 2},
    "analyst": {"": 2, "districts": 4, "parks": 3, "doubling": 3, "base_numbers": 3, "targets": 1, "worklist": 2, "survey": 1, "means": 1}
    | {"weak_orgs": 1, "definitions": 1},
    "auditor": {"": 1, "findings": 5, "quality": 3, "returns": 3, "deliveries": 2, "worklist": 1, "revisions": 1, "checks": 1},
}
# What is done next. `link` opens a finding or a figure in the page; what a page does not offer is a turn to another page.
ACTS = {
    "leader": {"turn": 55, "filter": 30, "link": 12, "file": 3},
    "analyst": {"turn": 35, "filter": 45, "link": 13, "file": 7},
    "auditor": {"turn": 30, "filter": 32, "link": 32, "file": 6},
}
SHARE = {"leader": 0.4, "analyst": 0.36, "auditor": 0.24}
LEFT_ALONE = ("choose_lang", "choose_release")
LINK = re.compile(r'href="((?:figure|finding)\?[^"]+)"')


@dataclass
class Deed:
    """One thing done: when it was begun, by whom, what, where, and how it went."""

    at: float
    role: str
    act: str
    page: str
    seconds: float
    size: int = 0
    messages: int = 0
    faults: list[str] = field(default_factory=list)
    seen: Seen | None = None
    units: frozenset | None = None  # whose figures this reader may be shown; None: everybody's


def crowd(number: int) -> list[str]:
    """The role of each of so many people."""
    roles = [role for role, share in SHARE.items() for _ in range(round(share * number))]
    return (roles + ["leader"] * number)[:number]


class Person:
    """Somebody of a role at a tab of their own, with a die of their own."""

    def __init__(self, role: str, tab: Tab, seed: int, done: list[Deed], units: frozenset | None = None):
        self.role, self.tab, self.done, self.units = role, tab, done, units
        self.dice = random.Random(seed)
        self.page, self.answer = "", None

    async def work(self, begin: float, end: float) -> None:
        """From when they come in until it is time to go."""
        await asyncio.sleep(max(0.0, begin - time.time()))
        await self._do("open", self._somewhere())
        while True:
            pause = LEAST + min(self.dice.expovariate(1 / MORE), MOST - LEAST)
            if time.time() + pause > end:
                break
            await asyncio.sleep(pause)
            if self.answer is None:  # the last one failed: they load the page anew
                await self._do("open", self._somewhere())
                continue
            await self._next()
        await self.tab.close()

    async def _next(self) -> None:
        act = self._draw(ACTS[self.role])
        if act == "filter" and (found := self._box()):
            await self._do("filter", self.page, *found)
        elif act == "link" and (links := LINK.findall(self.answer.text)):
            await self._do("link", unescape(self.dice.choice(links)))
        elif act == "file" and self.answer.files:
            await self._do("file", self.page, self.dice.choice(self.answer.files))
        else:
            await self._do("turn", self._somewhere(self.page))

    def _box(self) -> tuple[object, str] | None:
        """A box of the page with something else to choose, and what is chosen."""
        offered = [
            (box, option)
            for key, box in self.answer.boxes.items()
            if key.startswith("choose_") and key not in LEFT_ALONE and not box.disabled
            for option in [self.dice.choice(list(box.options) or [""])]
            if option and option != self.tab.values.get(box.id, ("", ""))[1]
        ]
        return self.dice.choice(offered) if offered else None

    def _somewhere(self, but: str | None = None) -> str:
        pages = {page: often for page, often in PAGES[self.role].items() if page != but and (not self.tab.pages or page in self.tab.pages)}
        return self._draw(pages)

    def _draw(self, often: dict[str, int]) -> str:
        return self.dice.choices(list(often), list(often.values()))[0]

    async def _do(self, act: str, where: str, what: object = None, option: str = "") -> None:
        at = time.time()
        path, _, query = where.partition("?")
        try:
            if act in ("open", "link"):
                answer = await self.tab.open(path, query)
            elif act == "turn":
                answer = await self.tab.turn(path)
            elif act == "filter":
                answer = await self.tab.choose(what, option)
            else:
                taken = await self.tab.take(what)
                self.done.append(Deed(at, self.role, act, path or "overview", taken.seconds, taken.size, 0, taken.faults))
                return
        except Exception as error:  # whatever it was, the reader saw no page
            self.done.append(Deed(at, self.role, act, path or "overview", time.time() - at, faults=[f"{type(error).__name__}: {error}"]))
            self.answer = None
            return
        self.page, self.answer = path, answer
        faults = [*answer.faults, *_not_taken(answer, what, option)]
        self.done.append(
            Deed(
                at,
                self.role,
                act,
                path or "overview",
                answer.seconds,
                answer.size,
                answer.messages,
                faults,
                seen_of(answer.text),
                self.units,
            )
        )


def _not_taken(answer: Answer, box: object, option: str) -> list[str]:
    """Whether the box that was chosen from has what was chosen, where the page still has it."""
    now = next((each for each in answer.boxes.values() if box is not None and each.id == box.id), None)
    return [f"{box.label}: chosen {option}, got {now.raw_value}"] if now and now.set_value and now.raw_value != option else []
