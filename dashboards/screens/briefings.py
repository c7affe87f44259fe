"""简报: the briefings that were written for a month: to read at once, to take away, and what each sentence in them rests on."""

from base64 import b64encode
from html import escape

import streamlit as st

from dashboards import audit, briefing_pages, briefing_proof, briefings, choices, downloads
from dashboards.briefings import Edition, Unsound
from dashboards.downloads import Made
from dashboards.findings import address
from dashboards.parts import empty, heading, note, table, text
from dashboards.shell import Page, View
from data.home import HomeUnfit
from data.plain_text import in_markup
from transforms.show import beijing


def render(view: View) -> None:
    words, period = view.words, view.picture.period
    if not view.reader.whole:
        empty(words, "briefings.not_whole")
        return
    # Those in the reader's language stand first.
    found = sorted(briefings.editions(view.home, period), key=lambda each: each.slip.lang != words.lang)
    if not found:
        _none(view)
        return
    default = briefings.first(found, words.lang).code
    code = choices.keep("edition", choices.settle("edition", [each.code for each in found], default))
    chosen = next(each for each in found if each.code == code)
    if chosen.names_units:
        audit.shown(view, {"edition": code})
    st.html(f'<p class="lx-filters">{escape(words("choose.period"))}{escape(words("mark.colon"))}<b>{text(words.month(period))}</b></p>')
    _list(view, found, chosen)
    _head(view, chosen)
    _files(view, chosen)
    briefing_proof.sentences(view, chosen)
    briefing_proof.left_out(view, chosen)
    briefing_proof.quoted(view, chosen)


def _none(view: View) -> None:
    """Nothing was written for the month, or nothing that the reader is given: why, what to do, and where there is something."""
    words, period = view.words, view.picture.period
    if briefings.withheld(view.home, period):
        empty(words, "briefings.only_units", period=words.month(period))
    else:
        empty(words, "briefings.none", period=words.month(period), code=period)
    others = briefings.periods(view.home)
    if others:
        ways = words("mark.list").join(_way(words.month(each), address("briefings", each, None, words.lang)) for each in others)
        st.html(f'<p class="lx-said">{escape(words("briefings.others"))}{escape(words("mark.colon"))}{ways}</p>')


def _way(shown: str, where: str) -> str:
    return f'<a class="lx-opens" href="{in_markup(where)}" target="_self">{text(shown)}</a>'


def _to(view: View, code: str, shown: str) -> str:
    """The way to an edition of the same month."""
    release = None if view.current else view.picture.revision
    return _way(shown, address("briefings", view.picture.period, release, view.words.lang, edition=code))


def _list(view: View, found: list[Edition], chosen: Edition) -> None:
    words = view.words
    heading(words("briefings.list"))
    fresh = [each for each in found if not each.newer]
    _rows(view, fresh, chosen, words("briefings.list"))
    if briefings.withheld(view.home, view.picture.period):
        note(words("briefings.withheld"))
    former = [each for each in found if each.newer]
    if former:
        with st.expander(words("briefings.former", n=len(former)), expanded=bool(chosen.newer)):
            _rows(view, former, chosen, words("briefings.former", n=len(former)))


def _rows(view: View, found: list[Edition], chosen: Edition, name: str) -> None:
    words = view.words
    heads = [
        (words("briefings.what"), "w"), (words("briefings.state"), "w"), (words("choose.period"), "w"), (words("briefings.release"), "w"),
        (words("briefings.written"), "w"), (words("choose.lang"), "w"), (words("briefings.forms"), "w"),
    ]  # fmt: skip
    rows = [
        [
            _to(view, each.code, named(view, each)),
            escape(words("mark.stop").join(marks(view, each))),
            escape(words.month(each.slip.period)),
            escape(each.slip.revision),
            text(beijing(each.slip.created_at)),
            escape(words(f"briefings.lang_{each.slip.lang}")),
            escape(words("mark.list").join(form.upper() for form in each.forms) or words("briefings.no_form")),
        ]
        for each in found
    ]
    table(name, heads, rows, ["line" if each is chosen else "" for each in found])


