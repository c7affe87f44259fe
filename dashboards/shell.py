"""The frame of every page: what is looked at (period, release, basis and the like), said in words above it and in the foot below it.

What belongs here: the side bar, the notices, the heading, the foot, and `View`, which is all that a page is given.
"""

from collections.abc import Callable
from dataclasses import dataclass
from html import escape

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboards import access, audit, choices, entry, store
from dashboards.parts import empty, looks, note, text
from dashboards.store import Picture
from data.access import Reader
from data.contracts import MetricCard, metrics
from data.home import Home
from data.releases import NoSuchRelease
from data.words import LANGUAGES, Words
from transforms.sector_words import sector_of

BASES = ("registered", "corroborated", "verified")
SOURCES_OF = {"park": ("park",), "district": ("registration", "social_org")}
SECTORS = ("all", "enterprise", "social_org", "self_employed", "national", "provincial", "municipal")
# Pages of tables that are computed on the signed basis alone.
SIGNED_ONLY = ("doubling", "targets", "worklist", "weak_orgs", "quality", "returns", "place", "unit")


@dataclass(frozen=True)
class Page:
    """A page: its name in the URL, which choices it rests on, and the kind of unit that it compares."""

    name: str
    icon: str
    render: Callable[["View"], None]
    needs: tuple[str, ...] = ()
    kind: str = "city"
    hidden: bool = False  # not in the side bar: other pages lead to it
    rows: bool = False  # about units one by one: for readers of units alone, and each opening is logged
    lists: bool = False  # figures, and lists of units below them for readers of units: logged for those
    watch: bool = False  # about what readers did: for those who watch over that

    def is_logged(self, reader: Reader) -> bool:
        return self.rows or (self.lists and reader.sees_units)

    def is_for(self, reader: Reader) -> bool:
        return (reader.sees_units or not self.rows) and (reader.watches or not self.watch)


@dataclass(frozen=True)
class View:
    """What a page is given: the words, the picture, and what was chosen."""

    words: Words
    home: Home
    page: Page
    picture: Picture
    signed: str
    basis: str
    sector: str
    metric: str
    current: bool
    notices: DeltaGenerator
    reader: Reader
    bare: bool = False  # there is nothing here that the page could compare

    @property
    def card(self) -> MetricCard:
        return metrics()[self.metric]

    @property
    def minimum(self) -> int:
        """Below this denominator nothing is ranked."""
        return self.home.settings.protection.minimum_denominator

    @property
    def least(self) -> int:
        """The smallest count of members that is shown; fewer are x."""
        return self.home.settings.protection.smallest_member_cell

    @property
    def basis_words(self) -> str:
        return basis_words(self.words, self.basis, self.signed)

    @property
    def sector_words(self) -> str:
        return sector_words(self.words, self.metric, self.sector)

    @property
    def filters(self) -> list[tuple[str, str]]:
        """The active filters, in words."""
        words = self.words
        found = [(words("choose.period"), words.month(self.picture.period))]
        say = "choose.current" if self.current else "choose.not_current"
        found.append((words("choose.release"), words(say, name=self.picture.revision)))
        if "metric" in self.page.needs:
            found.append((words("choose.metric"), words.metric(self.metric)))
        if "sector" in self.page.needs:
            found.append((words("choose.sector"), self.sector_words))
        if "basis" in self.page.needs:
            found.append((words("choose.basis"), self.basis_words))
        return found

    @property
    def file_stem(self) -> str:
        """The start of a file's name: what is not at its default stands in it, so that no file takes another's place."""
        chosen = [self.sector] if "sector" in self.page.needs and self.sector != "all" else []
        chosen += [self.basis] if "basis" in self.page.needs and self.basis not in (self.signed, "-") else []
        return "_".join(["liangxin", self.page.name, self.picture.period, self.picture.revision, *chosen])

    def said(self, *more: str) -> None:
        """The active filters in words, above a chart."""
        colon = self.words("mark.colon")
        parts = [f"{escape(name)}{colon}<b>{text(value)}</b>" for name, value in self.filters] + [escape(each) for each in more]
        st.html(f'<p class="lx-filters">{" · ".join(parts)}</p>')


