"""The first bytes of every page: Streamlit's own document with our language, our title, and page.js before its script.

What belongs here: that document. Which addresses get it, and who, is serve.py's.
"""

from functools import cache
from pathlib import Path

import streamlit

TITLE = "两新组织党建统计"
# Streamlit's script looks for its server below every page's address first (`/districts/_stcore/health`) and logs an error for each miss;
# a page that is told where its server is does not look.
TELL = "<script>window.__streamlit={BACKEND_BASE_URL:window.location.origin+'/'}</script>"


def document(lang: str | None, more: str = "") -> str:
    """`lang` as the address asks for it; `more` goes into its head after what is always there."""
    return _document("en" if lang == "en" else "zh-CN").replace("</title>", f"</title>{more}", 1)


@cache
def _document(lang: str) -> str:
    index = (Path(streamlit.__file__).parent / "static" / "index.html").read_text(encoding="utf-8")
    scripts = "".join(f"<script>{(Path(__file__).parent / name).read_text(encoding='utf-8')}</script>" for name in ("page.js", "png.js"))
    index = index.replace("<head>", f"<head>{TELL}{scripts}", 1)
    return index.replace('<html lang="en">', f'<html lang="{lang}">', 1).replace("<title>Streamlit</title>", f"<title>{TITLE}</title>", 1)
