"""Files that leave the pages: every download button of the dashboards, made here, so that none leaves without an entry in the audit log.

What belongs here: the button, and what happens when it is pressed. What is in a file: export.py and the pages' own books. A file is made
when it is asked for, in a thread of the server's own; who asks is looked up again then, for a page may stay open for days.
"""

import logging
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, replace
from typing import Any

import streamlit as st
from streamlit import runtime
from streamlit.runtime.scriptrunner import add_script_run_ctx, get_script_run_ctx

from dashboards import access, audit, export
from dashboards.export import Book
from dashboards.shell import View
from data.home import HomeUnfit
from data.plain_text import in_file_name, in_label

LOG = logging.getLogger("liangxin.dashboards")
MIMES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv",
    "zip": "application/zip",
    "html": "text/html",
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
FAILED = "downloads.failed"


@dataclass(frozen=True)
class Made:
    """A file: its content, and how many rows of data are in it."""

    data: bytes
    rows: int


def button(view: View, label: str, make: Callable[[], Made], stem: str, form: str, key: str, part: str = "", **looks: Any) -> None:
    """A button that makes a file when it is pressed, so that a page that is only read costs nothing. `stem`, `form`: the file's name;
    `part`: which of the page's files it is, for the log."""
    failed = st.session_state.setdefault(FAILED, {})
    chosen = audit.asked(view)

    def made() -> bytes:
        failed.pop(key, None)
        try:
            file = _as_reader(lambda: _made(view, make), ctx)
            audit.exported(view, chosen, file.rows, form, part)
            return file.data
        except (HomeUnfit, access.NoEntry) as error:
            failed[key] = str(error) if isinstance(error, HomeUnfit) else view.words("download.no_entry")
            raise
        except Exception as error:  # its type alone: what it quotes may be data
            LOG.error("download %s of page %s: %s", key, view.page.name, type(error).__name__)
            failed[key] = view.words("download.failed")
            raise RuntimeError("the file could not be made") from None

    ctx = get_script_run_ctx(suppress_warning=True)
    st.download_button(label, made, f"{in_file_name(stem)}.{form}", mime=MIMES[form], on_click="ignore", key=key, **looks)
    if failed.get(key):
        st.warning(in_label(failed[key]), icon=":material/error:")


def _made(view: View, make: Callable[[], Made]) -> Made:
    if runtime.exists() and access.reader(view.home) != view.reader:
        raise access.NoEntry("unknown", view.reader.sign_in)
    return make()


def _as_reader(make: Callable[[], Made], ctx: Any) -> Made:
    """In a thread of the reader's own session, so that whatever is opened for the file is opened for that reader."""
    if ctx is None:
        return make()
    ended: Future[Made] = Future()

    def run() -> None:
        try:
            ended.set_result(make())
        except BaseException as error:
            ended.set_exception(error)

    thread = threading.Thread(target=run, daemon=True)
    add_script_run_ctx(thread, ctx)
    thread.start()
    return ended.result()


def xlsx(view: View, made: Callable[[], Book], name: str = "", key: str = "xlsx", **looks: Any) -> None:
    """A workbook. `name`: the end of the file's name; `key`: the button's own, where a page has several."""
    make = lambda: counted(made(), export.book_bytes)  # noqa: E731
    button(view, view.words("download.xlsx"), make, f"{view.file_stem}{name}", "xlsx", key, name.strip("_"), **looks)


def csv(view: View, made: Callable[[], Book], name: str = "", key: str = "csv", **looks: Any) -> None:
    make = lambda: counted(made(), lambda book: export.csv_bytes(book, view.filters))  # noqa: E731
    button(view, view.words("download.csv"), make, f"{view.file_stem}{name}", "csv", key, name.strip("_"), **looks)


def both(view: View, made: Callable[[], Book], name: str) -> None:
    """A workbook and a CSV of the same table, side by side below it."""
    one, two, _ = st.columns([1, 1, 3], gap="small")
    with one:
        xlsx(view, made, name, width="stretch", type="primary")
    with two:
        csv(view, made, name, width="stretch")


def counted(book: Book, write: Callable[[Book], bytes]) -> Made:
    """Writes a book, and counts the rows of all its sheets as they are written."""
    rows = _Counted(book.rows)
    more = [replace(sheet, rows=_Counted(sheet.rows)) for sheet in book.more]
    data = write(replace(book, rows=rows, more=more))
    return Made(data, rows.count + sum(sheet.rows.count for sheet in more))


class _Counted:
    def __init__(self, rows: Iterable[Sequence[Any]]):
        self.rows, self.count = rows, 0

    def __iter__(self) -> Iterator[Sequence[Any]]:
        for row in self.rows:
            self.count += 1
            yield row
