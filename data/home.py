"""A home: one city's folder. Where things lie in it, its settings and reference files, and plain words when it is not fit.

What belongs here: paths, and the readers of `<home>/reference/`. Landing files are read in pipelines/reading,
releases in data/releases.py. Where a reference file is missing, the project's default in data/reference/ serves.
"""

import csv
import os
import tomllib
import unicodedata
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from data.language import words
from data.contracts import FieldCard, SourceCard, metrics, registration_types, sources
from data.periods import is_period

DEFAULTS = Path(__file__).parent / "reference"
_SECTORS = ("all", "enterprise", "social_org", "self_employed", "national", "provincial", "municipal")
_UNIT_KINDS = ("city", "district", "park", "zone")
REFERENCE_FILES = ("districts.csv", "targets.csv", "settings.toml", "headings.toml", "type_names.csv")


class HomeUnfit(Exception):
    """The home can't be used as it is. The message is one plain line: which file, which line, the way out. Exit code 3."""


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class City(_Section):
    code: str = "000001"
    name: str = "示例市"


class Doubling(_Section):
    baseline: str = Field("", pattern=r"^([0-9]{4}-(0[1-9]|1[0-2]))?$")


class Staffing(_Section):
    """The least number of full-time instructors a district, and a park of each level."""

    district: int = Field(10, ge=0)
    national: int = Field(10, ge=0)
    provincial: int = Field(5, ge=0)
    municipal: int = Field(0, ge=0)


class Funding(_Section):
    per_member_yuan: int = Field(300, ge=0)
    secretary_month_yuan_urban: int = Field(400, ge=0)
    secretary_month_yuan_rural: int = Field(200, ge=0)


class Protection(_Section):
    smallest_member_cell: int = Field(5, ge=0)
    minimum_denominator: int = Field(20, ge=0)


class Briefing(_Section):
    """What stands at the head of a briefing: the classification (密级, empty: none), and the office that issues it (empty: the city's)."""

    classification: str = Field("", max_length=20)
    office: str = Field("", max_length=60)


Engine = Literal["polars", "duckdb", "spark"]
ENGINES: tuple[str, ...] = get_args(Engine)


class Settings(_Section):
    """settings.toml (spec: sources.md, 'Reference files'), every key with its default."""

    engine: Engine = "polars"
    carry_over_months: int = Field(2, ge=0)
    basis: Literal["registered", "corroborated", "verified"] = "corroborated"
    recognition_ratio: Decimal = Field(Decimal("0.10"), ge=0, le=1)
    city: City = City()
    doubling: Doubling = Doubling()
    staffing: Staffing = Staffing()
    funding: Funding = Funding()
    protection: Protection = Protection()
    briefing: Briefing = Briefing()

    def carry_over(self, source: SourceCard) -> int:
        """How many months old a delivery of this source may be and still count."""
        return self.carry_over_months if source.carry_over_months is None else source.carry_over_months


@dataclass(frozen=True)
class District:
    """A row of districts.csv. `valid_to` is the last valid day; None: still valid."""

    code: str
    name: str
    valid_from: date | None
    valid_to: date | None
    successor: str | None
    tile_x: int | None
    tile_y: int | None
    is_urban: bool

    def valid_on(self, day: date) -> bool:
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True)
class Target:
    """A row of targets.csv. `unit_code` empty: every unit of the kind. `value` is the decimal as written, `source` its document."""

    metric: str
    sector: str
    unit_kind: str
    unit_code: str
    due: str
    value: Decimal
    source: str


@dataclass(frozen=True)
class Headings:
    """What headings.toml adds to a source: further headings a field, and values to take where a column is absent or empty."""

    headings: dict[str, tuple[str, ...]]
    defaults: dict[str, str]


