"""The answer form as a spreadsheet program sees it: its lists to choose from hold what can be chosen, whole."""

import io
import json
import re
import zipfile
from html import unescape

import polars as pl
import pytest

from dashboards import answer_book, evidence_words
from data.answer_form import DISPOSITION_WORDS, LIST_LENGTH, fact_cells, fact_of
from data.contracts import rules
from data.home import Home
from data.words import LANGUAGES, Words
from tests.dashboards.findings_fixture import book_of, found
from tests.dashboards.releases_fixture import make_home, publish
from tests.dashboards.test_finding_evidence import facts_given


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_figure_in_a_list_is_read_back_as_itself(lang):
    words = Words(lang)
    given: dict[str, dict[str, str]] = {rule: {} for rule in rules()}
    for rule, fact in sorted(facts_given()):
        given[rule][fact] = evidence_words.fact_name(words, rule, fact)
    assert sum(map(len, given.values())) > 30
    for said in given.values():
        cells = fact_cells(said)
        assert [fact_of(cell) for cell in cells] == list(said)
        assert not any(mark in cell for cell in cells for mark in ',"')  # a list is split at its commas
        assert len(",".join(cells)) <= LIST_LENGTH
        assert not said or cells[0] != list(said)[0], "short enough to be said in words"


def test_a_list_that_is_too_long_for_a_spreadsheet_program_has_the_names_alone():
    said = {f"figure_{number}": "某项数据情况" * 5 for number in range(10)}
    assert fact_cells(said) == list(said)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_conclusions_have_no_comma(lang):
    assert not any("," in said[LANGUAGES.index(lang)] for said in DISPOSITION_WORDS.values())


def lists_of(workbook: bytes) -> list[list[str]]:
    """The lists to choose from on the first sheet, as a spreadsheet program splits them."""
    sheet = zipfile.ZipFile(io.BytesIO(workbook)).read("xl/worksheets/sheet1.xml").decode()
    return [unescape(said).strip('"').split(",") for said in re.findall(r"<formula1>(.*?)</formula1>", sheet)]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_form_s_lists_are_whole(tmp_path, lang):
    facts = {
        "base_shrink 980102 980102": {"covered_before": 30, "units_before": 50, "covered": 2, "units": 10},
        "park_unknown 91980102MAEF5M1F2D 980102": {"park_as_written": "980101"},
    }
    home: Home = make_home(tmp_path / "home", ())
    evidence = pl.Series("evidence", [json.dumps({"facts": said, "rows": []}) for said in facts.values()])
    publish(home, "2017-12", findings=found(*facts).with_columns(evidence, period=pl.lit("2017-12"), since=pl.lit("2017-12")))
    form = answer_book.form_of(Words(lang), book_of(home), "980102")
    bounds, conclusions = lists_of(answer_book.book_bytes(form))  # the code of a park is no figure: one list of figures
    assert [fact_of(cell) for cell in bounds] == ["covered_before", "units_before", "covered", "units"]
    assert len(conclusions) == len(DISPOSITION_WORDS)
