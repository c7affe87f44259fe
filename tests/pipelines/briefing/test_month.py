"""The month's document: each of its figures is the release's, each code opens it, and a city without figures says so."""

import io
import re
from datetime import date

import polars as pl
import pytest
from pypdf import PdfReader

from dashboards.opened_parts import figure_of
from data.figures import Figure
from data.releases import open_release
from data.words import LANGUAGES, Words
from pipelines.briefing import month, pdf, reading
from pipelines.briefing.document import Beside, Document, Items, Paragraph, Sentence, Table
from tests.dashboards.catalogue import catalogue
from tests.dashboards.releases_fixture import make_home
from tests.transforms.claims import made
from transforms import citation, show
from transforms.claims import findings
from transforms.claims.claim import Claim
from transforms.marks import keys, marks
from transforms.tallies import TALLIES, row_of

PERIOD = "2017-12"
NOTHING = {"metrics", "targets", "doubling", "worklist", "findings", "base_numbers", "loads", "weak_orgs", "rejected", "census"}


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return make_home(tmp_path_factory.mktemp("briefing") / "home")


@pytest.fixture(scope="module")
def facts(home):
    return reading.facts(home, PERIOD, date(2018, 1, 20))


@pytest.fixture(scope="module", params=LANGUAGES)
def document(request, facts) -> Document:
    return month.compose(facts, Words(request.param))


def sentences(document: Document) -> list[Sentence]:
    blocks = [block for section in document.sections for block in section.blocks if isinstance(block, Paragraph | Items)]
    return [sentence for block in blocks for sentence in block.sentences]


def tables(document: Document) -> list[Table]:
    blocks = [block for section in document.sections for block in section.blocks]
    flat = [part for block in blocks for part in ((block.left, block.right) if isinstance(block, Beside) else (block,))]
    return [block for block in (*flat, *document.sheets) if isinstance(block, Table)]


def figures_of(home, periods) -> dict[str, Figure]:
    """code -> the published figure that it opens, of every release that is quoted."""
    found = {}
    for period in periods:
        release = open_release(home, period)
        for mark, places in marks(release).items():
            for table, number, column in places:
                found[f"{citation.code(period, release.revision, 'x', ())[:9]}{mark}"] = (release, table, number, column)
    return found


def test_every_quoted_figure_is_the_release_s_and_its_code_opens_it(home, document):
    known = figures_of(home, ("2016-12", "2017-11", PERIOD))
    frames: dict = {}
    counted = set()
    quoted = [each for sentence in sentences(document) for each in sentence.claim.quoted]
    assert len(quoted) > 10
    for each in quoted:
        release, table, number, column = known[each.code]
        if table in TALLIES:
            assert row_of(release, table, keys(release, table)[number])[column] == each.count, each
            counted.add(table)
            continue
        rows = frames.setdefault((release.name, table), release.table(table))
        row = rows.row(number, named=True)
        if each.unit == "count":
            assert row[column] == each.count, each
        else:
            assert (row["numerator"], row["denominator"], row["value"]) == (
                each.figure.numerator,
                each.figure.denominator,
                each.figure.value,
            )
    assert counted >= {"findings_count", "targets_count", "loads_count"}


# Numbers that a month's sentences say without a code: of the casework, of several months, of a test, or worked out of several figures.
WITHOUT_CODE = {
    "findings_moved",
    "findings_unchecked",
    "findings_places",
    "step_must",
    "step_overdue",
    "month_movers",
    "month_movers_of_some",
    "month_movers_none",
    "month_movers_none_of_some",
}
WITHOUT_CODE |= {"bases_hold", "bases_turn", "bases_ranks_hold", "bases_ranks_turn", "modes", "leg_count", "leg_rate", "month_place_rose"}
WITHOUT_CODE |= {"month_place_fell", "sources_carried_more", "figures_missing_more", "figures_missing_parks"}


def test_what_is_counted_in_one_release_has_a_code(document):
    bare = {each.claim.name for each in sentences(document) if any(type(value) is int for value in each.claim.values.values())}
    assert bare <= WITHOUT_CODE


