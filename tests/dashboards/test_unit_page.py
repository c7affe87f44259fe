"""一企一策: one unit by its code, over all registers and months: what is counted, what changed, and what nobody is told."""

import json

import fastexcel
import narwhals as nw
import polars as pl
import pytest

from dashboards import audit, export, store
from dashboards.grid import html
from dashboards.screens import unit
from dashboards.units import link as unit_link
from dashboards.units import months as unit_months
from dashboards.units import record as unit_record
from dashboards.units import registers as unit_registers
from dashboards.units.history import Change, Month, changes, covered_since
from dashboards.units.record import Record
from data.access import Area, Reader
from data.audit_log import AuditLog
from data.contracts import metrics
from tests.dashboards.releases_fixture import expected, make_home, publish
from tests.dashboards.test_browser import arrive, in_url, rows_of
from tests.dashboards.views import view_of
from transforms import show
from transforms.opening import units_of

MOVED, MERGED, GONE = "91980103MA7UQDK36Y", "91980103MA5G7AGK1W", "91980106MA4HQHFE8M"
FEW, MANY, NOBODY = "51980104MA2KQJGT19", "52980106MAHFHD6G91", "91980102MA0000000X"
HOSTILE = "<img src=x onerror=alert(1)>=1+1\u202e"


def record_of(home, uscc: str, period: str = "2017-12", **choices) -> Record:
    return Record(view_of(home, unit.PAGE, period, **choices), uscc)


def texts(found) -> str:
    """All that a grid says, as text."""
    return " ".join(str(getattr(cell, "shown", cell)) for row in found.rows for cell in row) if found else ""


STOOD = {"sector": "enterprise", "active": True, "registered": True, "corroborated": True, "verified": False, "district_code": "1"}
STOOD |= {"park_code": None, "covered": False, "mode": None, "work_covered": False, "employees": 10}


@pytest.mark.parametrize(
    ("before", "now", "what"),
    [
        ({}, {}, []),
        ({}, {"district_code": "2"}, [("district", "1", "2")]),
        ({}, {"district_code": "9"}, []),  # 1 has become 9 in a merger
        ({}, {"park_code": "P"}, [("park", None, "P")]),
        ({}, {"corroborated": False}, [("unrecognised", None, None)]),
        ({}, {"corroborated": None, "covered": None}, []),  # a source is missing: nobody knows
        ({}, {"covered": True, "mode": "joint", "work_covered": True}, [("covered", None, "joint"), ("reached", None, "joint")]),
        ({"covered": True, "mode": "joint"}, {"covered": True, "mode": "single"}, [("mode", "joint", "single")]),
        ({"covered": True, "mode": "single"}, {}, [("uncovered", "single", None)]),
        ({}, {"employees": None}, [("employees", 10, None)]),
        ({}, {"active": False}, [("ended", None, None)]),
        ({"active": False}, {}, [("revived", None, None)]),
        (None, {}, [("entered", None, None)]),
        ({}, None, [("left", None, None)]),
        (None, None, []),
    ],
)
def test_what_changed_from_one_month_to_the_next(before, now, what):
    months = [Month(period, None if row is None else STOOD | row) for period, row in (("2017-11", before), ("2017-12", now))]
    assert changes(months, "corroborated", {"1": "9"}) == [Change("2017-12", *each) for each in what]


@pytest.mark.parametrize(
    ("covered", "since"), [("0111", "2017-02"), ("1111", "2017-01"), ("1110", None), ("1-11", "2017-03"), ("0000", None)]
)
def test_covered_since_is_the_first_month_without_a_break(covered, since):
    months = [Month(f"2017-0{at}", None if sign == "-" else STOOD | {"covered": sign == "1"}) for at, sign in enumerate(covered, start=1)]
    assert covered_since(months) == since


@pytest.mark.parametrize(("number", "least", "shown"), [(0, 5, "0"), (1, 5, "x"), (4, 5, "x"), (5, 5, "5"), (3, 0, "3"), (None, 5, "…")])
def test_few_members_are_hidden_and_none_are_none(number, least, shown):
    assert show.small(number, least) == shown


