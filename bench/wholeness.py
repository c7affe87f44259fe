"""Whether what people read was one whole release: an answer names the release it shows, and every n/N in it is that release's own.

What belongs here: taking releases and figures out of a page's text, and holding them against the Parquet files of the release that each
names. A page that mixed two releases, or showed one before it was all there, would show a number that its release does not have.
"""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache

from dashboards import opened
from data.home import Home
from data.releases import open_release
from transforms import citation

_FOOT = re.compile(r'<footer class="lx-foot">.*?</footer>', re.S)
_RELEASE = re.compile(r"([0-9]{4}-[0-9]{2}) (r[0-9]{2,})")
# A link whose words are n/N, and a card with its two counts and its code.
_SIDES = re.compile(r'href="figure\?code=([0-9.A-Z-]+)[^"]*"[^>]*>([0-9,]+)/([0-9,]+)</a>')
_CARD = re.compile(r'<section class="lx-card" data-metric="[a-z_]+" data-numerator="(\d+)" data-denominator="(\d+)">(.*?)</section>', re.S)
_CODE = re.compile(r'href="figure\?code=([0-9.A-Z-]+)')
# What the pages say instead of themselves (locale/zh/LC_MESSAGES/common.po, empty.broken, empty.fault) is marked so.
_EMPTY = re.compile(r'<div class="lx-empty" role="status"><p>(.*?)</p>')


# Pages that lead from a revision to another one of its month, and say so.
LINK_ON = ("revisions", "figure")


@dataclass(frozen=True)
class Seen:
    """What a page said of releases: those its foot names, the figures as (code, n, N), other codes, and pages or parts left empty."""

    releases: tuple[str, ...] = ()
    figures: tuple[tuple[str, int, int], ...] = ()
    codes: tuple[str, ...] = ()
    empty: tuple[str, ...] = ()


def seen_of(text: str) -> Seen:
    foots = _FOOT.findall(text)
    named = tuple(sorted({" ".join(found) for foot in foots for found in _RELEASE.findall(foot)}))
    figures = {(code, _number(n), _number(whole)) for code, n, whole in _SIDES.findall(text)}
    for n, whole, inside in _CARD.findall(text):
        figures |= {(code, int(n), int(whole)) for code in _CODE.findall(inside)[-1:]}
    return Seen(named, tuple(sorted(figures)), tuple(sorted(set(_CODE.findall(text)))), tuple(_EMPTY.findall(text)))


def _number(text: str) -> int:
    return int(text.replace(",", ""))


@dataclass
class Verdict:
    """What came of holding the answers against their releases."""

    answers: int = 0
    figures: int = 0
    releases: Counter = field(default_factory=Counter)  # release -> answers whose foot names it
    wrong: list[str] = field(default_factory=list)


Units = frozenset[tuple[str, str]] | None


def hold(home: Home, answers: Iterable[tuple[str, Seen, Units]], faults: Iterable[str]) -> Verdict:
    """Every answer (its page, what it said, whose figures its reader may be shown) against the releases on disk. `faults`: what pages say
    when they can't be shown."""
    verdict, bad = Verdict(), frozenset(faults)
    for page, seen, units in answers:
        verdict.answers += 1
        verdict.wrong += [f"{page}: {said}" for said in seen.empty if said in bad]
        if len(seen.releases) != 1:
            verdict.wrong.append(f"{page}: its foot names {seen.releases or 'no release'}")
            continue
        verdict.releases[seen.releases[0]] += 1
        for code, n, whole in seen.figures:
            verdict.figures += 1
            asked = citation.read(code)
            stated = _stated(home, asked.period, asked.revision).get(asked.mark, {})
            if (n, whole) not in stated.values():
                verdict.wrong.append(f"{page}: {code} shows {n}/{whole}, its release has {stated}")
        # The release of the foot is the one whose figures it shows; other months stand beside it, but no other revision of its month.
        period, revision = seen.releases[0].split()
        for code in seen.codes:
            asked = citation.read(code)
            others = _stated(home, asked.period, asked.revision).get(asked.mark, {}).keys()
            if units is not None and others and not others & units:
                verdict.wrong.append(f"{page}: {code} is of {set(others)}, which this reader may not see")
            if page not in LINK_ON and asked.period == period and asked.revision != revision:
                verdict.wrong.append(f"{page}: {code} beside {period} {revision}")
    return verdict


@cache
def _stated(home: Home, period: str, revision: str) -> dict[str, dict[tuple[str, str], tuple[int, int]]]:
    """mark -> (unit kind, code) -> n and N, of the table metrics of a release as it lies on disk."""
    key = opened.coded("metrics")
    kind, code = key.index("unit_kind"), key.index("unit_code")
    found: dict[str, dict[tuple[str, str], tuple[int, int]]] = {}
    for *values, n, whole in open_release(home, period, revision).table("metrics").select(*key, "numerator", "denominator").iter_rows():
        found.setdefault(citation.mark("metrics", values), {})[(values[kind], values[code])] = (n, whole)
    return found
