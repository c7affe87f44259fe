"""One cell to one typed value, form by form (sources.md rules 7 to 11). Files, rows and deliveries: pipelines/reading.

Each form is a function from a column as written to `Parsed`: the typed values, and for each cell that broke the form its
reason. Most forms are worked out on the distinct values of a column only: a month of 196,000 units has some thousand dates.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from unicodedata import normalize

import polars as pl

from data.contracts import FieldCard
from transforms.fold import fold, fold_code
from transforms.uscc import uscc_fault

# Up to 28 digits before the point, and ten behind it: yuan in 万 with six decimals stay exact.
AMOUNT = pl.Decimal(38, 10)
UNITS = "人家个元户"

_SEPARATED = [rf"^([0-9]{{4}}){sep}([0-9]{{1,2}}){sep}([0-9]{{1,2}})" for sep in ("-", "/", r"\.")]
_WHOLE_DATES = [*_SEPARATED, r"^([0-9]{4})年([0-9]{1,2})月([0-9]{1,2})日", r"^([0-9]{4})([0-9]{2})([0-9]{2})"]
_TIME = r"(?:[ T](?:[01]?[0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9](?:\.[0-9]+)?)?)?$"
_MONTHS = [
    *(rf"^([0-9]{{4}}){sep}([0-9]{{1,2}})$" for sep in ("-", "/", r"\.")),
    r"^([0-9]{4})年([0-9]{1,2})月$",
    r"^([0-9]{4})([0-9]{2})$",
]
_SERIAL = r"^([2-6][0-9]{4})(?:\.[0-9]+)?$"
# A year 9000 to 9999 stands for 'for ever': no value, whatever follows it.
_FOR_EVER = r"^9[0-9]{3}(?:$|[^0-9]|(?:[0-9]{2}|[0-9]{4})(?:$|[^0-9]))"
# The expressions of a form: of the column `cell` its value, then of `cell` and `value` the fault.
_READ = pl.col("value")
_BROKEN = pl.col("cell").is_not_null() & _READ.is_null()
_PLAIN_NUMBER = r"^[0-9]+(?:\.[0-9]+)?$"
_NUMBER = rf"^([0-9]{{1,3}}(?:,[0-9]{{3}})+|[0-9]+)(?:\.([0-9]+))?(?:[{UNITS}]?(?:万)?|万[{UNITS}])$"


@dataclass(frozen=True)
class Parsed:
    """A column read: `value` typed, null where there is none; `fault` null, or the reason why the cell broke its form."""

    value: pl.Series
    fault: pl.Series


@dataclass(frozen=True)
class Lists:
    """What parsing looks up outside the cell: registration types, their names, who an organisation code belongs to, the pseudonym."""

    type_codes: frozenset[str] = frozenset()
    type_names: Mapping[str, str] | None = None
    organisation_codes: Mapping[str, str] | None = None
    pseudonym: Callable[[str], str] | None = None


def parse(field: FieldCard, cells: pl.Series, lists: Lists, *, times_10_000: bool = False) -> Parsed:
    """Read a column of text cells by the field's form. `times_10_000`: the heading ends in (万元). Shapes: all columns of one length."""
    if field.form == "uscc":
        return _uscc(cells)
    if field.form == "taxpayer":
        return _taxpayer(cells, lists)
    if field.form in ("text", "code", "person"):
        folded = fold(cells) if field.form == "text" else fold_code(cells)
        return Parsed(_pseudonyms(folded, lists) if field.form == "person" else folded, _no_fault(cells))
    if field.form == "number" and not times_10_000:
        return _plain_first(field, cells, lists)
    return _by_distinct(cells, _EXPRESSIONS[field.form](field, lists, times_10_000))


def number_value(cell: pl.Expr, times_10_000: bool = False) -> tuple[pl.Expr, pl.Expr]:
    """(digits before the point, digits behind it) of a number as written, with 万 multiplied out; null where it is none."""
    text = cell.str.replace_all(r"\s+", "")
    parts = text.str.extract_groups(_NUMBER)
    whole, fraction = parts.struct[0].str.replace_all(",", ""), parts.struct[1].fill_null("")
    tens = text.str.contains("万", literal=True) | pl.lit(times_10_000)
    shifted = fraction.str.pad_end(4, "0")
    return (
        pl.when(tens).then(whole + shifted.str.slice(0, 4)).otherwise(whole),
        pl.when(tens).then(shifted.str.slice(4)).otherwise(fraction),
    )


