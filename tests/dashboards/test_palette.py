"""The colours of the pictures can be told from their ground and from each other, on paper and at night."""

import re

import plotly.graph_objects as go
import pytest

from dashboards import charts
from dashboards.charts import palette
from dashboards.charts.palette import INK, MARKS, NIGHT, ON_DEEP, ON_PALE, PAPER, SHADES, TEXTS, TWINS, at_night
from data.figures import Figure
from data.words import Words
from tests.transforms.test_compare import place
from transforms.compare import ranked

HEX = re.compile(r"^#[0-9a-f]{6}$")


def brightness(colour: str) -> float:
    """Relative luminance, as WCAG 2 defines it."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    high, low = sorted((brightness(one), brightness(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_contrast_is_computed_as_wcag_does():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("colour", MARKS)
def test_marks_stand_out_on_both_grounds(colour):
    assert contrast(colour, PAPER) >= 3
    assert contrast(TWINS[colour], NIGHT) >= 3


@pytest.mark.parametrize("colour", TEXTS)
def test_text_can_be_read_on_both_grounds(colour):
    assert contrast(colour, PAPER) >= 4.5
    assert contrast(TWINS[colour], NIGHT) >= 4.5


def test_text_can_be_read_on_every_tile_and_square():
    assert min(contrast(ON_PALE, shade) for shade in SHADES[:3]) >= 4.5
    assert min(contrast(ON_DEEP, shade) for shade in SHADES[4:]) >= 4.5
    from dashboards.charts.heat import TONES

    assert min(contrast(ON_PALE, tone) for tone in TONES) >= 4.5


def test_what_lies_beside_each_other_is_told_apart_by_brightness_too():
    for ground in (lambda colour: colour, TWINS.get):
        assert contrast(ground(palette.BLUE), ground(palette.PALE)) >= 1.5


def test_the_grounds_are_those_of_the_theme():
    from pathlib import Path
    from tomllib import loads

    theme = loads((Path(charts.__file__).parents[1] / ".streamlit" / "config.toml").read_text(encoding="utf-8"))["theme"]
    assert (theme["light"]["backgroundColor"], theme["dark"]["backgroundColor"]) == (PAPER, NIGHT)


def colours(value, found):
    if isinstance(value, dict):
        for key, each in value.items():
            colours(each, found)
            if key.endswith("color"):
                found.update(each if isinstance(each, list | tuple) else [each])
    elif isinstance(value, list):
        for each in value:
            colours(each, found)
    return {each for each in found if isinstance(each, str) and HEX.match(each)}


def test_at_night_no_colour_of_paper_is_left_and_data_stay():
    places = ranked([place("#26303a", 15, 30), place("b", 29, 30), place("c", 3, 10)], "up", 20)
    picture = charts.bars(Words("zh"), places, Figure(1, 2, 0.5), "rate", "up")
    night = at_night(picture)
    assert colours(picture, set()) <= set(TWINS)
    assert colours(night, set()) <= set(TWINS.values())
    assert night["data"][0]["y"] == picture["data"][0]["y"]
    assert INK in night["data"][0]["y"]
    go.Figure(night)
