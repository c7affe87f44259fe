"""Answers of a district read back: each line checked, the right ones stored once, the wrong ones said by their row."""

import json
from datetime import date
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest
import xlsxwriter

from data.acts import Act
from data.answer_form import COLUMNS, fact_cell
from data.casework import Casework, open_casework
from data.home import Home
from data.releases import current
from expectations.findings import fingerprint
from pipelines.answers import take_answers
from pipelines.reading.answer_forms import NoAnswerForm

TAXED, JUMP, GONE = fingerprint("taxed_after_exit", "A"), fingerprint("headcount_jump", "B"), fingerprint("taxed_after_exit", "C")


def publish(home: Home, revision: str, period: str = "2017-12", **found: tuple[str, dict]) -> None:
    """A revision that holds findings and nothing else: fingerprint -> (rule, facts)."""
    folder = home.releases / period / revision
    folder.mkdir(parents=True)
    rows = [(mark.removeprefix("f_"), rule, json.dumps({"facts": facts, "rows": []})) for mark, (rule, facts) in found.items()]
    pl.DataFrame(rows, schema=["fingerprint", "rule", "evidence"], orient="row").write_parquet(folder / "findings.parquet")
    (folder / "manifest.json").write_text(json.dumps({"tables": {"findings": {}}}), encoding="utf-8")
    (home.releases / "CURRENT.json").write_text(json.dumps(current(home) | {period: revision}), encoding="utf-8")


@pytest.fixture
def home(tmp_path, monkeypatch) -> Home:
    monkeypatch.delenv("LIANGXIN_CASEWORK", raising=False)
    home = Home(tmp_path / "home")
    taxed, jump = ("taxed_after_exit", {}), ("headcount_jump", {"employees_before": 20, "employees": 90, "named": "text"})
    publish(home, "r01", **{f"f_{TAXED}": taxed, f"f_{GONE}": taxed})
    publish(home, "r02", **{f"f_{TAXED}": taxed, f"f_{JUMP}": jump})
    return home


def form(folder: Path, *lines: dict, lang: str = "zh", without: str = "", above: int = 1) -> Path:
    """A form as a spreadsheet program saves it, with a title above its heading row. The first line is in row `above` + 2."""
    return book(folder, {"线索": lines}, lang=lang, without=without, above=above)


def book(folder: Path, sheets: dict[str, tuple], lang: str = "zh", without: str = "", above: int = 1) -> Path:
    """A workbook of such forms, a sheet each; an empty sheet for None."""
    columns = [column for column in COLUMNS if column.name != without]
    path = folder / "答复.xlsx"
    with xlsxwriter.Workbook(str(path)) as made:
        day = made.add_format({"num_format": "yyyy-mm-dd"})
        for name, lines in sheets.items():
            sheet = made.add_worksheet(name)
            if lines is None:
                continue
            for row in range(above):
                sheet.write_string(row, 0, "某区核查线索答复表")
            for at, column in enumerate(columns):
                sheet.write_string(above, at, f"{getattr(column, lang)} *" if column.required else getattr(column, lang))
            for number, line in enumerate(lines, start=above + 1):
                for at, column in enumerate(columns):
                    value = line.get(column.name)
                    if isinstance(value, date):
                        sheet.write_datetime(number, at, value, day)
                    elif value is not None:
                        sheet.write(number, at, value)
    return path


def line(mark: str = TAXED, **answer) -> dict:
    return {"fingerprint": mark, "period": "2017-12", "rule": "已注销仍纳税"} | answer


def answered(mark: str = TAXED, **more) -> dict:
    return line(mark, **{"disposition": "录入错误", "note": "登记状态录错，已更正。", "who": "某区组织部 李某"} | more)


def test_answers_are_stored_as_they_were_written(home, tmp_path):
    explained = answered(
        JUMP, disposition="属实", due=date(2018, 3, 31), until="2018年6月", fact=fact_cell("employees", "参保人数"), low="50", high="1,200"
    )
    taken = take_answers(home, form(tmp_path, answered(), explained))
    assert (taken.stored, taken.same, taken.blank, taken.mended, taken.wrong) == (2, 0, 0, 0, [])
    first, second = open_casework(home).events()
    assert (first.fingerprint, first.rule, first.period, first.kind, first.through) == (
        TAXED,
        "taxed_after_exit",
        "2017-12",
        "answered",
        "book",
    )
    assert (first.disposition, first.note, first.who) == ("entry", "登记状态录错，已更正。", "某区组织部 李某")
    assert (second.due, second.until) == (date(2018, 3, 31), "2018-06")
    assert (second.fact, second.low, second.high) == ("employees", Decimal(50), Decimal(1200))


