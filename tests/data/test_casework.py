"""The casework's store, as an SQLite file and as a real PostgreSQL database: nothing that was stored is lost, or changed."""

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data import casework_tables
from data.acts import DISPOSITIONS, EXPLAINS, FARTHEST, KINDS, Act, ActRefused, boundable, check
from data.casework import POSTGRESQL, SQLITE, VARIABLE, Casework, open_casework
from data.home import Home, HomeUnfit
from data.periods import add_months, last_day
from tests.postgres import server

ROOT = Path(__file__).parents[2]
ASSIGNED = Act("f1", "return_parts", "2017-12", "assigned", "张三", assignee="东屏区", due=date(2018, 1, 31))
ANSWERED = Act("f1", "return_parts", "2017-12", "answered", "李四", disposition="entry", note="填报笔误，\n下月更正")
EXPLAINED = replace(ANSWERED, fingerprint="f2", disposition="lag", until="2018-03", fact="covered", low=Decimal("0.10"), high=Decimal(30))
RETURNED = Act("f1", "return_parts", "2018-01", "returned", "张三", note="请附凭证")


@pytest.fixture(scope="module")
def new_database():
    with server() as database:
        yield database


@pytest.fixture(params=[SQLITE, POSTGRESQL])
def casework(request, tmp_path, monkeypatch) -> Casework:
    """An empty store of either kind, found as a home finds it."""
    home = Home(tmp_path / "a home, 市")
    if request.param == POSTGRESQL:
        home.secrets.mkdir(parents=True)
        (home.secrets / "casework.url").write_text(request.getfixturevalue("new_database")() + "\n")
    monkeypatch.delenv(VARIABLE, raising=False)
    return open_casework(home)


def tables_of(casework: Casework) -> sa.Engine:
    """Past everything of ours, as another program could open the store."""
    if casework.kind == SQLITE:
        return sa.create_engine(f"sqlite:///{casework.place}", poolclass=sa.pool.NullPool)
    return casework_tables.postgresql_engine(casework.place)


# Every process of its own begins with this: what it was given is in sys.argv[3:].
START = """
import os, signal, sys
from pathlib import Path
from data.casework import Act, Casework
from data.home import HomeUnfit
kind, place = sys.argv[1:3]
casework = Casework(kind, Path(place) if kind == "sqlite" else place)
act = lambda name: Act(f"f{name}", "return_parts", "2017-12", "returned", "someone")
say = lambda text: print(text, flush=True)
"""


def command(script: str, casework: Casework, *arguments: object) -> list[str]:
    return [sys.executable, "-c", START + script, casework.kind, str(casework.place), *map(str, arguments)]


