"""Small cities for tests, written as tables that a statistician can read, and the tables that must come of them.

    inputs = city(registration="uscc  founded_on  ended_on    \n E1 2017-12-31 .")
    same(census(inputs), "uscc active \n E1 yes")

Columns are parted by blanks, `.` is no value. A column of a source that a table leaves out takes the plain value of PLAIN, else none.
A source that is not written at all is delivered, but empty; `missing="tax park"` names those that are not delivered. Codes are short
(E1, S1, P1): whether a code is well formed is decided at the door, long before the transforms.
"""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from fractions import Fraction

import duckdb
import narwhals as nw
import polars as pl

from data.contracts import metrics, registration_types, sources, tables
from data.home import District, Settings
from data.periods import last_day
from pipelines.engines.base import Engine
from pipelines.publishing import frame_of
from pipelines.reading.rows import row_schema
from transforms.inputs import Inputs, valid_codes

PERIOD = "2017-12"
# Two districts and a county as they are, one that was merged away, one that leads nowhere.
DISTRICTS = """
    code    name    valid_from  valid_to    successor  is_urban
    980102  东屏区  2000-01-01  .           .          1
    980103  西浦区  2000-01-01  .           .          1
    980107  临江县  2000-01-01  .           .          0
    980121  旧东屏  1990-01-01  2010-06-30  980102     0
    980190  撤销区  1990-01-01  2009-12-31  .          0
"""
PLAIN = {
    "registration": {"type_code": "1130", "status": "active", "founded_on": "2010-01-01", "district_code": "980102"},
    "social_org": {"kind": "association", "status": "active", "founded_on": "2010-01-01", "district_code": "980102", "is_chamber": "no"},
    "tax": {"status": "normal", "paid_yuan": "1"},
    "social_insurance": {"insured": "1"},
    "party_org": {"kind": "branch", "mode": "single", "founded_on": "2010-01-01", "secretary": "yes"},
    "org_link": {"starts_on": "2010-01-01"},
    "member": {"org_code": "B1", "kind": "formal", "relation": "in_place"},
    "instructor": {"full_time": "yes", "starts_on": "2010-01-01"},
    "mass_org": {"kind": "union", "founded_on": "2010-01-01"},
    "park": {"level": "municipal", "district_code": "980102"},
    "funding": {"year": "2017", "item": "activity"},
    "survey": {"surveyed_on": "2017-12-01"},
    "recruit_quota": {"year": "2017"},
}


def city(
    period: str = PERIOD, *, missing: str = "", districts: str = DISTRICTS, settings: Settings | None = None, **delivered: str
) -> Inputs:
    """The inputs of a period from text tables, on Polars."""
    rows = {name: rows_of(name, delivered.pop(name, "")) for name in sources() if name not in missing.split()}
    assert not delivered, f"delivered and missing, or no source: {', '.join(delivered)}"
    return inputs_of(period, rows, districts_of(districts), settings or Settings())


def inputs_of(period: str, rows: dict[str, pl.DataFrame], districts: tuple[District, ...], settings: Settings) -> Inputs:
    """The inputs of a period from frames that hold the fields of each source's card."""
    types = pl.DataFrame([(code, kind) for code, _, kind in registration_types()], schema=["code", "kind"], orient="row")
    valid = list(valid_codes(districts, last_day(period)).items())
    codes = pl.DataFrame(valid, schema={"code": pl.String, "valid_code": pl.String}, orient="row")
    lazy = {name: nw.from_native(frame.lazy()) for name, frame in rows.items()}
    return Inputs(period, lazy, nw.from_native(types.lazy()), nw.from_native(codes.lazy()), districts, settings)


