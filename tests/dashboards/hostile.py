"""Names as nobody should give them: markup, formulas, control and bidirectional characters, and a home whose every name is one of them."""

import json
from itertools import cycle
from pathlib import Path

import polars as pl

from data.contracts import tables
from data.home import Home
from tests.dashboards.releases_fixture import PERIODS, expected, make_home, publish

NAMES = (
    "<img src=x onerror=\"window.__ran='img'\">甲",
    "<script>window.__ran='script'</script>乙",
    '=HYPERLINK("http://127.0.0.1:9/x","丙")',
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "-1+1丁",
    "＝1+1戊",  # noqa: RUF001
    "\t=1+1己",
    "前\r\n后庚",
    "空\x00字\x07符\x1b[31m辛",
    "\u202e市乱字倒壬\u2066x",
    "零\u200b宽\u200d癸\ufeff",
    "[链接](javascript:window.__ran='md')子",
    "$\\frac{1}{2}$ **粗** `码` :red[红] :material/home: 丑",
    "~~删~~ # 题 | 表 | - 项 寅",
    '<b>粗</b><a href="http://127.0.0.1:9/">卯</a><br>',
    "长" * 500,
    "👩‍👩‍👧‍👦🇨🇳辰",
    '"引",逗;分\'巳',
    "{0}{name}%s%{x}午",
    "../../etc/passwd\\未",
    "</style></script><!--申",
    "&lt;i&gt;&amp;酉",
)
# What the script in a page, a log and a spreadsheet must never hold as they stand.
UNSEEN = "\x00\x07\x1b\u202e\u2066\u200b\ufeff"


def named(table: str, period: str, *columns: str) -> pl.DataFrame:
    """The table as expected, with hostile names in these columns; in each month another name comes first."""
    frame = expected(table).filter(pl.col("period") == period)
    for column in columns:
        first = PERIODS.index(period) * 3
        values = cycle(NAMES[first:] + NAMES[:first])
        frame = frame.with_columns(pl.Series(column, [None if old is None else next(values) for old in frame[column]], dtype=pl.String))
    return frame


def hostile_home(folder: Path) -> Home:
    """The example city in four months, every unit, district, park, organisation and heading of it renamed."""
    home = make_home(folder, ())
    evidence = cycle(
        json.dumps({"facts": {"names": [name], "name": name}, "rows": [_row(name)]}, ensure_ascii=True) for name in (*NAMES, "\ud800半")
    )
    for period in PERIODS:
        findings = named("findings", period)
        rejected = named("rejected", period, "path")
        loads = named("loads", period)
        publish(
            home,
            period,
            units=named("units", period, "name"),
            census=named("census", period, "name"),
            organisations=_organisations(period),
            findings=findings.with_columns(pl.Series("evidence", [next(evidence) for _ in range(findings.height)])),
            rejected=rejected.with_columns(pl.Series("fields", [_fields(place) for place in range(rejected.height)], dtype=pl.String)),
            loads=loads.with_columns(
                pl.Series("columns_left_out", [list(NAMES[:6])] * loads.height, dtype=pl.List(pl.String)),
            ),
        )
    return home


def _organisations(period: str) -> pl.DataFrame:
    """Those on the list of weak ones, by hostile names; the other columns are left empty."""
    known = {"bigint": pl.Int64, "double": pl.Float64, "boolean": pl.Boolean, "date": pl.Date}
    columns = {column.name: known.get(column.type, pl.String) for column in tables()["organisations"].published}
    codes = expected("weak_orgs").filter(pl.col("period") == period)["org_code"].unique().sort()
    rows = [{"period": period, "org_code": code, "name": name} for code, name in zip(codes, cycle(NAMES), strict=False)]
    return pl.DataFrame(rows, schema=columns)


def _row(name: str) -> dict:
    return {"source": "registration", "path": f"2017-12/registration/{name}.csv", "line": 3, "values": {"name": name, "uscc": name}}


def _fields(place: int) -> str:
    # Half a surrogate pair, as JSON may hold one.
    return json.dumps({"name": NAMES[place % len(NAMES)], "uscc": "\ud800半"}, ensure_ascii=True)
