"""The chosen findings as a file, for those who work on paper or in a spreadsheet.

What belongs here: the columns of that file. No identifier of a member is in it, not even the end of one.
"""

from collections.abc import Sequence

from dashboards import cells, evidence_words, findings, findings_choice
from dashboards.casebook import Casebook
from dashboards.export import Book, Column
from dashboards.findings import Choice
from dashboards.shell import View
from data.contracts import rules
from transforms import show

HEADS = ("severity", "rule", "kind", "subject", "subject_code", "district", "district_code", "park", "since", "months")
HEADS += ("moved", "status", "assignee", "due", "disposition", "who", "remedy")


def book_of(view: View, book: Casebook, choice: Choice) -> Book:
    """The chosen list as a file: no identifier of a member, not even the end of one."""
    words = view.words
    rows = book.with_evidence(findings.chosen(book.cases, choice))
    names = evidence_words.names_of(view.picture, rows)
    columns = [Column(words(f"findings.file_{name}"), "count" if name == "months" else "text") for name in HEADS]
    columns.append(Column(words("findings.file_id"), what=words("findings.file_id_said")))
    body = [_line(view, names, row) for row in rows]
    notes = [tuple(each.split(words("mark.colon"), 1)) for each in findings_choice.said(view, choice)]
    notes += [(words("export.rows"), show.count(len(body))), (words("findings.title"), words("findings.lead_only"))]
    for name in book.not_run:
        notes.append((words.rule(name), findings_choice.why_not_run(words, book, name)))
    heads = ("choose.severity", "choose.rule", "findings.finding", "findings.who", "finding.remedy", "export.log")
    definitions = [[words(key) for key in heads]]
    zh = words.lang == "zh"
    for name in dict.fromkeys(row["rule"] for row in rows):
        own = rules().get(name)
        if own:
            sentence, who, remedy = (own.sentence_zh, own.who_zh, own.remedy_zh) if zh else (own.sentence_en, own.who_en, own.remedy_en)
            definitions.append(
                [
                    words.severity(own.severity),
                    words.card(own),
                    sentence,
                    who,
                    remedy,
                    words("mark.stop").join(words.change_log(own)),
                ]
            )
    return cells.book(view, columns, body, notes, definitions)


def _line(view: View, names: evidence_words.Names, row: dict) -> Sequence:
    words, own = view.words, rules().get(row["rule"])
    about = evidence_words.subject(words, view.picture, names, row, digits=False)
    zh = words.lang == "zh"
    return [
        words.severity(row["severity"]),
        words.rule(row["rule"]),
        words(f"about.{row['subject_kind']}"),
        about.name,
        about.below,
        cells.district_name(view, row["district_code"]),
        row["district_code"],
        cells.place_name(view, "park", row["park_code"]),
        row["opened"],
        row["age"],
        words(f"moved.{row['moved']}"),
        words(f"standing.{row['status']}"),
        row["assignee"],
        row["due"],
        words.conclusion(row["disposition"]) if row["disposition"] else None,
        (own.who_zh if zh else own.who_en) if own else None,
        (own.remedy_zh if zh else own.remedy_en) if own else None,
        row["fingerprint"],
    ]
