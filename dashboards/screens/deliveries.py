"""到报与装载: what arrived when, how many rows were read, loaded or rejected and why, and what was carried over."""

import json
from html import escape
from urllib.parse import urlencode

import polars as pl
import streamlit as st

from dashboards import check_report, choices, rejections, store
from dashboards.parts import card, cards, empty, heading, note, table, text
from dashboards.shell import Page, View, sector_words
from dashboards.store import Picture
from data.contracts import metrics, rules, sources, tables, worklists
from data.figures import Figure
from transforms import show

COUNTS = ("rows_read", "rows_loaded", "rows_rejected", "rows_skipped", "values_dropped")
HEADS = ("read", "loaded", "rejected", "skipped", "dropped")


def render(view: View) -> None:
    _totals(view)
    _arrivals(view)
    _by_month(view)
    source = choices.choose(view.words("deliveries.choose_source"), "source", list(sources()), _first_to_look_at(view), view.words.source)
    _files(view, source)
    rejections.render(view, source)
    _since_the_revision_before(view)
    _checks(view)


def state(picture: Picture, source: str) -> tuple[str, str | None]:
    """arrived, refused_all, carried (with the month it comes from) or absent. What arrived in other districts' files alone has arrived."""
    files = picture.loads.filter(pl.col("source") == source)
    if files.height:
        return ("arrived" if files["refused"].null_count() else "refused_all"), None
    carried = picture.manifest.get("carried", {}).get(source)
    if carried:
        return "carried", carried
    elsewhere = not picture.release.sight.whole and source not in picture.manifest.get("missing", sources())
    return ("arrived" if elsewhere else "absent"), None


def _state_words(view: View, picture: Picture, source: str) -> str:
    kind, month = state(picture, source)
    if kind == "arrived" and not picture.loads.filter(pl.col("source") == source).height:
        kind = "elsewhere"
    return view.words(f"deliveries.{kind}", **({"month": view.words.month(month)} if month else {}))


def _totals(view: View) -> None:
    words, loads = view.words, view.picture.loads
    heading(words("deliveries.totals"))
    view.said()
    if not view.reader.whole:
        note(words("deliveries.area"))
    kinds = [state(view.picture, source)[0] for source in sources()]
    arrived = sum(kind in ("arrived", "refused_all") for kind in kinds)
    parts = words("deliveries.totals_sources_part", arrived=arrived, carried=kinds.count("carried"), missing=kinds.count("absent"))
    made = [card(words("deliveries.totals_sources"), f"{arrived}/{len(kinds)}", "", [("", escape(parts))], {"count": "sources"})]
    refused = loads.height - loads["refused"].null_count()
    lines = [("worse", f"<b>{escape(words('deliveries.totals_refused', n=refused))}</b>")] if refused else []
    made.append(card(words("deliveries.totals_files"), show.count(loads.height), "", lines, {"count": "files"}))
    sums = {name: loads[name].sum() or 0 for name in COUNTS}
    for name, head in zip(COUNTS[:4], HEADS, strict=False):
        share = (
            Figure(sums[name], sums["rows_read"], sums[name] / sums["rows_read"]) if sums["rows_read"] else Figure(reason="no_denominator")
        )
        lines = [] if name == "rows_read" else [("", escape(words("deliveries.totals_share", share=show.figure(share))))]
        made.append(
            card(
                words(f"deliveries.{head}"),
                show.count(sums[name]),
                words("unit.rows"),
                lines,
                {"count": name, "value": sums[name]},
            )
        )
    cards(made)
    broken = loads.filter(pl.col("rows_read") != pl.col("rows_loaded") + pl.col("rows_rejected") + pl.col("rows_skipped")).height
    note(words("deliveries.unbalanced", n=broken) if broken else words("deliveries.balance"))


def _arrivals(view: View) -> None:
    words = view.words
    heading(words("deliveries.calendar"))
    heads = [
        (words("deliveries.source"), "w"),
        (words("deliveries.office"), "w"),
        (words("deliveries.state"), "w"),
        (words("deliveries.files"), "n"),
        *((words(f"deliveries.{head}"), "n") for head in HEADS),
        (words("checks.title"), "w"),
    ]
    rows, marks = [], []
    for name, one in sources().items():
        files = view.picture.loads.filter(pl.col("source") == name)
        counts = [show.count(files[column].sum()) if files.height else show.NOT_APPLICABLE for column in COUNTS]
        rows.append(
            [
                escape(words.card(one)),
                escape(words.office(one)),
                escape(_state_words(view, view.picture, name)),
                str(files.height),
                *counts,
                _report_link(view, name),
            ]
        )
        marks.append({"absent": "bad", "refused_all": "bad", "carried": "quiet"}.get(state(view.picture, name)[0], ""))
    table(words("deliveries.calendar"), heads, rows, marks)


