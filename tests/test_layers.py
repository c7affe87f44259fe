"""The import law of the house, held by reading every import of its five floors, wherever in a file it stands."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

FLOORS = {"data": 1, "expectations": 2, "transforms": 3, "pipelines": 4, "dashboards": 4, "liangxin": 5}
BESIDE = {"tests", "bench", "tools", "docs"}  # outside the house: they may import any floor, no floor imports them

# transforms/ touches no file, no clock, no chance, no process, no database and no Dagster: frames in, frames out.
OUTSIDE_TRANSFORMS = (
    "os io pathlib shutil tempfile glob fileinput csv zipfile sqlite3 tomllib pickle importlib.resources time random secrets uuid socket "
    "subprocess multiprocessing threading urllib http requests duckdb dagster great_expectations streamlit fastexcel xlsxwriter "
    "data.releases data.casework data.audit_log data.outbox.slips data.outbox.folder data.outbox.verify"
).split()
CALLS_OUTSIDE_TRANSFORMS = "open now today utcnow read_csv read_parquet scan_csv scan_parquet read_excel write_csv write_parquet".split()
# Reading needs releases, cards and casework: no Dagster, no database file, no Great Expectations.
OUTSIDE_DASHBOARDS = ["dagster", "duckdb", "great_expectations"]
# In the producing wing only these hold a database connection.
DUCKDB_IN_PIPELINES = ("pipelines/reading", "pipelines/warehouse.py", "pipelines/publishing.py", "pipelines/engines")
# Whoever opens these could go round what a reader may see: each has one way in.
ONE_WAY_IN = {
    "data.releases.open_release": ("dashboards/seen.py",),  # for the command line; pages go through store.picture
    "data.releases.history": (),
    "data.casework.open_casework": ("dashboards/casebook.py",),
    "data.audit_log.AuditLog": ("dashboards/audit.py", "dashboards/audit_desk.py", "dashboards/screens/audit_log.py"),
    # Briefings speak of the whole city, and some of them name units.
    "data.outbox": (),
    "data.outbox.slips": ("dashboards/briefings.py",),
    "data.outbox.folder": ("dashboards/briefings.py",),
}

# Briefings read the whole city, and what they print leaves the house: what is opened for them is opened where small counts are hidden.
BRIEFING_READS = "pipelines/briefing/reading.py"
ONLY_READ_THERE = ["data.releases.open_release", "data.releases.Release", "data.releases.history", "data.casework"]


def modules() -> list[str]:
    """Every module of the five floors, as a path from the root."""
    files = [ROOT / "liangxin.py"] if (ROOT / "liangxin.py").exists() else []
    for floor in FLOORS:
        files += sorted((ROOT / floor).rglob("*.py"))
    return [file.relative_to(ROOT).as_posix() for file in files]


def package_of(path: str) -> list[str]:
    """The package that a relative import in this file starts from."""
    return list(Path(path).parent.parts)


def imports(path: str, tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Line and full name of everything that a module imports, by statement or by import_module with a literal."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            package = package_of(path)
            start = package[: len(package) - node.level + 1] if node.level else []
            source = ".".join([*start, *filter(None, [node.module])])
            yield from ((node.lineno, f"{source}.{alias.name}") for alias in node.names)
        elif isinstance(node, ast.Call) and called(node) in ("import_module", "__import__") and node.args:
            name = node.args[0]
            if isinstance(name, ast.Constant) and isinstance(name.value, str):
                yield node.lineno, name.value


def called(node: ast.Call) -> str:
    """The last part of the name of what is called."""
    return getattr(node.func, "attr", None) or getattr(node.func, "id", "")


def is_within(name: str, parts: list[str]) -> bool:
    return any(name == part or name.startswith(part + ".") for part in parts)


def breaches(path: str, source: str) -> list[str]:
    """What a module does against the law, a line each."""
    tree = ast.parse(source)
    wing = Path(path).parts[0].removesuffix(".py")
    found = []
    if not ast.get_docstring(tree):
        found.append(f"{path}:1 has no docstring that says what belongs there")
    for line, name in imports(path, tree):
        top = name.split(".")[0]
        if top in BESIDE or FLOORS.get(top, 0) > FLOORS[wing]:
            found.append(f"{path}:{line} imports {name}, from above")
        elif FLOORS.get(top) == FLOORS[wing] and top != wing:
            found.append(f"{path}:{line} imports {name}, from the other wing")
        if (wing == "transforms" and is_within(name, OUTSIDE_TRANSFORMS)) or (wing == "dashboards" and is_within(name, OUTSIDE_DASHBOARDS)):
            found.append(f"{path}:{line} imports {name}, which {wing}/ does without")
        if wing == "dashboards" and name in ONE_WAY_IN and path not in ONE_WAY_IN[name]:
            found.append(f"{path}:{line} imports {name}, which {' and '.join(ONE_WAY_IN[name]) or 'no page'} may")
        if wing == "dashboards" and name == "data.releases" and path != "dashboards/store.py":
            found.append(f"{path}:{line} imports {name} whole, which dashboards/store.py may")
        if (
            path.startswith("pipelines/briefing/")
            and path != BRIEFING_READS
            and (is_within(name, ONLY_READ_THERE) or name == "data.releases")
        ):
            found.append(f"{path}:{line} imports {name}, which {BRIEFING_READS} may")
        if wing == "pipelines" and top == "duckdb" and not path.startswith(DUCKDB_IN_PIPELINES):
            found.append(f"{path}:{line} imports duckdb, which only {', '.join(DUCKDB_IN_PIPELINES)} may")
    if wing == "transforms":
        calls = (node for node in ast.walk(tree) if isinstance(node, ast.Call))
        found += [f"{path}:{node.lineno} calls {called(node)}()" for node in calls if called(node) in CALLS_OUTSIDE_TRANSFORMS]
    return found


@pytest.mark.parametrize("path", modules())
def test_module_keeps_the_law(path):
    assert breaches(path, (ROOT / path).read_text(encoding="utf-8")) == []


def test_there_is_no_sixth_floor():
    hidden_or_made = {"build"}
    folders = {file.relative_to(ROOT).parts[0] for file in ROOT.glob("*/**/*.py")}
    code = {folder for folder in folders if not folder.startswith((".", "home")) and folder not in hidden_or_made}
    files = {file.stem for file in ROOT.glob("*.py")}
    assert code | files <= FLOORS.keys() | BESIDE


@pytest.mark.parametrize(
    ("path", "source", "breach"),
    [
        ("data/home.py", '"""Doc."""\nimport transforms.fold', "data/home.py:2 imports transforms.fold, from above"),
        (
            "expectations/suites.py",
            '"""Doc."""\nfrom pipelines import checks',
            "expectations/suites.py:2 imports pipelines.checks, from above",
        ),
        ("transforms/a.py", '"""Doc."""\nfrom expectations import tables', None),
        ("transforms/measures/a.py", '"""Doc."""\nfrom ..fold import fold', None),
        (
            "transforms/measures/a.py",
            '"""Doc."""\nfrom ...pipelines import engines',
            "transforms/measures/a.py:2 imports pipelines.engines, from above",
        ),
        (
            "dashboards/store.py",
            '"""Doc."""\ndef f():\n    import pipelines',
            "dashboards/store.py:3 imports pipelines, from the other wing",
        ),
        (
            "pipelines/checks.py",
            '"""Doc."""\nfrom importlib import import_module\nimport_module("dashboards.store")',
            "pipelines/checks.py:3 imports dashboards.store, from the other wing",
        ),
        ("data/a.py", '"""Doc."""\nfrom tests import browser', "data/a.py:2 imports tests.browser, from above"),
        ("liangxin.py", '"""Doc."""\nimport dashboards.app, pipelines.definitions', None),
        ("transforms/a.py", '"""Doc."""\nimport narwhals, re\nfrom datetime import date', None),
        (
            "transforms/a.py",
            '"""Doc."""\nfrom pathlib import Path',
            "transforms/a.py:2 imports pathlib.Path, which transforms/ does without",
        ),
        ("transforms/a.py", '"""Doc."""\nfrom data.outbox import Slip', None),
        (
            "transforms/a.py",
            '"""Doc."""\nfrom data.outbox import slips',
            "transforms/a.py:2 imports data.outbox.slips, which transforms/ does without",
        ),
        ("transforms/a.py", '"""Doc."""\nimport datetime\ndatetime.datetime.now()', "transforms/a.py:3 calls now()"),
        ("dashboards/store.py", '"""Doc."""\nimport duckdb', "dashboards/store.py:2 imports duckdb, which dashboards/ does without"),
        (
            "dashboards/screens/a.py",
            '"""Doc."""\nfrom data.releases import open_release',
            "dashboards/screens/a.py:2 imports data.releases.open_release, which dashboards/seen.py may",
        ),
        ("dashboards/a.py", '"""Doc."""\nfrom data import releases', "dashboards/a.py:2 imports data.releases whole"),
        (
            "dashboards/screens/a.py",
            '"""Doc."""\nfrom data.outbox import slips',
            "dashboards/screens/a.py:2 imports data.outbox.slips, which dashboards/briefings.py may",
        ),
        ("dashboards/briefings.py", '"""Doc."""\nfrom data import outbox', "dashboards/briefings.py:2 imports data.outbox, which no page"),
        ("dashboards/a.py", '"""Doc."""\nfrom data.releases import NoSuchRelease, Release', None),
        ("pipelines/assets/raw.py", '"""Doc."""\nimport duckdb', "pipelines/assets/raw.py:2 imports duckdb, which only"),
        ("pipelines/warehouse.py", '"""Doc."""\nimport duckdb', None),
        (
            "pipelines/briefing/month.py",
            '"""Doc."""\nfrom data.releases import open_release',
            "pipelines/briefing/month.py:2 imports data.releases.open_release, which pipelines/briefing/reading.py may",
        ),
        (
            "pipelines/briefing/writing.py",
            '"""Doc."""\nfrom data.casework import open_casework',
            "pipelines/briefing/writing.py:2 imports data.casework.open_casework, which",
        ),
        ("pipelines/briefing/reading.py", '"""Doc."""\nfrom data.releases import open_release', None),
        ("pipelines/briefing/filing.py", '"""Doc."""\nfrom data.releases import digest', None),
        ("data/a.py", "import re", "data/a.py:1 has no docstring"),
        ("data/__init__.py", "", "data/__init__.py:1 has no docstring"),
    ],
)
def test_the_law_sees_a_breach(path, source, breach):
    found = breaches(path, source)
    if breach is None:
        assert found == []
    else:
        assert len(found) == 1
        assert found[0].startswith(breach)
