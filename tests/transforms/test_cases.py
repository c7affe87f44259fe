"""A case's course: what opens it, what closes it, what people can and cannot do about that."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import reduce

import duckdb
import narwhals as nw
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.acts import Act, Event, check
from data.periods import add_months, last_day
from tests.cities import computed, same
from transforms.cases import Case, Course, Sighting, case_of, follow, in_order, number, standing

START = datetime(2018, 2, 1, 9, tzinfo=UTC)
WORDS = {"seen": True, "gone": False, "not_run": None}


def moment(place: int, line: str) -> Sighting | Event:
    """A line as a moment: `2017-10 seen covered=12`, `2017-10 answered lag until=2017-12`, `2017-10 assigned 东屏区 due=2017-11-20`."""
    period, what, *rest = line.split()
    plain = [word for word in rest if "=" not in word]
    named = dict(word.split("=") for word in rest if "=" in word)
    at = START + timedelta(hours=place)
    if what in WORDS:
        facts = {name: int(value) if value.isdigit() else value for name, value in named.items()}
        return Sighting(period, f"r{place:02d}", at, WORDS[what], facts)
    bounds = {name: Decimal(named[name]) for name in ("low", "high") if name in named}
    act = Act(
        "f", "return_differs", period, what, "张三", assignee=plain[0] if what == "assigned" else None,
        disposition=plain[0] if what == "answered" else None, note=f"第{place}次",
        due=date.fromisoformat(named["due"]) if "due" in named else None,
        until=named.get("until"), fact="covered" if bounds else None, **bounds,
    )  # fmt: skip
    check(act)
    return Event(**vars(act), id=place, at=at)


def case(*lines: str, period: str | None = None) -> Case | None:
    """The case after these lines, as of the last one's month where no other is named."""
    moments = [moment(place, line) for place, line in enumerate(lines)]
    sightings = [each for each in moments if isinstance(each, Sighting)]
    events = [each for each in moments if isinstance(each, Event)]
    return case_of(sightings, events, period or moments[-1].period)


def said(found: Case) -> str:
    marks = {"reopened": found.reopened, "lapsed": found.lapsed}
    return " ".join([found.status, *(mark for mark, so in marks.items() if so)])


