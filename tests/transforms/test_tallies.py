"""Counts that can be cited: each against a count by hand, their rows against the count, districts against the city, and who has which."""

from collections import Counter

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.contracts import rules, sources, worklists
from data.periods import add_months
from data.words import Words
from tests.transforms.claims.made import CITY, DISTRICTS, PARKS, PERIOD, Made, picture
from transforms import tally_words
from transforms.citation import code
from transforms.marks import cells, coded, keys, marks
from transforms.own_files import districts_by_file
from transforms.tallies import ALL, STATES, TALLIES, counts, opened, row_of

EAST, WEST, SOUTH = DISTRICTS
SEVERITIES = {"park_mismatch": "S", "return_copied": "H", "base_shrink": "I"}


def finding(number: int, district: str | None = EAST, rule: str = "park_mismatch", park: str | None = None, since: str = PERIOD) -> dict:
    placed = {"district_code": district, "park_code": park, "since": since}
    about = {"rule": rule, "severity": SEVERITIES[rule], "subject_kind": "member", "subject": f"secret{number}"}
    return about | placed | {"fingerprint": f"{number:024x}"}


def listed(number: int, district: str = EAST, name: str = "due_single", since: str = PERIOD) -> dict:
    return {"list": name, "uscc": f"91980101MA{number:08d}", "district_code": district, "since": since, "sector": "enterprise"}


def goal(district: str, value: float | None, missing: int | None, metric: str = "org_coverage", target: float = 0.6, **more) -> dict:
    row = {"metric": metric, "sector": "all", "unit_kind": "district", "unit_code": district, "due": "2018-06", "target": target}
    return row | {"value": value, "units_missing": missing} | more


def load(source: str, path: str, read: int, rejected: int, refused: list[str] | None = None) -> dict:
    return {"source": source, "path": f"{PERIOD}/{source}/{path}", "rows_read": read, "rows_rejected": rejected, "refused": refused}


def reject(source: str, path: str, line: int, reason: str = "duplicate") -> dict:
    return {"source": source, "path": f"{PERIOD}/{source}/{path}", "line": line, "reason": reason, "fields": '{"name": "张三"}'}


def of(release, name: str, *key: str) -> dict:
    """A tally of a release, without its key."""
    row = row_of(release, name, key)
    return {cell: row[cell] for cell in cells(name)}


def subjects(release, name: str, cell: str, *key: str) -> list[str]:
    return sorted(opened(release, name, row_of(release, name, key), cell).rows.collect()["subject"])


def test_findings_are_counted_by_place_and_severity_and_those_of_no_place_in_the_city_alone():
    rows = [
        finding(1),
        finding(2, since="2017-10"),
        finding(3, rule="return_copied", park="P01"),
        finding(4, WEST, "base_shrink"),
        finding(5, None, "base_shrink"),
    ]
    release = picture(findings=rows).release
    assert of(release, "findings_count", "city", CITY, ALL) == {"listed": 5, "opened": 4}
    assert of(release, "findings_count", "city", CITY, "I") == {"listed": 2, "opened": 2}
    assert of(release, "findings_count", "district", EAST, ALL) == {"listed": 3, "opened": 2}
    assert of(release, "findings_count", "district", EAST, "S") == {"listed": 2, "opened": 1}
    assert of(release, "findings_count", "district", SOUTH, "H") == {"listed": 0, "opened": 0}
    assert of(release, "findings_count", "park", "P01", "H") == {"listed": 1, "opened": 1}
    assert subjects(release, "findings_count", "opened", "district", EAST, "S") == [f"{1:024x}"]


def test_a_finding_is_a_row_without_its_subject():
    release = picture(findings=[finding(1)]).release
    rows = opened(release, "findings_count", row_of(release, "findings_count", ("city", CITY, ALL)), "listed").rows.collect()
    assert "secret" not in str(rows.rows())
    assert {"evidence", "fingerprint"} & set(rows.columns) == set()


