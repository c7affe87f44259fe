"""The yardstick: a bare Polars script that only reads the files of a month and counts their rows. It checks nothing and keeps nothing.

python bench/bare.py LANDING/2017-12
"""

import sys
from pathlib import Path

import fastexcel
import polars as pl


def rows_of(path: Path) -> int:
    data = path.read_bytes()
    if path.suffix.lower() != ".csv":
        workbook = fastexcel.read_excel(data)
        return sum(workbook.load_sheet(name, header_row=None, dtypes="string").to_polars().height for name in workbook.sheet_names)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("gb18030", errors="replace")
    return pl.read_csv(text.encode(), has_header=False, infer_schema=False, truncate_ragged_lines=True, quote_char=None).height


def main(month: Path) -> None:
    files = [
        path for path in sorted(month.rglob("*")) if path.suffix.lower() in (".csv", ".xlsx") and not path.name.startswith((".", "~$"))
    ]
    print(sum(rows_of(path) for path in files), "rows in", len(files), "files")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