COURSES = {
    "it closes by itself when the data are mended": """
        2017-10 seen                           > open
        2017-10 assigned 东屏区                 > assigned
        2017-10 answered entry                 > answered
        2017-11 seen                           > answered
        2017-12 gone                           > closed
    """,
    "what was not run says nothing": """
        2017-10 seen                           > open
        2017-11 not_run                        > open
        2017-12 seen                           > open
        2018-01 not_run                        > open
        2018-02 gone                           > closed
        2018-03 not_run                        > closed
    """,
    "a new round knows nothing of assignment and answer": """
        2017-10 seen                           > open
        2017-10 assigned 东屏区                 > assigned
        2017-10 answered entry                 > answered
        2017-11 gone                           > closed
        2017-12 seen                           > open reopened
        2017-12 assigned 西浦区                 > assigned reopened
    """,
    "an answer that is returned goes back to whom it was given": """
        2017-10 seen                           > open
        2017-10 answered true                  > answered
        2017-10 returned                       > open
        2017-10 assigned 东屏区                 > assigned
        2017-10 answered true                  > answered
        2017-10 returned                       > assigned
    """,
    "an explanation ends after its last month": """
        2017-10 seen                           > open
        2017-10 answered lag until=2017-12     > explained
        2017-11 seen                           > explained
        2017-12 seen                           > explained
        2018-01 seen                           > open lapsed
        2018-01 answered lag until=2018-02     > explained
        2018-02 not_run                        > explained
        2018-03 gone                           > closed
    """,
    "an explanation is left where the figure leaves its bound, and does not come back by itself": """
        2017-10 seen covered=12                > open
        2017-10 answered definition low=10 high=15 > explained
        2017-11 seen covered=15                > explained
        2017-12 seen covered=16                > open lapsed
        2018-01 seen covered=12                > open lapsed
        2018-01 assigned 东屏区                 > assigned
    """,
    "an explanation is left where the figure is gone, or is no number": """
        2017-10 seen covered=12                > open
        2017-10 answered definition low=10     > explained
        2017-11 seen                           > open lapsed
        2017-11 answered definition low=10     > answered
        2017-12 seen covered=many              > answered
    """,
    "within its bound it stays explained even when it went away and came back": """
        2017-10 seen covered=12                > open
        2017-10 assigned 东屏区                 > assigned
        2017-10 answered true high=12          > explained
        2017-11 gone                           > closed
        2017-12 seen covered=11                > explained reopened
        2018-01 gone                           > closed reopened
        2018-02 seen covered=13                > open reopened lapsed
        2018-03 gone                           > closed reopened
        2018-04 seen covered=12                > open reopened
    """,
    "a figure outside what is said of it is answered, not explained": """
        2017-10 seen covered=12                > open
        2017-10 answered lag high=11           > answered
        2017-11 seen covered=11                > answered
    """,
    "the last answer counts": """
        2017-10 seen covered=12                > open
        2017-10 answered lag until=2018-12     > explained
        2017-10 answered entry                 > answered
        2017-11 seen covered=12                > answered
        2017-12 gone                           > closed
        2018-01 seen covered=12                > open reopened
    """,
    "who gives a case out again, or returns its answer, ends the explanation": """
        2017-10 seen                           > open
        2017-10 answered lag until=2018-12     > explained
        2017-10 assigned 东屏区                 > assigned
        2017-11 seen                           > assigned
        2017-11 answered lag until=2018-12     > explained
        2017-11 returned                       > assigned
        2017-12 gone                           > closed
        2018-01 seen                           > open reopened
    """,
    "what is closed is opened by the data alone, and an explanation given late still holds": """
        2017-10 seen                           > open
        2017-11 gone                           > closed
        2017-11 assigned 东屏区                 > closed
        2017-11 answered lag until=2018-03     > closed
        2017-12 seen                           > explained reopened
    """,
    "a month published anew changes the course from there on": """
        2017-10 seen                           > open
        2017-10 gone                           > closed
        2017-11 seen                           > open reopened
        2017-12 gone                           > closed reopened
    """,
    "a revision that the same month takes back closes nothing, and whoever has the case keeps it": """
        2017-10 seen                           > open
        2017-11 assigned 东屏区                 > assigned
        2017-11 gone                           > closed
        2017-11 seen                           > assigned
        2017-11 gone                           > closed
        2017-11 answered entry                 > closed
        2017-11 seen                           > answered
        2017-12 gone                           > closed
        2018-01 seen                           > open reopened
    """,
}


@pytest.mark.parametrize("name", COURSES)
def test_the_course_of_a_case(name):
    lines = [line.split(">") for line in COURSES[name].strip().splitlines()]
    known = [line for line, _ in lines]
    for place, (line, expected) in enumerate(lines, start=1):
        assert said(case(*known[:place])) == expected.strip(), line


def test_before_it_was_seen_there_is_no_case():
    assert case("2017-10 gone", "2017-11 not_run") is None
    assert case("2017-10 not_run", "2017-11 seen", period="2017-10") is None


def test_as_of_a_month_what_speaks_of_later_ones_does_not_count():
    lines = "2017-10 seen", "2017-10 assigned 东屏区", "2017-11 seen", "2017-11 answered entry", "2017-12 gone"
    assert [said(case(*lines, period=period)) for period in ("2017-10", "2017-11", "2017-12")] == ["assigned", "answered", "closed"]


def test_what_is_said_late_of_an_earlier_month_counts_from_that_month_on():
    found = case("2017-10 seen", "2017-11 seen", "2017-12 seen", "2017-10 answered lag until=2017-11", period="2017-11")
    assert said(found) == "explained"
    later = case("2017-10 seen", "2017-11 seen", "2017-12 seen", "2017-10 answered lag until=2017-11", period="2017-12")
    assert said(later) == "open lapsed"


def test_days_are_counted_from_report_day_to_report_day_of_the_present_round():
    assert case("2017-10 seen").days == 0
    assert case("2017-10 seen", "2017-12 seen").days == 61
    assert case("2017-10 seen", period="2017-12").days == 61
    closed = case("2017-10 seen", "2017-11 gone", period="2018-06")
    assert (closed.opened, closed.closed, closed.days) == ("2017-10", "2017-11", 30)
    again = case("2017-10 seen", "2017-11 gone", "2018-01 seen", "2018-02 seen")
    assert (again.opened, again.closed, again.days, again.rounds) == ("2018-01", None, 28, 2)


