"""修订: which moved figures stand first, how a small change is said, and every moved row of every table named in words."""

from fractions import Fraction

import polars as pl
import pytest

from dashboards import cells, revised_desk, revised_figures, revised_words
from dashboards.revised import COMPARED, Difference
from dashboards.revised_alike import paced_alike
from dashboards.screens import revisions
from dashboards.seen import at_the_machine
from data.access import Reader
from data.contracts import metrics
from data.releases import open_release
from data.words import Words
from tests.dashboards.releases_fixture import make_home, publish, tables_of
from tests.dashboards.views import view_of

PERIOD = "2017-12"
MEMBER = "fb2be9de539ac590aae30d42227342821232bbcabe9d4f3713591248ac80beef"
EVIDENCE = '{"facts": {"members": 2}, "rows": []}'
LEADER = Reader("leader@example.invalid", "", "leader")


@pytest.fixture(scope="module")
def revised(tmp_path_factory):
    """The example city with a second revision: a rate on two bases, a ratio, a unit's mode, targets, lists moved."""
    home = make_home(tmp_path_factory.mktemp("revised") / "home", (PERIOD,))
    tables = tables_of(PERIOD)
    found = tables["metrics"]
    city = (pl.col("unit_kind") == "city") & (pl.col("sector") == "all")
    rate, ratio = city & (pl.col("metric") == "org_coverage"), city & (pl.col("metric") == "joint_load")
    moved = rate & pl.col("basis").is_in(["corroborated", "verified"])
    more = pl.when(moved).then(pl.col("value") + 0.02).when(ratio).then(pl.col("value") + 0.04)
    tables["metrics"] = found.with_columns(value=more.otherwise("value"))
    census = tables["census"].with_row_index()
    first = census.filter(pl.col("mode") == "single", pl.col("members") == 3)["index"][0]
    one = pl.when(pl.col("index") == first)
    census = census.with_columns(mode=pl.when(pl.col("index") != first).then(pl.col("mode")), members=one.then(2).otherwise("members"))
    tables["census"] = census.drop("index")
    findings = tables["findings"].sort("rule", "subject")
    told = pl.when(pl.col("subject_kind") == "member").then(pl.lit(EVIDENCE)).otherwise("evidence")
    tables["findings"] = pl.concat([findings, findings.filter(subject_kind="member").head(1).with_columns(subject=pl.lit(MEMBER))])
    tables["findings"] = tables["findings"].with_columns(evidence=told)
    tables["worklist"] = tables["worklist"].head(-1)
    tables["targets"] = tables["targets"].with_columns(pace_recent=pl.col("pace_recent").fill_null(0) - 1.5)
    tables["weak_orgs"] = tables["weak_orgs"].with_columns(signs=pl.lit("no_secretary,term_overdue"))
    publish(home, PERIOD, "r02", **tables)
    return home, Difference(
        home, open_release(home, PERIOD, "r01"), open_release(home, PERIOD, "r02"), lambda *named: open_release(home, *named)
    )


def test_the_figure_that_moves_most_on_the_page_stands_first(revised):
    _, difference = revised
    units = [metrics()[row["metric"]].unit for row in difference.figures().to_dicts()]
    assert units[:2] == ["rate", "ratio"], "2.0 points are more than 0.04 of a ratio"


def test_figures_and_trials_are_all_that_moved(revised):
    _, difference = revised
    assert len(difference.figures()) + difference.trials == len(difference.rows("metrics"))
    assert difference.trials == 1


@pytest.mark.parametrize(
    ("change", "unit", "said"),
    [
        (Fraction(4, 100), "ratio", "不足0.1"),
        (Fraction(-4, 10_000), "rate", "不足0.1"),
        (Fraction(0), "rate", "0.0"),
        (Fraction(6, 100), "ratio", "+0.1"),
        (None, "rate", "…"),
    ],
)
def test_a_change_is_never_shown_as_none(revised, change, unit, said):
    home, _ = revised
    assert revisions._changed(view_of(home, revisions.PAGE, PERIOD, "r02"), change, unit) == said