def test_a_unit_that_moved_is_told_and_one_whose_district_merged_is_not(example_home):
    told = [(each.what, said) for each, said in unit_months.said(record_of(example_home, MOVED)) if each.what == "district"]
    assert [said for _, said in told] and all("临江县" in said for _, said in told)
    assert "district" not in {each.what for each, _ in unit_months.said(record_of(example_home, MERGED))}


def test_a_unit_that_left_is_said_to_be_nowhere_and_keeps_its_months(example_home):
    then = record_of(example_home, GONE, "2016-12")
    assert then.row["active"]
    now = record_of(example_home, GONE)
    assert now.row is None
    assert [each.what for each, _ in unit_months.said(now)] == ["left"]


def test_a_unit_that_left_has_its_name_the_way_to_its_last_month_and_its_file(example_home, monkeypatch):
    drawn, files = [], []
    monkeypatch.setattr(unit.st, "html", drawn.append)
    monkeypatch.setattr(unit.unit_months, "draw", lambda record: None)
    monkeypatch.setattr(unit.cells, "download", lambda view, made, name: files.append((made(), name)))
    now, then = record_of(example_home, GONE), record_of(example_home, GONE, "2016-12")
    assert now.last == ("2016-12", then.row["name"])
    unit._left(now)
    page = "".join(drawn)
    assert then.row["name"] in page and "最后出现在2016年12月" in page
    assert f"uscc={GONE}&amp;period=2016-12" in page and "release=" not in page
    ((book, name),) = files
    read = fastexcel.read_excel(export.book_bytes(book))
    assert name == f"_{GONE}" and dict(read.load_sheet("概况").to_polars().rows())["最后出现的期别"] == "2016年12月"
    assert read.load_sheet("变化过程").to_polars()["期别"].to_list()[0] == "2016-12"


def test_a_whole_code_is_looked_for_in_earlier_months_too_and_the_log_has_what_was_opened(tmp_path, monkeypatch):
    home = make_home(tmp_path / "home", ("2016-12", "2017-12"))
    state: dict = {"choices": {}}
    monkeypatch.setattr(unit.st, "session_state", state)
    monkeypatch.setattr(unit.st, "html", lambda text: None)
    monkeypatch.setattr(unit, "_left", lambda record: None)
    for part in ("_head", "_steps", "_section"):
        monkeypatch.setattr(unit, part, lambda *given: None)
    monkeypatch.setattr(unit.unit_months, "draw", lambda record: None)
    monkeypatch.setattr(unit.cells, "download", lambda *given: None)
    view = view_of(home, unit.PAGE, "2017-12")
    name = expected("census").filter(period="2017-12", uscc=MANY)["name"].item()

    def visit(**asked: str) -> list:
        """A run of the page, as the frame does it; the entries that it has written, oldest first."""
        state["choices"] = dict(asked)
        before = len(list(AuditLog(home).entries()))
        audit.opened(view)
        unit.render(view)
        audit.drawn(view)
        return list(AuditLog(home).entries())[: len(list(AuditLog(home).entries())) - before][::-1]

    assert visit() == []
    (entry,) = visit(find=name)
    assert (entry.asked, entry.rows) == ({"find": "*", "uscc": MANY}, None)
    assert visit(find=name) == []
    (entry,) = visit(find="基金会")
    assert entry.asked == {"find": "*"} and entry.rows == unit_record.search(view.picture, "基金会")[1] > 1
    (entry,) = visit(uscc=FEW)
    assert entry.asked == {"uscc": FEW}
    (entry,) = visit(find=GONE.lower())
    assert entry.asked["uscc"] == GONE


def test_an_unknown_unit_has_nothing(example_home):
    record = record_of(example_home, NOBODY)
    assert record.row is None and not any(month.row for month in record.months)
    assert unit_record.search(record.picture, NOBODY)[1] == 0


