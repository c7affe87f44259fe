"""The sample city: it keeps the contract's forms, it comes out the same every time, and the pipeline meets its answer key exactly."""

import csv
import io
import json
import zipfile
from collections import Counter, defaultdict
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from data.contracts import registration_types, rules, sources
from data.home import Home, HomeUnfit
from data.releases import open_release
from pipelines.reading.pseudonyms import pseudonym_maker
from pipelines.sample import city, faults, names, reference, write_sample

UNITS, MONTHS = 2_000, 13


@pytest.fixture(scope="module")
def sample(tmp_path_factory) -> Path:
    home = tmp_path_factory.mktemp("sample") / "home"
    write_sample(home, units=UNITS, months=MONTHS, seed=1)
    return home


@pytest.fixture(scope="module")
def released(sample) -> Home:
    """The sample after `liangxin run`."""
    from liangxin import front_door

    done = CliRunner().invoke(front_door, ["run", "--home", str(sample)])
    assert done.exit_code == 0, done.output
    return Home(sample)


def key(home: Path, name: str) -> list[dict[str, str]]:
    with (home / "answer_key" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def number(text: str) -> int | None:
    return int(text) if text else None


def landed(home: Path) -> dict[str, bytes]:
    return {str(path.relative_to(home)): path.read_bytes() for path in sorted(home.rglob("*")) if path.is_file()}


# The pipeline meets the key


def test_every_file_is_read_as_the_key_says(released, sample):
    for period, rows in by_period(key(sample, "loads")).items():
        loads = {row["path"]: row for row in open_release(released, period).table("loads").iter_rows(named=True) if row["period"] == period}
        assert set(loads) == {row["path"] for row in rows}
        for row in rows:
            load = loads[row["path"]]
            counts = ("rows_read", "rows_loaded", "rows_rejected", "rows_skipped", "values_dropped")
            assert {name: load[name] for name in counts} == {name: int(row[name]) for name in counts}, row["path"]
            assert list(load["defaults_used"]) == json.loads(row["defaults_used"]), row["path"]
            assert list(load["columns_left_out"]) == json.loads(row["columns_left_out"]), row["path"]
            assert load["refused"] is None


def test_every_rejected_row_has_its_reason_file_and_line(released, sample):
    for period, rows in by_period(key(sample, "rejected")).items():
        table = open_release(released, period).table("rejected")
        found = {(row["path"], row["line"], row["reason"]) for row in table.iter_rows(named=True) if row["period"] == period}
        assert found == {(row["path"], int(row["line"]), row["reason"]) for row in rows}


def test_coverage_is_the_city_s_own(released, sample):
    compared = 0
    for period, rows in by_period(key(sample, "metrics")).items():
        columns = ("basis", "unit_kind", "unit_code", "sector", "metric")
        table = open_release(released, period).table("metrics")
        figures = {tuple(row[name] for name in columns): row for row in table.iter_rows(named=True)}
        for row in rows:
            figure = figures[tuple(row[name] for name in columns)]
            told = (figure["numerator"], figure["denominator"], figure["reason"] or "")
            assert told == (number(row["numerator"]), number(row["denominator"]), row["reason"]), row
            compared += 1
    assert compared == MONTHS * 12 * 3 * 3 * 2


def test_base_numbers_and_census_are_the_city_s_own(released, sample):
    totals = {(row["period"], row["what"]): number(row["number"]) for row in key(sample, "totals")}
    for period, rows in by_period(key(sample, "base_numbers")).items():
        release = open_release(released, period)
        table = {(row["unit_kind"], row["unit_code"]): row for row in release.table("base_numbers").iter_rows(named=True)}
        for row in rows:
            found = table[row["unit_kind"], row["unit_code"]]
            for name in ("registered", "taxpayers", "insured", "both_lists", "corroborated", "verified"):
                assert found[name] == number(row[name]), (row, name)
        census = release.table("census")
        assert len(census) == totals[period, "census_rows"]
        if totals[period, "census_members"] is not None:
            assert census["members"].sum() == totals[period, "census_members"]


def test_what_is_carried_and_what_is_missing(released, sample):
    for period, rows in by_period(key(sample, "deliveries")).items():
        manifest = open_release(released, period).manifest
        assert manifest["carried"] == {r["source"]: r["from_period"] for r in rows if r["from_period"] not in ("", period)}
        assert sorted(manifest["missing"]) == sorted(row["source"] for row in rows if not row["from_period"])


def test_what_is_planted_is_found_and_near_misses_are_not(released, sample):
    pseudonym = pseudonym_maker(released)

    def subjects(name: str) -> dict[str, set[tuple]]:
        found = defaultdict(set)
        for row in key(sample, name):
            subject = pseudonym(row["subject"]) if row["subject_kind"] == "member" else row["subject"]
            found[row["period"]].add((row["rule"], subject))
        return found

    planted, near = subjects("planted_findings"), subjects("near_misses")
    for period in planted:
        found = set(open_release(released, period).table("findings").select("rule", "subject").rows())
        assert planted[period] - found == set()
        assert near[period] & found == set()


# What the city is


def test_coverage_doubles_by_count_and_by_rate(sample):
    figures = {
        (row["period"], row["sector"]): (int(row["numerator"]), int(row["denominator"]))
        for row in key(sample, "metrics")
        if (row["basis"], row["unit_kind"], row["metric"]) == ("corroborated", "city", "org_coverage")
    }
    for sector in ("enterprise", "social_org"):
        (n0, d0), (n1, d1) = figures["2016-12", sector], figures["2017-12", sector]
        assert n1 >= 2 * n0 > 0
        assert n1 * d0 >= 2 * n0 * d1


def test_the_base_is_a_plausible_share_of_the_registered(sample):
    for row in key(sample, "base_numbers"):
        if row["unit_kind"] == "city":
            assert 0.10 <= int(row["corroborated"]) / int(row["registered"]) <= 0.30  # planted cases weigh in so small a city


def test_size_and_members_follow_the_source_documents():
    world = city.build(196_000, 13, 1)
    assert len(world.span("enterprise")) == 40_000
    assert world.market == 196_000
    assert world.social == 1_100
    assert len(names.PARK_CODES) == 21
    assert len(names.DISTRICTS) == 10


def test_rows_add_up_in_the_key(sample):
    rows = key(sample, "loads")
    for row in rows:
        assert int(row["rows_read"]) == sum(int(row[name]) for name in ("rows_loaded", "rows_rejected", "rows_skipped"))
    rejected = Counter(row["path"] for row in key(sample, "rejected") if not row["reason"].startswith("dropped:"))
    assert rejected == Counter({row["path"]: int(row["rows_rejected"]) for row in rows})


def test_every_reason_of_every_source_is_planted(sample):
    found = defaultdict(set)
    for row in key(sample, "rejected"):
        found[row["source"]].add(row["reason"])
    for card in sources().values():
        wanted = {
            reason.replace("uscc_identity", "uscc_check") for reason in faults.reasons(card, tuple(reference.DEFAULTS.get(card.name, ())))
        }
        assert not {reason for reason in wanted if not reason.startswith("dropped:")} - found[card.name], card.name
    assert {"dropped:district_code", "dropped:uscc"} <= set().union(*found.values())


def test_every_form_of_file_occurs(sample):
    seen = Counter()
    for path in (sample / "landing").rglob("*"):
        if not path.is_file() or path.name.startswith((".", "~$")):
            continue
        data = path.read_bytes()
        seen[path.suffix] += 1
        seen["folder"] += len(path.relative_to(sample / "landing").parts) > 3
        if path.suffix.lower() == ".csv":
            text = decoded(data, seen)
            rows = list(csv.reader(io.StringIO(text, newline="")))
            seen["title"] += len(rows[0]) == 1
            seen["quoted newline"] += any("\n" in cell for row in rows for cell in row)
            seen["quoted comma"] += any("," in cell for row in rows for cell in row)
            seen["blank inside"] += any(not any(cell.strip() for cell in row) for row in rows[1:-8])
            ends = {
                end
                for end, count in (
                    ("crlf", text.count("\r\n")),
                    ("lf", text.replace("\r\n", "").count("\n")),
                    ("cr", text.replace("\r\n", "").count("\r")),
                )
                if count
            }
            seen["+".join(sorted(ends))] += 1
        elif path.suffix.lower() == ".xlsx":
            parts = zipfile.ZipFile(io.BytesIO(data)).namelist()
            seen["sheets"] += "xl/worksheets/sheet2.xml" in parts
            seen["shared" if "xl/sharedStrings.xml" in parts else "inline"] += 1
    forms = [".csv", ".CSV", ".xlsx", ".XLSX", "utf-8", "utf-8-sig", "gb18030", "lf", "crlf", "cr", "cr+crlf+lf", "folder", "title"]
    forms += ["quoted newline", "quoted comma", "blank inside", "sheets", "shared", "inline"]
    assert not [form for form in forms if not seen[form]]


def decoded(data: bytes, seen: Counter) -> str:
    if data.startswith(b"\xef\xbb\xbf"):
        seen["utf-8-sig"] += 1
        return data.decode("utf-8-sig")
    try:
        text, name = data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        text, name = data.decode("gb18030"), "gb18030"
    seen[name] += 1
    return text


def test_findings_are_planted_with_near_misses(sample):
    planted = {row["rule"] for row in key(sample, "planted_findings")}
    near = {(row["rule"], row["subject"]) for row in key(sample, "near_misses")}
    # A city that publishes has no file refused or gone, and one so small not ten organisations of a district and year.
    without = {"file_refused", "delivery_withdrawn", "founding_burst"}
    assert set(rules()) - planted == without
    assert set(rules()) - {rule for rule, _ in near} == without
    assert not near & {(row["rule"], row["subject"]) for row in key(sample, "planted_findings") if row["period"] == "2017-12"}


# It is made up, and made up the same way every time


def test_the_same_seed_gives_the_same_bytes(tmp_path):
    for name, seed in (("one", 5), ("two", 5), ("other", 6)):
        write_sample(tmp_path / name, units=300, months=2, seed=seed)
    assert landed(tmp_path / "one") == landed(tmp_path / "two")
    assert landed(tmp_path / "one") != landed(tmp_path / "other")


@pytest.mark.parametrize("months", [1, 15])
def test_a_tiny_city_of_any_length_can_be_written(tmp_path, months):
    summary = write_sample(tmp_path, units=300, months=months, seed=2)
    assert summary["periods"][-1] == "2017-12"
    assert len(summary["periods"]) == months
    assert summary["rows_read"] == summary["rows_loaded"] + summary["rows_rejected"] + summary["rows_skipped"]


def test_a_home_that_holds_files_is_left_alone(tmp_path):
    (tmp_path / "landing" / "2017-12").mkdir(parents=True)
    with pytest.raises(HomeUnfit, match="already holds files"):
        write_sample(tmp_path, units=300, months=1)


def test_codes_are_invented_and_well_formed():
    world = city.build(500, 2, 3)
    codes = names.text(world.code).to_list()
    assert len(set(codes)) == len(codes)
    for code in codes:
        assert code[2:4] == "99"
        values = ["0123456789ABCDEFGHJKLMNPQRTUWXY".index(character) for character in code]
        assert (sum(value * 3**place for place, value in enumerate(values[:17])) + values[17]) % 31 == 0
    persons = names.person_ids(np.arange(40_000)).to_list()
    assert len(set(persons)) == len(persons)
    assert all(person.startswith("99") and len(person) == 18 for person in persons)
    assert all(telephone.startswith("120") for telephone in names.telephones(np.arange(100)).to_list())


def test_type_names_stand_for_the_city_s_own_codes():
    """A file may give the name alone: it must lead back to the very code."""
    smallest: dict[str, str] = {}
    for code, name, _ in registration_types():
        smallest[name] = min(code, smallest.get(name, code))
    called = {code: name for code, name, _ in registration_types()}
    for weighted in city.TYPES.values():
        for code, _ in weighted:
            assert smallest[called[code]] == code


def by_period(rows: list[dict[str, str]]) -> dict[str, list[dict[str, str]]]:
    found = defaultdict(list)
    for row in rows:
        found[row["period"]].append(row)
    return found