def test_a_unit_without_an_organisation_has_none_and_not_an_unknown_one(revised):
    home, difference = revised
    view = view_of(home, revisions.PAGE, PERIOD, "r02")
    assert revisions._from_to(view, difference.rows("census"), "mode") == "单独组建 → 无：1家"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_each_moved_row_is_named_and_its_cells_are_said(revised, lang):
    home, difference = revised
    view = view_of(home, revisions.PAGE, PERIOD, "r02", lang)
    said = {}
    for name in COMPARED[2:]:
        if difference.has(name):
            rows = difference.rows(name).to_dicts()
            changed = [(row, column) for row in rows if row["move"] == "changed" for column in difference.columns(name)]
            names = revised_words.names_of(view, name, rows)
            said[name] = [revised_words.row_name(view, difference, name, row, names) for row in rows]
            said[name] += [revised_words.became(view, difference, name, *reversed(pair)) for pair in changed]
    assert said["worklist"] and said["targets"] and said["weak_orgs"]
    assert not any("no_secretary" in each or "org_coverage" in each or "member_org_unknown" in each for each in sum(said.values(), []))
    assert said["findings"]
    assert not any(code in each for each in sum(said.values(), []) for code in (MEMBER, '"facts"'))
    assert any("beef" in each for each in said["findings"]), "the end of a pseudonym tells two members apart"


@pytest.fixture
def drawn(monkeypatch):
    """What a page draws and offers as files, as one text."""
    found = []
    monkeypatch.setattr(revisions, "table", lambda name, heads, rows, *_: found.extend(map(str, rows)))
    monkeypatch.setattr(revisions, "note", found.append)
    monkeypatch.setattr(revised_desk, "table", lambda name, heads, rows, *_: found.extend(map(str, rows)))
    monkeypatch.setattr(revisions.choices, "choose", lambda label, name, options, default, *_: default)
    monkeypatch.setattr(cells, "download", lambda view, made, name="", key="": found.extend(map(str, made().rows)))
    return found


def test_few_members_of_a_unit_are_not_told_on_the_page_or_in_its_file(revised, drawn):
    home, difference = revised
    revisions._units(view_of(home, revisions.PAGE, PERIOD, "r02"), difference)
    rows = [each for each in drawn if "单独组建" in each and "98" in each]
    assert len(rows) == 2, "the list and the file"
    assert "党员数 x → x" in rows[0] and rows[1].count("'x'") == 2
    view = view_of(home, revisions.PAGE, PERIOD, "r02")
    few = {"formal_members_old": 2, "formal_members": 1200}
    assert revised_words.became(view, difference, "organisations", "formal_members", few).endswith(" x → 1,200")


def test_readers_of_figures_are_given_counts_and_no_rows_of_units(revised, drawn):
    home, difference = revised
    view = view_of(home, revisions.PAGE, PERIOD, "r02", reader=LEADER)
    revisions._units(view, difference)
    revisions._tables(view, difference)
    codes = [*difference.rows("census")["uscc"], *difference.rows("worklist")["uscc"], *difference.rows("weak_orgs")["org_code"]]
    codes += [*difference.rows("findings")["subject"], "beef"]
    assert codes and not [code for code in codes if any(code in each for each in drawn)]
    assert drawn.count(Words("zh")("access.no_units")) == 2
    assert set(revisions.listed(view)) == {"metrics", "base_numbers", "doubling", "targets"}


def figure(**named) -> pl.Expr:
    return pl.all_horizontal(pl.col(name) == value for name, value in named.items())


def test_what_either_revision_hides_is_hidden_in_both(tmp_path):
    home = make_home(tmp_path / "home", ())
    found, targets = (tables_of(PERIOD)[name] for name in ("metrics", "targets"))
    few = {"metric": "recruit_rate", "unit_kind": "district", "unit_code": "980102"}
    target = targets.head(2).with_columns(metric=pl.lit("recruit_rate"), unit_kind=pl.lit("district"), sector=pl.lit("all"))
    target = target.with_columns(unit_code=pl.Series(["980102", "980108"]), pace_recent=1.0, value=0.1, units_missing=7)
    for revision, numbers in {"r01": {"980102": 1}, "r02": {"980102": 41}}.items():
        own = pl.col("unit_code").replace_strict(numbers, default=20, return_dtype=pl.Int64)
        districts = figure(metric="recruit_rate", unit_kind="district")
        rows = found.with_columns(numerator=pl.when(districts).then(own).otherwise("numerator"))
        total = rows.filter(districts)["numerator"].sum()
        rows = rows.with_columns(
            numerator=pl.when(figure(metric="recruit_rate", unit_kind="city")).then(total).otherwise("numerator"),
            denominator=pl.when(figure(metric="recruit_rate")).then(99).otherwise("denominator"),
            reason=pl.when(~figure(metric="recruit_rate")).then("reason"),
        ).with_columns(value=pl.when(figure(metric="recruit_rate")).then(pl.col("numerator") / 99).otherwise("value"))
        late = {"metrics": rows, "targets": target.with_columns(units_missing=numbers["980102"] + pl.lit(10))}
        publish(home, PERIOD, revision, **late)
    opener = lambda *named: at_the_machine(home, *named)  # noqa: E731
    difference = Difference(home, opener(PERIOD, "r01"), opener(PERIOD, "r02"), opener)
    assert opener(PERIOD, "r02").table("metrics").filter(figure(**few))["numerator"].to_list() == [41], "shown by itself"
    moved = difference.rows("metrics")
    assert moved.filter(figure(**few)).is_empty(), "what is left of it is the same in both"
    assert not any("：41/99" in line or " 41/99" in line for line in difference.lines(Words("zh")))
    for row in moved.to_dicts():
        for side in ("numerator", "denominator", "value"):
            assert (row[f"{side}_old"] is None) == (row[side] is None)
    assert not any(41 in each["new"] for each in difference.facts()["figures"])
    assert difference.rows("targets").filter(figure(**few)).is_empty()