class Home:
    """The paths of one home, and what its reference files say. Reading is lazy and happens once an object."""

    def __init__(self, path: Path | str):
        self.path = Path(path).expanduser().absolute()
        self.landing = self.path / "landing"
        self.reference = self.path / "reference"
        self.secrets = self.path / "secrets"
        self.releases = self.path / "releases"
        self.warehouse = self.path / "warehouse.duckdb"

    @classmethod
    def from_option(cls, option: str | None) -> "Home":
        """`--home DIR`, else LIANGXIN_HOME, else ./home."""
        return cls(option or os.environ.get("LIANGXIN_HOME") or "home")

    def on_engine(self, engine: str) -> "Home":
        """The same home, computed by this engine and not by the one that settings.toml names."""
        home = Home(self.path)
        home.settings = self.settings.model_copy(update={"engine": engine})
        return home

    def reference_file(self, name: str) -> Path:
        """The office's own file where there is one, else the project's default (which may be missing too)."""
        own = self.reference / name
        return own if own.is_file() else DEFAULTS / name

    @cached_property
    def settings(self) -> Settings:
        path = self.reference_file("settings.toml")
        # Decimals stay as written: a ratio of 0.1 is one tenth, not the float beside it.
        values = _toml(path, parse_float=Decimal)
        try:
            return Settings.model_validate(values)
        except ValidationError as error:
            first = error.errors()[0]
            key = ".".join(str(part) for part in first["loc"])
            raise HomeUnfit(words(f"{path.name}：{key} 的值不合要求（{first['msg']}）。请改正，或删去此项以使用默认值。", f"{path.name}: {key}: {first['msg']}. Mend the key, or take it out: its default then serves.")) from None

    @cached_property
    def districts(self) -> tuple[District, ...]:
        path = self.reference_file("districts.csv")
        return tuple(_district(path, line, row) for line, row in _csv(path, ("code", "name")))

    @cached_property
    def targets(self) -> tuple[Target, ...]:
        """What the office asks for; a target that names nothing that is measured is refused, for it would otherwise be ignored in silence."""
        path = self.reference_file("targets.csv")
        needed = ("metric", "sector", "unit_kind", "unit_code", "due", "value")
        return tuple(_target(path, line, row) for line, row in _csv(path, needed))

    @cached_property
    def headings(self) -> dict[str, Headings]:
        """By source; a source or field that does not exist is refused, for it would otherwise be ignored in silence."""
        path = self.reference_file("headings.toml")
        found = {}
        for name, entry in _toml(path).items():
            if name not in sources():
                raise HomeUnfit(words(f"{path.name}：[{name}] 不是数据来源。可用的来源：{'、'.join(sources())}。", f"{path.name}: [{name}] is no source. Sources: {', '.join(sources())}."))
            if not _is_headings_entry(entry):
                raise HomeUnfit(words(f"{path.name}：[{name}] 下只能有 [{name}.headings] 和 [{name}.defaults]。", f"{path.name}: [{name}] may hold only [{name}.headings] and [{name}.defaults]."))
            card = sources()[name]
            headings = {field.name: _heading_list(path, name, field, value) for field, value in _by_field(path, card, entry.get("headings", {}))}
            defaults = {field.name: str(value) for field, value in _by_field(path, card, entry.get("defaults", {}))}
            found[name] = Headings(headings, defaults)
        return found

    @cached_property
    def type_names(self) -> dict[str, str]:
        """Name without white space -> type code; the office's own names come first, of several codes with one name the smallest."""
        path = self.reference_file("type_names.csv")
        own = {}
        known = {code for code, _, _ in registration_types()}
        for line, row in _csv(path, ("name", "code")):
            if row["code"] not in known:
                raise HomeUnfit(words(f"{path.name} 第 {line} 行：类型代码 {row['code'] or '（空）'} 不在登记类型表中。请改正代码。", f"{path.name} line {line}: {row['code'] or 'an empty code'} is not in registration_types.csv. Mend the code."))
            _keep_smallest(own, row["name"], row["code"])
        general: dict[str, str] = {}
        for code, name, _ in registration_types():
            _keep_smallest(general, name, code)
        return general | own


