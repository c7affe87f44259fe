"""What lies in landing: deliveries, what is passed over in silence, and what is reported by name."""

import hashlib
import os

import pytest

from data.contracts import sources
from data.home import Home, HomeUnfit
from pipelines.reading.delivery import read_delivery
from pipelines.reading.landing import LandedFile, scan
from tests.pipelines.reading.files import csv_text, land, lists, table


def lay(home, *paths: str) -> None:
    for path in paths:
        file = home / "landing" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(path.encode())


def test_a_home_without_landing_has_nothing(tmp_path):
    assert scan(Home(tmp_path)).files == ()
    assert scan(Home(tmp_path)).strays == ()


def test_deliveries_are_the_files_of_a_source_and_period(tmp_path):
    lay(tmp_path, "2017-12/tax/b.csv", "2017-12/tax/a/b/c.XLSX", "2017-12/tax/甲 乙(二)'.Xls", "2017-11/tax/a.CSV", "2017-12/park/a.csv")
    landing = scan(Home(tmp_path))
    assert landing.strays == ()
    assert landing.periods == ("2017-11", "2017-12")
    assert {key: [file.path for file in files] for key, files in landing.deliveries.items()} == {
        ("tax", "2017-11"): ["2017-11/tax/a.CSV"],
        ("park", "2017-12"): ["2017-12/park/a.csv"],
        ("tax", "2017-12"): ["2017-12/tax/a/b/c.XLSX", "2017-12/tax/b.csv", "2017-12/tax/甲 乙(二)'.Xls"],
    }
    assert {file.sha256 for file in landing.files} == {hashlib.sha256(file.path.encode()).hexdigest() for file in landing.files}


def test_the_order_is_of_code_points_and_of_whole_paths(tmp_path):
    names = ["a/z.csv", "a.csv", "a-b.csv", "Z.csv", "é.csv", "\uff21.csv", "𠮷.csv", "a b.csv"]
    lay(tmp_path, *(f"2017-12/tax/{name}" for name in names))
    (files,) = scan(Home(tmp_path)).deliveries.values()
    assert [file.path.removeprefix("2017-12/tax/") for file in files] == sorted(names)
    assert sorted(names)[-2:] == ["\uff21.csv", "𠮷.csv"]


@pytest.mark.parametrize(
    "path", ["2017-12/tax/.a.csv", "2017-12/tax/~$a.xlsx", "2017-12/.git/a.csv", ".trash/a.csv", "2017-12/tax/~$x/a.csv", "~$a.csv"]
)
def test_what_is_passed_over_in_silence(tmp_path, path):
    lay(tmp_path, path)
    assert (scan(Home(tmp_path)).files, scan(Home(tmp_path)).strays) == ((), ())


@pytest.mark.parametrize(
    ("path", "stray"),
    [
        ("readme.txt", "readme.txt"),
        ("a.csv", "a.csv"),
        ("2017-13/tax/a.csv", "2017-13"),
        ("2017-1/tax/a.csv", "2017-1"),
        ("201712/tax/a.csv", "201712"),
        ("2017-12月/tax/a.csv", "2017-12月"),
        ("2017-12/a.csv", "2017-12/a.csv"),
        ("2017-12/taxes/a.csv", "2017-12/taxes"),
        ("2017-12/Tax/a.csv", "2017-12/Tax"),
        ("2017-12/税务/a.csv", "2017-12/税务"),
        ("2017-12/tax/a.txt", "2017-12/tax/a.txt"),
        ("2017-12/tax/b/a.csv.zip", "2017-12/tax/b/a.csv.zip"),
        ("2017-12/tax/csv", "2017-12/tax/csv"),
        ("2017-12/tax/a.xlsm", "2017-12/tax/a.xlsm"),
    ],
)
def test_what_is_reported_by_name_and_refuses_nothing_else(tmp_path, path, stray):
    lay(tmp_path, path, "2017-12/tax/good.csv")
    landing = scan(Home(tmp_path))
    assert landing.strays == (stray,)
    assert [file.path for file in landing.files] == ["2017-12/tax/good.csv"]


def test_links_are_not_followed_but_named(tmp_path):
    lay(tmp_path, "2017-12/tax/good.csv", "../elsewhere/tax/a.csv")
    landing = tmp_path / "landing"
    (landing / "2017-12" / "tax" / "link.csv").symlink_to(tmp_path / "elsewhere" / "tax" / "a.csv")
    (landing / "2017-12" / "tax" / "folder").symlink_to(tmp_path / "elsewhere")
    (landing / "2017-12" / "park").symlink_to(tmp_path / "elsewhere" / "tax")
    (landing / "2017-11").symlink_to(tmp_path / "elsewhere")
    found = scan(Home(tmp_path))
    assert [file.path for file in found.files] == ["2017-12/tax/good.csv"]
    assert found.strays == ("2017-11", "2017-12/park", "2017-12/tax/folder", "2017-12/tax/link.csv")


def test_a_pipe_is_no_file(tmp_path):
    lay(tmp_path, "2017-12/tax/good.csv")
    os.mkfifo(tmp_path / "landing" / "2017-12" / "tax" / "pipe.csv")
    assert scan(Home(tmp_path)).strays == ("2017-12/tax/pipe.csv",)


def test_a_name_whose_bytes_are_gbk_is_read_and_written_as_text(tmp_path):
    land(tmp_path, "tax", {"good.csv": csv_text(table("tax", {}))})
    folder = os.fsencode(tmp_path / "landing" / "2017-12" / "tax")
    for name in ("税务.csv", "说明.txt"):
        with open(folder + b"/" + name.encode("gbk"), "wb") as file:
            file.write(csv_text(table("tax", {})).encode())
    landing = scan(Home(tmp_path))
    assert landing.strays == ("2017-12/tax/说明.txt",)
    (files,) = landing.deliveries.values()
    assert [file.path for file in files] == ["2017-12/tax/good.csv", "2017-12/tax/税务.csv"]
    assert read_delivery(tmp_path / "landing", sources()["tax"], files, lists()).loads["rows_loaded"].to_list() == [1, 1]


def test_a_file_that_vanishes_meanwhile_is_said_plainly(tmp_path, monkeypatch):
    lay(tmp_path, "2017-12/tax/a.csv")

    def gone(path):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("pipelines.reading.landing.digest", gone)
    with pytest.raises(HomeUnfit, match=r"landing/2017-12/tax/a\.csv cannot be read \(Permission denied\)"):
        scan(Home(tmp_path))


def test_the_digest_sees_what_size_and_time_hide(tmp_path):
    lay(tmp_path, "2017-12/tax/a.csv")
    path = tmp_path / "landing" / "2017-12" / "tax" / "a.csv"
    before, times = scan(Home(tmp_path)).files, path.stat()
    path.write_bytes(path.read_bytes()[::-1])
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))
    (after,) = scan(Home(tmp_path)).files
    assert after == LandedFile("2017-12", "tax", "2017-12/tax/a.csv", hashlib.sha256(path.read_bytes()).hexdigest())
    assert (after.path, after.sha256 == before[0].sha256) == (before[0].path, False)
