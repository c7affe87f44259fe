"""What was revised since the last briefing: what is written otherwise now, and which files moved it."""

import pytest

from tests.transforms.claims.made import CITY, facts, picture, slip
from transforms.claims.claim import Claim, LeftOut, Month, Named, Place
from transforms.claims.quoted import quoted_then, written
from transforms.claims.revised import looked_at, revised, revised_claims

COVERAGE = ("corroborated", "city", CITY, "all", "org_coverage")
FILE = "2017-11/tax/城区.xlsx"


def quoted(n: int | None, d: int | None, key: tuple = COVERAGE, revision: str = "r01", **more) -> dict:
    """A row of a slip's ledger."""
    value = n / d if d else None
    plain = {
        "code": "",
        "table": "metrics",
        "key": list(key),
        "column": None,
        "period": "2017-11",
        "revision": revision,
        "where": "standing",
    }
    return plain | {"numerator": n, "denominator": d, "value": value, "reason": None, "shown": ""} | more


def change(key: tuple = COVERAGE, files=(FILE,), table: str = "metrics") -> dict:
    names = {"metrics": ("basis", "unit_kind", "unit_code", "sector", "metric"), "doubling": ("pair", "leg", "unit_kind", "unit_code")}[
        table
    ]
    return {"table": table} | dict(zip(names, key, strict=True)) | {"old": [None], "new": [None], "files": list(files)}


def november(revision: str, n: int, d: int = 100, changes=(), **more):
    return picture("2017-11", revision, figures={("org_coverage", "city"): (n, d)}, manifest={"changes": list(changes)}, **more)


def after(*rows: dict, released) -> object:
    return facts(earlier=[slip("2017-11", quoted=list(rows))], released=released)


def test_a_figure_that_is_written_otherwise_is_said_with_the_files_that_moved_it():
    known = after(quoted(82, 100), released=[november("r01", 82), november("r02", 81, changes=[change()])])
    (found,) = revised(known)
    assert (found.old, found.new, found.files, found.why, found.where) == ("82.0%", "81.0%", (FILE,), "files", "standing")
    assert (found.was.revision, found.now.revision) == ("r01", "r02")
    (claim,) = revised_claims(known)
    assert claim.name == "revised"
    assert claim.values["month"] == Month("2017-11")
    assert claim.values["place"] == Place("city", CITY)
    assert (claim.values["old"], claim.values["old_sides"], claim.values["files"]) == ("82.0%", "82/100", (Named("source", "tax"),))
    assert claim.values["metric"] == Named("metric", "org_coverage")
    # What was quoted before is quoted no more: else it would be revised again in every briefing.
    assert [each.revision for each in claim.quoted] == ["r02"]


def test_files_of_all_revisions_in_between_are_named_and_of_other_figures_none():
    other = ("corroborated", "city", CITY, "all", "work_coverage")
    middle = november("r02", 80, changes=[change(files=["b.csv", "a.csv"]), change(other, files=["x.csv"])])
    known = after(quoted(82, 100), released=[november("r01", 82), middle, november("r03", 81, changes=[change(files=["c.csv", "d.csv"])])])
    assert revised(known)[0].files == ("a.csv", "b.csv", "c.csv", "d.csv")


def test_a_sentence_names_whose_files_they_are_and_no_path():
    moved = change(files=["2017-11/tax/a.csv", "2017-11/tax/b.csv", "2017-11/party_org/c.csv", "reference/districts.csv"])
    known = after(quoted(82, 100), released=[november("r01", 82), november("r02", 81, changes=[moved])])
    values = revised_claims(known)[0].values
    assert (values["n"], values["files"]) == (4, (Named("source", "party_org"), Named("source", "tax"), "districts.csv"))


def test_what_prints_the_same_is_no_news_and_what_it_is_of_is_printed_too():
    same = after(quoted(82, 100), released=[november("r01", 82), november("r02", 82, changes=[change()])])
    assert revised(same) == []
    (claim,) = revised_claims(same)
    assert (claim.name, claim.values) == ("revised_none", {"month": (Month("2017-11"),), "n": 1})
    moved = after(quoted(82000, 100000), released=[november("r01", 82000, 100000), november("r02", 82001, 100000, [change()])])
    assert [(each.old, each.new) for each in revised(moved)] == [("82.0%", "82.0%")]


