"""The annex: numbers as numbers, codes as text, no formula, every sentence with what it rests on, every silence with its reason."""

import io
import re
import zipfile
from dataclasses import replace
from pathlib import Path

import fastexcel
import polars as pl
import pytest

from data.plain_text import in_cell
from data.words import Words
from pipelines.briefing import half_year, quarter
from pipelines.briefing.document import Cell
from pipelines.briefing.month import compose as month_of
from pipelines.briefing.xlsx import _lower_line, set_xlsx, sheet_names, short
from tests.dashboards.catalogue import catalogue
from tests.pipelines.briefing import made_document
from tests.transforms.claims import made
from transforms import claims


@pytest.fixture(scope="module")
def month() -> bytes:
    return set_xlsx(made_document.month())


def sheet(made: bytes, name: str, head: int | None = 0) -> pl.DataFrame:
    return fastexcel.read_excel(made).load_sheet(name, header_row=head).to_polars()


def names(made: bytes) -> list[str]:
    return fastexcel.read_excel(made).sheet_names


def test_a_sheet_a_table_then_the_grounds(month):
    assert names(month) == ["主要指标", "升降前三位的区县及其构成", "目标进度", "各区县明细", "各句依据", "未写入的判断", "说明"]


def test_a_column_says_what_stands_beneath_its_cells():
    day, sides = Cell("80.0%", "2018年12月", format="rate", beneath="due"), Cell("82.3%", "280/340", format="rate", beneath="n_of_n")
    assert _lower_line([day, Cell("—")]) == "setting.due"
    assert _lower_line([sides]) == "setting.n_of_n"
    assert _lower_line([day, sides]) == _lower_line([Cell("+1.0", "波动之内")]) == "setting.below"


@pytest.mark.parametrize(
    ("title", "gap", "name"),
    [
        ("区县升降（自基期升幅最大、最小的和上文提到的；后两栏自基期起，家）", "", "区县升降"),
        ("主要指标（百分点）", "", "主要指标（百分点）"),
        ("Districts: most and least since the baseline", " ", "Districts"),
        ("What each district lacks to its targets", " ", "What each district lacks to its"),
    ],
)
def test_a_long_title_is_not_cut_within_a_phrase(title, gap, name):
    assert short(title, gap) == name


def test_numbers_are_numbers_and_stand_beside_what_they_are_of(month):
    found = sheet(month, "主要指标")
    assert found.columns[:4] == ["指标", "本月", "本月：n/N", "本月：编码"]
    assert found["本月"][0] == pytest.approx(11876 / 15833)
    assert found["本月：n/N"][0] == "11,876/15,833"
    assert found["本月：编码"][0] == "201712.1-24ZG0EDW"
    assert found["较上月（个百分点）"][0] == pytest.approx(0.4)
    assert found["距目标（家）"].to_list() == [790, 0, 5426, 0]


def test_every_sentence_says_what_it_rests_on(month):
    found = sheet(month, "各句依据")
    document = made_document.month()
    sentences = [each.text for section in document.sections for block in section.blocks for each in getattr(block, "sentences", ())]
    assert found["句子"].to_list() == sentences
    assert set(found["依据的检验"]) == {"数字已发布", "变化超出偶然波动", "各认定口径结论一致", "按已发布的表逐一计数"}
    assert found["所引数字的编码"][0].split(" ") == ["201712.1-24ZG0EDW", "201712.1-VJHW50B9"]
    assert (found["数据月份"][0], found["发布版"][0], found["指标"][0]) == ("2017-12", "r01", "组织覆盖率")


def test_every_silence_says_why(month):
    found = sheet(month, "未写入的判断")
    assert found["未写入的原因"].to_list() == [
        "变化或差距在偶然波动之内",
        "缺少数据（缺少来源：社会保险缴费）",
        "用来比较的月份没有发布（2016年11月）",
        "换用另一口径或指标，结论不同（登记口径）",
        "没有这类情况",
        "数目过小，已隐去",
        "分母过小，不宜比较",
    ]