def date_value(cell: pl.Expr) -> pl.Expr:
    """The date of a folded text, null where it is none (the forms of rule 8; a month is its first day)."""
    whole = [cell.str.extract_groups(pattern + _TIME) for pattern in _WHOLE_DATES]
    months = [cell.str.extract_groups(pattern) for pattern in _MONTHS]
    written = [_joined(groups.struct[0], groups.struct[1], groups.struct[2]) for groups in whole]
    written += [_joined(groups.struct[0], groups.struct[1], pl.lit("01")) for groups in months]
    # Excel's day 1 is 1900-01-01 and it believes in 1900-02-29, so counting starts at 1899-12-30.
    days = cell.str.extract(_SERIAL).cast(pl.Int32, strict=False)
    days = pl.when((days >= 20_000) & (cell.cast(pl.Float64, strict=False) <= 60_000)).then(days)
    serial = pl.date(1899, 12, 30) + pl.duration(days=days)
    # There is no year 0, though Polars has one.
    day = pl.when(~cell.str.starts_with("0000")).then(pl.coalesce(written)).str.to_date("%Y-%m-%d", strict=False)
    return pl.coalesce(day, serial.cast(pl.Date))


def _joined(year: pl.Expr, month: pl.Expr, day: pl.Expr) -> pl.Expr:
    return pl.concat_str([year, month.str.zfill(2), day.str.zfill(2)], separator="-")


def _dates(field: FieldCard, lists: Lists, times_10_000: bool):
    cell = pl.when(~pl.col("cell").str.contains(_FOR_EVER)).then("cell")
    value = date_value(cell)
    return value, pl.when(cell.is_not_null() & _READ.is_null()).then(pl.lit(f"date:{field.name}"))


def _amounts(field: FieldCard, lists: Lists, times_10_000: bool):
    whole, fraction = number_value(pl.col("cell"), times_10_000)
    value = pl.concat_str([whole, pl.lit("."), fraction, pl.lit("0")]).cast(AMOUNT, strict=False)
    return value, pl.when(_BROKEN).then(pl.lit(f"number:{field.name}"))


def _whole_numbers(field: FieldCard, lists: Lists, times_10_000: bool):
    cell = pl.col("cell").str.strip_suffix(field.suffix) if field.suffix else pl.col("cell")
    whole, fraction = number_value(cell, times_10_000)
    value = pl.when(fraction.str.strip_chars("0") == "").then(whole).cast(pl.Int64, strict=False)
    if field.maximum is not None:
        value = pl.when(value.is_between(field.minimum, field.maximum)).then(value)
    return value, pl.when(_BROKEN).then(pl.lit(f"number:{field.name}"))


def _coded(field: FieldCard, lists: Lists, times_10_000: bool):
    known = {normalize("NFKC", word): canonical for canonical, words in field.values.items() for word in words}
    value = pl.col("cell").replace_strict(known, default=None, return_dtype=pl.String)
    return value.fill_null(_no_value(field)), pl.when(_BROKEN).then(pl.lit(f"value:{field.name}"))


def _yes_no(field: FieldCard, lists: Lists, times_10_000: bool):
    known = {word: canonical == "yes" for canonical, words in field.values.items() for word in words}
    value = pl.col("cell").str.to_uppercase().replace_strict(known, default=None, return_dtype=pl.Boolean)
    absent = pl.lit(None if field.no_value is None else field.no_value == "yes", dtype=pl.Boolean)
    return pl.when(pl.col("cell").is_null()).then(absent).otherwise(value), pl.when(_BROKEN).then(pl.lit(f"value:{field.name}"))


def _types(field: FieldCard, lists: Lists, times_10_000: bool):
    code = pl.col("cell").str.extract("^([0-9]{4})")
    code = pl.when(code.is_in(sorted(lists.type_codes))).then(code)
    bare_name = pl.when(~pl.col("cell").str.contains("[0-9]")).then(pl.col("cell").str.replace_all(r"\s+", ""))
    value = pl.coalesce(code, bare_name.replace_strict(dict(lists.type_names or {}), default=None, return_dtype=pl.String))
    return value, pl.when(_BROKEN).then(pl.lit(f"value:{field.name}"))