def test_without_a_file_it_was_computed_anew_and_where_a_release_is_gone_nobody_can_tell():
    anew = after(quoted(82, 100), released=[november("r01", 82), november("r02", 81)])
    assert revised_claims(anew)[0].name == "revised_anew"
    gone = after(quoted(82, 100), released=[november("r01", 82), november("r03", 81)])
    assert revised_claims(gone)[0].name == "revised_gone"


def test_at_most_three_stand_in_sentences_the_city_first():
    places = ["980101", "980102", "980103"]
    now = {("org_coverage", "district", code): (10, 50) for code in places} | {("org_coverage", "city"): (40, 100)}
    rows = [quoted(11, 50, ("corroborated", "district", code, "all", "org_coverage")) for code in places] + [quoted(42, 100)]
    known = after(*rows, *rows, released=[november("r01", 42), picture("2017-11", "r02", figures=now)])
    assert len(revised(known)) == 4
    made = revised_claims(known)
    assert [each.values["place"].code for each in made[:3]] == [CITY, "980101", "980102"]
    assert (made[3].name, made[3].values) == ("revised_more", {"n": 4, "checked": 4})


def test_counts_and_ledgers_are_compared_in_the_annex():
    key = ("coverages", "org_coverage", "city", CITY)
    row = {"pair": "coverages", "leg": "org_coverage", "unit_kind": "city", "unit_code": CITY, "baseline": "2016-12"}
    released = [
        picture("2017-11", name, doubling=[row | {"gained": gained}], manifest={"changes": [change(key, table="doubling")]})
        for name, gained in (("r01", 7), ("r02", 1234))
    ]
    count = quoted(None, None, key, table="doubling", column="gained", value=7)
    known = after(count, released=released)
    (found,) = revised(known)
    assert (found.old, found.new, found.files) == ("7", "1,234", (FILE,))
    assert [each.name for each in revised_claims(known)] == ["revised_more"]


def finding(number: int) -> dict:
    return {"rule": "park_mismatch", "severity": "S", "subject_kind": "unit", "fingerprint": f"{number:024x}", "district_code": "980101"}


def test_counts_over_rows_are_compared_as_figures_are_and_the_files_that_changed_are_named():
    inputs = {"2017-11/tax/a.csv": "1", "2017-11/member/b.csv": "1"}
    loads = {"source": "tax", "path": "2017-11/tax/a.csv", "rows_read": 9}
    released = [
        november("r01", 82, findings=[finding(1), finding(2)], loads=[loads]),
        november("r02", 82, findings=[finding(1)], loads=[loads | {"rows_read": 12}]),
    ]
    for each, digests in zip(released, (inputs, {"2017-11/tax/a.csv": "2", "2017-11/member/b.csv": "2"}), strict=True):
        each.manifest.update(inputs=digests, reference={"districts.csv": digests["2017-11/tax/a.csv"]})
    of = {"table": "findings_count", "column": "listed", "unit": "count"}
    rows = [
        quoted(None, None, ("city", CITY, "S"), count=2, **of),
        quoted(None, None, ("city", CITY, "H"), count=0, **of),
        quoted(None, None, ("tax",), count=9, **of | {"table": "loads_count", "column": "read"}),
    ]
    found = {each.was.table: each for each in revised(after(*rows, released=released))}
    assert {name: (each.old, each.new) for name, each in found.items()} == {"findings_count": ("2", "1"), "loads_count": ("9", "12")}
    assert found["findings_count"].files == ("2017-11/member/b.csv", "2017-11/tax/a.csv", "reference/districts.csv")
    assert found["loads_count"].files == ("2017-11/tax/a.csv", "reference/districts.csv")
    assert {each.why for each in found.values()} == {"files"}
    # A sentence names a metric; counts stand in the annex.
    claims = revised_claims(after(*rows, released=released))
    assert [(each.name, each.values["n"]) for each in claims] == [("revised_more", 2)]


def test_a_count_of_a_tally_that_there_is_not_says_nothing():
    of = {"table": "findings_count", "unit": "count", "count": 2}
    assert quoted_then(quoted(None, None, ("city", CITY, "S"), column="listed", **of)).count == 2
    assert quoted_then(quoted(None, None, ("city", CITY), column="listed", **of)) is None
    assert quoted_then(quoted(None, None, ("city", CITY, "S"), column="nothing", **of)) is None
    assert quoted_then(quoted(None, None, ("city", CITY, "S"), **of)) is None
    gone = after(
        quoted(None, None, ("city", CITY, "S"), column="listed", **of),
        released=[november("r01", 1), november("r02", 1, without=["findings"])],
    )
    assert [each.new for each in revised(gone)] == ["…"]


