"""Briefings in the outbox: which are due, when a new edition is written and when nothing is, and that nothing is ever overwritten."""

import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from data import outbox
from data.casework import Act, open_casework
from data.home import Home, HomeUnfit
from data.releases import NoSuchRelease, Release
from pipelines.briefing import writing
from pipelines.briefing.document import Document, Paragraph, Run, Section, Sentence
from tests.dashboards.releases_fixture import make_home, publish
from transforms.claims.claim import Claim, LeftOut

PERIOD = "2017-12"
DAY = date(2018, 1, 20)


@pytest.fixture(scope="module")
def published(tmp_path_factory) -> Path:
    return make_home(tmp_path_factory.mktemp("writing") / "home").path


@pytest.fixture
def home(published, tmp_path) -> Home:
    """Its releases are shared: they are only read."""
    path = tmp_path / "home"
    path.mkdir()
    for name in ("releases", "reference"):
        (path / name).symlink_to(published / name)
    return Home(path)


@pytest.fixture
def say(monkeypatch):
    """Documents of one sentence: say("text") is what they say from then on. Files hold their format and that text."""
    said = {"text": "one"}

    def compose(kind, known, words):
        subject = known.subject("org_coverage")
        quoted = known.city("org_coverage")
        sentence = Sentence(Claim("level", subject, "published", {"now": quoted}), (Run(said["text"], quoted.code),))
        section = Section("standing", "一", (Paragraph((sentence,)),), (LeftOut("rose", subject, "noise"),))
        head = ("office", f"title of {kind}", "under", "foot", "")
        return Document(kind, known.now.period, known.now.revision, words.lang, *head, (section,), units=kind == "half_year")

    monkeypatch.setattr(writing, "compose", compose)
    monkeypatch.setattr(writing, "set_in", lambda form, document: f"{form} {document.title} {said['text']}".encode())
    return lambda text: said.update(text=text)


def write(home: Home, *formats: str, period: str = PERIOD, kinds=("month",), **more) -> writing.Written:
    return writing.write(home, period, formats or outbox.FORMATS, kinds=kinds, today=DAY, **more)


def files(home: Home, period: str = PERIOD) -> dict[str, bytes]:
    """Everything that lies there, hidden or not."""
    return {path.name: path.read_bytes() for path in sorted(outbox.folder(home, period).iterdir())}


@pytest.mark.parametrize(
    ("period", "kinds"),
    [
        ("2017-01", ("month",)),
        ("2017-03", ("month", "quarter")),
        ("2017-06", ("month", "quarter", "half_year")),
        ("2017-09", ("month", "quarter")),
        ("2017-11", ("month",)),
        ("2017-12", ("month", "quarter", "half_year")),
    ],
)
def test_what_is_due_in_a_month(period, kinds):
    assert outbox.due(period) == kinds


def test_all_that_are_due_are_written_and_their_slips_say_what_they_say(home, say):
    written = write(home, kinds=outbox.KINDS)
    names = [f"{kind}_2017-12_r01" for kind in ("monthly", "quarterly", "half-yearly")]
    assert set(files(home)) == {f"{name}.{ending}" for name in names for ending in ("pdf", "docx", "xlsx", "json")}
    assert [each.is_new for each in written.editions] == [True] * 3
    month, quarter, half_year = sorted(outbox.slips(home), key=lambda slip: outbox.KINDS.index(slip.kind))
    assert [month.units, quarter.units, half_year.units] == [False, False, True]
    assert (month.kind, month.period, month.revision, month.edition, month.lang) == ("month", PERIOD, "r01", 1, "en")
    assert [row["text"] for row in month.sentences] == ["one"]
    assert [row["reason"] for row in month.left_out] == ["noise"]
    assert [row["code"] for row in month.quoted] == month.sentences[0]["codes"]
    assert outbox.verify(home) == (3, [])


def test_a_month_has_its_own_alone(home, say):
    assert [each.slip.kind for each in write(home, period="2017-11", kinds=outbox.KINDS).editions] == ["month"]


def test_what_says_the_same_is_not_written_again(home, say):
    write(home)
    before = {path: path.stat().st_mtime_ns for path in outbox.folder(home, PERIOD).iterdir()}
    again = write(home)
    assert {path: path.stat().st_mtime_ns for path in outbox.folder(home, PERIOD).iterdir()} == before
    assert [(each.added, each.is_new) for each in again.editions] == [((), False)]
    assert "says the same as before. Nothing was written" in again.lines()[0]


def test_what_says_something_else_stands_beside_it_as_a_further_edition(home, say):
    write(home, "pdf")
    before = files(home)
    say("two")
    write(home, "pdf")
    assert files(home).items() >= before.items()
    assert files(home)["monthly_2017-12_r01_2.pdf"].endswith(b"two")
    assert [slip.edition for slip in outbox.slips(home)] == [1, 2]
    # The newest is what counts: what was said before that is news again.
    say("one")
    assert write(home, "pdf").editions[0].slip.edition == 3


