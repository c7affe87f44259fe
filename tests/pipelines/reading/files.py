"""Landing files made in a test: rows as a table that can be read, and what became of them."""

import datetime
import io
from dataclasses import dataclass
from pathlib import Path

import polars as pl
import xlsxwriter
import xlwt

from data.contracts import registration_types, sources
from data.home import Headings, Home
from pipelines.reading.delivery import Delivery, read_delivery
from pipelines.reading.header import NO_HEADINGS
from pipelines.reading.landing import scan
from transforms.parse import Lists

PERIOD = "2017-12"
ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
TYPE_NAMES = {"有限责任公司": "1100", "个体工商户": "9500"}


def uscc(number: int) -> str:
    """A valid code, its check character worked out the slow way."""
    first = f"91440300MA{number:07d}"
    total = sum(ALPHABET.index(character) * 3**place for place, character in enumerate(first))
    return first + ALPHABET[-total % 31]


def lists(**organisation_codes: str) -> Lists:
    return Lists(
        frozenset(code for code, _, _ in registration_types()), TYPE_NAMES, organisation_codes, lambda identifier: f"P({identifier})"
    )


# One row that loads, of each source: field -> as written.
GOOD = {
    "registration": {"uscc": uscc(1), "name": "博达科技有限公司", "type_code": "1130", "status": "存续", "founded_on": "2017-02-28"},
    "social_org": {"uscc": uscc(1), "name": "远见商会", "kind": "社会团体", "status": "正常", "founded_on": "2017-02-28"},
    "tax": {"taxpayer_id": uscc(1), "status": "正常", "paid_yuan": "12.5"},
    "social_insurance": {"uscc": uscc(1), "insured": "12"},
    "party_org": {"org_code": "D1", "name": "博达支部", "kind": "党支部", "mode": "单独组建", "founded_on": "2017-02-28"},
    "org_link": {"org_code": "D1", "uscc": uscc(1), "starts_on": "2017-02-28"},
    "member": {"member_id": "440300199001011234", "org_code": "D1", "kind": "正式党员"},
    "instructor": {"instructor_id": "Z1", "uscc": uscc(1), "starts_on": "2017-02-28"},
    "mass_org": {"uscc": uscc(1), "kind": "工会", "founded_on": "2017-02-28"},
    "park": {"park_code": "Y1", "name": "高新园", "level": "国家级"},
    "district_return": {"district_code": "440303", "sector": "非公企业"}
    | dict.fromkeys(("units", "covered", "single", "joint", "dispatched", "work_covered", "members"), "7"),
    "funding": {"area_code": "440303", "year": "2017", "item": "运转经费", "amount_yuan": "5000"},
    "survey": {"uscc": uscc(1), "surveyed_on": "2017-02-28"},
    "recruit_quota": {"area_code": "440303", "year": "2017", "quota": "30"},
}


def table(source: str, *rows: dict[str, str]) -> list[list[str]]:
    """A header of each field's first heading, and a good row of the source for each dict, with its cells changed."""
    fields = [field for field in sources()[source].fields if field.name in GOOD[source] or any(field.name in row for row in rows)]
    return [[field.headings[0] for field in fields], *([(GOOD[source] | row).get(field.name, "") for field in fields] for row in rows)]


def csv_text(rows: list[list[str]], end: str = "\n") -> str:
    return "".join(",".join(cells) + end for cells in rows)


@dataclass(frozen=True)
class Wrong:
    """A cell that holds an error, such as #N/A."""

    written: str


def xlsx(*sheets: list[list]) -> bytes:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        formats = {kind: book.add_format({"num_format": form}) for kind, form in FORMATS.items()}
        for rows in sheets:
            sheet = book.add_worksheet()
            for line, cells in enumerate(rows):
                for column, cell in enumerate(cells):
                    if type(cell) in FORMATS:
                        sheet.write_datetime(line, column, cell, formats[type(cell)])
                    elif isinstance(cell, Wrong):
                        sheet.write_formula(line, column, "=NA()", None, cell.written)
                    elif isinstance(cell, bool):
                        sheet.write_boolean(line, column, cell)
                    elif isinstance(cell, int | float):
                        sheet.write_number(line, column, cell)
                    elif cell:
                        sheet.write_string(line, column, cell)
    return buffer.getvalue()


FORMATS = {datetime.date: "yyyy-mm-dd", datetime.datetime: "yyyy-mm-dd hh:mm:ss", datetime.time: "hh:mm:ss"}


def xls(*sheets: list[list]) -> bytes:
    book = xlwt.Workbook(encoding="utf-8")
    for number, rows in enumerate(sheets):
        sheet = book.add_sheet(f"表{number}")
        for line, cells in enumerate(rows):
            for column, cell in enumerate(cells):
                if cell != "":
                    style = {"style": xlwt.easyxf(num_format_str=FORMATS[type(cell)])} if type(cell) in FORMATS else {}
                    sheet.write(line, column, cell, **style)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def land(home: Path, source: str, files: dict[str, bytes | str], period: str = PERIOD) -> None:
    for name, content in files.items():
        path = home / "landing" / period / source / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)


def read(
    home: Path, source: str, content: dict[str, bytes | str] | bytes | str, own: Headings = NO_HEADINGS, known: Lists | None = None
) -> Delivery:
    """Land the files (or the one file `a.csv`) and read the delivery that they make."""
    land(home, source, content if isinstance(content, dict) else {"a.csv": content})
    files = scan(Home(home)).deliveries[source, PERIOD]
    return read_delivery(home / "landing", sources()[source], files, known or lists(), own)


def loaded(delivery: Delivery, *fields: str) -> list:
    """The loaded rows in order: of one field its values, of several tuples."""
    rows = delivery.rows.select(fields).rows()
    return [row[0] for row in rows] if len(fields) == 1 else rows


def reasons(delivery: Delivery) -> list[tuple[int, str]]:
    return delivery.rejected.select("line", "reason").rows()


def counts(delivery: Delivery) -> tuple[int, int, int, int]:
    """Rows read, loaded, rejected, skipped, over all files."""
    return delivery.loads.select(pl.col("rows_read", "rows_loaded", "rows_rejected", "rows_skipped").sum()).row(0)