def test_what_is_hidden_now_is_not_set_beside_what_was_shown():
    hidden = picture("2017-11", "r02", figures={("org_coverage", "city"): "suppressed"})
    known = after(quoted(82, 100), released=[november("r01", 82), hidden])
    assert revised(known) == []
    missing = picture("2017-11", "r02", figures={("org_coverage", "city"): "source_missing:tax"})
    known = after(quoted(82, 100), released=[november("r01", 82), missing])
    assert revised(known)[0].new == "…"
    assert [(type(each), getattr(each, "reason", None)) for each in revised_claims(known)][0] == (LeftOut, "missing:source_missing:tax")


def test_the_last_briefings_are_of_the_same_kind_and_of_other_releases_than_this_one():
    month, quarter = slip("2017-11"), slip("2017-09", kind="quarter")
    before, same, later = slip("2017-12", revision="r01"), slip("2017-12", revision="r02"), slip("2018-01")
    known = facts(now=picture(revision="r02"), earlier=[quarter, month, before, same, later])
    assert looked_at(known) == [before, month]
    assert looked_at(known, "quarter") == [quarter]
    assert looked_at(known, "half_year") == []
    # r10 comes after r09.
    known = facts(now=picture(revision="r10"), earlier=[slip("2017-12", revision="r09"), slip("2017-12", revision="r02")])
    assert [each.revision for each in looked_at(known)] == ["r09", "r02"]
    assert looked_at(facts(earlier=[slip("2016-11"), old := slip("2016-12")])) == [old], "a year, and no further"


def test_what_was_sent_out_about_this_month_does_not_hide_what_changed_in_the_one_before():
    rows = [quoted(82, 100), quoted(40, 100, period="2017-12")]
    slips = [slip("2017-11", quoted=rows[:1]), slip("2017-12", revision="r01", quoted=rows[1:])]
    revision = november("r02", 81)
    revision.manifest["created_at"] = "2018-01-20T06:00:00+00:00"
    released = [november("r01", 82), revision, picture("2017-12", "r01", figures={("org_coverage", "city"): (40, 100)})]
    now = picture(revision="r02", figures={("org_coverage", "city"): (45, 100)})
    found = revised(facts(now=now, earlier=slips, released=released))
    assert [(each.was.period, each.told, each.new) for each in found] == [("2017-11", "2017-11", "81.0%"), ("2017-12", "2017-12", "45.0%")]


SEPTEMBER = quoted(82, 100, period="2017-09")


def september(*after: tuple[str, int, str]) -> list:
    """The month as the briefing of September quoted it, and revised since: revision, n of 100, when."""
    figures = lambda n: {("org_coverage", "city"): (n, 100)}  # noqa: E731
    found = [picture("2017-09", "r01", figures=figures(82))]
    for name, n, when in after:
        found.append(picture("2017-09", name, figures=figures(n), manifest={"created_at": when, "changes": [change()]}))
    return found


def test_a_figure_revised_after_its_briefing_is_told_though_later_briefings_did_not_quote_it():
    slips = [slip("2017-09", quoted=[SEPTEMBER]), slip("2017-11", quoted=[quoted(82, 100)])]
    released = [november("r01", 82), *september(("r02", 81, "2018-01-05T06:00:00+00:00"))]
    known = facts(earlier=slips, released=released)
    assert [(each.told, each.was.period, each.old, each.new) for each in revised(known)] == [("2017-09", "2017-09", "82.0%", "81.0%")]


def test_what_a_later_briefing_told_is_not_told_again_until_it_moves_again():
    slips = [slip("2017-09", quoted=[SEPTEMBER]), slip("2017-11", quoted=[quoted(82, 100)])]  # the latter of 2017-12-10
    before = [november("r01", 82), *september(("r02", 81, "2017-12-01T06:00:00+00:00"))]
    assert revised(facts(earlier=slips, released=before)) == []
    same = [*before, *september(("r03", 81, "2018-01-05T06:00:00+00:00"))[1:]]
    assert revised(facts(earlier=slips, released=same)) == []
    again = [*before, *september(("r03", 79, "2018-01-05T06:00:00+00:00"))[1:]]
    assert [(each.old, each.new) for each in revised(facts(earlier=slips, released=again))] == [("82.0%", "79.0%")]