def test_a_new_release_and_the_other_language_have_editions_of_their_own(tmp_path, say, monkeypatch):
    home = make_home(tmp_path / "home", ("2017-11", PERIOD))
    write(home, "pdf")
    publish(home, PERIOD, "r02")
    assert write(home, "pdf").editions[0].slip.name == "monthly_2017-12_r02"
    monkeypatch.setenv("LIANGXIN_LANG", "zh")
    slip = write(home, "pdf").editions[0].slip
    assert (slip.name, slip.edition, slip.lang) == ("月统计_2017-12_r02", 1, "zh")
    assert outbox.verify(home) == (3, [])


def test_a_format_asked_for_later_is_added(home, say):
    write(home, "pdf")
    before = files(home)
    (edition,) = write(home, "docx", "pdf").editions
    assert (edition.added, edition.is_new) == (("docx",), False)
    after = files(home)
    assert set(after) - set(before) == {"monthly_2017-12_r01.docx"}
    assert after["monthly_2017-12_r01.pdf"] == before["monthly_2017-12_r01.pdf"]
    (slip,) = outbox.slips(home)
    assert list(slip.files) == ["pdf", "docx"] and outbox.verify(home) == (1, [])
    was = json.loads(before["monthly_2017-12_r01.json"])
    assert json.loads(after["monthly_2017-12_r01.json"]) | {"files": was["files"]} == was


def test_a_file_that_was_taken_away_is_put_back_as_it_was(home, say):
    write(home)
    before = files(home)
    (outbox.folder(home, PERIOD) / "monthly_2017-12_r01.docx").unlink()
    assert write(home).editions[0].added == ("docx",)
    assert files(home) == before


def test_or_not_under_its_name_where_it_would_be_another(home, say, monkeypatch):
    write(home)
    (outbox.folder(home, PERIOD) / "monthly_2017-12_r01.docx").unlink()
    monkeypatch.setattr(writing, "set_in", lambda form, document: b"set by a later version")
    assert write(home).editions[0].slip.name == "monthly_2017-12_r01_2"
    assert outbox.verify(home)[1][0].what == "the briefing’s file monthly_2017-12_r01.docx is missing"


def test_a_file_that_somebody_changed_is_left_to_them_and_named(home, say):
    write(home)
    path = outbox.folder(home, PERIOD) / "monthly_2017-12_r01.docx"
    path.write_bytes(b"edited")
    before = files(home)
    with pytest.raises(HomeUnfit, match=r"monthly_2017-12_r01.docx is not the one that was written. .* Move it elsewhere and run again"):
        write(home, kinds=("month", "quarter"))
    assert files(home).items() >= before.items()
    assert "quarterly_2017-12_r01.pdf" in files(home)  # the others are written all the same
    assert [each.added for each in write(home, "pdf").editions] == [()]  # and of those that are whole each is handed out
    for path in outbox.folder(home, PERIOD).glob("quarterly_*"):
        path.unlink()
    count, (problem,) = outbox.verify(home)
    assert (count, problem.period, problem.revision) == (1, PERIOD, "outbox")
    assert problem.what == "monthly_2017-12_r01.docx is not the one that was written (its digest differs)"


def test_files_of_others_are_never_touched(home, say):
    place = outbox.folder(home, PERIOD)
    place.mkdir(parents=True)
    others = {"monthly_2017-12_r01.pdf": b"a draft of somebody", "monthly_2017-12_r01_2.json": b"{", "notes.txt": b"notes"}
    for name, data in others.items():
        (place / name).write_bytes(data)
    assert write(home, "pdf").editions[0].slip.name == "monthly_2017-12_r01_3"
    assert files(home).items() >= others.items()
    count, problems = outbox.verify(home)
    assert count == 1 and [problem.what for problem in problems] == [
        "monthly_2017-12_r01.pdf has no slip: it is no briefing",
        "monthly_2017-12_r01_2.json is no slip of a briefing, or cannot be read",
    ]


def test_what_lies_there_while_a_file_is_open_in_word_is_no_stray(home, say):
    write(home)
    (outbox.folder(home, PERIOD) / "~$nthly_2017-12_r01.docx").write_bytes(b"somebody")
    assert outbox.verify(home) == (1, [])


def test_an_edition_that_somebody_took_away_is_missed(home, say):
    write(home, "pdf")
    say("two")
    write(home, "pdf")
    place = outbox.folder(home, PERIOD)
    (place / "monthly_2017-12_r01.json").unlink()
    assert [each.what for each in outbox.verify(home)[1]] == ["monthly_2017-12_r01.pdf has no slip: it is no briefing"]
    (place / "monthly_2017-12_r01.pdf").unlink()
    assert [each.what for each in outbox.verify(home)[1]] == ["the briefing monthly_2017-12_r01 is missing (a later edition is there)"]