def test_units_on_a_list_and_those_that_have_waited_for_long():
    rows = [listed(1, since=add_months(PERIOD, -6)), listed(2, since=add_months(PERIOD, -5)), listed(3, WEST), listed(4, name="new_unit")]
    census = [{"uscc": row["uscc"], "name": f"第{row['uscc'][-1]}公司"} for row in rows[:3]]
    release = picture(worklist=rows, census=census).release
    assert of(release, "worklist_count", "city", CITY, "due_single") == {"listed": 3, "long": 1}
    assert of(release, "worklist_count", "district", EAST, "due_single") == {"listed": 2, "long": 1}
    assert of(release, "worklist_count", "district", EAST, "large50_no_member") == {"listed": 0, "long": 0}
    found = opened(release, "worklist_count", row_of(release, "worklist_count", ("district", EAST, "due_single")), "long")
    assert (found.kind, found.rows.collect().select("subject", "name").rows()) == ("unit", [(rows[0]["uscc"], "第1公司")])


def test_a_list_that_was_not_run_is_no_count_of_nought():
    release = picture(worklist=[listed(1)], manifest={"checks": {"not_run": {"new_unit": ["member"]}, "ran": []}}).release
    assert row_of(release, "worklist_count", ("city", CITY, "new_unit")) is None
    assert {key[2] for key in keys(release, "worklist_count")} == worklists().keys() - {"new_unit"}


def test_a_list_that_a_release_never_knew_is_no_count_of_nought():
    then = {f"worklists/{name}": "1" for name in ("due_single", "old_list", "lacking")} | {"metrics/org_coverage": "1"}
    lacks = {"checks": {"not_run": {"lacking": ["member"]}, "ran": []}}
    release = picture(worklist=[listed(1)], manifest=lacks | {"definitions_of": then}).release
    assert {key[2] for key in keys(release, "worklist_count")} == {"due_single", "old_list"}
    assert of(release, "worklist_count", "city", CITY, "old_list") == {"listed": 0, "long": 0}
    # One of before that was told knows those on which somebody is.
    release = picture(worklist=[listed(1)], manifest=lacks | {"definitions_of": {}}).release
    assert {key[2] for key in keys(release, "worklist_count")} == {"due_single"}


def test_files_and_rows_by_source_and_a_row_that_only_lost_a_value_is_no_rejected_row():
    loads = [load("tax", "a.csv", 10, 2), load("tax", "b.csv", 5, 0), load("member", "c.csv", 0, 0, ["姓名"])]
    lines = [("a.csv", 3, "duplicate"), ("a.csv", 4, "uscc_check"), ("a.csv", 4, "missing:uscc"), ("b.csv", 2, "dropped:employees")]
    release = picture(loads=loads, rejected=[reject("tax", *line) for line in lines]).release
    assert of(release, "loads_count", ALL) == {"files": 3, "refused": 1, "read": 15, "rejected": 2}
    assert of(release, "loads_count", "tax") == {"files": 2, "refused": 0, "read": 15, "rejected": 2}
    assert of(release, "loads_count", "survey") == dict.fromkeys(cells("loads_count"), 0)
    rows = opened(release, "loads_count", row_of(release, "loads_count", ("tax",)), "rejected").rows.collect()
    assert sorted(rows["line"]) == [3, 4]
    assert "张三" not in str(rows.rows())
    assert subjects(release, "loads_count", "refused", ALL) == [f"{PERIOD}/member/c.csv"]


def test_targets_of_places_with_a_figure_and_nobodys_district_is_none():
    rows = [goal(EAST, 0.6, 0), goal(WEST, 0.5, 4), goal(SOUTH, None, None), goal("000000", 0.1, 9)]
    falling = [goal(EAST, 0.6, 0, "no_member_share"), goal(WEST, 0.7, 0, "no_member_share")]
    release = picture(targets=[*rows, *falling, goal(CITY, 0.5, 3, unit_kind="city")]).release
    assert len(keys(release, "targets_count")) == 2
    key = ("org_coverage", "all", "district", "2018-06", "0.6")
    assert of(release, "targets_count", *key) == {"places": 2, "reached": 1, "short": 1, "missing": 4}
    # What is to be taken off where less is better stands in no table.
    assert of(release, "targets_count", "no_member_share", *key[1:]) == {"places": 2, "reached": 1, "short": 1, "missing": None}
    assert subjects(release, "targets_count", "short", "no_member_share", *key[1:]) == [WEST]