def test_what_would_have_been_said_stands_there_in_words(month):
    said = sheet(month, "未写入的判断")["判断"].to_list()
    names = [left.name for section in made_document.month().sections for left in section.left_out]
    assert said == [Words("zh").of("unsaid", name) for name in names]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_whatever_may_be_left_out_has_words(lang):
    """Names are given where claims are left out; three are put together there: those of months, baseline and quarter."""
    code = "".join(path.read_text(encoding="utf-8") for path in Path(claims.__file__).parent.glob("*.py"))
    names = set(re.findall(r'LeftOut\(\s*"([a-z_]+)"', code)) | {"month_moved", "year_moved", "month_place_moved", "baseline_place_moved"}
    names |= {"rank_side", "rank_above", "rank_below", "rank_forward", "rank_back", "visit_returns", "visit_overdue"}
    assert len(names) > 30
    assert [name for name in sorted(names) if Words(lang).of("unsaid", name) == name] == []


FIGURES = {("org_coverage", "city"): (150, 300), ("org_coverage", "district", "980101"): (90, 100)}


@pytest.mark.parametrize("compose", [month_of, quarter.compose, half_year.compose])
def test_every_reason_has_words_of_its_own(compose):
    """Cities with nothing, without findings, with casework that can't be read, with figures and one finding, with a ledger."""
    east = {("org_coverage", "district", "980101"): {"n0": 0, "d0": 0, "n1": 90, "d1": 100, "entered": 100}}
    known = [made.facts(), made.facts(cases=None), replace(made.facts(cases=[made.case()]), casework="unread")]
    known += [made.facts(figures=FIGURES, cases=[made.case()], back={1: {}, 3: {}, 12: {}}, moves={1: east, 0: east})]
    for lang in ("zh", "en"):
        words = Words(lang)
        left = [each for facts in known for section in compose(facts, words).sections for each in section.left_out]
        kinds = {each.reason.partition(":")[0] for each in left}
        assert len(kinds) > 3
        assert {kind for kind in kinds if words.left_out(kind) == kind} == set()
        assert "none" not in kinds


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_reasons_in_words(lang):
    words = Words(lang)
    said = {key.partition(".")[2]: words(key) for key in catalogue() if key.startswith("left_out.")}
    assert len(said) > 20
    assert said == {kind: words.left_out(kind) for kind in said}
    assert len(set(said.values())) == len(said)  # each says another thing
    assert words.left_out("unheard of") == "unheard of"
    assert words.metric("org_coverage") in words.left_out("contradicted:org_coverage")


def test_text_is_never_a_formula_or_a_link():
    made = set_xlsx(made_document.hostile())
    with zipfile.ZipFile(io.BytesIO(made)) as parts:
        for name in parts.namelist():
            text = parts.read(name).decode()
            assert "<f>" not in text
            assert "<hyperlink" not in text
            assert "\u202e" not in text
    found = sheet(made, "#set page(width  1pt)", None)
    cells = {cell for row in found.rows() for cell in row if isinstance(cell, str)}
    for name in made_document.HOSTILE:
        assert in_cell(name) in cells, name[:20]


def test_the_same_document_gives_the_same_bytes(month):
    assert set_xlsx(made_document.month()) == month


def test_a_city_of_which_nothing_is_known():
    made = set_xlsx(made_document.empty())
    assert names(made) == ["各句依据", "未写入的判断", "说明"]
    assert sheet(made, "未写入的判断").height == 7


def test_names_of_sheets_are_ones_that_a_spreadsheet_takes():
    found = sheet_names(["甲[1]", "甲 1", "", "长" * 40, "长" * 40, "History", "𠮷" * 20, "说明"], ["说明"])
    assert len({name.lower() for name in found}) == len(found)
    assert all(0 < len(name.encode("utf-16-le")) <= 62 for name in found)
    assert not any(set(name) & set("[]:*?/\\") for name in found)
    assert "说明" not in found