def test_a_figure_that_was_not_there_before_it_was_hidden_says_so(tmp_path):
    home = make_home(tmp_path / "home", ())
    found = tables_of(PERIOD)["metrics"]
    own = pl.col("metric") == "recruit_rate"
    none = {name: pl.when(~own).then(name) for name in ("numerator", "denominator", "value")}
    publish(home, PERIOD, "r01", metrics=found.with_columns(**none, reason=pl.when(own).then(pl.lit("absent")).otherwise("reason")))
    publish(home, PERIOD, "r02")
    opener = lambda *named: at_the_machine(home, *named)  # noqa: E731
    moved = Difference(home, opener(PERIOD, "r01"), opener(PERIOD, "r02"), opener).rows("metrics")
    reasons = moved.filter(figure(metric="recruit_rate", unit_code="980102")).select("reason_old", "reason").row(0)
    assert reasons == ("absent", "suppressed")


@pytest.mark.parametrize(("metric", "left"), [("recruit_rate", [2.0]), ("org_coverage", [1.0, 2.0])])
def test_a_pace_that_counts_members_is_shown_in_both_or_in_neither(metric, left):
    rows = tables_of(PERIOD)["targets"].head(2).with_columns(metric=pl.lit(metric), due=pl.Series(["2018-06", "2018-12"]))
    old, new = rows.with_columns(pace_recent=pl.Series([None, 3.0])), rows.with_columns(pace_recent=pl.Series([1.0, 2.0]))
    assert paced_alike(new.lazy(), old.lazy()).collect().sort("due")["pace_recent"].drop_nulls().to_list() == left


def leg(code, before, now, kind="district"):
    """A leg of the doubling whose baseline moved from `before` to `now`."""
    row = {"period": PERIOD, "baseline": "2016-12", "pair": "coverages", "leg": "org_coverage", "unit_kind": kind, "unit_code": code}
    row |= {"move": "changed", "n1": 40, "n1_old": 40, "d0": 90, "d0_old": 90, "d1": 100, "d1_old": 100, "n0": now, "n0_old": before}
    for end, below in (("_old", before), ("", now)):
        row |= {f"count_ratio{end}": 40 / below, f"rate_ratio{end}": 40 * 90 / (100 * below)}
        row |= {f"doubled_count{end}": 2 * below <= 40, f"doubled_rate{end}": 200 * below <= 40 * 90, f"ceiling{end}": False}
    return row | {"gained": now, "gained_old": before}


def test_moved_legs_stand_the_city_first_then_turned_verdicts_then_the_farthest():
    rows = pl.DataFrame([leg("a", 10, 9), leg("b", 15, 10), leg("c", 25, 20), leg("d", 30, 29, "city")])
    assert revised_figures.worst_first("doubling", rows)["unit_code"].to_list() == ["d", "c", "b", "a"]


def test_a_moved_leg_says_what_it_was_and_what_it_is():
    said = revised_figures.became(Words("zh"), "doubling", leg("c", 25, 20))
    assert said == "基期 25/90 → 20/90；数量倍数 1.60 → 2.00；比率倍数 1.44 → 1.80；数量翻番 否 → 是"
    parts = leg("c", 25, 25) | {"gained": 1}
    assert revised_figures.became(Words("zh"), "doubling", parts) == "只有分项变动"
    told = revised_figures.ends("doubling", ["n0", "gained"], leg("c", 25, 20))
    assert (told["old"], told["new"]) == ({"n0": 25, "gained": 25}, {"n0": 20, "gained": 20})


def test_the_page_says_what_targets_were_and_are_and_no_line_says_that_nothing_moved(revised, drawn):
    home, difference = revised
    revisions._figures(view_of(home, revisions.PAGE, PERIOD, "r02"), difference)
    assert any("近期每月完成" in each and " → −1.5" in each for each in drawn)
    assert any(line.startswith("  党群服务中心覆盖率 · ") and " → −1.5" in line for line in difference.lines(Words("zh")))
    assert len(difference.facts()["rows"]["targets"]) == difference.counts["targets"]["changed"]