def _report_link(view: View, source: str) -> str:
    """What the checks said of a delivery, as a link to the report."""
    words, picture = view.words, view.picture
    carried = picture.manifest.get("carried", {}).get(source)
    where = store.earlier(view.home, picture, carried) if carried else picture
    report = check_report.report_of(where.release, f"raw.{source}") if where else None
    if report is None:
        return show.NOT_AVAILABLE
    said = words("checks.link" if report.failed else "checks.link_good", failed=report.failed, asked=len(report.outcomes))
    at = {"report": report.subject, "period": picture.period, "release": picture.revision, "lang": words.lang}
    return f'<a class="lx-opens" href="{escape(f"checks?{urlencode(at)}")}" target="_self">{escape(said)}</a>'


def _by_month(view: View) -> None:
    words = view.words
    with st.expander(words("deliveries.by_month")):
        note(words("deliveries.by_month_said"))
        months = store.thirteen_months(view.home, view.picture)
        signs = {"arrived": "●", "refused_all": "×", "carried": "○", "absent": "×"}
        heads = [(words("deliveries.source"), "w"), *((f"{month[2:4]}-{month[5:]}", "n") for month, _ in months)]
        rows = [
            [escape(words.source(name)), *(signs[state(picture, name)[0]] if picture else "" for _, picture in months)]
            for name in sources()
        ]
        table(words("deliveries.by_month"), heads, rows)


def _first_to_look_at(view: View) -> str:
    """Where most rows were rejected: that is what is asked about first."""
    worst = (
        view.picture.loads.group_by("source").agg(pl.col("rows_rejected").sum()).sort("rows_rejected", "source", descending=[True, False])
    )
    return worst["source"][0] if worst.height and worst["source"][0] in sources() else next(iter(sources()))


def _files(view: View, source: str) -> None:
    words, picture, one = view.words, view.picture, sources()[source]
    heading(words("deliveries.of_source", source=words.card(one)))
    files = picture.loads.filter(pl.col("source") == source).sort("path").to_dicts()
    if not files:
        kind, month = state(picture, source)
        if kind == "carried":
            empty(words, "deliveries.no_files", "deliveries.no_files_carried", month=words.month(month))
        elif kind == "arrived":
            empty(words, "deliveries.no_files_elsewhere")
        else:
            empty(words, "deliveries.no_files", office=words.office(one), period=picture.period, source=source)
        return
    since = store.first_seen(view.home, picture)
    heads = [
        (words("deliveries.path"), "l"),
        *((words(f"deliveries.{head}"), "n") for head in HEADS),
        (words("deliveries.first"), "w"),
        (words("deliveries.left_out"), "t"),
        (words("deliveries.defaults"), "t"),
        (words("deliveries.digest"), "w"),
    ]
    rows, marks = [], []
    for file in files:
        name = text(file["path"].removeprefix(f"{picture.period}/{source}/"))
        refused = file["refused"]
        if refused is not None:
            name += f"<br><b>{text(words('deliveries.file_refused', headings=words('mark.list').join(refused)))}</b>"
        left_out = words("mark.list").join(file["columns_left_out"] or [])
        rows.append(
            [
                name,
                *(show.count(file[column]) for column in COUNTS),
                escape(since.get(file["path"], show.NOT_AVAILABLE)),
                text(left_out),
                escape(words.fields(source, file["defaults_used"] or [])),
                f"<code>{escape((file['sha256'] or '')[:12])}</code>",
            ]
        )
        marks.append("bad" if refused is not None else "")
    table(words("deliveries.of_source", source=words.card(one)), heads, rows, marks)