@pytest.mark.parametrize("basis", ["registered", "corroborated"])
def test_the_figures_that_count_a_unit_are_those_that_open_to_it(tmp_path, basis):
    surveyed = pl.DataFrame({"period": ["2017-12"] * 2, "uscc": [FEW, MOVED], "five_clear": [True, False]})
    home = make_home(tmp_path / "home", ())
    publish(home, "2017-12", surveyed=surveyed)
    census = expected("census").filter(period="2017-12")
    sample = [FEW, MANY, MOVED, MERGED, *census.sort("uscc")["uscc"].gather_every(61)]
    frame = nw.from_native(census.lazy())
    members = {
        (card.name, side): set(
            units_of(frame, nw.from_native(surveyed.lazy()), getattr(card, side), basis, sector)
            .collect()
            .to_native()
            .filter(pl.col("adds") > 0)["subject"]
        )
        for card in metrics().values()
        if card.family == "entity"
        for side in ("numerator", "denominator")
        for sector in (["all"])
    }
    for uscc in sample:
        record = record_of(home, uscc)
        if record.row["sector"] in ("enterprise", "social_org"):
            for one in record.counted(basis):
                if one.above is not None and one.below is not None:
                    sides = (uscc in members[one.card.name, "numerator"], uscc in members[one.card.name, "denominator"])
                    assert (one.above, one.below) == sides, (uscc, one.card.name)


def test_a_unit_is_on_the_lists_that_the_release_has_it_on_and_its_steps_say_who_acts(example_home):
    rows = expected("worklist").filter(period="2017-12")
    uscc = rows.group_by("uscc").len().sort("len", "uscc", descending=[True, False])["uscc"][0]
    record = record_of(example_home, uscc)
    assert {(row["list"], row["since"]) for row in record.lists} == set(rows.filter(uscc=uscc).select("list", "since").rows())
    steps = unit_registers.steps(record)
    assert len(steps) >= len(record.lists)
    assert all("负责" in step for step in steps)


def known(record: Record, lists=(), **changed) -> Record:
    """A record with another row, on these lists, without findings."""
    vars(record).update(row=record.row | {"registered": True} | changed, lists=list(lists), findings=[])
    return record


def steps_of(home, lists=(), **changed) -> tuple[str, str]:
    """The steps of a unit that is on no list and has no finding, and why there are none."""
    record = known(record_of(home, MANY), lists=lists, **({"sector": "enterprise", "corroborated": True} | changed))
    return " ".join(unit_registers.steps(record)), unit_registers.why_no_steps(record)


def test_only_a_covered_unit_is_to_be_left_as_it_is(example_home):
    steps, why = steps_of(example_home, covered=True, work_covered=True)
    assert not steps and "保持即可" in why
    steps, why = steps_of(example_home, covered=False, work_covered=False)
    assert "未建立党组织" in steps and "组织覆盖率" in steps and "未覆盖工作" in steps and "工作覆盖率" in steps and "保持" not in why
    steps, _ = steps_of(example_home, covered=False, work_covered=True)
    assert "未建立党组织" in steps and "未覆盖工作" not in steps
    steps, why = steps_of(example_home, covered=False, work_covered=False, corroborated=False)
    assert not steps and "不是工作对象" in why
    for unknown in ({"corroborated": None}, {"covered": None, "work_covered": None}):
        steps, why = steps_of(example_home, **unknown)
        assert not steps and "缺少来源" in why
    steps, why = steps_of(example_home, covered=False, work_covered=False, sector="self_employed")
    assert not steps and "保持" not in why
    listed = [{"list": "members_uncovered", "since": "2017-11"}]
    steps, _ = steps_of(example_home, covered=False, work_covered=False, lists=listed)
    assert "未建立党组织" not in steps and "未覆盖工作" in steps  # the list says the first


@pytest.mark.parametrize(("members", "formal", "told"), [(1, 1, False), (4, 3, False), (4, 2, False), (5, 3, True), (5, 2, True)])
def test_what_counts_a_unit_does_not_narrow_few_members_down(example_home, members, formal, told):
    changed = {"members": members, "formal_members": formal, "sector": "enterprise", "corroborated": True}
    record = known(record_of(example_home, MANY), [{"list": "due_single", "since": "2017-11"}], **changed)
    found = unit_registers.counted(record)
    assert any(row[0] in ("应单独组建落实率", "应联合组建落实率") for row in found.rows) is told
    assert ("以免透露" in " ".join(found.said)) is not told
    assert ("3名" in unit_registers.steps(record)[0]) is told