def begin(words: list[str]) -> subprocess.Popen:
    return subprocess.Popen(
        words,
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


# -- What goes in comes out


def test_an_empty_store_is_made_by_the_first_act_and_not_by_looking(casework):
    assert casework.last == 0
    assert casework.events() == []
    assert casework.events(["f1"]) == []
    assert casework.add([]) == []
    if casework.kind == SQLITE:
        assert not casework.place.exists()
    else:
        assert sa.inspect(tables_of(casework)).get_table_names() == []


def test_acts_are_numbered_and_come_back_as_they_were_said(casework):
    before = datetime.now(UTC)
    first = casework.add([ASSIGNED, EXPLAINED])
    second = casework.add([ANSWERED])
    assert [event.id for event in first + second] == [1, 2, 3]
    assert casework.last == 3
    assert casework.events() == first + second
    assert casework.events(["f2"]) == [first[1]]
    assert casework.events({"f1", "no such"}) == [first[0], second[0]]
    assert casework.events([f"no {number}" for number in range(40_000)] + ["f2"]) == [first[1]]
    stored = {name: value for name, value in asdict(casework.events()[1]).items() if name not in ("id", "at")}
    assert Act(**stored) == EXPLAINED
    assert first[0].at == first[1].at <= second[0].at
    assert before <= first[0].at <= datetime.now(UTC)
    assert second[0].at.utcoffset() == timedelta(0)


def test_a_clock_set_back_does_not_put_an_act_before_those_that_it_follows(casework):
    noon = datetime(2018, 1, 2, 12, tzinfo=UTC)
    late, early = (Casework(casework.kind, casework.place, clock=lambda at=at: at) for at in (noon, noon - timedelta(hours=3)))
    late.add([ASSIGNED])
    assert early.add([ANSWERED])[0].at == noon


TEXT = st.text(st.characters(exclude_categories=["Cc", "Cf", "Cs", "Nd", "No", "Zl", "Zp"]), min_size=1, max_size=40).filter(str.strip)
PERIODS = st.dates(date(2000, 1, 1), date(2090, 1, 1)).map(lambda day: f"{day:%Y-%m}")


@st.composite
def acts(draw) -> Act:
    kind = draw(st.sampled_from(KINDS))
    act = Act("f" + draw(st.from_regex("[0-9a-f]{8}", fullmatch=True)), "return_parts", draw(PERIODS), kind, draw(TEXT))
    act = replace(
        act, due=draw(st.none() | st.dates(last_day(act.period))), note=draw(TEXT), through=draw(st.sampled_from(["page", "book"]))
    )
    if kind == "assigned":
        return replace(act, assignee=draw(TEXT))
    if kind == "returned":
        return act
    act = replace(act, disposition=draw(st.sampled_from(DISPOSITIONS)))
    if act.disposition not in EXPLAINS:
        return act
    low, high = sorted(draw(st.tuples(NUMBERS, NUMBERS)))
    act = replace(act, until=draw(st.none() | st.integers(0, FARTHEST).map(lambda months: add_months(act.period, months))))
    return draw(st.sampled_from([act, replace(act, fact="covered", low=low), replace(act, fact="covered", low=low, high=high)]))


NUMBERS = st.decimals(-(10**9), 10**9, allow_nan=False, places=4)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(said=st.lists(acts(), min_size=1, max_size=4))
def test_whatever_may_be_said_is_kept_to_the_letter(casework, said):
    before = casework.last
    stored = casework.add(said)
    kept = casework.events()[before:]
    assert kept == stored
    assert [Act(**{name: value for name, value in asdict(event).items() if name not in ("id", "at")}) for event in kept] == said


def test_what_is_no_fingerprint_is_asked_for_and_not_found(casework):
    stored = casework.add([ASSIGNED])
    assert casework.events(["f1", "f\x001", "\ud800", "f1' --"]) == stored
    assert casework.events(["\x00"]) == []


# -- Only ever added to


def test_one_act_that_is_refused_keeps_all_of_them_out(casework):
    casework.add([ASSIGNED])
    with pytest.raises(ActRefused):
        casework.add([ANSWERED, replace(ANSWERED, note=None)])
    assert casework.last == 1


def repeated(act: Act, events: list) -> bool:
    return bool(events) and events[-1].kind == act.kind


def test_an_act_may_be_left_out_by_what_its_finding_has_so_far(casework):
    assert casework.add([], unless=repeated) == []
    other = replace(ANSWERED, fingerprint="f2")
    first = casework.add([ANSWERED, replace(ANSWERED, note="再说一次"), other], unless=repeated)
    assert [(event.id, event.fingerprint, event.note) for event in first] == [(1, "f1", ANSWERED.note), (2, "f2", ANSWERED.note)]
    assert casework.add([ANSWERED, other], unless=repeated) == []
    assert [event.id for event in casework.add([RETURNED, ANSWERED, other], unless=repeated)] == [3, 4]
    assert casework.last == 4


def test_where_all_are_left_out_nothing_is_made(casework):
    assert casework.add([ANSWERED], unless=lambda act, events: True) == []
    assert casework.rehearse() is False
    assert casework.events() == []


TAMPERING = {
    "changed": "UPDATE casework_events SET note = 'x' WHERE id = 1",
    "changed where nothing is": "UPDATE casework_events SET who = 'x'",
    "removed": "DELETE FROM casework_events WHERE id = 2",
    "all removed": {SQLITE: "DELETE FROM casework_events", POSTGRESQL: "TRUNCATE casework_events"},
    "replaced": {
        SQLITE: "INSERT OR REPLACE INTO casework_events SELECT * FROM casework_events WHERE id = 1",
        POSTGRESQL: "INSERT INTO casework_events SELECT * FROM casework_events WHERE id = 1 ON CONFLICT (id) DO UPDATE SET who = 'x'",
    },
    "put in again": "INSERT INTO casework_events SELECT * FROM casework_events WHERE id = 1",
}


@pytest.mark.parametrize("how", TAMPERING)
def test_the_store_itself_refuses_that_anything_is(casework, how):
    stored = casework.add([ASSIGNED, ANSWERED])
    statement = TAMPERING[how] if isinstance(TAMPERING[how], str) else TAMPERING[how][casework.kind]
    with pytest.raises(sa.exc.DatabaseError, match="append only|duplicate key"), tables_of(casework).begin() as connection:
        connection.exec_driver_sql(statement)
    assert casework.events() == stored


def test_a_rehearsal_stores_nothing(casework):
    assert casework.rehearse() is False
    stored = casework.add([ASSIGNED])
    assert casework.rehearse() is True
    assert casework.events() == stored
    assert casework.add([ANSWERED])[0].id == 2


# -- Two at once, killed, full, gone

ADD_IN_PAIRS = """
for number in range(int(sys.argv[4])):
    casework.add([act(sys.argv[3]), act(sys.argv[3])])
"""


def test_two_processes_that_add_at_once_lose_nothing(casework):
    pairs = 15
    both = [begin(command(ADD_IN_PAIRS, casework, name, pairs)) for name in "ab"]
    assert [process.communicate()[1] for process in both] == ["", ""]
    stored = casework.events()
    assert [event.id for event in stored] == list(range(1, 4 * pairs + 1))
    names = [event.fingerprint for event in stored]
    assert names.count("fa") == names.count("fb") == 2 * pairs
    assert all(first == second for first, second in zip(names[::2], names[1::2], strict=True)), "a pair was parted"


ANSWER_ONCE = """
say("ready")
sys.stdin.readline()
print(len(casework.add([act(name) for name in range(40)], unless=lambda act, events: bool(events))))
"""


def test_two_processes_that_add_what_is_not_there_yet_add_it_once(casework):
    both = [begin(command(ANSWER_ONCE, casework)) for _ in range(2)]
    for process in both:
        assert process.stdout.readline() == "ready\n", process.stderr.read()
    for process in both:
        process.stdin.write("\n")
        process.stdin.flush()
    assert sorted(process.communicate()[0] for process in both) == ["0\n", "40\n"]
    assert len(casework.events()) == 40


def test_a_database_that_repeats_its_reads_by_default_takes_turns_all_the_same(new_database):
    casework = Casework(POSTGRESQL, new_database())
    casework.add([ASSIGNED])
    engine = tables_of(casework)
    with engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection, ThreadPoolExecutor(1) as other:
        name = connection.exec_driver_sql("SELECT current_database()").scalar()
        connection.exec_driver_sql(f"ALTER DATABASE {name} SET default_transaction_isolation = 'repeatable read'")
        engine.pool.dispose()
        later = []

        def another_writer_waits(act: Act, events: list) -> bool:
            later.append(other.submit(casework.add, [RETURNED]))
            while not connection.exec_driver_sql("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted").scalar():
                assert not later[0].done(), later[0].exception()
            return False

        assert casework.add([ANSWERED], unless=another_writer_waits)[0].id == 2
        assert later[0].result()[0].id == 3


DIE = """
import sqlalchemy as sa
moment = sys.argv[3]
die = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
if moment in ("before the commit", "after the commit"):
    from sqlalchemy.engine.default import DefaultDialect
    real = DefaultDialect.do_commit
    def commit(self, connection):
        if moment == "before the commit": die()
        real(self, connection)
        die()
    DefaultDialect.do_commit = commit
else:
    def after(connection, cursor, statement, *_):
        if statement.startswith(moment): die()
    sa.event.listen(sa.Engine, "after_cursor_execute", after)
casework.add([act("k"), act("k")])
"""


@pytest.mark.parametrize(
    ("act", "moment"),
    [
        ("first", "CREATE TRIGGER"),
        ("first", "before the commit"),
        ("later", "INSERT INTO casework_events"),
        ("later", "after the commit"),
    ],
)
def test_killed_in_the_midst_of_writing_leaves_all_or_nothing(casework, act, moment):
    stored = casework.add([ASSIGNED]) if act == "later" else []
    process = begin(command(DIE, casework, moment))
    said = process.communicate()[1]
    assert process.returncode == -signal.SIGKILL, said
    written = casework.events()[len(stored) :]
    assert [event.fingerprint for event in written] == (["fk", "fk"] if moment == "after the commit" else [])
    assert casework.add([RETURNED])[0].id == len(stored) + len(written) + 1


ADD_FOR_EVER = """
while True:
    say(casework.add([act("k")] * 30)[-1].id)
"""


def test_killed_at_any_moment_keeps_what_was_confirmed(casework):
    process = begin(command(ADD_FOR_EVER, casework))
    first = process.stdout.readline()
    time.sleep(random.random() * 0.3)  # another moment at every run of the tests: it has to hold at each
    process.kill()
    confirmed = int((first + process.stdout.read()).splitlines()[-1])
    process.communicate()
    stored = [event.id for event in casework.events()]
    assert stored in (list(range(1, confirmed + 1)), list(range(1, confirmed + 31)))


FILL = """
try:
    while casework.last < 5000:
        casework.add([act("x" * 50)] * 7)
except HomeUnfit as unfit:
    say(f"{casework.last} {len(casework.events())} {unfit}")
os.system(f"mount -o remount,size=1m {sys.argv[3]}")
say(casework.add([act("more")])[0].id)
"""


def test_a_full_disk_is_said_in_one_line_and_loses_nothing(tmp_path):
    disk = tmp_path / "disk"
    disk.mkdir()
    inside = Casework(SQLITE, disk / "casework.sqlite")
    # A file system of its own, of a few pages.
    mounted = 'mount -t tmpfs -o size=$1 tmpfs "$2" && shift 2 && exec "$@"'
    process = begin(["unshare", "-rm", "sh", "-c", mounted, "sh", "128k", str(disk), *command(FILL, inside, disk)])
    out, err = process.communicate()
    assert process.returncode == 0, err
    full, more = out.splitlines()
    last, count, *line = full.split(" ", 2)
    assert int(last) == int(count) > 0
    assert int(last) % 7 == 0
    assert "disk is full" in line[0] and "Nothing was stored" in line[0]
    assert int(more) == int(last) + 1


def test_a_server_that_drops_the_connection_is_said_in_one_line_and_forgotten(new_database):
    casework = Casework(POSTGRESQL, new_database())
    casework.add([ASSIGNED])
    engine = casework_tables.postgresql_engine(casework.place)

    def drop(connection, cursor, statement, *_):
        if statement.startswith("INSERT INTO casework_events"):
            with tables_of(casework).connect() as other:
                other.exec_driver_sql(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname = current_database()"
                )

    sa.event.listen(engine, "after_cursor_execute", drop)
    with pytest.raises(HomeUnfit, match="cannot be used .*Look whether it was stored"):
        casework.add([ANSWERED])
    sa.event.remove(engine, "after_cursor_execute", drop)
    assert casework.last == 1
    assert casework.add([ANSWERED])[0].id == 2


def test_another_writer_that_holds_the_file_is_waited_for_and_then_named(tmp_path, monkeypatch):
    monkeypatch.setattr(casework_tables, "WAIT_SECONDS", 0.1)
    casework = Casework(SQLITE, tmp_path / "casework.sqlite")
    casework.add([ASSIGNED])
    with tables_of(casework).connect() as other:
        other.exec_driver_sql("BEGIN IMMEDIATE")
        assert casework.last == 1
        with pytest.raises(HomeUnfit, match="Another program is writing"):
            casework.add([ANSWERED])


# -- Where it lies, and who wrote it


def test_a_store_of_a_newer_program_is_left_alone(casework):
    casework.add([ASSIGNED])
    with tables_of(casework).begin() as connection:
        connection.execute(sa.update(casework_tables.version).values(version=casework_tables.VERSION + 1))
    for use in (casework.events, lambda: casework.last, lambda: casework.add([ANSWERED]), casework.rehearse):
        with pytest.raises(HomeUnfit, match="newer program"):
            use()


def test_a_file_that_is_no_store_is_named(tmp_path):
    casework = open_casework(Home(tmp_path))
    casework.place.write_bytes(b"PK\x03\x04" * 500)
    for use in (casework.events, lambda: casework.add([ASSIGNED])):
        with pytest.raises(HomeUnfit, match="casework.sqlite.*damaged"):
            use()


def test_a_copied_home_takes_its_casework_along(tmp_path):
    stored = open_casework(Home(tmp_path / "one")).add([ASSIGNED])
    shutil.copytree(tmp_path / "one", tmp_path / "two")
    shutil.rmtree(tmp_path / "one")
    copy = open_casework(Home(tmp_path / "two"))
    assert copy.events() == stored
    assert copy.add([ANSWERED])[0].id == 2
    assert [path.name for path in (tmp_path / "two").iterdir()] == ["casework.sqlite"]


def test_the_environment_comes_before_the_file_of_secrets(tmp_path, monkeypatch):
    home = Home(tmp_path)
    home.secrets.mkdir()
    (home.secrets / "casework.url").write_text("\ufeff\n postgres://clerk:hunter2@db.example:5432/casework \n", encoding="utf-8")
    written = open_casework(home)
    assert (written.kind, written.name) == (POSTGRESQL, "db.example/casework")
    monkeypatch.setenv(VARIABLE, f"sqlite:///{tmp_path}/elsewhere.sqlite")
    assert open_casework(home) == Casework(SQLITE, tmp_path / "elsewhere.sqlite")


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://clerk:hunter2@127.0.0.1:1/casework",  # nobody listens
        "postgresql://clerk:hunter2@127.0.0.1:port/casework",
        "postgresql://clerk:hunter2@127.0.0.1/casework?sslmode=never&password=hunter2",
        "postgresql://clerk:hun@hunter2/hunter2@127.0.0.1/casework",
        "mysql://clerk:hunter2@127.0.0.1/casework",
        "hunter2",
        "sqlite://hunter2",
    ],
)
def test_a_url_that_leads_nowhere_is_said_without_its_password(tmp_path, monkeypatch, url):
    monkeypatch.setenv(VARIABLE, url)
    with pytest.raises(HomeUnfit) as raised:
        open_casework(Home(tmp_path)).add([ASSIGNED])
    assert "hunter2" not in str(raised.value)
    assert "\n" not in str(raised.value)
    assert raised.value.__context__ is None or raised.value.__suppress_context__


