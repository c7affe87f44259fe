"""The boxes in which a reader chooses findings, and what was chosen in words.

What belongs here: drawing the boxes, each with how many there are, over whatever stands in the URL. What a choice means is findings.py's.
"""

import polars as pl
import streamlit as st

from dashboards import cells, choices, findings
from dashboards.casebook import Casebook
from dashboards.findings import ALL, NOBODY, NONE, OUTSIDE, OVERDUE, Choice
from dashboards.parts import heading
from dashboards.shell import View
from data.words import Words
from transforms import show
from transforms.case_history import GONE, PASSED


def choose(view: View, book: Casebook) -> Choice:
    words, picture = view.words, view.picture
    here, cases = book.here, book.cases
    severities, rules_here, kinds = (findings.counts(here, by) for by in ("severity", "rule", "subject_kind"))
    heading(words("findings.choose"))
    moves = findings.counts(cases, "moved")
    parks = [code for kind, code in picture.units if kind == "park"]
    districts = [code for kind, code in picture.units if kind == "district"]
    say_place = {ALL: all_districts(view)} | {code: cells.district_name(view, code) for code in districts}
    if here["district_code"].null_count():
        say_place[NONE] = words("findings.no_district")
    say_park = {ALL: words("findings.all_parks"), OUTSIDE: words("findings.outside")}
    say_park |= {code: cells.place_name(view, "park", code) for code in parks}
    people = sorted(name for name in cases["assignee"].drop_nulls().unique())

    def counted(name: str, number: int | None) -> str:
        return f"{name} {show.count(number)}"

    def say_rule(name: str) -> str:
        if name == ALL:
            return counted(words("findings.all_rules"), here.height)
        said = f"{words.severity(severities_of[name])} · {words.rule(name)}"
        return f"{said} {show.NOT_AVAILABLE}" if name in book.not_run else counted(said, rules_here.get(name, 0))

    def say_move(name: str) -> str:
        return counted(words(f"moved.{name}"), here.height if name == ALL else moves.get(name, 0))

    def say_status(name: str) -> str:
        if name == ALL:
            return words("findings.all_statuses")
        number = here.filter(pl.col("overdue")).height if name == OVERDUE else here.filter(pl.col("status") == name).height
        return counted(words(f"standing.{name}"), number)

    severities_of = findings.severities(cases)
    say_severity = lambda code: (  # noqa: E731
        words("findings.all_severities") if code == ALL else counted(words.severity(code), severities.get(code, 0))
    )
    say_kind = lambda code: words("findings.all_kinds") if code == ALL else counted(words(f"about.{code}"), kinds.get(code, 0))  # noqa: E731
    say_age = lambda code: words("findings.all_ages") if code == ALL else words("findings.months", n=code)  # noqa: E731
    say_person = lambda name: words(f"findings.{name}_assigned") if name in (ALL, NOBODY) else name  # noqa: E731
    picked = {}
    first, second = st.columns([2, 3, 3, 3], gap="small"), st.columns([5, 3, 3], gap="small")
    with first[0]:
        picked["severity"] = choices.choose(words("choose.severity"), "severity", (ALL, *findings.SEVERITIES), ALL, say_severity)
    with first[1]:
        picked["moved"] = choices.choose(words("choose.moved"), "moved", findings.MOVES, ALL, say_move)
    with first[2]:
        gone = picked["moved"] in (GONE, PASSED)
        status = choices.choose(
            words("choose.status"),
            "status",
            (ALL,) if gone else findings.STANDINGS,
            ALL,
            say_status,
            help=words("findings.status_help"),
            disabled=gone,
        )
        picked["status"] = status
    with first[3]:
        picked["district"] = choices.choose(words("choose.district"), "district", list(say_place), ALL, say_place.__getitem__)
    with second[0]:
        picked["rule"] = choices.choose(words("choose.rule"), "rule", (ALL, *severities_of), ALL, say_rule)
    with second[1]:
        picked["age"] = choices.choose(words("choose.age"), "age", findings.AGES, ALL, say_age)
    with second[2]:
        picked["assignee"] = choices.choose(words("choose.assignee"), "assignee", (ALL, NOBODY, *people), ALL, say_person)
    # The rest in a box of its own, open where something in it is chosen.
    with st.expander(words("findings.more_choices"), expanded=any((choices.kept(name) or ALL) != ALL for name in ("park", "about"))):
        left, right = st.columns(2, gap="small")
        with left:
            offered = list(say_park) if parks else [ALL]
            picked["park"] = choices.choose(words("choose.park"), "park", offered, ALL, say_park.__getitem__, disabled=not parks)
        with right:
            picked["about"] = choices.choose(
                words("choose.about"), "about", (ALL, *(each for each in findings.KINDS if each in kinds)), ALL, say_kind
            )
    return Choice(**picked)


def all_districts(view: View) -> str:
    """No district chosen: of the city, or of what the reader is given."""
    return view.words("findings.all_districts" if view.reader.whole else "findings.all_area")


def why_not_run(words: Words, book: Casebook, rule: str) -> str:
    sources = words("mark.list").join(map(words.source, book.not_run[rule]))
    if not sources:
        return words("findings.no_such_rule")
    return words("findings.lacks_before" if book.lacks_before(rule) else "findings.lacks", sources=sources)


def said(view: View, choice: Choice) -> list[str]:
    """The choices of this page in words, beside those of the side bar."""
    words = view.words
    found = [cells.named(view, "choose.moved", words(f"moved.{choice.moved}"))]
    name = {
        "severity": words.severity,
        "status": lambda code: words(f"standing.{code}"),
        "rule": words.rule,
        "district": lambda code: cells.district_name(view, None if code == NONE else code),
        "park": lambda code: words("findings.outside") if code == OUTSIDE else cells.place_name(view, "park", code),
        "age": lambda code: words("findings.months", n=code),
        "about": lambda code: words(f"about.{code}"),
        "assignee": lambda code: words("findings.nobody_assigned") if code == NOBODY else code,
    }
    return found + [cells.named(view, f"choose.{key}", name[key](code)) for key, code in choice.narrowed.items() if key in name]