def test_mended_by_a_later_revision_of_the_same_month_it_took_no_day():
    found = case("2017-10 seen", "2017-10 gone")
    assert (found.status, found.closed, found.days) == ("closed", "2017-10", 0)


def test_a_day_that_was_set_holds_until_somebody_answers():
    lines = ["2017-10 seen", "2017-10 assigned 东屏区 due=2017-11-20"]
    assert case(*lines).due == date(2017, 11, 20)
    assert not case(*lines).overdue(date(2017, 11, 20))
    assert case(*lines).overdue(date(2017, 11, 21))
    assert not case(*lines, "2017-10 answered entry").overdue(date(2018, 1, 1))
    assert case(*lines, "2017-10 answered pending").overdue(date(2017, 11, 21))
    assert case(*lines, "2017-10 answered entry due=2017-12-15").overdue(date(2017, 12, 16))
    assert case(*lines, "2017-10 answered entry", "2017-10 returned").due == date(2017, 11, 20)
    assert case(*lines, "2017-10 answered entry", "2017-10 returned due=2017-12-01").due == date(2017, 12, 1)
    assert not case(*lines, "2017-11 gone").overdue(date(2018, 1, 1))
    assert not case(*lines, "2017-10 answered lag due=2017-10-31 until=2017-12").overdue(date(2018, 1, 1))


def test_the_last_acts_are_what_the_case_shows():
    found = case("2017-10 seen covered=12", "2017-10 assigned 东屏区", "2017-10 answered definition low=10 high=15 until=2018-03")
    assert (found.assignee, found.disposition, found.note) == ("东屏区", "definition", "第2次")
    assert (found.fact, found.low, found.high, found.until) == ("covered", 10, 15, "2018-03")
    back = case(
        "2017-10 seen covered=12", "2017-10 assigned 东屏区", "2017-10 answered lag low=10", "2017-11 gone", "2017-12 seen covered=12"
    )
    assert (back.assignee, back.disposition, back.note, back.low) == (None, "lag", "第2次", 10)
    forgotten = case("2017-10 seen", "2017-10 assigned 东屏区", "2017-10 answered entry", "2017-11 gone", "2017-12 seen")
    assert (forgotten.assignee, forgotten.disposition, forgotten.note) == (None, None, None)


def test_steps_tell_the_changes_and_leave_out_what_stays():
    found = case(
        "2017-09 gone", "2017-10 seen", "2017-11 seen", "2017-11 answered lag until=2017-12", "2017-12 not_run", "2018-01 not_run",
        "2018-02 seen", "2018-03 gone", "2018-04 gone", "2018-05 not_run", "2018-06 seen",
    )  # fmt: skip
    assert [(step.period, step.what) for step in found.steps] == [
        ("2017-10", "found"),
        ("2017-11", "answered"),
        ("2017-12", "not_run"),
        ("2018-02", "lapsed"),
        ("2018-03", "gone"),
        ("2018-06", "back"),
    ]
    assert [step.event is not None for step in found.steps] == [False, True, False, False, False, False]


@pytest.mark.parametrize(
    ("fact", "figure"),
    [(3, 3), (0.5, Decimal("0.5")), ("12345.678", Decimal("12345.678")), (True, None), ("2017-12-31", None), ("NaN", None), (None, None)],
)
def test_figures_of_the_evidence_are_numbers_or_not(fact, figure):
    assert number(fact) == figure


# -- What holds of any history

briefly = settings(max_examples=50, deadline=None)
PERIODS = [add_months("2017-09", months) for months in range(6)]
ACTS = ["assigned 甲", "assigned 乙 due=2018-03-01", "returned", "answered entry", "answered pending", "answered true",
        "answered lag until=2018-02", "answered definition low=3", "answered true low=2 high=6 until=2018-02"]  # fmt: skip
SIGHTINGS = [*(f"seen covered={figure}" for figure in range(1, 9, 2)), "seen", "gone", "gone", "gone", "not_run"]


