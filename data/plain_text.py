"""Text from data, made to show as itself wherever it goes: a page, a Streamlit label, a chart, a spreadsheet, the name of a file.

What belongs here: which characters are shown, and how each place is kept from reading a name as markup, formula or path. A character that
nobody sees, or that turns the line around it (control, bidirectional, zero width, half a surrogate pair), is shown as U+FFFD: dropping it
would make two names one, and keeping it would let a name look like another.
"""

import json
import re
import unicodedata
from html import escape
from typing import Any

SIGN = "\N{REPLACEMENT CHARACTER}"
# What a spreadsheet would run, also in the full width that Chinese editions read. A lone sign is harmless, and `-` is a value of the
# contract ('no basis').
RISKY = r"(?s)^(?:[=+@\t\r＝＋＠]|[-－].)"  # noqa: RUF001
# What no cell needs: tabs and ends of lines are kept, and characters of private use, which registers have for rare names.
UNSEEN = (
    "[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\U000e0000-\U000e007f]"
)
CELL_LETTERS = 32_767  # of a spreadsheet's cell
_UNSEEN = re.compile(UNSEEN[:-1] + "\ud800-\udfff\ufffe\uffff]")
_BREAKS = re.compile(r"[\t\r\n]")
_HALF = re.compile("[\ud800-\udfff]")
_RISKY = re.compile(RISKY)
_MARKDOWN = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~$:&^=@/])")
_IN_NO_FILE = re.compile(r"[\\/:*?\"<>|\s]+")
_FILE_LETTERS = 80


def visible(value: object) -> str:
    """One line of a page: whatever is not printed is a sign. Spaces of all widths are kept: Chinese text is set apart by U+3000."""
    text = str(value)
    return text if text.isprintable() else "".join(letter if is_shown(letter) else SIGN for letter in text)


def in_line(value: str) -> str:
    """A name that is going to stand in many places: nothing in it that turns, breaks or hides a line."""
    return _BREAKS.sub(SIGN, _UNSEEN.sub(SIGN, value))


def is_shown(letter: str) -> bool:
    return letter.isprintable() or unicodedata.category(letter) == "Zs"


def in_html(value: object) -> str:
    """In a page: no markup, and its own direction of writing."""
    return f"<bdi>{in_markup(value)}</bdi>"


def in_markup(value: object) -> str:
    """In a page, where words of ours stand around it or nothing else does."""
    return escape(visible(value))


def read_json(text: str) -> Any:
    """JSON of a release. It can hold half a surrogate pair, which is no text that could be looked up, drawn or written."""
    found = json.loads(text)
    return _whole(found) if "\\ud" in text.lower() else found


def _whole(value: Any) -> Any:
    if isinstance(value, str):
        return _HALF.sub(SIGN, value)
    if isinstance(value, list):
        return [_whole(each) for each in value]
    return {_whole(name): _whole(each) for name, each in value.items()} if isinstance(value, dict) else value


def in_chart(value: object, letters: int = 30) -> str:
    """In a chart: Plotly reads some HTML, and sets aside as much room as the longest name asks for. The table beside it has names whole."""
    text = visible(value)
    return escape(text if len(text) <= letters else text[: letters - 1] + "…", quote=False)


def in_label(value: object) -> str:
    """In what Streamlit reads as Markdown: labels, messages, titles of what folds."""
    return _MARKDOWN.sub(r"\\\1", visible(value))


def in_cell(value: str) -> str:
    """In a cell of a workbook, where text is never a formula."""
    clean = _UNSEEN.sub(SIGN, value)
    return clean if len(clean) <= CELL_LETTERS else clean[: CELL_LETTERS - 1] + "…"


def in_csv(value: str) -> str:
    """In a field of a CSV, before it is quoted: what a spreadsheet would run is led by an apostrophe."""
    clean = _UNSEEN.sub(SIGN, value)
    return f"'{clean}" if _RISKY.match(clean) else clean


def in_file_name(value: str) -> str:
    """As a part of a file's name, on any system: no folder, no device, no sign that a shell or Windows refuses, not too long."""
    return _IN_NO_FILE.sub("_", _UNSEEN.sub("", value)).strip("._")[:_FILE_LETTERS]
