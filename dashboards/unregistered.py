"""Units that pay tax or insure employees and stand in no register, beside those that are registered: on the page 底数核验.

What belongs here: counting them from the findings of the release (the census has the registered alone), and their list. Of what kind
they are nobody knows: the lists of tax and insurance do not tell an enterprise from a social organisation.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from dashboards import cells, reporting
from dashboards.export import Column
from dashboards.parts import note, table, text
from dashboards.shell import View
from dashboards.store import UNKNOWN, Picture
from transforms import show

RULES = {"tax": "taxpayer_unregistered", "social_insurance": "insured_unregistered"}
# Cell -> whether its units stand in the tax list and in the insurance list; none of them is registered.
CELLS = {"out_both": (True, True), "out_tax": (True, False), "out_insured": (False, True)}
AT_MOST = 200


@dataclass(frozen=True)
class Unregistered:
    """`rows`: a row a unit, with which of the lists has it; None where it is not known, and `why`: not_run, beyond or unkept."""

    rows: pl.DataFrame | None
    why: str = ""
    lacking: tuple[str, ...] = ()

    @property
    def sizes(self) -> dict[str, int | None]:
        if self.rows is None:
            return dict.fromkeys(CELLS)
        return {name: self.of(name).height for name in CELLS}

    def of(self, name: str) -> pl.DataFrame:
        taxed, insured = CELLS[name]
        return self.rows.filter((pl.col("tax") == taxed) & (pl.col("social_insurance") == insured))


def unregistered(picture: Picture, kind: str, code: str) -> Unregistered:
    """Those of a place. Where a unit lies in no known district it is counted for the city and for 000000 alone."""
    if not picture.has_findings:
        return Unregistered(None, "unkept")
    if not picture.lies_within(kind, code):
        return Unregistered(None, "beyond")
    not_run = [rule for rule in RULES.values() if rule not in picture.ran]
    if not_run:
        named: Mapping[str, list[str]] = picture.manifest.get("checks", {}).get("not_run", {})
        return Unregistered(None, "not_run", tuple(dict.fromkeys(source for rule in not_run for source in named.get(rule, ()))))
    where = pl.col("district_code").fill_null(UNKNOWN) if kind == "district" else pl.col("park_code")
    there = pl.lit(True) if kind == "city" else where == code
    rows = picture.sightings.filter(pl.col("rule").is_in(list(RULES.values())) & there)
    lists = {name: (pl.col("rule") == rule).any().alias(name) for name, rule in RULES.items()}
    marks = {name: pl.col("fingerprint").filter(pl.col("rule") == rule).first().alias(f"{name}_mark") for name, rule in RULES.items()}
    since = {name: pl.col("since").filter(pl.col("rule") == rule).first().alias(f"{name}_since") for name, rule in RULES.items()}
    found = rows.group_by("subject").agg(
        *lists.values(), *marks.values(), *since.values(), pl.col("district_code", "park_code").first()
    )  # fmt: skip
    return Unregistered(found.sort("subject"))


def say(view: View, kind: str, code: str, found: Unregistered) -> None:
    """What the rows of the picture count, or why they are not in it; and the way to the findings."""
    words = view.words
    if found.rows is None:
        sources = words("mark.list").join(words.source(name) for name in found.lacking)
        lacking = words("base_numbers.out_not_run_lacking", sources=sources)
        note(lacking if sources else words(f"base_numbers.out_{found.why}"))
        return
    note(words("base_numbers.out_said" if kind == "city" or found.rows.height else "base_numbers.out_elsewhere"))


def links(view: View, kind: str, code: str, found: Unregistered) -> str:
    """`纳税单位无登记 3家 · 参保单位无登记 3家`, each as a link to its findings for readers who may open them."""
    if found.rows is None or not found.rows.height:
        return ""
    words, made = view.words, []
    place = {} if kind == "city" else {kind: code}
    for name, rule in RULES.items():
        count = found.rows.filter(pl.col(name)).height
        said = words("base_numbers.out_rule", rule=words.rule(rule), n=show.count(count))
        made.append(reporting.page_link(view, "findings", said, rule=rule, **place) if view.reader.sees_units else text(said))
    return " · ".join(made)


def draw(view: View, title: str, found: Unregistered, name: str) -> None:
    """The units of one of the rows: each with the findings that have it."""
    words = view.words
    if not view.reader.sees_units:
        note(words("access.no_units"))
        return
    rows = found.of(name)
    note(words("units.shown" if rows.height > AT_MOST else "units.all", n=show.count(rows.height), shown=AT_MOST))
    cells.download(view, lambda: _book(view, title, rows), f"_{name}", key="xlsx_units")
    heads = [(words("units.uscc"), "w"), (words("units.district"), "w"), *((words.rule(rule), "w") for rule in RULES.values())]
    body = []
    for row in rows.head(AT_MOST).to_dicts():
        leads = [
            reporting.page_link(view, "finding", _since(view, row, each), id=row[f"{each}_mark"]) if row[each] else "" for each in RULES
        ]
        body.append([text(row["subject"]), text(cells.district_name(view, row["district_code"])), *leads])
    table(title, heads, body)


def _since(view: View, row: Mapping, name: str) -> str:
    return view.words("base_numbers.out_since", month=view.words.month(row[f"{name}_since"]))


def _book(view: View, title: str, rows: pl.DataFrame):
    words = view.words
    columns = [Column(words("units.uscc")), Column(words("units.district")), *(Column(words.rule(rule)) for rule in RULES.values())]
    body = [
        [
            row["subject"],
            cells.district_name(view, row["district_code"]),
            *(_since(view, row, each) if row[each] else None for each in RULES),
        ]
        for row in rows.to_dicts()
    ]
    notes = [(words("choose.cell"), title), (words("export.rows"), show.count(rows.height))]
    return cells.book(view, columns, body, notes, [[title, words("base_numbers.out_said")]])