def test_a_form_that_is_read_twice_says_nothing_new(home, tmp_path):
    path = form(tmp_path, answered(), line(JUMP))
    assert [(taken.stored, taken.same, taken.blank) for taken in (take_answers(home, path), take_answers(home, path))] == [
        (1, 0, 1),
        (0, 1, 1),
    ]
    changed = take_answers(home, form(tmp_path, answered(note="又核了一次。"), line(JUMP)))
    assert (changed.stored, changed.same) == (1, 0)
    assert len(open_casework(home).events()) == 2


def said_and_stored(home: Home, path: Path) -> tuple[int, int]:
    taken = take_answers(home, path)
    return taken.stored, taken.same


def act(kind: str, period: str = "2017-12", **said) -> Act:
    return Act(TAXED, "taxed_after_exit", period, kind, "市里 张某", **said)


@pytest.mark.parametrize(
    "between", [act("returned"), act("assigned", assignee="某区"), act("answered", disposition="true", note="另一种说法。")]
)
def test_an_answer_is_new_once_something_was_done_about_its_finding(home, tmp_path, between):
    path = form(tmp_path, answered())
    assert said_and_stored(home, path) == (1, 0)
    open_casework(home).add([between])
    assert said_and_stored(home, path) == (1, 0)
    assert said_and_stored(home, path) == (0, 1)
    assert [event.disposition for event in open_casework(home).events()][-1] == "entry"


def test_of_answers_that_take_turns_the_last_stands(home, tmp_path):
    one, other = answered(), answered(note="另一种说法。")
    assert [said_and_stored(home, form(tmp_path, said)) for said in (one, other, one)] == [(1, 0)] * 3
    assert open_casework(home).events()[-1].note == one["note"]


def test_what_is_known_is_decided_in_the_moment_of_storing(home, tmp_path, monkeypatch):
    """Another program reads the same form between this one's looking and its storing."""
    path, real = form(tmp_path, answered(), answered(JUMP)), Casework.add

    def add(casework, acts, **how):
        monkeypatch.setattr(Casework, "add", real)
        assert said_and_stored(home, path) == (2, 0)
        return real(casework, acts, **how)

    monkeypatch.setattr(Casework, "add", add)
    assert said_and_stored(home, path) == (0, 2)
    assert len(open_casework(home).events()) == 2


def test_a_fingerprint_in_capitals_is_the_same(home, tmp_path):
    path = form(tmp_path, answered(TAXED.upper()))
    assert [said_and_stored(home, path) for _ in range(2)] == [(1, 0), (0, 1)]
    assert said_and_stored(home, form(tmp_path, answered(TAXED), answered(TAXED.upper()))) == (0, 2)


# -- Months


def test_forms_of_two_months_may_be_read_in_turn(home, tmp_path):
    publish(home, "r01", "2017-11", **{f"f_{TAXED}": ("taxed_after_exit", {})})
    both = [answered(period="2017-11"), answered()]
    assert [said_and_stored(home, form(tmp_path, said)) for said in both * 2] == [(1, 0), (1, 0), (0, 1), (0, 1)]
    assert said_and_stored(home, form(tmp_path, *both)) == (0, 2)
    apart = [answered(period="2017-11", note="原说明。"), answered(note="新说明。")]
    assert said_and_stored(home, form(tmp_path, *apart)) == (2, 0)


def test_an_answer_of_a_month_before_says_that_it_is_one(home, tmp_path):
    publish(home, "r01", "2017-11", **{f"f_{mark}": ("taxed_after_exit", {}) for mark in (TAXED, GONE)})
    open_casework(home).add([act("returned", "2017-11"), act("assigned", assignee="某区")])
    lines = answered(JUMP), answered(period="2017-11"), answered(GONE, period="2017-11")
    taken = take_answers(home, form(tmp_path, *lines))
    assert (taken.stored, taken.earlier, taken.wrong) == (3, 2, [])
    assert [(each.row, each.column) for each in taken.hints] == [(4, "Period")]
    assert "2017-12" in taken.hints[0].why
    assert str(taken.hints[0]) in taken.lines()
    again = take_answers(home, form(tmp_path, answered(JUMP)))
    assert (again.earlier, again.hints) == (0, [])


# -- What can't be read


@pytest.mark.parametrize("lost", ["manifest.json", "findings.parquet"])
@pytest.mark.parametrize("how", ["gone", "damaged"])
def test_a_former_revision_that_cannot_be_read_keeps_no_answer_out(home, tmp_path, lost, how):
    path = home.releases / "2017-12" / "r01" / lost
    path.unlink() if how == "gone" else path.write_bytes(b"{")
    taken = take_answers(home, form(tmp_path, answered(), answered(GONE)))
    assert (taken.stored, taken.mended) == (1, 0)
    assert [(each.row, each.column) for each in taken.wrong] == [(4, "Finding")]
    assert "r01" in taken.wrong[0].why


