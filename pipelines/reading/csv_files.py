"""CSV as text: encoding, line ends and quotes, exactly. No reader here guesses a dialect, and none drops a line.

Lines end in \\n, \\r or \\r\\n, mixed as they may be. A file without a quote is split at its line ends and commas, which is all
that CSV then means; one with quotes goes through Python's csv reader, which counts the physical lines of each record.
"""

import codecs
import csv
import io
from collections.abc import Iterator
from itertools import islice

import polars as pl

from pipelines.reading.tables import HEAD_ROWS, TextTable, block

CHUNK = 1 << 24
RECORDS = 100_000
csv.field_size_limit(1 << 30)


def read_text(data: bytes) -> TextTable:
    """The table of a CSV file. UTF-8 (a BOM is no text) or GB18030; a byte that is neither becomes U+FFFD in its own cell."""
    encoding = _encoding(data)
    start = len(codecs.BOM_UTF8) if data.startswith(codecs.BOM_UTF8) else 0
    # Neither encoding uses the bytes of a quote, a comma or a line end inside a character, so bytes can be asked.
    if b'"' in data:
        return TextTable(
            list(islice(_quoted(data, start, encoding), HEAD_ROWS)),
            lambda index, width: _quoted_blocks(data, start, encoding, index, width),
        )
    first = next(_chunks(data, start, encoding), "")
    head = [(line, text.split(",")) for line, text in enumerate(_lines(first)[:HEAD_ROWS], 1)]
    return TextTable(head, lambda index, width: _plain_blocks(data, start, encoding, index, width))


def _encoding(data: bytes) -> str:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for place in range(0, len(data), CHUNK):
            decoder.decode(data[place : place + CHUNK])
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return "utf-8" if data.startswith(codecs.BOM_UTF8) else "gb18030"
    return "utf-8"


def _chunks(data: bytes, start: int, encoding: str) -> Iterator[str]:
    """The text in pieces that end where a line ends, so that memory stays bounded whatever the file's size."""
    while start < len(data):
        end = min(start + CHUNK, len(data))
        while end < len(data):
            cut = max(data.rfind(b"\n", start, end), data.rfind(b"\r", start, end - 1))
            if cut >= start:
                end = cut + 1
                break
            end = min(end + CHUNK, len(data))
        # A \r at the very end of a piece may be half of \r\n: then the \n belongs to this piece.
        if data[end - 1 : end] == b"\r" and data[end : end + 1] == b"\n":
            end += 1
        yield data[start:end].decode(encoding, errors="replace")
        start = end


def _lines(text: str) -> list[str]:
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if lines and lines[-1] == "":
        lines.pop()
    return lines


def _plain_blocks(data: bytes, start: int, encoding: str, index: int, width: int) -> Iterator[pl.DataFrame]:
    seen, skip = 0, index + 1
    for chunk in _chunks(data, start, encoding):
        lines = _lines(chunk)
        first = min(max(skip - seen, 0), len(lines))
        text = pl.Series(lines[first:], dtype=pl.String)
        seen += len(lines)
        if text.is_empty():
            continue
        cells = text.str.splitn(",", width + 1).struct.unnest()
        cells.columns = [*(f"c{place}" for place in range(width)), "rest"]
        line = pl.int_range(seen - len(text) + 1, seen + 1, dtype=pl.Int64, eager=True).alias("line")
        yield cells.insert_column(0, line).with_columns(pl.col("rest").str.replace_all(",", "", literal=True).fill_null(""))


def _quoted_blocks(data: bytes, start: int, encoding: str, index: int, width: int) -> Iterator[pl.DataFrame]:
    records = islice(_quoted(data, start, encoding), index + 1, None)
    while batch := list(islice(records, RECORDS)):
        yield block([line for line, _ in batch], [cells for _, cells in batch], width)


def _quoted(data: bytes, start: int, encoding: str) -> Iterator[tuple[int, list[str]]]:
    """(first physical line, cells) of each record."""
    kept: list[str] = []

    def lines() -> Iterator[str]:
        for chunk in _chunks(data, start, encoding):
            for line in io.StringIO(chunk, newline=""):
                kept.append(line)
                yield line

    reader = csv.reader(lines())
    before = 0
    for cells in reader:
        if reader.line_num - before > 1 and _never_closed(kept):
            # A quote that nothing closes would swallow the file to its end: it is a character, and its lines are lines.
            yield from enumerate(csv.reader(kept, quoting=csv.QUOTE_NONE), before + 1)
            return
        yield before + 1, cells
        before = reader.line_num
        kept.clear()


def _never_closed(lines: list[str]) -> bool:
    return sum(line.count('"') for line in lines) % 2 == 1