def test_each_source_is_in_one_state_and_owed_is_what_is_missing_or_late():
    release = picture(manifest={"missing": ["tax"], "carried": {"member": "2017-11", "funding": "2017-01"}}).release
    found = {state: of(release, "sources_count", state)["sources"] for state in STATES}
    assert found == {"delivered": len(sources()) - 3, "missing": 1, "late": 1, "owed": 2, "carried": 1}
    assert subjects(release, "sources_count", "sources", "owed") == ["member", "tax"]


def test_rules_that_were_run_and_those_that_were_not():
    ran = [name for name in rules() if name != "return_copied"]
    release = picture(manifest={"checks": {"not_run": {"return_copied": ["district_return"]}, "ran": ran}}).release
    assert of(release, "rules_count") == {"known": len(rules()), "ran": len(ran), "not_run": 1}
    with_list = picture(
        manifest={"checks": {"not_run": {"return_copied": ["district_return"], "new_unit": ["member"]}, "ran": ran}}
    ).release
    assert of(with_list, "rules_count") == of(release, "rules_count"), "a list is no rule"
    rows = opened(release, "rules_count", row_of(release, "rules_count", ()), "not_run").rows.collect()
    assert rows.select("subject", "lacked").rows() == [("return_copied", ["district_return"])]


@pytest.mark.parametrize("tells", [True, False])
def test_rules_are_counted_as_the_release_names_them_and_the_parts_add_up(tells):
    """`retired` is in no card any more, and of today's cards it knew three."""
    ran, lacked, retired = "park_mismatch", "return_copied", "retired"
    then = {f"rules/{name}": "1" for name in (ran, lacked, retired)} if tells else {}
    checks = {"not_run": {lacked: ["district_return"], "new_unit": ["member"]}, "ran": [ran, retired]}
    release = picture(manifest={"checks": checks, "definitions_of": then}).release
    assert of(release, "rules_count") == {"known": 3, "ran": 2, "not_run": 1}
    assert subjects(release, "rules_count", "known") == sorted((ran, lacked, retired))
    assert subjects(release, "rules_count", "not_run") == [lacked]
    silent = picture(manifest={"checks": {"not_run": {lacked: ["district_return"]}}}).release
    assert keys(silent, "rules_count") == [], "it does not say what was run"


def test_what_a_release_does_not_publish_is_not_counted():
    release = picture(without=("findings", "worklist", "targets", "loads")).release
    assert {name for name in TALLIES if keys(release, name)} == {"sources_count"}
    assert counts(release, "findings_count") == {}


class Part(Made):
    """A release of which a reader is given one district."""

    def lies_within(self, kind: str, code: str) -> bool:
        return (kind, code) == ("district", EAST)


def test_whoever_is_given_a_part_has_the_counts_of_which_he_is_given_all():
    whole = picture(findings=[finding(1), finding(2, WEST)], worklist=[listed(1)], targets=[goal(EAST, 0.5, 1)]).release
    part = Part(whole.period, whole.revision, whole.manifest, whole.frames)
    assert {name: {key[:2] for key in keys(part, name)} for name in TALLIES if keys(part, name)} == {
        "findings_count": {("district", EAST)},
        "worklist_count": {("district", EAST)},
    }
    assert row_of(part, "findings_count", ("city", CITY, ALL)) is None
    assert row_of(part, "findings_count", ("district", EAST, ALL)) == row_of(whole, "findings_count", ("district", EAST, ALL))
    assert marks(part).keys() < marks(whole).keys()


