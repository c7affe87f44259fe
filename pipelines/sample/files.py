"""CSV files as an office sends them: titles that stand alone, empty lines, quoted cells, and line ends of one kind or of several."""

import csv
import io
from pathlib import Path

import polars as pl

EMPTY_LINE = "\x00"  # stands in the first cell of a CSV row that is to be an empty line
_ENDS = ("\n", "\r\n", "\r")


def write_csv(path: Path, top: list[list[str | None]], body: pl.DataFrame, encoding: str, ends: str, quoted: bool) -> None:
    """`ends` is one of the line ends, or `mixed`: then parts of the file have each their own."""
    width, rows = len(body.columns), len(body)
    style = "always" if quoted else "necessary"
    if ends == "mixed":
        cuts = [0, rows // 3, rows * 2 // 3, rows]
        parts = [(body[cuts[part] : cuts[part + 1]], _ENDS[(part + rows) % 3]) for part in range(3)]
    else:
        parts = [(body, ends)]
    # Titles stand alone in their line, without the commas of the columns that they have no cell for.
    above = io.StringIO(newline="")
    csv.writer(above, lineterminator=parts[0][1]).writerows([cell or "" for cell in row] if any(row) else [] for row in top)
    text = above.getvalue() + "".join(
        part.write_csv(None, include_header=False, line_terminator=end, quote_style=style) for part, end in parts
    )
    if EMPTY_LINE in text:
        text = text.replace(EMPTY_LINE + "," * (width - 1), "")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode(encoding))