def named(view: View, each: Edition) -> str:
    """`月统计`, and of later editions of the same release which one it is."""
    name = view.words(f"briefings.kind_{each.slip.kind}")
    return name if each.slip.edition == 1 else view.words("briefings.edition", kind=name, n=each.slip.edition)


def marks(view: View, each: Edition) -> list[str]:
    """What must be known before it is read on."""
    found = [view.words("briefings.newer")] if each.newer else []
    found += [view.words("briefings.revised")] if each.revised else []
    return found or [view.words("briefings.fresh")]


def _head(view: View, chosen: Edition) -> None:
    words, slip = view.words, chosen.slip
    heading(words("briefings.one", kind=named(view, chosen), period=words.month(slip.period), release=slip.revision))
    if chosen.newer:
        st.html(f'<p class="lx-note">{escape(words("briefings.newer_said"))} {_to(view, chosen.newer, words("briefings.to_newer"))}</p>')
    if chosen.revised and chosen.current:
        where = address("revisions", slip.period, chosen.current, words.lang, against=slip.revision)
        said = words("briefings.revised_said", old=slip.revision, new=chosen.current)
        st.html(f'<p class="lx-note">{escape(said)} {_way(words("briefings.to_revisions"), where)}</p>')


def _files(view: View, chosen: Edition) -> None:
    """The files, each as it was written or not at all; and the pages of the PDF."""
    words, sound, faults = view.words, {}, []
    for form in chosen.forms:
        try:
            sound[form] = briefings.content(view.home, chosen.slip.period, chosen.code, form)
        except Unsound as error:
            faults.append(_fault(view, error, form))
    if not chosen.forms:
        empty(words, "briefings.no_files", code=chosen.slip.period)
    if sound:
        for form, place in zip(sound, st.columns([1] * len(sound) + [4 - len(sound)], gap="small"), strict=False):
            with place:
                _button(view, chosen, form)
    for said in faults:
        st.html(f'<p class="lx-wrong" role="alert">{text(said)}</p>')
    if faults:
        note(words("briefings.unsound_do", code=chosen.slip.period))
    if "pdf" in sound:
        _pictures(view, sound["pdf"])
    elif sound:
        note(words("briefings.no_pdf"))


def _fault(view: View, error: Unsound, form: str) -> str:
    return view.words("briefings.file_gone" if error.why == "gone" else "briefings.file_changed", form=form.upper(), name=error.name)


def _button(view: View, chosen: Edition, form: str) -> None:
    home, slip, code = view.home, chosen.slip, chosen.code

    def make() -> Made:
        try:
            return Made(briefings.content(home, slip.period, code, form), len(slip.quoted))
        except Unsound as error:
            raise HomeUnfit(_fault(view, error, form)) from None

    downloads.button(view, view.words(f"briefings.take_{form}"), make, slip.name, form, f"take_{form}", width="stretch")


def _pictures(view: View, data: bytes) -> None:
    """Side by side; one that is pressed is as wide as the page."""
    words = view.words
    try:
        found = briefing_pages.pages(data)
    except briefing_pages.Unreadable:
        note(words("briefings.unreadable"))
        return
    larger = in_markup(words("briefings.larger"))
    made = ""
    for number, picture in enumerate(found.pictures, 1):
        said = in_markup(words("briefings.page", n=number, count=found.count))
        source = f"data:image/webp;base64,{b64encode(picture).decode()}"
        made += f'<details class="lx-sheet"><summary title="{larger}"><img src="{source}" alt="{said}"></summary></details>'
    st.html(f'<div class="lx-sheets">{made}</div>')
    note(words("briefings.larger_said"))
    if found.count > len(found.pictures):
        note(words("briefings.more_pages", shown=len(found.pictures), count=found.count))


PAGE = Page("briefings", ":material/article:", render, ("edition",))
