"""The colours of the pictures, on paper and on a dark screen.

What belongs here: every colour that a picture may hold. Pictures are made in the colours of paper; on a dark screen each is drawn in its
twin, and a PNG is always paper. Told apart under every common colour blindness, and strong enough on their ground: tests/dashboards/
test_palette.py computes both.
"""

from typing import Any

PAPER, NIGHT = "#ffffff", "#14181d"  # the grounds, as .streamlit/config.toml has them
INK, SOFT, GRID, RULE = "#26303a", "#55606b", "#e3e7eb", "#7f8890"
BLUE, PALE, RED, GREEN, GREY = "#2b6ca3", "#6c98c0", "#b8392f", "#0b7a5c", "#848b93"
# Blue, orange, green, purple of Okabe and Ito: told apart under every common colour blindness.
SERIES = (
    ("#0072b2", "solid", "circle"),
    ("#cc5500", "dash", "square"),
    ("#008a63", "dot", "diamond"),
    ("#aa4499", "dashdot", "triangle-up"),
)
# From few to many, the same on both grounds: 'darker is higher' is said beside them. Their text has its own two inks.
SHADES = ("#dce9f5", "#b0cfe8", "#74abd5", "#3a7fb8", "#154f86")
ON_PALE, ON_DEEP = "#1b2733", "#fefefe"
CLEAR, HAZE, BAND = "rgba(0,0,0,0)", "rgba(128,128,128,0.12)", "rgba(138,145,153,0.28)"
FONT = "Liangxin Sans, Noto Sans CJK SC, Source Han Sans SC, Microsoft YaHei, PingFang SC, sans-serif"

# paper -> its twin at night
TWINS = {
    PAPER: NIGHT,
    INK: "#e8ebef",
    SOFT: "#b4bcc5",
    GRID: "#2c343d",
    RULE: "#808a95",
    BLUE: "#6cb0ec",
    PALE: "#4d7fb0",
    RED: "#ff8a7a",
    GREEN: "#4cc9a0",
    GREY: "#8f98a1",
    "#0072b2": "#56b4e9",
    "#cc5500": "#ff9d4d",
    "#008a63": "#33c493",
    "#aa4499": "#d98bd0",
}
MARKS = (BLUE, PALE, RED, GREEN, GREY, RULE, *(colour for colour, _, _ in SERIES))
TEXTS = (INK, SOFT, RED)


def at_night(value: Any) -> Any:
    """A picture in the colours of a dark screen. Only what is a colour by its name is touched: a name from data stays as it is."""
    if isinstance(value, dict):
        return {key: _twin(each) if key.endswith("color") else at_night(each) for key, each in value.items()}
    return [at_night(each) for each in value] if isinstance(value, list) else value


def _twin(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return [_twin(each) for each in value]
    return TWINS.get(value, value) if isinstance(value, str) else value