def remember(pages: dict) -> None:
    """Streamlit's own pages, by name: a turn by one of them keeps what the reader has typed, which a link of a table does not."""
    st.session_state["pages"] = pages


def turn(name: str, label: str, icon: str | None = None) -> None:
    """A link to another page that keeps the session. What was chosen goes along."""
    if "pages" in st.session_state:
        st.page_link(st.session_state["pages"][name], label=label, icon=icon)


def turn_now(name: str) -> None:
    st.switch_page(st.session_state["pages"][name])


def basis_words(words: Words, basis: str, signed: str) -> str:
    """`印证口径（签批）`, or `登记口径（试算）`: only one basis is signed."""
    if basis == "-":
        return words("basis.none")
    return words("basis.signed" if basis == signed else "basis.trial", name=words.of("basis", basis))


def sector_words(words: Words, metric: str, sector: str) -> str:
    return words.of("sector", sector_of(metric, sector))


def language() -> Words:
    return Words(choices.keep("lang", choices.settle("lang", LANGUAGES, "zh")))


def open_view(page: Page, words: Words, home: Home) -> View | None:
    """Draws the side bar and the head, and opens the release; None, with the reason on the page, where there is nothing to show."""
    published, reader = store.published(home), access.reader(home)
    head, notices = st.container(), st.container()
    if "code" in page.needs and choices.by_link():
        choices.follow_code(choices.kept("code"))
    with st.sidebar:
        opened = _choose_release(words, home, published) if published else None
        view = _choose_the_rest(page, words, home, opened, notices, reader) if opened and page.is_for(reader) else None
        choices.choose("语言 / Language", "lang", LANGUAGES, "zh", lambda code: {"zh": "中文", "en": "English"}[code])
        looks(words)
        entry.say_who(words, reader, {place: row["name"] for place, row in opened.units.items()} if opened else {})
    with head:
        _head(page, words, opened)
    if view is not None and page.is_logged(reader):
        audit.opened(view)
    if not page.is_for(reader):
        entry.not_theirs(words, reader)
    elif view is None:
        empty(words, "empty.no_release")
    elif view.bare:
        missing = [name for name in SOURCES_OF.get(page.kind, ()) if name in opened.manifest.get("missing", [])]
        names = words("mark.list").join(words.source(name) for name in missing)
        empty(words, *(("empty.no_units_missing", "empty.no_units_do") if missing else ("empty.no_units",)), names=names)
    return view


def _choose_release(words: Words, home: Home, published: dict[str, str]) -> Picture:
    periods = sorted(published, reverse=True)
    period = choices.choose(words("choose.period"), "period", periods, periods[0], words.month)
    current = published[period]
    renewed = choices.follow(period, current)
    if renewed:
        st.toast(words("notice.new_revision", revision=renewed))
    offered = [name for name in reversed(store.revisions(home, period)) if _opens(home, period, name)] or [current]
    revision = choices.choose(
        words("choose.release"), "release", offered, current, lambda name: words("choose.current", name=name) if name == current else name
    )
    choices.saw(period, current)
    return store.picture(home, period, revision)


def _opens(home: Home, period: str, revision: str) -> bool:
    try:
        return bool(store.picture(home, period, revision))
    except NoSuchRelease:
        return False


