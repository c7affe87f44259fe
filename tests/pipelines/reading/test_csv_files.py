"""CSV to text cells: encodings, line ends, quotes, ragged rows, physical line numbers, and the standard library as the judge."""

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.reading import csv_files
from pipelines.reading.csv_files import read_text
from pipelines.reading.tables import HEAD_ROWS


def rows(data: bytes | str, width: int, after: int = -1) -> list[tuple[int, list[str]]]:
    """(line, cells, what stands further right) of every row behind row `after`; no cell and an empty one are the same here."""
    table = read_text(data.encode() if isinstance(data, str) else data)
    return [(line, [cell or "" for cell in cells]) for block in table.blocks(after, width) for line, *cells in block.rows()]


def cells(data: bytes | str, width: int) -> list[list[str]]:
    return [row[:-1] for _, row in rows(data, width)]


def standard(text: str, width: int) -> list[tuple[int, list[str]]] | None:
    """The same by the csv module; None where a quote is never closed, for which it swallows the rest of the file."""
    ended = []

    def lines():
        yield from io.StringIO(text, newline="")
        ended.append(True)

    reader, found, before = csv.reader(lines()), [], 0
    for record in reader:
        if ended:
            return None
        found.append((before + 1, [*(record + [""] * width)[:width], "".join(record[width:])]))
        before = reader.line_num
    return found


TEXT = "名称,住所\n博达（深圳）,㐀𠮷路\nA,b\n"


@pytest.mark.parametrize(
    ("encoding", "marks"),
    [("utf-8", b""), ("utf-8-sig", b"\xef\xbb\xbf"), ("gb18030", b"")],
)
def test_encodings(encoding, marks):
    data = TEXT.encode(encoding)
    assert data.startswith(marks)
    assert cells(data, 2) == [["名称", "住所"], ["博达（深圳）", "㐀𠮷路"], ["A", "b"]]
    assert read_text(data).head[0] == (1, ["名称", "住所"])


def test_characters_of_four_bytes_in_gb18030_hold_digits_that_are_no_digits():
    data = TEXT.encode("gb18030")
    assert "㐀".encode("gb18030") == b"\x81\x39\xee\x39"
    assert len("𠮷".encode("gb18030")) == 4
    assert cells(data, 2)[1] == ["博达（深圳）", "㐀𠮷路"]


@pytest.mark.parametrize("encoding", ["gbk", "gb2312"])
def test_older_encodings_are_parts_of_gb18030(encoding):
    assert cells("名称,住所\n博达,南山路\n".encode(encoding), 2)[1] == ["博达", "南山路"]


def test_a_bad_byte_costs_its_own_cell():
    assert cells(b"\xef\xbb\xbf\xe5\x90\x8d,a\xff\xe5\xae\xb6,b\n\xe5\x90\x8d,c,d\n", 3) == [["名", "a\ufffd家", "b"], ["名", "c", "d"]]
    assert cells("名称,".encode("gb18030") + b"a\xffb,c\n1,2,3\n", 3)[1:] == [["1", "2", "3"]]


def test_bytes_deep_in_a_file_decide_its_encoding(monkeypatch):
    monkeypatch.setattr(csv_files, "CHUNK", 64)
    text = "a,b\n" * 100 + "名,称\n"
    assert cells(text.encode(), 2)[-1] == cells(text.encode("gb18030"), 2)[-1] == ["名", "称"]


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("a,b\nc,d\n", [1, 2]),
        ("a,b\nc,d", [1, 2]),
        ("a,b\r\nc,d\r\n", [1, 2]),
        ("a,b\rc,d\r", [1, 2]),
        ("a,b\r\nc,d\re,f\ng,h", [1, 2, 3, 4]),
        ("a,b\r\rc,d\n\n", [1, 2, 3, 4]),
        ("a,b\n\rc,d", [1, 2, 3]),
        ("\n\na,b\n", [1, 2, 3]),
        ("", []),
    ],
)
@pytest.mark.parametrize("quote", ["", '"'])
def test_line_ends(text, lines, quote):
    quoted = "".join(f"{quote}{part}{quote}" if part.isalpha() else part for part in text)
    assert [line for line, _ in rows(quoted, 2)] == lines
    assert [row[:2] for _, row in rows(quoted, 2) if row[0]] == [list(pair) for pair in ("ab", "cd", "ef", "gh") if pair[0] in text]


@pytest.mark.parametrize("text", ["a\x0bb,c\x0c\n", "a\x1cb,c\x85\n", "a\u2028b,c\u2029\n", '"a\u2028b","c\x0c"\n'])
def test_other_separators_end_no_line(text):
    assert [len(row) for row in cells(text, 2)] == [2]
    assert len(cells(text, 2)) == 1


def test_quotes_and_the_lines_at_which_records_start():
    text = 'name,note\r\n"a, b","c ""d"""\r\n"e\nf\r\ng",h\r\ni,"j"\r\n\r\n"k\n",l\n'
    assert rows(text, 2) == [
        (1, ["name", "note", ""]),
        (2, ["a, b", 'c "d"', ""]),
        (3, ["e\nf\r\ng", "h", ""]),
        (6, ["i", "j", ""]),
        (7, ["", "", ""]),
        (8, ["k\n", "l", ""]),
    ]


def test_a_quote_inside_a_cell_is_a_character():
    assert cells('管径5",b\nc,d"e"f\n', 2) == [['管径5"', "b"], ["c", 'd"e"f']]


