"""Whether this machine and this home are fit to run: each check says what it looked at, and the way out where it is not well."""

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from data.access import people, sign_in, sign_in_file
from data.audit_log import AuditLog
from data.casework import SQLITE, open_casework
from data.contracts import metrics
from data.home import Home, HomeUnfit
from data.language import words
from data.releases import current
from pipelines.engines import obstacle
from pipelines.reading.landing import scan

PACKAGES = (
    "dagster",
    "duckdb",
    "polars",
    "narwhals",
    "great-expectations",
    "streamlit",
    "plotly",
    "fastexcel",
    "xlsxwriter",
    "sqlglot",
    "sqlalchemy",
    "psycopg",
    "authlib",
    "babel",
    "typst",
    "python-docx",
    "pypdfium2",
    "pillow",
)
FREE_BYTES = 2 * 1024**3
WEB_FONT = Path(__file__).parent.parent / "dashboards" / "static" / "liangxin-sans.woff2"


@dataclass(frozen=True)
class Check:
    """One thing looked at. `fit` False: the program cannot run here until it is mended."""

    name: str
    fit: bool
    what: str


def examine(home: Home) -> Iterator[Check]:
    """Every check, one after the other; none changes anything that stays."""
    python = sys.version_info[:2]
    yield Check(
        "python",
        python == (3, 11),
        words(f"Python {python[0]}.{python[1]}（需要 3.11）", f"Python {python[0]}.{python[1]} (3.11 is needed)"),
    )
    yield _packages()
    yield _writable(home)
    yield _space(home)
    yield from _reference(home)
    yield from _engine(home)
    yield _key(home)
    yield _landing(home)
    yield _releases(home)
    yield _casework(home)
    yield _audit_log(home)
    yield _access(home)
    yield Check(
        "font",
        True,
        words("网页字体已备好", "the web font is there")
        if WEB_FONT.is_file()
        else words("缺少网页字体，将使用系统字体；可运行 make setup 生成", "no web font: the system's is used. `make setup` makes it"),
    )


def _packages() -> Check:
    missing = []
    for name in PACKAGES:
        try:
            version(name)
        except PackageNotFoundError:
            missing.append(name)
    if missing:
        return Check(
            "packages",
            False,
            words(f"缺少软件包：{'、'.join(missing)}。请运行 make setup", f"missing: {', '.join(missing)}. Run `make setup`"),
        )
    return Check("packages", True, words("软件包齐全", "all packages are there"))


def _writable(home: Home) -> Check:
    place = next(folder for folder in (home.path, *home.path.parents) if folder.exists())
    try:
        with tempfile.TemporaryFile(dir=place):
            return Check("home", True, words(f"数据目录 {home.path} 可写", f"the home {home.path} can be written"))
    except OSError as error:
        return Check(
            "home",
            False,
            words(
                f"数据目录 {home.path} 不可写（{error.strerror}），请调整权限或用 --home 另指目录",
                f"the home {home.path} cannot be written ({error.strerror}). Change its rights, or name another with --home",
            ),
        )


def _space(home: Home) -> Check:
    place = next(folder for folder in (home.path, *home.path.parents) if folder.exists())
    free = shutil.disk_usage(place).free
    amount = f"{free / 1024**3:.1f} GB"
    return Check("space", free >= FREE_BYTES, words(f"磁盘剩余 {amount}（至少需要 2 GB）", f"{amount} free on disk (2 GB are needed)"))


def _reference(home: Home) -> Iterator[Check]:
    for name, read in (
        ("settings.toml", lambda: home.settings),
        ("districts.csv", lambda: home.districts),
        ("headings.toml", lambda: home.headings),
        ("type_names.csv", lambda: home.type_names),
        ("targets.csv", lambda: home.targets),
    ):
        try:
            read()
        except HomeUnfit as unfit:
            yield Check(name, False, str(unfit))
        else:
            own = (home.reference / name).is_file()
            yield Check(
                name, True, words(f"{name}:{'本单位文件' if own else '使用默认值'}", f"{name}: {'the office’s own' if own else 'defaults'}")
            )
            if name == "targets.csv":
                yield from _idle_targets(home)


def _idle_targets(home: Home) -> Iterator[Check]:
    """Targets that no figure can ever meet: they have no row, and nobody would miss them."""
    for target in home.targets:
        if not metrics()[target.metric].is_published_for(target.unit_kind, target.sector):
            figure = f"{target.metric}, {target.sector}, {target.unit_kind}"
            said = words(
                f"targets.csv：没有这样的指标数据（{figure}），该目标不会出现在进度中",
                f"targets.csv: no such figure ({figure}): the target has no standing",
            )
            yield Check("targets.csv", True, said)