def test_where_the_current_revision_cannot_be_read_nothing_is_called_mended(home, tmp_path):
    (home.releases / "2017-12" / "r02" / "findings.parquet").unlink()
    taken = take_answers(home, form(tmp_path, answered()))
    assert (taken.stored, taken.mended, taken.wrong) == (1, 0, [])


def test_every_sheet_that_is_a_form_is_read_and_named(home, tmp_path):
    sheets = {"空": None, "甲区": (answered(), answered(note=None)), "乙区": (answered(JUMP), answered(note="另一种说法。"))}
    taken = take_answers(home, book(tmp_path, sheets))
    assert taken.stored == 2
    assert [(each.sheet, each.row, each.column) for each in taken.wrong] == [("甲区", 4, "Note"), ("乙区", 4, "Finding")]
    assert "sheet 甲区, row 3" in taken.wrong[1].why
    assert str(taken.wrong[0]).startswith("sheet 甲区, row 4, Note: ")


@pytest.mark.parametrize(
    ("wrong", "column"),
    [
        (answered(disposition="情况属实"), "Conclusion"),
        (answered(disposition=None), "Conclusion"),
        (answered(note=None), "Note"),
        (answered(note="联系人电话 13800138000"), "Note"),
        (answered(who=None), "Answered by"),
        (answered(who="#DIV/0!"), "Answered by"),
        (answered(note="#NAME?"), "Note"),
        (answered(note="#GettingData"), "Note"),
        (answered(due="#N/A"), "Due"),
        (answered(due="下周"), "Due"),
        (answered(due="0001-01-01"), "Due"),
        (answered(disposition="时滞", until="以后"), "Explained until"),
        (answered(disposition="时滞", until="2017-11"), "Explained until"),
        (answered(disposition="时滞", until="9999-12"), "Explained until"),
        (answered(until="2018-03"), "Explained until"),  # a wrong entry is mended, not explained
        (answered(JUMP, disposition="属实", fact="named [named]", low="1"), "Bound on"),
        (answered(JUMP, disposition="属实", fact="employees", low="很多"), "At least"),
        (answered(JUMP, disposition="属实", low="3"), "Bound on"),
        (answered("0" * 24), "Finding"),
        (answered(period="2017-11"), "Finding"),
        (answered(period="去年"), "Period"),
        (answered(GONE + "x"), "Finding"),
    ],
)
def test_a_wrong_line_is_said_by_its_row_and_the_right_ones_are_stored(home, tmp_path, wrong, column):
    right = answered(JUMP if wrong["fingerprint"] != JUMP else TAXED)
    taken = take_answers(home, form(tmp_path, wrong, right))
    assert taken.stored == 1
    assert [(each.row, each.column) for each in taken.wrong] == [(3, column)]
    assert [event.fingerprint for event in open_casework(home).events()] == [right["fingerprint"]]
    assert "13800138000" not in "".join(taken.lines())


def test_one_finding_is_answered_once_in_a_form(home, tmp_path):
    taken = take_answers(home, form(tmp_path, answered(), answered(), answered(note="另一种说法。")))
    assert (taken.stored, taken.same, [each.row for each in taken.wrong]) == (1, 1, [5])


def test_an_answer_to_what_is_mended_by_now_is_taken_and_said(home, tmp_path):
    taken = take_answers(home, form(tmp_path, answered(GONE)))
    assert (taken.stored, taken.mended) == (1, 1)


def test_a_form_in_english_or_with_columns_moved_away_is_one(home, tmp_path):
    assert take_answers(home, form(tmp_path, answered(disposition="Entry error"), lang="en", above=3)).stored == 1
    assert take_answers(home, form(tmp_path, answered(JUMP), without="remedy")).stored == 1


def test_a_form_as_csv_is_one(home, tmp_path):
    path = tmp_path / "答复.csv"
    cells = [answered().get(column.name, "") for column in COLUMNS]
    path.write_bytes(f"{','.join(column.zh for column in COLUMNS)}\n{','.join(cells)}\n".encode("gb18030"))
    assert take_answers(home, path).stored == 1


def test_another_file_is_refused_with_what_it_lacks(home, tmp_path):
    with pytest.raises(NoAnswerForm, match="lacks Note"):
        take_answers(home, form(tmp_path, answered(), without="note"))
    (tmp_path / "other.xlsx").write_bytes(b"PK\x03\x04 no workbook")
    with pytest.raises(NoAnswerForm, match="no answer form"):
        take_answers(home, tmp_path / "other.xlsx")
    with pytest.raises(NoAnswerForm, match="can't be read"):
        take_answers(home, tmp_path / "nowhere.xlsx")
    assert open_casework(home).events() == []