def _since_the_revision_before(view: View) -> None:
    words = view.words
    revision, withdrawn, changed = store.restated(view.home, view.picture)
    heading(words("deliveries.changes", revision=revision) if revision else words("deliveries.changes_none"))
    for key, paths in (("withdrawn", withdrawn), ("restated", changed)):
        if paths:
            st.html(f'<p class="lx-note"><b>{escape(words(f"deliveries.{key}"))}</b><br>{"<br>".join(text(path) for path in paths)}</p>')
    if not withdrawn and not changed:
        note(words("deliveries.no_changes" if revision else "deliveries.first_revision"))
    moved = view.picture.manifest.get("changes") or []
    if moved:
        _moved_figures(view, moved)


def _moved_figures(view: View, moved: list[dict]) -> None:
    """The city's figures of the signed basis among those that moved; the others are only counted."""
    words = view.words
    citys = [
        each
        for each in moved
        if each.get("unit_kind") == "city" and each.get("basis") in (view.signed, "-") and each.get("metric") in metrics()
    ]
    note(words("deliveries.moved_figures", n=show.count(len(moved)), city=show.count(len(citys))))
    if not citys:
        return
    heads = [(words("choose.metric"), "w"), (words("choose.sector"), "w"), *((words(f"deliveries.{side}"), "n") for side in ("old", "new"))]
    rows = []
    for each in citys:
        unit = metrics()[each["metric"]].unit
        sides = [Figure(*each[side]) for side in ("old", "new")]
        cells = [f"{show.figure(side, unit)}<br><small>{show.n_of_n(side)}</small>" for side in sides]
        rows.append([escape(words.metric(each["metric"])), escape(sector_words(words, each["metric"], each["sector"])), *cells])
    with st.expander(words("deliveries.moved_list", n=len(citys))):
        table(words("deliveries.moved_list", n=len(citys)), heads, rows)


def _checks(view: View) -> None:
    words = view.words
    found = view.picture.manifest.get("checks") or {}
    heading(words("deliveries.checks"))
    lists = {kind: _named(found.get(kind)) for kind in ("passed", "failed", "not_run")}
    if not any(lists.values()):
        empty(words, "deliveries.checks_none")
        return
    note(words("deliveries.checks_totals", **{kind: len(names) for kind, names in lists.items()}))
    rows = [
        [_check_name(view, name), escape(words(f"deliveries.{kind}")), text(_detail(view, kind, detail))]
        for kind in ("failed", "not_run")
        for name, detail in lists[kind]
    ]
    heads = [(words("deliveries.check"), "t"), (words("deliveries.check_result"), "w"), (words("deliveries.check_detail"), "l")]
    if rows:
        table(words("deliveries.checks"), heads, rows)
    if lists["passed"]:
        with st.expander(words("deliveries.passed_list", n=len(lists["passed"]))):
            table(
                words("deliveries.passed"),
                heads[:1] + heads[2:],
                [[_check_name(view, name), text(detail or "")] for name, detail in lists["passed"]],
            )


def _check_name(view: View, name: str) -> str:
    """`raw.registration` is what was checked of a delivery, `release.metrics` of a table; a third part is the test that failed."""
    words = view.words
    if name in rules():
        asked = {"rule": name, "period": view.picture.period, "release": view.picture.revision, "lang": words.lang}
        return f'<a class="lx-opens" href="{escape(f"findings?{urlencode(asked)}")}" target="_self">{escape(words.card(rules()[name]))}</a>'
    if name in worklists():
        return escape(words.card(worklists()[name]))
    border, _, rest = name.partition(".")
    subject, _, test = rest.partition(".")
    card = {"raw": sources(), "release": tables()}.get(border, {}).get(subject)
    if card is None:
        return text(name)
    said = words(f"deliveries.check_{border}", name=words.card(card))
    return text(f"{said}{words('mark.colon')}{test}" if test else said)


def _named(found: object) -> list[tuple[str, object]]:
    """Check results as (name, detail), whether they are a list of names or names with details."""
    if isinstance(found, dict):
        return list(found.items())
    return [
        (each, None)
        if isinstance(each, str)
        else (str(each.get("name", each)), each.get("detail"))
        if isinstance(each, dict)
        else (str(each), None)
        for each in found or []
    ]


def _detail(view: View, kind: str, detail: object) -> str:
    words = view.words
    if kind == "not_run" and isinstance(detail, list | tuple):
        return words("deliveries.lacking", sources=words("mark.list").join(words.source(name) for name in detail))
    return "" if detail is None else detail if isinstance(detail, str) else json.dumps(detail, ensure_ascii=False)


PAGE = Page("deliveries", ":material/inventory:", render, ("source", "reason", "at"), lists=True)