def fold_name(text: str) -> str:
    """Names are compared after NFKC folding and without white space (sources.md rules 2 and 5)."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def _keep_smallest(names: dict[str, str], name: str, code: str) -> None:
    key = fold_name(name)
    names[key] = min(names.get(key, code), code)


def _is_headings_entry(entry: object) -> bool:
    if not isinstance(entry, dict) or set(entry) - {"headings", "defaults"}:
        return False
    return all(isinstance(part, dict) for part in entry.values())


def _by_field(path: Path, card: SourceCard, entries: dict):
    fields = {field.name: field for field in card.fields}
    for name, value in entries.items():
        if name not in fields:
            raise HomeUnfit(words(f"{path.name}：{card.name} 没有字段 {name}。可用的字段：{'、'.join(fields)}。", f"{path.name}: {card.name} has no field {name}. Fields: {', '.join(fields)}."))
        yield fields[name], value


def _heading_list(path: Path, source: str, field: FieldCard, value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(heading, str) for heading in value):
        raise HomeUnfit(words(f'{path.name}：[{source}.headings] 的 {field.name} 应为列名的列表，例如 ["{field.headings[0]}"]。', f'{path.name}: [{source}.headings] {field.name} must be a list of headings, e.g. ["{field.headings[0]}"].'))
    return tuple(value)


def _toml(path: Path, **options) -> dict:
    if not path.is_file():
        return {}
    try:
        # utf-8-sig: Windows editors put a BOM in front, which TOML does not allow.
        return tomllib.loads(path.read_text(encoding="utf-8-sig"), **options)
    except UnicodeDecodeError:
        raise HomeUnfit(words(f"{path.name} 不是 UTF-8 编码。请另存为 UTF-8。", f"{path.name} is not UTF-8. Save it as UTF-8.")) from None
    except tomllib.TOMLDecodeError as error:
        raise HomeUnfit(words(f"{path.name} 有语法错误：{error}。请改正该行。", f"{path.name}: {error}. Mend that line.")) from None


def _csv(path: Path, needed: tuple[str, ...]):
    """(line, row) of a small reference file, UTF-8 or GB18030, cells trimmed."""
    if not path.is_file():
        return
    data = path.read_bytes()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("gb18030", errors="replace")
    reader = csv.DictReader(text.splitlines())
    missing = [name for name in needed if name not in (reader.fieldnames or ())]
    if missing:
        raise HomeUnfit(words(f"{path.name} 第 1 行：缺少列 {missing[0]}。需要的列：{'、'.join(needed)}。", f"{path.name} line 1: heading {missing[0]} is missing. Headings needed: {', '.join(needed)}."))
    for row in reader:
        # What stands under no heading would be lost in silence: as a rule the end of a cell with a comma in it. Spreadsheets leave blank ones.
        if any(cell.strip() for cell in [*row.pop(None, ()), row.pop("", None) or ""]):
            raise HomeUnfit(words(f'{path.name} 第 {reader.line_num} 行：单元格比列名多，文字里可能有半角逗号。请用半角双引号 " 把该格文字括起来，或改用全角逗号。', f'{path.name} line {reader.line_num}: more cells than headings: a comma within a cell, perhaps. Quote it (").'))
        yield reader.line_num, {key: (value or "").strip() for key, value in row.items()}


def _target(path: Path, line: int, row: dict[str, str]) -> Target:
    def refused(zh: str, en: str) -> HomeUnfit:
        return HomeUnfit(words(f"{path.name} 第 {line} 行：{zh}。请改正或删去该行。", f"{path.name} line {line}: {en}. Mend the line or take it out."))

    if row["metric"] not in metrics():
        raise refused(f"没有指标 {row['metric']}", f"there is no metric {row['metric']}")
    for name, known in (("sector", _SECTORS), ("unit_kind", _UNIT_KINDS)):
        if row[name] not in known:
            raise refused(f"{name} 应为 {'、'.join(known)} 之一", f"{name} must be one of {', '.join(known)}")
    if not is_period(row["due"]):
        raise refused("due 应为 YYYY-MM", "due must be YYYY-MM")
    try:
        value = Decimal(row["value"])
    except ArithmeticError:
        value = Decimal(-1)
    if not (value.is_finite() and value >= 0):
        raise refused("value 应为小数，例如 0.9", "value must be a decimal, e.g. 0.9")
    if metrics()[row["metric"]].within_one and value > 1:
        raise refused("比率的 value 应在 0 和 1 之间，百分之九十写作 0.9", "the value of a rate lies between 0 and 1: ninety per cent is 0.9")
    return Target(row["metric"], row["sector"], row["unit_kind"], row["unit_code"], row["due"], value, row.get("source", ""))


def _district(path: Path, line: int, row: dict[str, str]) -> District:
    def day(name: str) -> date | None:
        try:
            return date.fromisoformat(row[name]) if row.get(name) else None
        except ValueError:
            raise HomeUnfit(words(f"{path.name} 第 {line} 行：{name} 不是日期（YYYY-MM-DD）。请改正。", f"{path.name} line {line}: {name} is no date (YYYY-MM-DD). Mend it.")) from None

    def whole(name: str) -> int | None:
        try:
            return int(row[name]) if row.get(name) else None
        except ValueError:
            raise HomeUnfit(words(f"{path.name} 第 {line} 行：{name} 不是整数。请改正。", f"{path.name} line {line}: {name} is no whole number. Mend it.")) from None

    if not (len(row["code"]) == 6 and row["code"].isascii() and row["code"].isdigit()):
        raise HomeUnfit(words(f"{path.name} 第 {line} 行：区划代码应为六位数字。请改正。", f"{path.name} line {line}: a district code has six digits. Mend it."))
    return District(
        code=row["code"], name=row["name"], valid_from=day("valid_from"), valid_to=day("valid_to"),
        successor=row.get("successor") or None, tile_x=whole("tile_x"), tile_y=whole("tile_y"), is_urban=row.get("is_urban") == "1",
    )  # fmt: skip