def _districts(field: FieldCard, lists: Lists, times_10_000: bool):
    value = pl.col("cell").str.replace_all(r"\s+", "").str.extract("^([0-9]{6})")
    return value, pl.when(_BROKEN).then(pl.lit(f"value:{field.name}"))


_EXPRESSIONS = {
    "date": _dates,
    "number": _amounts,
    "whole": _whole_numbers,
    "coded": _coded,
    "yes_no": _yes_no,
    "type": _types,
    "district": _districts,
}


def _no_value(field: FieldCard) -> pl.Expr:
    return pl.when(pl.col("cell").is_null()).then(pl.lit(field.no_value, dtype=pl.String))


def _by_distinct(cells: pl.Series, expressions: tuple[pl.Expr, pl.Expr]) -> Parsed:
    # `cell` is the folded text.
    column = cells.alias("raw").to_frame()
    distinct = column.unique()
    distinct = distinct.with_columns(cell=fold(distinct["raw"])).with_columns(value=expressions[0]).with_columns(fault=expressions[1])
    read = column.join(distinct, on="raw", how="left", nulls_equal=True, maintain_order="left")
    return Parsed(read["value"], read["fault"])


def _plain_first(field: FieldCard, cells: pl.Series, lists: Lists) -> Parsed:
    # Amounts hardly repeat, so working on distinct ones saves nothing; but nearly all are plain digits, which cast at once.
    frame = pl.DataFrame({"cell": cells}).with_columns(plain=pl.col("cell").str.contains(_PLAIN_NUMBER))
    value = frame.select(pl.when("plain").then(pl.col("cell").cast(AMOUNT, strict=False)).alias("value"))["value"]
    odd = _by_distinct(frame.select(pl.when(value.is_null()).then("cell"))["cell"], _amounts(field, lists, False))
    return Parsed(value.zip_with(value.is_not_null(), odd.value), odd.fault)


def _no_fault(cells: pl.Series) -> pl.Series:
    return pl.repeat(None, len(cells), dtype=pl.String, eager=True)


def _uscc(cells: pl.Series) -> Parsed:
    codes = fold_code(cells)
    fault = uscc_fault(codes)
    return Parsed(_where_null(fault, codes), fault)


def _taxpayer(cells: pl.Series, lists: Lists) -> Parsed:
    """A USCC, or an old 15-character number whose last nine characters belong to exactly one USCC of the registers."""
    codes = fold_code(cells)
    frame = pl.DataFrame({"code": codes, "fault": uscc_fault(codes)})
    old = pl.col("code").str.len_chars() == 15
    if not frame.select(old.any()).item():
        return Parsed(_where_null(frame["fault"], codes), frame["fault"])
    # The registers hold as many codes as there are units, the old numbers are few: only theirs are looked up.
    known = lists.organisation_codes or {}
    wanted = frame.filter(old)["code"].str.slice(6).unique()
    found = {code: known[code] for code in wanted if code in known}
    matched = pl.col("code").str.slice(6).replace_strict(found, default=None, return_dtype=pl.String)
    read = frame.with_columns(
        value=pl.when(old).then(matched).when(pl.col("fault").is_null()).then("code"),
        fault=pl.when(old & matched.is_null()).then(pl.lit("taxpayer_unmatched")).when(~old).then("fault"),
    )
    return Parsed(read["value"], read["fault"])


def _where_null(fault: pl.Series, values: pl.Series) -> pl.Series:
    if fault.null_count() == len(fault):
        return values
    kept = pl.when(pl.col("fault").is_null()).then("value")
    return pl.DataFrame({"fault": fault, "value": values}).select(value=written_anew(kept))["value"]


def written_anew(text: pl.Expr) -> pl.Expr:
    """The same text. A null that was put over a value hides it only: its bytes would go into every file that the column is written to."""
    return pl.concat_str([text, pl.lit("")])


def _pseudonyms(codes: pl.Series, lists: Lists) -> pl.Series:
    return pl.Series([None if code is None else lists.pseudonym(code) for code in codes], dtype=pl.String)
