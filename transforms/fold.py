"""Text as an office writes it, folded to text that can be compared (sources.md rules 2, 5 and 6).

Polars, not Narwhals: Unicode folding exists in Polars alone, and files are read on one machine whatever engine computes
afterwards. Folding costs a microsecond a cell and nine cells in ten are plain, so each step is done only where a cheap test
says that it would change something: the answer is the same, a month is read three times as fast.
"""

from collections.abc import Callable

import numpy as np
import polars as pl

# 'No value' as offices write it. Latin ones in either case; compared after folding, so full-width ones count too.
NO_VALUE = ("", "无", "空", "—", "——", "-", "--", "/", "n/a", "null", "\\n")
LONGEST_NO_VALUE = max(len(word.encode()) for word in NO_VALUE)
TOTAL_MARKS = ("合计", "小计", "总计", "注:")

# Printable ASCII and the unified ideographs are their own NFKC form; all else is asked.
_MAY_FOLD = r"[^ -~\x{4E00}-\x{9FFF}]"
# A code of printable ASCII without blanks and small letters, too long to mean 'no value', stays as it is.
_PLAIN_CODE = rf"^[!-`{{-~]{{{LONGEST_NO_VALUE + 1},}}$"


def fold(text: pl.Series) -> pl.Series:
    """NFKC-folded and trimmed; null where the text means 'no value'."""
    folded = _where(text, text.str.contains(_MAY_FOLD), lambda odd: odd.str.normalize("NFKC")).str.strip_chars()
    short = folded.str.len_bytes() <= LONGEST_NO_VALUE
    return _where(folded, short, lambda few: few.set(few.str.to_lowercase().is_in(NO_VALUE), None))


def fold_code(text: pl.Series) -> pl.Series:
    """A code or identifier: folded, without any white space, upper-cased."""
    return _where(text, ~text.str.contains(_PLAIN_CODE), lambda odd: fold(odd).str.replace_all(r"\s+", "").str.to_uppercase())


def _where(text: pl.Series, wanted: pl.Series, change: Callable[[pl.Series], pl.Series]) -> pl.Series:
    places = wanted.fill_null(False).arg_true()
    if places.is_empty():
        return text
    if len(places) == len(text):
        return change(text)
    # Gathered from the old ones and the new ones behind them: a join would hash every row.
    source = np.arange(len(text))
    source[places.to_numpy()] = np.arange(len(text), len(text) + len(places))
    return pl.concat([text, change(text.gather(places)).alias(text.name)]).gather(source)