def on_duckdb(inputs: Inputs) -> Inputs:
    """The same inputs as DuckDB relations."""
    connection = duckdb.connect()

    def relation(name: str, frame: nw.LazyFrame) -> nw.LazyFrame:
        connection.register("incoming", frame.collect("pyarrow").to_native())
        connection.execute(f'CREATE TABLE "{name}" AS FROM incoming')
        return nw.from_native(connection.table(name))

    rows = {name: relation(name, frame) for name, frame in inputs.rows.items()}
    lists = relation("types", inputs.types), relation("district_map", inputs.district_map)
    return Inputs(inputs.period, rows, *lists, inputs.districts, inputs.settings)


def on_engine(inputs: Inputs, engine: Engine) -> Inputs:
    """The same inputs as frames of an engine."""

    def given(frame: nw.LazyFrame) -> nw.LazyFrame:
        return engine.frame(computed(frame))

    rows = {name: given(frame) for name, frame in inputs.rows.items()}
    return Inputs(inputs.period, rows, given(inputs.types), given(inputs.district_map), inputs.districts, inputs.settings)


def rows_of(source: str, text: str) -> pl.DataFrame:
    """A source's rows from a text table."""
    schema = {name: dtype for name, dtype in row_schema(sources()[source]).items() if name != "line"}
    header, lines = parted(text)
    unknown = set(header) - set(schema)
    assert not unknown, f"{source} has no field {', '.join(unknown)}"
    plain = PLAIN.get(source, {})
    cells = [{name: plain.get(name, ".") for name in schema} | dict(zip(header, line, strict=True)) for line in lines]
    return pl.DataFrame([[value(row[name], dtype) for name, dtype in schema.items()] for row in cells], schema=schema, orient="row")


def districts_of(text: str) -> tuple[District, ...]:
    header, lines = parted(text)
    found = []
    for line in lines:
        row = {name: None if cell == "." else cell for name, cell in zip(header, line, strict=True)}
        days = (date.fromisoformat(row[name]) if row.get(name) else None for name in ("valid_from", "valid_to"))
        found.append(District(row["code"], row["name"], *days, row.get("successor"), None, None, row.get("is_urban") == "1"))
    return tuple(found)


def figures(rows: Iterable[tuple]) -> pl.DataFrame:
    """Rows of table metrics as a table."""
    return frame_of(tables()["metrics"], rows)


def cards(*names: str) -> list:
    return [metrics()[name] for name in names]


def computed(frame: nw.LazyFrame | pl.DataFrame) -> pl.DataFrame:
    return frame if isinstance(frame, pl.DataFrame) else frame.collect("polars").to_native()


def same(frame: nw.LazyFrame | pl.DataFrame, text: str) -> None:
    """The frame has these rows, in any order, in these columns. A double may be written as a fraction: 2/3."""
    header, lines = parted(text)
    got = computed(frame).select(header)
    expected = [tuple(value(cell, dtype) for cell, dtype in zip(line, got.dtypes, strict=True)) for line in lines]
    assert _shown(header, got.rows()) == _shown(header, expected)


def parted(text: str) -> tuple[list[str], list[list[str]]]:
    """(header, rows) of a text table."""
    lines = [line.split() for line in text.splitlines() if line.split()]
    for line in lines:
        assert len(line) == len(lines[0]), f"{len(lines[0])} columns, but: {' '.join(line)}"
    return (lines[0], lines[1:]) if lines else ([], [])


def value(cell: str, dtype: pl.DataType):
    """A cell as a value of its column's type."""
    if cell == ".":
        return None
    if dtype == pl.Boolean:
        return {"yes": True, "no": False}[cell]
    if dtype == pl.Date:
        return date.fromisoformat(cell)
    if dtype.is_integer():
        return int(cell)
    if dtype.is_float():
        return float(Fraction(cell))
    return Decimal(cell) if dtype.is_decimal() else cell


def _shown(header: list[str], rows: list[tuple]) -> list[str]:
    """Lines of `column=value`, sorted: what differs stands out in a failing test."""
    return sorted(" ".join(f"{name}={_cell(cell)}" for name, cell in zip(header, row, strict=True)) for row in rows)


def _cell(cell: object) -> str:
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    return "." if cell is None else f"{cell:.10g}" if isinstance(cell, float) else str(cell)