def test_the_findings_that_are_counted_are_those_that_the_cases_know(facts):
    known = findings.tally(facts.cases)
    row = row_of(facts.now.release, "findings_count", ("city", facts.now.city, "all"))
    assert (row["listed"], row["opened"]) == (known.here, known.new + known.again)


def test_every_code_in_a_table_opens_its_figure(home, document):
    known = figures_of(home, ("2016-12", "2017-11", PERIOD))
    cells = [cell for table in tables(document) for row in table.rows for cell in row if cell.code]
    assert len(cells) > 20
    for cell in cells:
        release, table, number, column = known[cell.code]
        row = release.table(table).row(number, named=True)
        if table == "metrics":
            assert cell.text == show.figure(figure_of(table, row, None)) or cell.format == "ratio"
            assert cell.value == pytest.approx(row["value"], abs=1e-12)
        elif cell.value is not None:
            assert cell.value == pytest.approx(row[column], abs=1e-12)


def test_a_sentence_is_its_runs_and_each_code_follows_its_figure(document):
    for sentence in sentences(document):
        codes = [run.code for run in sentence.runs if run.code]
        assert sorted(codes) == sorted(each.code for each in sentence.claim.quoted), sentence.text
        assert "\x02" not in sentence.text


def test_every_sentence_is_a_claim_with_subject_and_test(document):
    for sentence in sentences(document):
        assert isinstance(sentence.claim, Claim)
        assert sentence.claim.test in ("published", "moved", "apart", "within", "holds", "counted")
        assert sentence.claim.subject.period == PERIOD


def test_no_sentence_has_a_number_of_its_own():
    """What the catalogue adds to the values holds no digit, but for the half above which a rate can't double."""
    for key, entry in catalogue().items():
        if key.startswith("claim."):
            for lang in LANGUAGES:
                assert not re.search(r"\d", re.sub(r"\{\w*\}", "", entry[lang]).replace("50%", "")), key


def test_it_stands_on_two_pages(document):
    assert len(PdfReader(io.BytesIO(pdf.set_pdf(document))).pages) == 2


def test_the_foot_names_the_release(document):
    assert f"{PERIOD} {document.revision}" in document.foot


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_city_without_anything_still_says_so_honestly(lang):
    facts = made.facts(now=made.picture(without=NOTHING - {"metrics", "census", "loads", "rejected"}), cases=None)
    document = month.compose(facts, Words(lang))
    assert [section.name for section in document.sections] == ["standing", "doubling", "movers", "goals", "findings", "certainty", "steps"]
    said = sentences(document)
    assert all(quoted.table in TALLIES for each in said for quoted in each.claim.quoted), (
        "what was delivered is counted; rates there are none"
    )
    assert all(section.empty for section in document.sections if section.name in ("standing", "doubling", "movers", "goals", "findings"))
    assert any(each.reason.startswith("missing") for section in document.sections for each in section.left_out)


def test_a_name_that_turns_the_line_stays_a_name(facts):
    rows = made.units()
    rows[2]["name"] = "东\u202e区\x02<b>"
    row = {"n0": 100, "d0": 200, "n1": 140, "d1": 200, "gained": 45, "lost": 5}
    figures = {("org_coverage", "district", "980101"): (140, 200)}
    moves = {1: {("org_coverage", "district", "980101"): row}}
    document = month.compose(made.facts(figures=figures, units=rows, back={1: {}}, moves=moves), Words("zh"))
    text = next(each.text for each in sentences(document) if each.claim.name == "month_place_rose")
    assert "\u202e" not in text and "\x02" not in text
    assert "<b>" in text


def test_small_counts_of_members_are_not_quoted(home, facts):
    """What the pages hide is hidden before anything is said."""
    metrics = facts.now.metrics
    hidden = metrics.filter(pl.col("reason") == "suppressed")
    assert hidden.height
    assert open_release(home, PERIOD).table("metrics").filter(pl.col("reason") == "suppressed").height == 0