def test_what_was_quoted_stays_as_it_was_written(home, say):
    write(home, "pdf")
    write(home, "docx")
    path = outbox.folder(home, PERIOD) / "monthly_2017-12_r01.json"
    slip = json.loads(path.read_text())
    for touched in ({"quoted": [slip["quoted"][0] | {"numerator": 7}]}, {"quoted": []}, {"created_at": "2001-01-01"}, {"own": ""}):
        path.write_text(json.dumps(slip | touched))
        (problem,) = outbox.verify(home)[1]
        assert problem.what == "monthly_2017-12_r01.json is not the one that was written (its digest differs)"
    path.write_text(json.dumps(slip))
    assert outbox.verify(home) == (1, [])


def test_days_that_pass_are_news_of_the_newest_month_alone(tmp_path, monkeypatch):
    monkeypatch.setattr(writing, "set_in", lambda form, document: b"set")
    home, month = make_home(tmp_path / "home", ("2016-12", "2017-10", "2017-11")), "2017-11"
    rows = Release(month, "r01", home.releases / month / "r01").table("findings").select("fingerprint", "rule").sort("fingerprint").rows()
    days = [date(2017, 12, 15), date(2017, 12, 25)]
    act = lambda name, rule, day: Act(name, rule, month, "assigned", "某人", assignee="某科", due=day)  # noqa: E731
    open_casework(home).add([act(*row, day) for row, day in zip(rows, days, strict=False)])
    written = lambda period, day: writing.write(home, period, ("xlsx",), kinds=("month",), today=day).editions[0].slip  # noqa: E731
    # A further edition where a day that was set has passed, and none for the days between.
    editions = [written(month, date(2017, 12, day)).edition for day in (15, 16, 17, 26)]
    assert editions == [1, 2, 2, 3]
    publish(home, PERIOD)
    # What stood there while it was the newest stays.
    assert written(month, date(2018, 3, 1)).edition == 3 and outbox.slips(home, month)[-1].due_on == "2017-12-26"
    # An older month that has none yet counts by its end, whenever it is written.
    assert [(each.edition, each.due_on) for each in (written("2017-10", date(2018, 3, day)) for day in (1, 2))] == [(1, "2017-10-31")] * 2


def test_a_slip_that_points_elsewhere_is_named(home, say):
    write(home, "pdf")
    path = outbox.folder(home, PERIOD) / "monthly_2017-12_r01.json"
    slip = json.loads(path.read_text())
    path.write_text(json.dumps(slip | {"files": {"pdf": ["../../reference/settings.toml", "0" * 64]}}))
    assert [problem.what for problem in outbox.verify(home)[1]] == ["monthly_2017-12_r01.json is no slip of a briefing, or cannot be read"]


def test_a_clock_that_was_set_back_puts_no_edition_before_the_one_that_it_follows(home, say, monkeypatch):
    write(home, "pdf")
    (first,) = outbox.slips(home)
    say("two")

    class Earlier(datetime):
        @classmethod
        def now(cls, zone=UTC):
            return datetime(2001, 1, 1, tzinfo=zone)

    monkeypatch.setattr(writing, "datetime", Earlier)
    write(home, "pdf")
    assert [slip.edition for slip in outbox.slips(home)] == [1, 2]
    assert outbox.slips(home)[1].created_at == first.created_at


def test_it_is_logged_before_it_counts_or_nothing_is_written(home, say):
    seen = []
    write(home, "pdf", log=lambda slip: seen.append((slip.kind, slip.edition, outbox.slips(home))))
    assert seen == [("month", 1, [])]
    write(home, "pdf", log=lambda slip: seen.append(slip))
    assert len(seen) == 1

    def refuse(slip):
        raise HomeUnfit("no log")

    before = files(home)
    with pytest.raises(HomeUnfit, match="no log"):
        write(home, "docx", log=refuse)
    assert files(home) == before


def test_a_month_that_is_not_published_makes_no_outbox(home, say):
    with pytest.raises(NoSuchRelease, match="2018-03 is not published"):
        write(home, period="2018-03")
    assert not (home.path / "outbox").exists()


def test_an_outbox_that_cannot_be_written_is_said_in_plain_words(home, say):
    (home.path / "outbox").write_text("a file")
    with pytest.raises(HomeUnfit, match="the briefing cannot be written into .*outbox.*rights"):
        write(home, "pdf")


def test_for_real_in_all_formats(home):
    written = write(home, kinds=outbox.KINDS)
    again = write(home, kinds=outbox.KINDS)
    assert [each.added for each in again.editions] == [()] * 3
    starts = {"pdf": b"%PDF", "docx": b"PK", "xlsx": b"PK"}
    for each in written.editions:
        for form, path in each.paths(outbox.FORMATS).items():
            assert Path(path).read_bytes().startswith(starts[form])
    assert outbox.verify(home) == (3, [])
    assert all(row["codes"] == [] or set(row["codes"]) <= {one["code"] for one in slip.quoted} for slip in outbox.slips(home)
               for row in slip.sentences)  # fmt: skip
