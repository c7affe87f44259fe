"""Text as an office writes it, folded to text that can be compared (sources.md rules 2, 5 and 6).

Polars, not Narwhals: Unicode folding exists in Polars alone, and files are read on one machine whatever engine computes
afterwards. Folding costs a microsecond a cell and nine cells in ten are plain, so each step is done only where a cheap test
says that it would change something: the answer is the same, a month is read three times as fast.
"""

from collections.abc import Callable

import polars as pl

# 'No value' as offices write it. Latin ones in either case; compared after folding, so full-width ones count too.
NO_VALUE = ("", "无", "空", "—", "——", "-", "--", "/", "n/a", "null", "\\n")
LONGEST_NO_VALUE = max(len(word.encode()) for word in NO_VALUE)
TOTAL_MARKS = ("合计", "小计", "总计", "注:")

# Printable ASCII and the unified ideographs are their own NFKC form; all else is asked.
_MAY_FOLD = r"[^ -~\x{4E00}-\x{9FFF}]"


def fold(text: pl.Series) -> pl.Series:
    """NFKC-folded and trimmed; null where the text means 'no value'."""
    folded = _where(text, text.str.contains(_MAY_FOLD), lambda odd: odd.str.normalize("NFKC")).str.strip_chars()
    short = folded.str.len_bytes() <= LONGEST_NO_VALUE
    return _where(folded, short, lambda few: few.set(few.str.to_lowercase().is_in(NO_VALUE), None))


def fold_code(text: pl.Series) -> pl.Series:
    """A code or identifier: folded, without any white space, upper-cased."""
    folded = fold(text)
    folded = _where(folded, folded.str.contains(r"\s"), lambda odd: odd.str.replace_all(r"\s+", ""))
    return _where(folded, folded.str.contains(r"\p{Ll}"), lambda odd: odd.str.to_uppercase())


def _where(text: pl.Series, wanted: pl.Series, change: Callable[[pl.Series], pl.Series]) -> pl.Series:
    places = wanted.fill_null(False).arg_true()
    if places.is_empty():
        return text
    if len(places) == len(text):
        return change(text)
    changed = pl.DataFrame({"place": places, "new": change(text.gather(places))})
    frame = text.alias("old").to_frame().with_row_index("place")
    joined = frame.join(changed.with_columns(hit=True), on="place", how="left", maintain_order="left")
    return joined.select(pl.when("hit").then("new").otherwise("old").alias(text.name))[text.name]