def test_every_cell_of_a_tally_has_one_code_though_it_counts_nothing():
    release = picture().release
    found = [place for places in marks(release).values() for place in places if place[0] in TALLIES]
    assert Counter(found) == Counter(
        (name, number, cell) for name in TALLIES for number in range(len(keys(release, name))) for cell in TALLIES[name].cells
    )
    assert all(len(places) == 1 for places in marks(release).values())
    assert "targets_count" not in {name for name, _, _ in found}, "it has no target"


@pytest.mark.parametrize("find", [marks, districts_by_file])
def test_a_release_is_gone_through_once_and_one_made_anew_again(find):
    release = picture(findings=[finding(1)]).release
    found = find(release)
    assert find(release) is found
    release.manifest["created_at"] = "2018-02-01T00:00:00+00:00"
    assert find(release) is not found and find(release) == found


def test_the_code_of_a_count_never_changes():
    # What stands in a printed briefing must open years later.
    assert code("2017-12", "r01", "findings_count", ("city", "980100", "H"), "listed") == "201712.1-2VG218MX"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_tally_and_every_part_of_its_key_has_words(lang):
    words = Words(lang)
    for name, tally in TALLIES.items():
        assert all(tally_words.title(words, name, cell) and tally_words.sentence(words, name, cell) for cell in tally.cells)
        values = {"target": "0.6", "due": PERIOD, "severity": ALL, "unit_kind": "district", "state": "owed"}
        key = {part: values.get(part, ALL) for part in coded(name)}
        assert len(tally_words.parts(words, key)) == len(set(tally.key) - ({"unit_kind", "unit_code"} if "unit_code" in key else set()))


PLACES = st.sampled_from([*DISTRICTS, "000000"])
SINCE = st.integers(0, 12).map(lambda back: add_months(PERIOD, -back))
CITIES = st.tuples(
    st.lists(st.tuples(PLACES, st.sampled_from(sorted(SEVERITIES)), st.sampled_from([None, *PARKS]), SINCE), max_size=12),
    st.lists(st.tuples(PLACES, st.sampled_from(sorted(worklists())), SINCE), max_size=12),
    st.lists(st.tuples(st.sampled_from(sorted(sources())), st.integers(0, 50)), max_size=6),
    st.dictionaries(st.sampled_from(sorted(DISTRICTS)), st.integers(0, 10), max_size=3),
)


@settings(max_examples=25)
@given(CITIES)
def test_districts_and_severities_and_sources_add_up_and_the_rows_are_what_is_counted(made):
    found, on_lists, files, reached = made
    release = picture(
        findings=[finding(number, *row) for number, row in enumerate(found)],
        worklist=[listed(number, *row) for number, row in enumerate(on_lists)],
        loads=[load(source, f"{number}.csv", read, 0) for number, (source, read) in enumerate(files)],
        targets=[goal(district, 0.6 - missing / 100, missing) for district, missing in reached.items()],
    ).release
    for name in ("findings_count", "worklist_count"):
        stood = counts(release, name)
        for cell in cells(name):
            for last in {key[2] for key in stood}:
                districts = sum(of_key[cell] for key, of_key in stood.items() if key[0] == "district" and key[2] == last)
                assert districts == stood["city", CITY, last][cell]
    severities = counts(release, "findings_count")
    assert all(sum(severities[*key[:2], each]["listed"] for each in "HSI") == severities[*key[:2], ALL]["listed"] for key in severities)
    loads = counts(release, "loads_count")
    assert sum(row["read"] for key, row in loads.items() if key != (ALL,)) == loads[ALL,]["read"] == sum(read for _, read in files)
    for row in counts(release, "targets_count").values():
        assert row == {"places": len(reached), "reached": list(reached.values()).count(0), "missing": sum(reached.values())} | {
            "short": row["places"] - row["reached"]
        }
    for name in TALLIES:
        for key in (
            key for key in keys(release, name) if name != "rules_count" and (key[:1] == ("city",) or "unit_code" not in coded(name))
        ):
            row = row_of(release, name, key)
            for cell in cells(name):
                rows = opened(release, name, row, cell).rows
                assert rows.select(pl.col("adds").sum()).collect().item() == row[cell], (name, key, cell)