def _choose_the_rest(page: Page, words: Words, home: Home, picture: Picture, notices: DeltaGenerator, reader: Reader) -> View:
    signed = picture.manifest.get("basis") or home.settings.basis
    metric, sector, basis, bare = "org_coverage", "all", signed, False
    if "metric" in page.needs:
        offered = [name for name in metrics() if picture.sectors(name, page.kind)]
        bare = not offered
    if "metric" in page.needs and not bare:
        metric = choices.choose(words("choose.metric"), "metric", offered, metric if metric in offered else offered[0], words.metric)
    if "sector" in page.needs and not bare:
        found = picture.sectors(metric, page.kind)
        offered = [name for name in SECTORS if name in found and ("metric" in page.needs or name in SECTORS[:3])] or ["all"]
        sector = choices.choose(words("choose.sector"), "sector", offered, offered[0], lambda code: sector_words(words, metric, code))
    if "basis" in page.needs and not bare:
        order = (signed, *(name for name in BASES if name != signed))
        free = "-" in picture.bases(metric)
        say = lambda code: basis_words(words, "-" if free else code, signed)  # noqa: E731
        basis = choices.choose(words("choose.basis"), "basis", order, signed, say, help=words("choose.basis_help"), disabled=free)
        basis = "-" if free else basis
    elif "basis" not in page.needs:
        _say_basis(page, words, signed)
    current = store.published(home).get(picture.period) == picture.revision
    return View(words, home, page, picture, signed, basis, sector, metric, current, notices, reader, bare)


def _say_basis(page: Page, words: Words, signed: str) -> None:
    """The box of the bases where there is nothing to choose: it says why."""
    only = page.name in SIGNED_ONLY
    said, why = basis_words(words, signed if only else "-", signed), words("choose.basis_signed_only" if only else "choose.basis_none_here")
    if "code" in page.needs:
        said, why = words("basis.of_code"), words("choose.basis_of_code")
    st.selectbox(words("choose.basis"), [said], key=f"basis_{page.name}_{words.lang}", disabled=True, help=why)


def _head(page: Page, words: Words, picture: Picture | None) -> None:
    city = picture.units.get(("city", picture.city), {}).get("name") if picture else None
    over = f"{text(city)} · " if city else ""
    st.html(
        f'<header class="lx-head"><p class="lx-city">{over}{escape(words("app.title"))}</p><h1>{escape(words(f"{page.name}.title"))}</h1>'
        f'<p class="lx-lead">{escape(words(f"{page.name}.lead"))}</p>'
        f'<p class="lx-note lx-phone">{escape(words("notice.phone"))}</p></header>'
    )


def _notices(view: View) -> None:
    page, words, picture, published = view.page, view.words, view.picture, store.published(view.home)
    for name, asked in choices.stale().items():
        if name in ("period", "release", "lang", *page.needs):
            st.warning(words("notice.stale", what=words.of("choose", name), asked=_plain(asked)), icon=":material/link_off:")
    if not view.current:
        st.warning(words("notice.not_current", revision=picture.revision, period=words.month(picture.period)), icon=":material/history:")
        st.button(words("notice.to_current"), on_click=choices.drop, args=("release",))
    elif published and max(published) > picture.period:
        note(words("notice.newer", period=words.month(max(published))))


def _plain(value: str) -> str:
    """A value from a URL, for a message that Streamlit reads as Markdown."""
    return "".join(letter for letter in value[:40] if letter.isalnum() or letter in "-.")


def close_view(view: View) -> None:
    """After the page has drawn: the foot, the notices above, and the choices into the URL."""
    _foot(view)
    if view.page.is_logged(view.reader):
        audit.drawn(view)
    with view.notices:
        _notices(view)
    choices.write_to_url(("period", "release", *view.page.needs, "lang"))


def _foot(view: View) -> None:
    words, picture = view.words, view.picture
    manifest = picture.manifest
    parts = [
        words("foot.data", day=words.day(picture.period)),
        words("foot.release", name=picture.release.name, at=picture.published_at),
        words("foot.definitions", version=manifest.get("definitions", "")),
        words("foot.program", version=manifest.get("program", "")),
        words("foot.signed", basis=words.of("basis", view.signed)),
    ]
    by_code = f'<a href="figure?lang={words.lang}" target="_self">{escape(words("foot.by_code"))}</a>'
    st.html(f'<footer class="lx-foot"><p>{escape(words("foot.legend"))}</p><p>{text(" · ".join(parts))} · {by_code}</p></footer>')