@st.composite
def histories(draw, what=tuple(ACTS + 2 * SIGHTINGS)) -> list[Sighting | Event]:
    """Moments in their order: the months rise, and within a month the hours."""
    said = draw(st.lists(st.tuples(st.sampled_from(PERIODS), st.sampled_from(what)), max_size=14))
    said.sort(key=lambda each: each[0])
    return [moment(place, f"{period} {words}") for place, (period, words) in enumerate(said)]


def as_of(moments: list[Sighting | Event], period: str = PERIODS[-1]) -> Case | None:
    return case_of([m for m in moments if isinstance(m, Sighting)], [m for m in moments if isinstance(m, Event)], period)


@briefly
@given(moments=histories(), data=st.data())
def test_a_history_may_be_followed_in_any_parts_and_told_in_any_order(moments, data):
    cut = data.draw(st.integers(0, len(moments)))
    half = reduce(follow, moments[:cut], Course())
    whole = reduce(follow, moments[cut:], half)
    assert (whole.case(PERIODS[-1]) if whole.rounds else None) == as_of(moments)
    assert as_of(data.draw(st.permutations(moments))) == as_of(moments)


@briefly
@given(moments=histories(), period=st.sampled_from(PERIODS))
def test_a_month_looked_back_at_is_as_it_was_then(moments, period):
    then = [each for each in moments if each.period <= period]
    assert as_of(moments, period) == as_of(then, period)
    assert in_order(*([m for m in moments if isinstance(m, kind)] for kind in (Sighting, Event)), period) == then


@briefly
@given(moments=histories())
def test_acts_neither_open_nor_close_a_case(moments):
    found, alone = as_of(moments), as_of([each for each in moments if isinstance(each, Sighting)])
    assert (found is None) == (alone is None)
    if found:
        assert (found.status == "closed") == (alone.status == "closed")
        assert (found.opened, found.closed, found.days, found.rounds) == (alone.opened, alone.closed, alone.days, alone.rounds)


@briefly
@given(moments=histories())
def test_closing_needs_a_run_of_the_rule_that_did_not_see_it(moments):
    found = as_of(moments)
    if found and found.status == "closed":
        assert any(isinstance(each, Sighting) and each.seen is False and each.period == found.closed for each in moments)
    without = as_of([each for each in moments if not (isinstance(each, Sighting) and each.seen is False)])
    assert without is None or (without.status != "closed" and without.closed is None and without.rounds == 1)


@briefly
@given(moments=histories())
def test_what_was_not_run_changes_nothing(moments):
    def apart_from_steps(found: Case | None) -> dict | None:
        return found and {name: value for name, value in vars(found).items() if name != "steps"}

    run = [each for each in moments if isinstance(each, Event) or each.seen is not None]
    assert apart_from_steps(as_of(moments)) == apart_from_steps(as_of(run))


@briefly
@given(moments=histories())
def test_what_is_explained_lies_within_its_explanation(moments):
    found = as_of(moments)
    if found and found.status == "explained":
        last = [each for each in moments if isinstance(each, Sighting) and each.seen][-1]
        assert found.until is None or last.period <= found.until
        if found.fact:
            assert (found.low or 0) <= last.facts["covered"] <= (found.high or 99)
        assert not found.lapsed


@briefly
@given(moments=histories(), data=st.data())
def test_the_same_sighting_again_changes_nothing(moments, data):
    again = [each for each in moments for _ in range(2 if isinstance(each, Sighting) and data.draw(st.booleans()) else 1)]
    assert as_of(again) == as_of(moments)


# -- All findings at once


def frames(runs: pl.DataFrame, sightings: pl.DataFrame, engine: str = "polars") -> tuple[nw.LazyFrame, nw.LazyFrame]:
    if engine == "polars":
        return nw.from_native(sightings.lazy()), nw.from_native(runs.lazy())
    connection = duckdb.connect()
    for name, frame in (("runs", runs), ("sightings", sightings)):
        connection.register("incoming", frame.to_arrow())
        connection.execute(f"CREATE TABLE {name} AS FROM incoming")
    return nw.from_native(connection.table("sightings")), nw.from_native(connection.table("runs"))