def _engine(home: Home) -> Iterator[Check]:
    try:
        name = home.settings.engine
    except HomeUnfit:  # said of settings.toml already
        return
    why = obstacle(name)
    yield Check("engine", why is None, why or words(f"计算引擎 {name} 可用", f"the engine {name} can run here"))


def _key(home: Home) -> Check:
    path = home.secrets / "pseudonym.key"
    if not path.exists():
        fit = not home.warehouse.exists()
        return Check(
            "key",
            fit,
            words(
                "化名密钥尚未生成，首次运行时生成" if fit else "化名密钥丢失，请从备份恢复 secrets/pseudonym.key",
                "the pseudonym key is made at the first run"
                if fit
                else "the pseudonym key is gone: put secrets/pseudonym.key back from your copy",
            ),
        )
    private = os.name != "posix" or path.stat().st_mode & 0o077 == 0
    return Check(
        "key",
        private,
        words(
            "化名密钥仅本人可读" if private else "化名密钥他人可读，请运行 chmod 600 secrets/pseudonym.key",
            "the pseudonym key is private" if private else "others can read the pseudonym key: run chmod 600 secrets/pseudonym.key",
        ),
    )


def _landing(home: Home) -> Check:
    try:
        landing = scan(home)
    except HomeUnfit as unfit:
        return Check("landing", False, str(unfit))
    strays = (
        words(f"；不合规范、未采用：{'、'.join(landing.strays)}", f"; not of the form, passed over: {', '.join(landing.strays)}")
        if landing.strays
        else ""
    )
    return Check(
        "landing",
        True,
        words(
            f"报送目录有 {len(landing.files)} 个文件、{len(landing.periods)} 个月",
            f"landing holds {len(landing.files)} files of {len(landing.periods)} months",
        )
        + strays,
    )


def _releases(home: Home) -> Check:
    try:
        published = current(home)
    except HomeUnfit as unfit:
        return Check("releases", False, str(unfit))
    newest = max(published, default=None)
    return Check(
        "releases",
        True,
        words(
            f"已发布 {len(published)} 期，最新为 {newest}" if newest else "尚未发布",
            f"{len(published)} periods published, the newest {newest}" if newest else "nothing is published yet",
        ),
    )


def _casework(home: Home) -> Check:
    """By storing an act and taking it back: a store that can be read need not let itself be written."""
    try:
        casework = open_casework(home)
        made, count = casework.rehearse(), casework.last
    except HomeUnfit as unfit:
        return Check("casework", False, str(unfit))
    kind = "SQLite" if casework.kind == SQLITE else "PostgreSQL"
    if not made:
        said = words(f"线索办理记录（{kind}）尚未建立，首次办理时建立", f"the casework ({kind}) is made at the first act")
        return Check("casework", True, said)
    said = words(
        f"线索办理记录可读写（{kind}：{casework.name}），已有 {count} 条",
        f"the casework can be read and written ({kind}: {casework.name}), {count} acts so far",
    )
    return Check("casework", True, said)


def _access(home: Home) -> Check:
    """Who may read the dashboards. An account whose area is nowhere reads nothing, and is named."""
    try:
        how, known = sign_in(home), people(home)
    except HomeUnfit as error:
        return Check("access", False, str(error))
    if how is None:
        return Check("access", True, words("未设置登录：看板只供本机查看", "no sign-in: the dashboards are for this machine alone"))
    if sign_in_file(home).stat().st_mode & 0o077:
        return Check(
            "access",
            False,
            words(
                f"{sign_in_file(home)} 可被他人读取。请执行 chmod 600",
                f"{sign_in_file(home)} can be read by others. Run chmod 600 on it",
            ),
        )
    districts = {district.code for district in home.districts}
    lost = [
        f"{reader.sign_in} {area}"
        for reader in known.readers.values()
        for area in reader.areas
        if area.kind == "district" and area.code not in districts
    ]
    if lost:
        return Check(
            "access",
            False,
            words(
                f"access.toml 中的区划代码不在 districts.csv：{lost[0]}",
                f"access.toml names a district that districts.csv lacks: {lost[0]}",
            ),
        )
    n = len(known.readers)
    return Check("access", True, words(f"已设置登录，access.toml 登记 {n} 人", f"sign-in is set up; access.toml lists {n} people"))


def _audit_log(home: Home) -> Check:
    """Where it lies, and whether it lets itself be written: without it no rows are shown and nothing is exported."""
    log = AuditLog(home)
    try:
        log.rehearse()
    except HomeUnfit as unfit:
        return Check("audit", False, str(unfit))
    if not log.folder.is_dir():
        return Check(
            "audit",
            True,
            words(f"操作日志 {log.folder} 尚未建立，首次查看明细或导出时建立", f"the audit log {log.folder} is made by its first entry"),
        )
    return Check("audit", True, words(f"操作日志在 {log.folder}，可写", f"the audit log is in {log.folder} and can be written"))
