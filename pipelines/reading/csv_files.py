"""CSV as text: encoding, line ends and quotes, exactly. No reader here guesses a dialect, and none drops a line.

Lines end in \\n, \\r or \\r\\n, mixed as they may be. A file without a quote is split at its line ends and commas, which is all
that CSV then means. One whose quotes all stand where a cell begins or ends, with no line end inside, is read at the same speed;
any other goes through Python's csv reader, which counts the physical lines of each record.
"""

import codecs
import csv
import io
from collections.abc import Iterator
from itertools import islice

import polars as pl

from pipelines.reading.tables import HEAD_ROWS, TextTable, block

CHUNK = 1 << 26
RECORDS = 100_000
_CELL = '(?:"(?:[^"]|"")*"|[^",]*)'
_REGULAR = f"^{_CELL}(?:,{_CELL})*$"
csv.field_size_limit(1 << 30)


def read_text(data: bytes) -> TextTable:
    """The table of a CSV file. UTF-8 (a BOM is no text) or GB18030; a byte that is neither becomes U+FFFD in its own cell."""
    text = _Text(data)
    # No encoding here uses the bytes of a quote, a comma or a line end inside a character, so bytes can be asked.
    quoted = b'"' in data
    head = _quoted(text) if quoted else ((line, cells.split(",")) for line, cells in enumerate(text.lines(), 1))
    if quoted and not all(_regular(piece) for piece in text.pieces()):
        return TextTable(list(islice(head, HEAD_ROWS)), lambda index, width: _quoted_blocks(text, index, width))
    return TextTable(list(islice(head, HEAD_ROWS)), lambda index, width: _line_blocks(text, index, width, quoted))


class _Text:
    """A file's text, in pieces that end where a line ends, so that memory stays bounded whatever the file's size."""

    def __init__(self, data: bytes):
        self._data = data
        self._start = len(codecs.BOM_UTF8) if data.startswith(codecs.BOM_UTF8) else 0
        self._encoding = "utf-8"
        self._clean = all(_is_utf8(piece) for piece in self._pieces())
        if not self._clean and not self._start:
            self._encoding = "gb18030"

    def pieces(self) -> Iterator[bytes]:
        """UTF-8, each line ending in \\n but for the last of the file."""
        for piece in self._pieces():
            text = piece if self._clean else piece.decode(self._encoding, errors="replace").encode()
            yield text.replace(b"\r\n", b"\n").replace(b"\r", b"\n") if b"\r" in text else text

    def lines(self) -> Iterator[str]:
        """The physical lines without their ends."""
        for piece in self.pieces():
            for line in io.BytesIO(piece):
                yield line.decode().removesuffix("\n")

    def written_lines(self) -> Iterator[str]:
        """The physical lines with their ends as written: inside a quoted cell they are text."""
        for piece in self._pieces():
            yield from io.TextIOWrapper(io.BytesIO(piece), self._encoding, errors="replace", newline="")

    def _pieces(self) -> Iterator[bytes]:
        data, start = self._data, self._start
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
            yield data[start:end]
            start = end


def _is_utf8(piece: bytes) -> bool:
    try:
        # Ten times as fast as a decoder.
        pl.Series([piece], dtype=pl.Binary).cast(pl.String)
    except pl.exceptions.PolarsError:
        return False
    return True


def _split(piece: bytes) -> list[str]:
    lines = piece.decode().split("\n")
    if lines[-1] == "":
        lines.pop()
    return lines


def _line_blocks(text: _Text, index: int, width: int, quoted: bool) -> Iterator[pl.DataFrame]:
    """The rows of a file of which every line is a record."""
    seen, skip = 0, index + 1
    for piece in text.pieces():
        count = piece.count(b"\n") + (not piece.endswith(b"\n"))
        first = min(max(skip - seen, 0), count)
        seen += count
        if first == count:
            continue
        cells = _cells(memoryview(piece)[_end_of(piece, first) :], count - first, width, quoted)
        line = pl.int_range(seen - count + first + 1, seen + 1, dtype=pl.Int64, eager=True).alias("line")
        yield cells.insert_column(0, line)


def _end_of(piece: bytes, lines: int) -> int:
    """Where the first lines of a piece end."""
    end = 0
    for _ in range(lines):
        end = piece.index(b"\n", end) + 1
    return end


def _cells(rows: memoryview, count: int, width: int, quoted: bool) -> pl.DataFrame:
    names = [f"c{place}" for place in range(width)]
    try:
        # With a header of its own, no row of the file is taken for one.
        cells = pl.read_csv(b"".join((",".join(names).encode(), b"\n", rows)), infer_schema=False, quote_char='"' if quoted else None)
        if len(cells) == count:
            return cells.with_columns(rest=pl.lit(""))
    except pl.exceptions.ComputeError:
        pass  # a row is longer than the header
    lines = _split(bytes(rows))
    if quoted:
        return block(list(range(count)), list(csv.reader(lines)), width).drop("line")
    cells = pl.Series(lines, dtype=pl.String).str.splitn(",", width + 1).struct.unnest()
    cells.columns = [*names, "rest"]
    return cells.with_columns(pl.col("rest").str.replace_all(",", "", literal=True).fill_null(""))


def _regular(piece: bytes) -> bool:
    """Whether every line is a record whose quotes, if any, enclose whole cells."""
    return pl.read_lines(piece)["line"].str.contains(_REGULAR).all()


def _quoted_blocks(text: _Text, index: int, width: int) -> Iterator[pl.DataFrame]:
    records = islice(_quoted(text), index + 1, None)
    while batch := list(islice(records, RECORDS)):
        yield block([line for line, _ in batch], [cells for _, cells in batch], width)


def _quoted(text: _Text) -> Iterator[tuple[int, list[str]]]:
    """(first physical line, cells) of each record."""
    kept: list[str] = []
    ended = False

    def lines() -> Iterator[str]:
        nonlocal ended
        for line in text.written_lines():
            kept.append(line)
            yield line
        ended = True

    reader = csv.reader(lines())
    before = 0
    for cells in reader:
        if ended:
            # Asked for more when the file had ended: a quote that nothing closes would swallow the file to its end. It is a
            # character, and its lines are lines.
            yield from enumerate(csv.reader(kept, quoting=csv.QUOTE_NONE), before + 1)
            return
        yield before + 1, cells
        before = reader.line_num
        kept.clear()