RUNS = pl.DataFrame(
    [
        ("link", "2017-10", "r01", START),
        ("link", "2017-11", "r99", START),
        ("link", "2017-11", "r100", START),  # in the same second
        ("link", "2018-02", "r01", START),
        ("tax", "2017-10", "r01", START),
        ("tax", "2018-02", "r01", START),  # not run in between
    ],
    schema=["rule", "period", "revision", "at"],
    orient="row",
)
SEEN = pl.DataFrame(
    [
        ("stands", "link", "2017-10", "r01"), ("stands", "link", "2017-11", "r99"), ("stands", "link", "2017-11", "r100"),
        ("stands", "link", "2018-02", "r01"),
        ("mended", "link", "2017-11", "r99"),
        ("back", "link", "2017-10", "r01"), ("back", "link", "2018-02", "r01"),
        ("closed", "link", "2017-10", "r01"), ("closed", "link", "2017-11", "r99"), ("closed", "link", "2017-11", "r100"),
        ("new", "link", "2018-02", "r01"),
        ("unseen", "tax", "2017-10", "r01"),
    ],
    schema=["fingerprint", "rule", "period", "revision"],
    orient="row",
)  # fmt: skip


@pytest.mark.parametrize("engine", ["polars", "duckdb"])
def test_all_findings_stand_as_the_data_have_them(engine):
    def on(period: str) -> nw.LazyFrame:
        return standing(*frames(RUNS, SEEN, engine), period)

    same(
        on("2018-02"),
        """
        fingerprint rule rounds opened  closed  days
        stands      link 1      2017-10 .       120
        mended      link 1      2017-11 2017-11 0
        back        link 2      2018-02 .       0
        closed      link 1      2017-10 2018-02 120
        new         link 1      2018-02 .       0
        unseen      tax  1      2017-10 2018-02 120
        """,
    )
    same(
        on("2017-12"),
        """
        fingerprint rule rounds opened  closed  days
        stands      link 1      2017-10 .       61
        mended      link 1      2017-11 2017-11 0
        back        link 1      2017-10 2017-11 30
        closed      link 1      2017-10 .       61
        unseen      tax  1      2017-10 .       61
        """,
    )


@st.composite
def seen_by_rules(draw) -> tuple[pl.DataFrame, pl.DataFrame, dict[tuple[str, str], list[Sighting]]]:
    """Runs, sightings, and for each finding the same as moments."""
    releases = [(period, f"r{number:02d}") for period in PERIODS for number in range(1, draw(st.integers(0, 2)) + 1)]
    runs, seen, moments = [], [], {}
    for rule in "ab":
        for hour, (period, revision) in enumerate(releases):
            at, was_run = START + timedelta(hours=hour), draw(st.integers(0, 4)) > 0
            if was_run:
                runs.append((rule, period, revision, at))
            for name in "xyz":
                sees = draw(st.booleans()) if was_run else None
                moments.setdefault((rule + name, rule), []).append(Sighting(period, revision, at, sees))
                if sees:
                    seen.append((rule + name, rule, period, revision))
    types = {"rule": pl.String, "period": pl.String, "revision": pl.String}
    run_frame = pl.DataFrame(draw(st.permutations(runs)), schema=types | {"at": pl.Datetime("us", "UTC")}, orient="row")
    return run_frame, pl.DataFrame(draw(st.permutations(seen)), schema={"fingerprint": pl.String} | types, orient="row"), moments


@briefly
@given(histories=seen_by_rules(), period=st.sampled_from(PERIODS))
def test_standing_is_the_case_without_events(histories, period):
    runs, seen, moments = histories
    expected = []
    for (fingerprint, rule), sightings in moments.items():
        found = case_of(sightings, [], period)
        if found:
            expected.append((fingerprint, rule, found.rounds, found.opened, found.closed, found.days))
    assert sorted(computed(standing(*frames(runs, seen), period)).rows()) == sorted(expected)


def test_days_are_those_of_the_calendar():
    periods = [add_months("1999-01", months) for months in range(1300)]
    runs = pl.DataFrame({"rule": "a", "period": periods, "revision": "r01", "at": START})
    seen = pl.DataFrame({"fingerprint": periods, "rule": "a", "period": periods, "revision": "r01"})
    days = dict(computed(standing(*frames(runs, seen), periods[-1]).select("fingerprint", "days")).rows())
    closing = [*periods[1:], periods[-1]]
    assert days == {period: (last_day(after) - last_day(period)).days for period, after in zip(periods, closing, strict=True)}