def test_who_has_no_casework_does_not_wait_for_it(tmp_path):
    look = "import sys; from data.casework import open_casework; from data.home import Home; import transforms.cases\n"
    look += "work = open_casework(Home(sys.argv[1])); print(work.last, work.events(), 'sqlalchemy' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", look, tmp_path], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == "0 [] False\n"


# -- What an act must hold

# Numbers of persons as people type them: from another number or a letter on, in groups, with marks of any kind between.
TYPED = (
    "tel13800138000", "138.0013.8000", "13800 138 000", "138·0013·8000", "138・0013・8000", "138—0013—8000", "+86 138 0013 8000",
    "8613800138000", "2018-01-02 13800138000", "①３８００１３８０００", "٠١٠62345678", "01062345678", "010 62345678", "(010)62345678",
    "（０１０）62345678", "0431-8864 1234", "0431 88641234", "+86 (10) 6234-5678", "22010119800101123x", "id220101198001011239",
    "220101 1980.01.01 1239", "220101（19800101）123X", "2201\ufe0f01198001011239",
)  # fmt: skip


@pytest.mark.parametrize(
    ("act", "field"),
    [
        (replace(ASSIGNED, fingerprint=""), "fingerprint"),
        (replace(ASSIGNED, rule="No such"), "rule"),
        (replace(ASSIGNED, period="2017-13"), "period"),
        (replace(ASSIGNED, kind="closed"), "kind"),
        (replace(ASSIGNED, through="fax"), "through"),
        (replace(ASSIGNED, who=" "), "who"),
        (replace(ASSIGNED, who="张" * 101), "who"),
        (replace(ASSIGNED, who="张\n三"), "who"),
        (replace(ASSIGNED, who="13800138000"), "who"),
        (replace(ASSIGNED, who="\u200b"), "who"),
        (replace(ASSIGNED, who="张\u2028三"), "who"),
        (replace(ASSIGNED, who="abc\u202egnp.exe"), "who"),
        (replace(ASSIGNED, assignee=None), "assignee"),
        (replace(ANSWERED, assignee="东屏区"), "assignee"),
        (replace(ASSIGNED, due="2018-01-31"), "due"),
        (replace(ASSIGNED, due=datetime(2018, 1, 31)), "due"),
        (replace(ASSIGNED, due=date(1, 1, 1)), "due"),
        (replace(ASSIGNED, due=date(2017, 11, 30)), "due"),
        (replace(ASSIGNED, disposition="true"), "disposition"),
        (replace(ANSWERED, disposition=None), "disposition"),
        (replace(ANSWERED, disposition="untrue"), "disposition"),
        (replace(ANSWERED, note=" \n"), "note"),
        (replace(ANSWERED, note="好" * 2001), "note"),
        (replace(ANSWERED, note="\x00"), "note"),
        (replace(ANSWERED, note="\ud800"), "note"),
        (replace(ANSWERED, note="负责人电话138 0013 8000"), "note"),
        (replace(ANSWERED, note="负责人电话１３８００１３８０００。"), "note"),
        (replace(ANSWERED, note="身份证22010119800101123x"), "note"),
        (replace(ANSWERED, note="旧证220101800101123"), "note"),
        (replace(ANSWERED, note="\ufeff已改"), "note"),
        *((replace(ANSWERED, note=f"联系{number}。"), "note") for number in TYPED),
        *((replace(ANSWERED, note=f"电话{number}转2"), "note") for number in TYPED),
        *((replace(ASSIGNED, assignee=number), "assignee") for number in TYPED),
        (replace(ANSWERED, until="2018-03"), "until"),
        (replace(ASSIGNED, until="2018-03"), "until"),
        (replace(EXPLAINED, disposition="pending"), "until"),
        (replace(EXPLAINED, until="2018"), "until"),
        (replace(EXPLAINED, until="2017-11"), "until"),
        (replace(EXPLAINED, until="2020-01"), "until"),
        (replace(EXPLAINED, until="9999-12"), "until"),
        (replace(EXPLAINED, fact=None), "fact"),
        (replace(EXPLAINED, fact="x y"), "fact"),
        (replace(EXPLAINED, low=None, high=None), "low"),
        (replace(EXPLAINED, low=Decimal(31)), "low"),
        (replace(EXPLAINED, low=Decimal("NaN")), "low"),
        (replace(EXPLAINED, high=Decimal("1E+400000")), "high"),
        (replace(EXPLAINED, high=30.5), "high"),
    ],
)
def test_what_cannot_be_stored_is_refused_at_its_field(act, field):
    with pytest.raises(ActRefused) as refused:
        check(act)
    assert refused.value.code == field
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    "act",
    [
        ASSIGNED,
        ANSWERED,
        EXPLAINED,
        RETURNED,
        replace(ASSIGNED, due=None, note="请于月底前核实"),
        replace(ANSWERED, disposition="pending", note=None),
        replace(ANSWERED, due=date(2018, 3, 31)),
        replace(ANSWERED, disposition="true", until=None),
        replace(EXPLAINED, until=None, low=None),
        replace(EXPLAINED, until="2017-12", fact=None, low=None, high=None),
        replace(ANSWERED, note="单位 91220101MA00000001 与 522201017777777770 已核，2017-12-31 前补报 12345678901 元。"),
        replace(ANSWERED, note="2017-12-31 2018-01-31 两期：13.5 14.2 15.1 16；1,380,013.80 元；91440300708461136T、91440300110312345T。"),
        replace(ANSWERED, note="（2017）第138号文，第1—3页；2018.1.31 前报送，编码 440303 440304 440305；0.1562345678。"),
        replace(EXPLAINED, until="2019-12"),
        replace(ASSIGNED, due=date(2017, 12, 1)),
    ],
)
def test_what_an_office_would_say_is_let_in(act):
    check(act)


def test_only_numbers_can_be_bound():
    facts = {"counted": 44, "rate": 0.5, "founded_on": "2001-02-03", "survey_has_org": True, "lacks": ["甲"], "park_as_written": "980101"}
    assert boundable(facts) == ["counted", "rate"]
    check(replace(EXPLAINED, fact="counted"), facts)
    for fact in ("park_as_written", "founded_on", "nobody_has_it"):
        with pytest.raises(ActRefused) as refused:
            check(replace(EXPLAINED, fact=fact), facts)
        assert refused.value.code == "fact"