def test_no_row_is_lost_behind_a_cell_of_two_lines_that_has_a_quote_beside_it():
    text = 'a,b\n"c\nd",5" 管\ne,f\n"g",h\n'
    assert rows(text, 2) == [(1, ["a", "b", ""]), (2, ["c\nd", '5" 管', ""]), (4, ["e", "f", ""]), (5, ["g", "h", ""])]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('a,b\n"c,d\ne,f\n', [(2, ['"c', "d"]), (3, ["e", "f"])]),
        ('a,b\ne,f\n"c,d\n', [(2, ["e", "f"]), (3, ['"c', "d"])]),
        ('a,b\ne,f\nc,"d', [(2, ["e", "f"]), (3, ["c", '"d'])]),
        ('a,b\n"c\nd","e\nf,g\nh,i\n', [(2, ['"c', ""]), (3, ['d"', '"e']), (4, ["f", "g"]), (5, ["h", "i"])]),
    ],
)
def test_a_quote_that_nothing_closes_swallows_no_line(text, found):
    assert [(line, row[:2]) for line, row in rows(text, 2)] == [(1, ["a", "b"]), *found]


def test_rows_longer_and_shorter_than_the_header():
    text = "a,b\n1\n1,2,3,4\n1,2,\n,,\n"
    expected = [["1", "", ""], ["1", "2", "34"], ["1", "2", ""], ["", "", ""]]
    assert [row for _, row in rows(text, 2, after=0)] == expected
    assert [row for _, row in rows('"a",b' + text[3:], 2, after=0)] == expected


@pytest.mark.parametrize("text", ["a,b\n1,2\n3,4\n\n5,6\n", '"a","b"\n1,2\n"3",4\n\n5,"6"\n', '"a\n","b"\n1,2\n"3",4\n\n5,"6"\n'])
@pytest.mark.parametrize("after", [-1, 0, 1, 3, 4, 5, 9])
def test_rows_behind_a_row(text, after):
    assert rows(text, 2, after) == rows(text, 2)[after + 1 :]


def test_the_head_is_the_first_rows():
    text = "".join(f"{n},b\n" for n in range(50))
    assert read_text(text.encode()).head == [(n + 1, [str(n), "b"]) for n in range(HEAD_ROWS)]
    assert read_text(f'"x\ny",z\n{text}'.encode()).head == [(1, ["x\ny", "z"]), *[(n + 3, [str(n), "b"]) for n in range(HEAD_ROWS - 1)]]
    assert read_text(b"").head == []


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("quote", ["", '"', '"两\n行 '])
def test_a_file_of_many_pieces_is_the_same_file(monkeypatch, end, encoding, quote):
    text = "".join(f"{quote}名{n}{quote and quote[0]},{'长' * (n % 7)}{',x' * (n % 3 == 0)}{end}" for n in range(30)) + f"{end}{end}"
    data = text.encode(encoding)
    whole, head = rows(data, 2, after=2), read_text(data).head
    assert len(whole) == 29
    for size in (1, 2, 3, 7, len(data) // 3 + 1, len(data)):
        monkeypatch.setattr(csv_files, "CHUNK", size)
        assert rows(data, 2, after=2) == whole
        assert read_text(data).head == head


def test_batches_of_records_are_one_table(monkeypatch):
    text = "".join(f'"{n}\n",b\n' for n in range(10))
    whole = rows(text, 2)
    monkeypatch.setattr(csv_files, "RECORDS", 3)
    assert rows(text, 2) == whole == [(2 * n + 1, [f"{n}\n", "b", ""]) for n in range(10)]


some_text = st.one_of(
    st.text('a,"\n', max_size=24),
    st.text('名",\r\n', max_size=24),
    st.text("a,\r\n ", max_size=24),
    st.lists(st.sampled_from(['"', '""', '","', '",', ',"', "a", "名", ",", "\n", "\r\n", "\r", '"\n', '\n"', " "]), max_size=14).map(
        "".join
    ),
)


@given(some_text, st.integers(1, 4), st.sampled_from([1, 2, 3, 7, 1 << 24]))
@settings(max_examples=300, deadline=None)
def test_any_text_is_read_as_the_csv_module_reads_it(text, width, chunk):
    expected = standard(text, width)
    if expected is None:
        expected = standard_lines(text, width)
    before, csv_files.CHUNK = csv_files.CHUNK, chunk
    try:
        assert rows(text, width) == expected
        head = [(line, row[:-1]) for line, row in expected[:HEAD_ROWS]]
        assert [(line, (row + [""] * width)[:width]) for line, row in read_text(text.encode()).head] == head
    finally:
        csv_files.CHUNK = before


def standard_lines(text: str, width: int) -> list[tuple[int, list[str]]]:
    """Records up to the one whose quote is never closed; from there each line is a row and a quote a character."""
    lines = list(io.StringIO(text, newline=""))
    for kept in range(len(lines) - 1, -1, -1):
        found = standard("".join(lines[:kept]), width)
        if found is None:
            continue
        rest = [(kept + place, line.rstrip("\r\n").split(",")) for place, line in enumerate(lines[kept:], 1)]
        return found + [(line, [*(row + [""] * width)[:width], "".join(row[width:])]) for line, row in rest]
    raise AssertionError("an empty text has no quote")


@given(
    st.lists(st.lists(st.text('a名,"\n\r ', max_size=4), min_size=1, max_size=4), max_size=8),
    st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]),
)
@settings(max_examples=100, deadline=None)
def test_what_the_csv_module_writes_is_read(records, quoting):
    buffer = io.StringIO(newline="")
    csv.writer(buffer, quoting=quoting).writerows(records)
    assert cells(buffer.getvalue(), 4) == [(record + [""] * 4)[:4] for record in records]
