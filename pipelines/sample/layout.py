"""One file as a whole: which columns in what order under what headings, titles above, totals and notes between, and where each row lies.

What belongs here: the arrangement of a file's cells, and the line or row number of every row that does not load.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

from data.contracts import SourceCard

from . import files, names, workbooks
from .faults import Planted
from .forms import wide

TOTALS = ("合计", "小计", "总计", "合　计:", "小计(户)", "总计(家)", "注:本表由各单位填报", "注：以上数据截至月底")
ENCODINGS = ("utf-8", "utf-8-sig", "gb18030", "gb18030")
LINE_ENDS = ("\n", "\n", "\r\n", "\r\n", "\r\n", "\r\n", "\r", "mixed")
EXTRA = {
    "序号": None,
    "联系电话": names.telephones,
    "法定代表人": names.person_names,
    "住所": None,
    "备注": None,
    "经办人": names.person_names,
}
_LAST_SHEET_ROW = 20_000


@dataclass
class Written:
    """What the answer key needs to know of a file."""

    read: int
    skipped: int
    rejected: list[tuple[int, str]]
    dropped: list[tuple[int, str]]
    left_out: list[str]


def wants_sheet(rows: int, dice: np.random.Generator) -> bool:
    """About three files in ten are sheets; a sheet of more rows than an office would keep in one is not."""
    return bool(rows <= _LAST_SHEET_ROW and dice.random() < 0.32)


def write(
    path: Path, card: SourceCard, cells: pl.DataFrame, planted: Planted, headings: dict[str, str], sheet: bool, period: str, dice
) -> Written:
    fields = [one.name for one in card.fields if one.name in headings]
    columns, extra = _columns(card, fields, headings, dice)
    body, numbered = _body(card, cells, planted, columns, extra, dice)
    top = _titles(card, period, columns, sheet, dice)
    top.append([title for _, title in columns])
    wrong = body.with_row_index("_i").filter(pl.col("_out").is_not_null() | pl.col("_drop").is_not_null())
    lines = np.arange(len(top) + 1, len(top) + len(body) + 1)
    if not sheet and numbered:  # a cell that holds a line break makes its row two physical lines
        breaks = (
            pl.select(pl.sum_horizontal(*[body[name].str.count_matches("\n").fill_null(0) for name in numbered])).to_series().to_numpy()
        )
        lines = lines + np.concatenate([[0], np.cumsum(breaks)[:-1]]).astype(np.int64)
    places = [str(place) for place in range(len(columns))]
    if sheet:
        shown = body.select(places)
        kinds = {
            str(place): body[f"{name}|k"].fill_null(0).to_numpy() for place, (name, _) in enumerate(columns) if f"{name}|k" in body.columns
        }
        absent = (body["_out"] == "blank").fill_null(False).to_numpy() & (np.arange(len(body)) % 2 == 0)
        sheets = [workbooks.Sheet(card.zh, top, shown, kinds, absent)]
        if dice.random() < 0.4:
            sheets.insert(0, workbooks.Sheet("填表说明", [["填表说明"], ["本表按月报送,请勿改动表头"], ["样例", "数据"]]))
        if dice.random() < 0.3:  # only the first sheet with the header counts
            sheets.append(workbooks.Sheet("上月", [top[-1], list(shown.row(0)) if len(shown) else []]))
        workbooks.write_xlsx(path, sheets, shared=dice.random() < 0.5)
    else:
        quoted = bool(dice.random() < 0.06)
        ends = LINE_ENDS[int(dice.integers(0, len(LINE_ENDS)))]
        first = pl.col("0")
        if not quoted and ends != "mixed":
            # A row of commas and an empty line are blank alike.
            mark = pl.when((pl.col("_out") == "blank") & first.is_null() & (pl.col("_pos") % 1 < 0.5)).then(pl.lit(files.EMPTY_LINE))
            first = mark.otherwise(first).alias("0")
        shown = body.select(first, *places[1:])
        files.write_csv(path, top, shown, ENCODINGS[int(dice.integers(0, 4))], ends, quoted)
    rejected, dropped, skipped = [], [], len(top) - 1
    last = len(body) - _trailing(body)
    for index, reason, drop in wrong.select("_i", "_out", "_drop").iter_rows():
        if drop is not None:
            dropped.append((int(lines[index]), drop))
        elif reason in ("blank", "skipped"):
            skipped += index < last
        else:
            rejected.append((int(lines[index]), reason))
    left = [title for name, title in columns if name not in fields and title.strip()]
    return Written(len(top) - 1 + last, skipped, rejected, dropped, left)


def _trailing(body: pl.DataFrame) -> int:
    """Blank rows after the last row that is not blank are no rows."""
    count = 0
    for reason in body["_out"].tail(12).to_list()[::-1]:
        if reason != "blank":
            break
        count += 1
    return count


def _columns(card: SourceCard, fields, headings, dice):
    """(name, title) in the order of the file; a name that is no field is a column to be left out."""
    columns = [(name, _oddly(headings[name], dice)) for name in fields]
    if dice.random() < 0.7:
        dice.shuffle(columns)
    extra = [title for title in EXTRA if dice.random() < 0.35][:3]
    for title in extra:
        columns.insert(0 if title == "序号" else int(dice.integers(0, len(columns) + 1)), (f"+{title}", title))
    decoys = [one for one in card.fields if one.name in fields and headings[one.name] in one.headings[:-1]]
    if decoys and dice.random() < 0.12:
        one = decoys[int(dice.integers(0, len(decoys)))]
        later = one.headings[one.headings.index(headings[one.name]) + 1 :]
        columns.insert(int(dice.integers(0, len(columns) + 1)), ("+备注", later[int(dice.integers(0, len(later)))]))
        extra.append("备注")
    elif dice.random() < 0.05:  # the same heading twice: the leftmost counts
        columns.append(("+备注", headings[fields[0]]))
        extra.append("备注")
    return [tuple(column) for column in columns], sorted(set(extra))


def _oddly(heading: str, dice) -> str:
    drawn = dice.random()
    if drawn < 0.04:
        return f"{heading[:2]} {heading[2:]}"
    if drawn < 0.07:
        return f"\u3000{heading[:1]}\u3000{heading[1:]} "
    return heading.replace("(", "（").replace(")", "）") if drawn < 0.5 else heading if drawn < 0.97 else wide(heading)


def _titles(card: SourceCard, period: str, columns, sheet: bool, dice) -> list[list[str | None]]:
    drawn = dice.random()
    if drawn < 0.35:
        return []
    titles = [[f"{names.CITY_NAME}{card.zh}报送表({period})"]]
    if drawn > 0.55:
        titles += [[f"填报单位:样例局,填报日期:{period}"]]
    if drawn > 0.75:
        titles.insert(0, [None])
    if drawn > 0.95:
        titles += [["填报说明", str(number), "按口径填报"] for number in range(1, 13)]
    return titles


def _body(card: SourceCard, cells: pl.DataFrame, planted: Planted, columns, extra, dice):
    """Data, broken rows, totals and blank rows in one table, in the order of the file."""
    rows = len(cells)
    data = cells.with_columns(
        pl.Series("_pos", np.arange(rows, dtype=np.float64)),
        pl.lit(None, pl.String).alias("_out"),
        pl.lit(None, pl.String).alias("_drop"),
        pl.lit(None, pl.String).alias("_label"),
    )
    data = data if planted.keep.all() else data.filter(pl.Series(planted.keep))
    schema = dict(data.schema)
    added = [{name: row.get(name) for name in schema} for row in [*planted.rows, *_specials(card, columns, rows, dice)]]
    if added:
        data = pl.concat([data, pl.DataFrame(added, schema=schema)]).sort("_pos", maintain_order=True)
    numbers = np.arange(len(data))
    blank = pl.col("_out").is_in(["blank", "skipped"]) | pl.col("_out").str.starts_with("total:")
    blank = blank.fill_null(False)
    filled = []
    for title in extra:
        if title == "序号":
            column = pl.Series(numbers + 1).cast(pl.String)
        elif title == "住所":
            column = pl.select(pl.lit("九九市样例路") + pl.Series(numbers % 997).cast(pl.String) + pl.lit("号")).to_series()
            odd = list(range(3, len(data), 61))
            texts = ["九九市样例路1号,东门", "九九市样例路2号\n西门", '九九市"样例"大厦', "九九市样例路3号，北门"]
            column = column.scatter(odd, [texts[place // 61 % 4] for place in odd]) if odd else column
        elif title == "备注":
            column = pl.Series([("", "样例", "100万", "见附件,待核")[place % 4] or None for place in numbers])
        else:
            column = EXTRA[title](numbers)
        filled.append(pl.when(blank).then(pl.lit(None, pl.String)).otherwise(pl.lit(column)).alias(f"+{title}"))
    data = data.with_columns(filled)
    out = data.with_columns(pl.col(name).alias(str(place)) for place, (name, _) in enumerate(columns))
    out = out.with_columns(pl.coalesce("_label", "0").alias("0"), pl.col("_out").str.strip_prefix("total:"))
    return out, [str(place) for place, (name, _) in enumerate(columns) if name == "+住所"]


def _specials(card: SourceCard, columns, rows: int, dice) -> list[dict]:
    """Totals, notes and blank rows, and a total whose key holds a dash: that one is a row, and is turned away."""
    found = []
    fields = [one.name for one in card.fields]
    keys = card.key or card.total_key
    for _ in range(int(dice.integers(0, 3))):
        found.append({"_pos": dice.uniform(-0.4, rows), "_out": "blank"})
    if dice.random() < 0.3:
        found.append({"_pos": dice.uniform(-0.4, rows), "_out": "blank", columns[0][0]: " ", columns[-1][0]: "\u3000"})
    for _ in range(int(dice.integers(0, 3))):
        row = {"_pos": dice.uniform(rows / 2, rows + 1), "_out": "skipped", "_label": str(dice.choice(TOTALS))}
        if columns[-1][0] not in keys:
            row[columns[-1][0]] = "99"
        found.append(row)
    if columns[0][0] not in keys and dice.random() < 0.15:
        row = {"_pos": dice.uniform(0, rows), "_out": f"total:missing:{card.fields[0].name}", "_label": str(dice.choice(TOTALS[:4]))}
        found.append({**row, **{key: "—" for key in keys if key in fields}})
    for place in range(int(dice.integers(0, 4))):
        found.append({"_pos": rows + 10.0 + place, "_out": "blank"})
    return found