@pytest.mark.parametrize(
    ("changed", "basis", "why"),
    [
        ({}, "corroborated", "in"),
        ({"active": False, "corroborated": False}, "corroborated", "inactive"),
        ({"sector": None, "registered": False}, "registered", "other_type"),
        ({"corroborated": False, "taxpayer": False}, "corroborated", "no_trace"),
        ({"verified": False}, "verified", "no_insurance"),
        ({"corroborated": None}, "corroborated", "unknown"),
    ],
)
def test_why_a_unit_is_no_work_object(example_home, changed, basis, why):
    day = pl.Series(["2017-12-31"]).str.to_date()[0]
    row = STOOD | {"founded_on": day, "taxpayer": True, "insured": False} | changed
    assert unit_record.why_not(row, basis, ("", "public"), day) == why


def with_origins(tmp_path, uscc: str, name: str = "九八市甲协会"):
    """A home whose unit stands in two registers with different data, in the ledger, and three times in the member list."""
    census = (
        expected("census").filter(period="2017-12").with_columns(name=pl.when(pl.col("uscc") == uscc).then(pl.lit(name)).otherwise("name"))
    )
    lines = [("unit", uscc, "registration", "2017-12/registration/甲.csv", 7), ("unit", uscc, "social_org", "2017-12/social_org/乙.csv", 9)]
    lines += [("unit", uscc, "member", "2017-12/member/丙.csv", line) for line in (31, 57, 83)]
    lines += [("unit", uscc, "org_link", "2017-12/org_link/丁.csv", 5), ("organisation", "O1", "org_link", "2017-12/org_link/丁.csv", 5)]
    lines.append(("organisation", "O1", "party_org", "2017-12/party_org/戊.csv", 6))
    columns = {
        "period": pl.String,
        "subject_kind": pl.String,
        "subject": pl.String,
        "source": pl.String,
        "path": pl.String,
        "line": pl.Int64,
    }
    origins = pl.DataFrame([("2017-12", *line) for line in lines], schema=columns, orient="row")
    rows = [
        {"source": source, "path": path, "line": line, "values": {"name": named, "status": "存续"}}
        for source, path, line, named in (
            ("registration", "2017-12/registration/甲.csv", 7, HOSTILE),
            ("social_org", "2017-12/social_org/乙.csv", 9, name),
        )
    ]
    found = expected("findings").filter(period="2017-12").head(1)
    said = {"rule": "unit_code_conflict", "subject_kind": "unit", "subject": uscc, "fingerprint": "f" * 16}
    said["evidence"] = json.dumps({"facts": {}, "rows": rows}, ensure_ascii=False)
    home = make_home(tmp_path / "home", ())
    publish(
        home, "2017-12", census=census, origins=origins, findings=found.with_columns(**{key: pl.lit(value) for key, value in said.items()})
    )
    return home


def test_two_registers_with_different_data_stand_side_by_side_with_file_and_line(tmp_path):
    record = record_of(with_origins(tmp_path, FEW), FEW)
    found = {row[0]: row[1:] for row in unit_registers.registers(record).rows}
    assert HOSTILE in found["市场主体登记"][0] and "九八市甲协会" in found["社会组织登记"][0]
    assert found["市场主体登记"][1:] == ["2017-12/registration/甲.csv", "第 7 行"]
    assert "2017-12/party_org/戊.csv" in found["党组织覆盖单位"][1]
    assert [each["org_code"] for each in record.organisations] == ["O1"]
    (row,) = unit_registers.findings(record).rows
    assert HOSTILE in row[2] and "九八市甲协会" in row[2]


def test_members_are_neither_named_nor_few_of_them_counted(tmp_path):
    record = record_of(with_origins(tmp_path, FEW), FEW)
    (row,) = [row for row in unit_registers.registers(record).rows if row[0] == "党员"]
    assert "x" in row[1] and "31" not in row[3] and "57" not in row[3]
    assert show.small(record.row["members"], 5) == "x"
    read = fastexcel.read_excel(export.book_bytes(unit.book(record)))
    members = dict(read.load_sheet("概况").to_polars().rows())["党员"]
    assert members == "x"
    assert unit_registers.quote(record, "survey", "members", 3) == "x" and unit_registers.quote(record, "survey", "members", 0) == "0"
    assert "7" in texts(unit_registers.registers(record_of(make_home(tmp_path / "other", ("2017-12",)), MANY)))