def test_a_briefing_that_told_what_was_and_what_is_quoted_what_is():
    told = slip("2017-10", quoted=[SEPTEMBER, SEPTEMBER | {"numerator": 81, "value": 0.81, "revision": "r02"}])
    known = facts(earlier=[told], released=september(("r02", 81, "2017-10-20T06:00:00+00:00")))
    assert revised(known) == []
    (claim,) = revised_claims(known)
    assert (claim.name, claim.values["n"]) == ("revised_none", 1)


def test_briefings_of_many_months_are_named_by_the_first_and_the_last():
    slips = [slip(f"2017-{month:02d}", quoted=[quoted(82, 100)]) for month in (8, 9, 11)]
    (claim,) = revised_claims(facts(earlier=slips, released=[november("r01", 82)]))
    assert (claim.name, claim.values) == ("revised_none_many", {"first": Month("2017-08"), "last": Month("2017-11"), "n": 1})


def test_how_many_times_as_much_is_written_as_the_table_prints_it():
    key = ("coverages", "org_coverage", "city", CITY)
    row = {"pair": "coverages", "leg": "org_coverage", "unit_kind": "city", "unit_code": CITY, "baseline": "2016-12"}
    released = [picture("2017-11", name, doubling=[row | {"count_ratio": times}]) for name, times in (("r01", 2.31), ("r02", 2.33))]
    (found,) = revised(after(quoted(None, None, key, table="doubling", column="count_ratio", value=2.31), released=released))
    assert (found.old, found.new) == ("2.31", "2.33")
    short = quoted_then(quoted(None, None, key, table="doubling", column="rate_ratio", value=1.997))
    assert written(short) == "<2.00", "what is not reached is not rounded up to it"


def test_the_signed_basis_stands_before_the_others():
    other = ("registered", "city", CITY, "all", "org_coverage")
    figures = {("org_coverage", "city"): (81, 100), ("org_coverage", "city", None, "all", "registered"): (1, 100)}
    known = after(quoted(2, 100, other), quoted(82, 100), released=[november("r01", 82), picture("2017-11", "r02", figures=figures)])
    assert [claim.values["basis"].name for claim in revised_claims(known)] == ["corroborated", "registered"]


def test_without_a_briefing_before_or_a_release_of_its_month_it_is_left_out():
    assert revised_claims(facts())[0].reason == "first_briefing"
    assert revised_claims(after(quoted(82, 100), released=[]))[0].reason == "unpublished:2017-11"


def test_a_row_that_an_older_program_wrote_otherwise_says_nothing():
    assert quoted_then({}) is None
    assert quoted_then(quoted(1, 2, table="nothing")) is None
    assert quoted_then(quoted(1, 2, key=("a",))) is None
    assert quoted_then(quoted(1, 2, column="basis")) is None
    assert quoted_then(quoted(1, 2)).figure.numerator == 1


def test_claims_of_revisions_quote_the_figure_of_today():
    known = after(quoted(82, 100), released=[november("r01", 82), november("r02", 81, changes=[change()])])
    (claim,) = revised_claims(known)
    assert isinstance(claim, Claim)
    assert (claim.subject.period, claim.subject.metric, claim.test) == ("2017-11", "org_coverage", "published")


@pytest.mark.parametrize(
    "touched",
    [
        {"key": 5},
        {"key": [["a"], "city", "980100", "all", "org_coverage"]},
        {"period": 5},
        {"period": "2017"},
        {"revision": "zzz"},
        {"revision": 1},
        {"table": ["metrics"]},
        {"column": ["n"]},
        {"numerator": "82"},
        {"denominator": True},
        {"value": "x"},
        {"value": float("inf")},
        {"reason": 5},
        {"where": 5},
    ],
)
def test_a_row_that_somebody_touched_says_nothing_and_stops_nothing(touched):
    row = quoted(82, 100) | touched
    assert quoted_then(row) is None
    known = after(row, released=[november("r01", 82), november("r02", 81, changes=[change()])])
    assert revised(known) == []
