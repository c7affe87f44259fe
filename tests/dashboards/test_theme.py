"""Light and dark: every text can be read on every ground it stands on, and each colour is named once."""

import re
import tomllib
from pathlib import Path

import pytest

from dashboards import parts

HERE = Path(parts.__file__).parent
TEXTS = ("ink", "soft", "faint", "red", "better", "worse", "focus")
GROUNDS = ("ground", "raised")
MARKS = ("bar", "bar-plus", "bar-minus", "bar-quiet", "rule")


def colours(sheet: str) -> dict[str, str]:
    return dict(re.findall(r"--lx-([a-z-]+): (#[0-9a-f]{6});", (HERE / sheet).read_text(encoding="utf-8")))


THEMES = {"light": colours("style.css"), "dark": colours("style.css") | colours("dark.css")}


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_contrast_is_the_one_that_is_known():
    assert round(contrast("#ffffff", "#000000"), 2) == 21
    assert round(contrast("#ffffff", "#767676"), 2) == 4.54


@pytest.mark.parametrize("theme", THEMES)
def test_every_text_can_be_read(theme):
    named = THEMES[theme]
    pairs = [(text, ground) for text in TEXTS for ground in GROUNDS] + [(text, "wash") for text in ("ink", "soft", "red", "worse")]
    assert {pair: contrast(*(named[name] for name in pair)) for pair in pairs if contrast(*(named[name] for name in pair)) < 4.5} == {}


@pytest.mark.parametrize("theme", THEMES)
def test_every_mark_can_be_seen(theme):
    named = THEMES[theme]
    assert {name: contrast(named[name], named["ground"]) for name in MARKS if contrast(named[name], named["ground"]) < 3} == {}


@pytest.mark.parametrize("theme", THEMES)
def test_streamlits_own_colours_are_these(theme):
    asked = tomllib.loads((HERE / ".streamlit" / "config.toml").read_text(encoding="utf-8"))["theme"][theme]
    named = THEMES[theme]
    assert (asked["backgroundColor"], asked["secondaryBackgroundColor"]) == (named["ground"], named["raised"])
    assert (asked["textColor"], asked["linkColor"], asked["borderColor"]) == (named["ink"], named["focus"], named["line"])
    assert contrast(asked["primaryColor"], "#ffffff") >= 4.5  # the text of a button is white


def test_every_colour_is_named_once_and_dark_names_them_all():
    """But for grounds that bring their own ink, as the shades of a heat table do: the same by day and night."""
    assert colours("dark.css").keys() == colours("style.css").keys()
    own = re.compile(r"background: (#[0-9a-f]{6}); color: (#[0-9a-f]{6});")
    for sheet in parts.SHEETS:
        text = re.sub(r":root \{.*?\}", "", (HERE / sheet).read_text(encoding="utf-8"), flags=re.DOTALL)
        assert [pair for pair in own.findall(text) if contrast(*pair) < 4.5] == []
        assert re.findall(r"#[0-9a-fA-F]{3,8}\b", own.sub("", text)) == [], sheet
        assert set(re.findall(r"var\(--lx-([a-z-]+)\)", text)) <= colours("style.css").keys(), sheet


def test_paper_stays_light():
    """The dark colours are for screens alone, so a sheet that is printed from a dark screen has none of them."""
    text = (HERE / "dark.css").read_text(encoding="utf-8")
    assert re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL).split("{")[0].strip() == "@media screen"
