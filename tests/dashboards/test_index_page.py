"""The first bytes of a page: its language and title, and the words of Streamlit that page.js says in Chinese."""

import json
import re
from pathlib import Path

import streamlit

from dashboards import index_page

SCRIPT = (Path(index_page.__file__).parent / "page.js").read_text(encoding="utf-8")


def words(name: str) -> list[str]:
    table = re.search(rf"const {name} = \{{(.*?)\n  \}};", SCRIPT, re.DOTALL)[1]
    return [json.loads(key) for key in re.findall(r'^\s+("(?:[^"\\]|\\.)*"):', table, re.MULTILINE)]


def test_a_page_is_in_the_language_of_its_address():
    for asked, lang in ((None, "zh-CN"), ("zh", "zh-CN"), ("en", "en"), ('"><script>', "zh-CN")):
        page = index_page.document(asked, "<script>more()</script>")
        assert f'<html lang="{lang}">' in page
        assert f"<title>{index_page.TITLE}</title><script>more()</script>" in page
        assert "<title>Streamlit</title>" not in page
        assert page.index("__streamlit") < page.index("stActiveTheme") < page.index('type="module"')


def test_what_is_translated_is_still_what_streamlit_says():
    """A newer Streamlit may say it otherwise: then its English would show again."""
    home = Path(streamlit.__file__).parent
    folder = home / "static" / "static" / "js"
    files = [home / "runtime" / "backend_operation_handler.py"]
    files += [path for name in ("index.", "Selectbox", "TextInput", "utils.", "ErrorElement") for path in folder.glob(f"{name}*.js")]
    source = "\n".join(path.read_text(encoding="utf-8") for path in files)
    made = {"The page that you have requested does not seem to exist. Running the app's main page."}  # of two halves
    assert [key for key in words("ZH") + words("EN") if key not in made and f"`{key}`" not in source and f'"{key}"' not in source] == []
    assert "stActiveTheme-${window.location.pathname}" in source
    assert re.search(r"var st=2,ct=`stActiveTheme|CACHED_THEME_VERSION:(\w+)", source)
