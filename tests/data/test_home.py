"""What the reference files of a home say, and the plain words where one is not fit."""

import csv
import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from data.contracts import metrics, registration_types, sources
from data.home import DEFAULTS, Home, HomeUnfit, fold_name


def home_with(path: Path, name: str, content: str | bytes) -> Home:
    (path / "reference").mkdir(exist_ok=True)
    (path / "reference" / name).write_bytes(content.encode() if isinstance(content, str) else content)
    return Home(path)


@pytest.mark.parametrize(
    ("option", "variable", "place"),
    [("a", "b", "a"), (None, "b", "b"), ("", "b", "b"), (None, None, "home"), (None, "", "home")],
)
def test_where_the_home_is(tmp_path, monkeypatch, option, variable, place):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("LIANGXIN_HOME", raising=False)
    if variable is not None:
        monkeypatch.setenv("LIANGXIN_HOME", variable)
    assert Home.from_option(option).path == tmp_path / place


def test_settings_at_their_defaults(tmp_path):
    settings = Home(tmp_path).settings
    assert settings.model_dump() == {
        "engine": "polars",
        "carry_over_months": 2,
        "basis": "corroborated",
        "recognition_ratio": Decimal("0.10"),
        "city": {"code": "000001", "name": "示例市"},
        "doubling": {"baseline": ""},
        "staffing": {"district": 10, "national": 10, "provincial": 5, "municipal": 0},
        "funding": {"per_member_yuan": 300, "secretary_month_yuan_urban": 400, "secretary_month_yuan_rural": 200},
        "protection": {"smallest_member_cell": 5, "minimum_denominator": 20},
        "briefing": {"classification": "", "office": ""},
    }


def test_settings_of_the_office_and_a_ratio_that_stays_exact(tmp_path):
    text = 'recognition_ratio = 0.07\nbasis = "verified"\n[city]\nname = "九八市"\n[staffing]\nmunicipal = 2\n'
    settings = home_with(tmp_path, "settings.toml", text).settings
    assert (settings.recognition_ratio, settings.basis) == (Decimal("0.07"), "verified")
    assert (settings.city.code, settings.city.name) == ("000001", "九八市")
    assert (settings.staffing.district, settings.staffing.municipal) == (10, 2)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ('engine = "pandas"', "engine"),
        ("carry_over_months = -1", "carry_over_months"),
        ("carry_over_months = 1.5", "carry_over_months"),
        ('basis = "guessed"', "basis"),
        ("recognition_ratio = 1.5", "recognition_ratio"),
        ('[doubling]\nbaseline = "2017"', "doubling.baseline"),
        ("[city]\ncolour = 1", "city.colour"),
        ("colour = 1", "colour"),
        ('engine = "polars"\ncolour = = 1\n', "line 2"),
    ],
)
def test_settings_that_cannot_be_are_named(tmp_path, text, named):
    with pytest.raises(HomeUnfit, match="settings.toml") as unfit:
        _ = home_with(tmp_path, "settings.toml", text).settings
    assert named in str(unfit.value)
    assert len(str(unfit.value).splitlines()) <= 2


def test_one_setting_moves_all_lists_but_the_yearly_ones(tmp_path):
    settings = home_with(tmp_path, "settings.toml", "carry_over_months = 5").settings
    months = {name: settings.carry_over(card) for name, card in sources().items()}
    assert {name: of for name, of in months.items() if of != 5} == {"park": 11, "funding": 11, "recruit_quota": 11, "survey": 12}


DISTRICTS = """code,name,valid_from,valid_to,successor,tile_x,tile_y,is_urban
440301,老区,2000-01-01,2016-12-31,440302,1,2,1
440302,新区,2017-01-01,,,,,0
"""


@pytest.mark.parametrize("content", [DISTRICTS, "\ufeff" + DISTRICTS, DISTRICTS.encode("gb18030"), DISTRICTS.replace("\n", "\r\n")])
def test_districts(tmp_path, content):
    old, new = home_with(tmp_path, "districts.csv", content).districts
    assert (old.code, old.name, old.valid_to, old.successor) == ("440301", "老区", date(2016, 12, 31), "440302")
    assert (old.tile_x, old.tile_y, old.is_urban) == (1, 2, True)
    assert (new.name, new.valid_to, new.successor, new.tile_x, new.is_urban) == ("新区", None, None, None, False)


@pytest.mark.parametrize(
    ("day", "valid"),
    [("1999-12-31", False), ("2000-01-01", True), ("2016-12-31", True), ("2017-01-01", False)],
)
def test_the_last_day_of_a_district_still_counts(tmp_path, day, valid):
    assert home_with(tmp_path, "districts.csv", DISTRICTS).districts[0].valid_on(date.fromisoformat(day)) is valid


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("code\n440301\n", "line 1: heading name"),
        ("code,name\n44030,区\n", "line 2: a district code has six digits"),
        ("code,name\n44０301,区\n", "line 2: a district code has six digits"),
        ("code,name,valid_to\n440301,区,2017-2-30\n", "line 2: valid_to"),
        ("code,name,tile_x\n440301,区,1\n440302,区,x\n", "line 3: tile_x"),
    ],
)
def test_districts_that_cannot_be_read(tmp_path, text, said):
    with pytest.raises(HomeUnfit) as unfit:
        _ = home_with(tmp_path, "districts.csv", text).districts
    assert "districts.csv" in str(unfit.value)
    assert said in str(unfit.value)


