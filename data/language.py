"""The language in which this program speaks on a terminal: Chinese, or English where LIANGXIN_LANG=en says so."""

import os


def english() -> bool:
    return os.environ.get("LIANGXIN_LANG", "zh").lower().startswith("en")


def words(zh: str, en: str) -> str:
    """One sentence in both languages: the one that the user reads."""
    return en if english() else zh