def test_hostile_names_are_text_on_the_page_and_in_the_file(tmp_path):
    record = record_of(with_origins(tmp_path, FEW, HOSTILE), FEW)
    drawn = "".join(html(record.view, cell) for make in unit.GRIDS if (grid := make(record)) for row in grid.rows for cell in row)
    drawn += unit_link.unit_link(record.view, FEW, HOSTILE)
    assert "<img" not in drawn and "\u202e" not in drawn
    read = fastexcel.read_excel(export.book_bytes(unit.book(record)))
    assert dict(read.load_sheet("概况").to_polars().rows())["名称"].startswith("<img")


def test_a_search_finds_parts_of_names_and_codes(example_home):
    picture = record_of(example_home, MANY).picture
    census = expected("census").filter(period="2017-12")
    for asked in ("九八达扬物流", "九八扬达物流", "丰基金", "98010"):
        found, total = unit_record.search(picture, asked)
        wanted = census.filter(
            pl.col("name").str.contains(asked, literal=True).fill_null(False) | pl.col("uscc").str.contains(asked, literal=True)
        )
        assert total == wanted.height
        assert found.height == min(total, unit_record.AT_MOST)
        assert set(found["uscc"]) <= set(wanted["uscc"])
    assert unit_record.search(picture, MANY.lower())[0]["uscc"].to_list() == [MANY]
    assert unit_record.search(picture, "九")[1] == 0
    assert unit_record.search(picture, "[.*")[1] == 0


def test_only_readers_of_units_are_led_to_a_unit(example_home):
    leader = Reader("a@b.example", "甲", "leader", (Area("city"),))
    view = view_of(example_home, unit.PAGE, "2017-12", reader=leader)
    assert "href" not in unit_link.unit_link(view, MANY, "甲")
    assert not unit.PAGE.is_for(leader)
    assert f"unit?uscc={MANY}" in unit_link.unit_link(record_of(example_home, MANY).view, MANY, "甲")


def test_outside_the_readers_area_a_unit_is_as_one_that_there_is_not(example_home, monkeypatch):
    inside = expected("census").filter(period="2017-12", district_code="980102")["uscc"][0]
    outside = expected("census").filter(period="2017-12", district_code="980104").drop_nulls("name").to_dicts()[0]
    area = Reader("a@b.example", "甲", "auditor", (Area("district", "980102"),))
    monkeypatch.setattr(store.access, "reader", lambda home: area)
    record = record_of(example_home, outside["uscc"], reader=area)
    assert record.row is None and record.files == {} and record.organisations == [] and record.lists == [] and record.findings == []
    assert unit_record.search(record.picture, outside["uscc"])[1] == unit_record.search(record.picture, outside["name"])[1] == 0
    assert record_of(example_home, inside, reader=area).row is not None


@pytest.mark.browser
def test_a_unit_is_found_by_its_name_and_opens_by_its_link(visit, server):
    seen = visit(f"{server.url}/unit?find=%E5%9F%BA%E9%87%91%E4%BC%9A")
    arrive(seen.page, "一企一策")
    in_url(seen.page, "period=2017-12")
    shown = rows_of(seen.page, "统一社会信用代码或单位名称")
    assert shown and all("基金会" in row[0] for row in shown)
    seen.page.goto(f"{server.url}/unit?uscc={MANY}&period=2017-12")
    arrive(seen.page, "一企一策")
    row = expected("census").filter(period="2017-12", uscc=MANY).to_dicts()[0]
    seen.page.locator("h2", has_text=row["name"]).wait_for()
    assert "7" in seen.page.locator('[data-unit="members"] .lx-value').inner_text()
    in_url(seen.page, f"uscc={MANY}")
    seen.page.goto(f"{server.url}/unit?uscc={NOBODY}&lang=en")
    arrive(seen.page, "One unit")
    seen.page.get_by_text("This release has no such unit").wait_for()
    seen.assert_quiet()