def test_headings_and_defaults_of_the_office(tmp_path):
    text = '\ufeff[registration.headings]\nfounded_on = ["设立日期", "开办日期"]\n'
    text += '[registration.defaults]\nstatus = "存续"\n[tax.defaults]\npaid_yuan = 0\n'
    headings = home_with(tmp_path, "headings.toml", text).headings
    assert headings["registration"].headings == {"founded_on": ("设立日期", "开办日期")}
    assert headings["registration"].defaults == {"status": "存续"}
    assert headings["tax"].defaults == {"paid_yuan": "0"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[registry.headings]\n", "registry"),
        ('[registration.heading]\nname = ["名"]\n', "registration"),
        ('[registration.headings]\ncolour = ["颜色"]\n', "colour"),
        ('[registration.defaults]\ncolour = "红"\n', "colour"),
        ('[registration.headings]\nname = "名"\n', "list"),
        ("registration = 1\n", "registration"),
        ("[registration]\nheadings = 3\n", "registration"),
    ],
)
def test_headings_that_would_be_ignored_in_silence_are_refused(tmp_path, text, said):
    with pytest.raises(HomeUnfit, match="headings.toml") as unfit:
        _ = home_with(tmp_path, "headings.toml", text).headings
    assert said in str(unfit.value)


def test_of_several_codes_with_one_name_the_smallest(tmp_path):
    names: dict[str, list[str]] = {}
    for code, name, _ in registration_types():
        names.setdefault(fold_name(name), []).append(code)
    assert any(len(codes) > 1 for codes in names.values())
    assert Home(tmp_path).type_names == {name: min(codes) for name, codes in names.items()}


def test_type_names_of_the_office_come_first(tmp_path):
    name = next(name for code, name, _ in registration_types() if code == "1130")
    text = f"name,code\n小微 个体,9500\n小微个体,9100\n{name},1150\n"
    names = home_with(tmp_path, "type_names.csv", text).type_names
    general = Home(tmp_path / "other").type_names
    assert names["小微个体"] == "9100"
    assert names[fold_name(name)] == "1150" != general[fold_name(name)]
    assert set(general) < set(names)


def test_a_type_name_with_an_unknown_code_is_refused(tmp_path):
    with pytest.raises(HomeUnfit, match=r"type_names\.csv line 3: 0001"):
        _ = home_with(tmp_path, "type_names.csv", "name,code\n小微,9500\n大户,0001\n").type_names


@pytest.mark.parametrize(
    ("written", "name"), [("企 业\t名称", "企业名称"), ("金额（万元）", "金额(万元)"), ("ＡＢ\u3000Ｃ", "ABC"), ("", "")]
)
def test_names_are_compared_without_white_space_and_width(written, name):
    assert fold_name(written) == name


TARGETS = "metric,sector,unit_kind,unit_code,due,value,source\n"


def test_targets_are_read_as_they_are_written(tmp_path):
    (target,) = home_with(tmp_path, "targets.csv", TARGETS + "org_coverage,all,city,,2018-12,0.07,文件\n").targets
    assert (target.metric, target.unit_code, str(target.value), target.source) == ("org_coverage", "", "0.07", "文件")


@pytest.mark.parametrize(
    "row",
    [
        "no_such_metric,all,city,,2018-12,0.9",
        "org_coverage,everyone,city,,2018-12,0.9",
        "org_coverage,all,street,,2018-12,0.9",
        "org_coverage,all,city,,2018-13,0.9",
        "org_coverage,all,city,,2018-12,90%",
        "org_coverage,all,city,,2018-12,90",
        "org_coverage,all,city,,2018-12,-0.1",
        "org_coverage,all,city,,2018-12,NaN",
    ],
)
def test_a_target_that_means_nothing_is_refused_with_its_line(tmp_path, row):
    with pytest.raises(HomeUnfit, match=r"targets.csv line 3: .*Mend the line"):
        _ = home_with(tmp_path, "targets.csv", TARGETS + "instructor_staffing,all,park,,2018-12,1.5,\n" + row + ",\n").targets


@pytest.mark.parametrize(
    ("name", "text", "what"),
    [
        ("targets.csv", TARGETS + "org_coverage,all,city,,2018-12,0.07,文件(未定期限,按年底)\n", "targets"),
        ("districts.csv", "code,name\n440301,东,西区\n", "districts"),
        ("districts.csv", "code,name,\n440301,东,西区\n", "districts"),
        ("type_names.csv", "name,code\n小微,9500,9100\n", "type_names"),
    ],
)
def test_a_cell_under_no_heading_is_refused_with_its_line(tmp_path, monkeypatch, name, text, what):
    home = home_with(tmp_path, name, text)
    with pytest.raises(HomeUnfit, match=rf"^{re.escape(name)} line 2: .*Quote it") as unfit:
        getattr(home, what)
    assert "\n" not in str(unfit.value)
    monkeypatch.setenv("LIANGXIN_LANG", "zh")
    with pytest.raises(HomeUnfit, match=rf"^{re.escape(name)} 第 2 行：.*半角逗号"):
        getattr(home, what)


def test_a_quoted_comma_and_blank_cells_at_the_end_are_read(tmp_path):
    (target,) = home_with(tmp_path, "targets.csv", TARGETS + 'org_coverage,all,city,,2018-12,0.07,"文件(未定期限,按年底)",,\n').targets
    assert target.source == "文件(未定期限,按年底)"


def test_the_default_targets_are_whole():
    with (DEFAULTS / "targets.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    assert {len(row) for row in rows} == {7}
    # Each names its document, and ends where a quotation or a remark does.
    assert [row[-1] for row in rows[1:] if row[-1][-1] not in "”）" or set(row[-1]) & set(",:()")] == []


def test_the_default_targets_are_figures_that_are_published(tmp_path):
    found = Home(tmp_path).targets
    assert len(found) > 15
    assert all(metrics()[target.metric].is_published_for(target.unit_kind, target.sector) and target.source for target in found)
