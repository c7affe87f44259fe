"""Cuts the dashboards' web font out of Noto Sans CJK SC, once, at set-up; nothing here runs while a page is served.

The font comes from a package (manimgx-fonts-cjk), so no page asks the network for one. The cut keeps every weight, and the characters of
GB 2312 and 通用规范汉字表: what Chinese names and place names are registered in. The system's Chinese fonts stand behind it for the rest.

    python -m dashboards.fonts
"""

import os
import types
from importlib.resources import files
from pathlib import Path

HERE = Path(__file__).parent
WEB_FONT = HERE / "static" / "liangxin-sans.woff2"

# Punctuation, super- and subscripts, currency, number forms, arrows, mathematics, enclosed numbers, boxes, shapes, marks, CJK punctuation
# with 〇, full-width forms: beyond GB 2312's own symbols, what tables and charts use.
SYMBOLS = (
    (0x0020, 0x007E), (0x00A0, 0x00FF), (0x2000, 0x209F), (0x20A0, 0x20BF), (0x2100, 0x22FF), (0x2460, 0x24FF),
    (0x2500, 0x27BF), (0x3000, 0x303F), (0x3200, 0x33FF), (0xFE30, 0xFE4F), (0xFF00, 0xFFEF),
)  # fmt: skip


def gb2312() -> set[str]:
    """All of GB 2312: 6,763 characters and 682 symbols."""
    pairs = (bytes((row, cell)) for row in range(0xA1, 0xF8) for cell in range(0xA1, 0xFF))
    return {pair.decode("gb2312", "ignore") for pair in pairs} - {""}


def beyond_gb2312() -> set[str]:
    """The 1,467 characters of 通用规范汉字表 that GB 2312 lacks."""
    lines = (HERE / "characters.txt").read_text(encoding="utf-8").splitlines()
    return {character for line in lines if not line.startswith("#") for character in line.strip()}


def code_points() -> set[int]:
    """Every code point of the web font, where Noto Sans CJK has it."""
    symbols = {point for first, last in SYMBOLS for point in range(first, last + 1)}
    return symbols | {ord(character) for character in gb2312() | beyond_gb2312()}


def simplified_chinese(collection: Path):
    """The face for Simplified Chinese out of the collection: the same code points have other shapes in the Japanese one."""
    from fontTools.ttLib import TTCollection, TTFont

    with TTCollection(collection, lazy=True) as faces:
        names = [face["name"].getDebugName(1) for face in faces.fonts]
    number = names.index("Noto Sans CJK SC")
    return TTFont(collection, fontNumber=number, lazy=True, recalcBBoxes=False, recalcTimestamp=False)


def cut(font) -> None:
    """Drops every glyph that no wanted character uses."""
    from fontTools import subset

    options = subset.Options()
    options.layout_features = []
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14]
    options.drop_tables += ["BASE", "DSIG", "GPOS", "GSUB", "VORG", "VVAR", "vhea", "vmtx"]
    # This font has no subroutines, but looking for unused ones takes twenty times as long as all the rest.
    font["CFF2"].remove_unused_subroutines = lambda: None
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=code_points())
    subsetter.subset(font)


def save(font, target: Path) -> None:
    """Writes WOFF2 beside the target and renames it, so that a killed set-up leaves no half font."""
    import brotli
    from fontTools.ttLib import woff2

    # Quality 9 takes a second and 2.4 MB, the default 11 seventeen seconds and 2.2 MB: the file never leaves the machine.
    woff2.brotli = types.SimpleNamespace(
        MODE_FONT=brotli.MODE_FONT, compress=lambda data, mode: brotli.compress(data, mode=mode, quality=9)
    )
    target.parent.mkdir(exist_ok=True)
    draft = target.with_suffix(".draft")
    font.flavor = "woff2"
    font.save(draft)
    os.replace(draft, target)


def build(target: Path = WEB_FONT) -> Path:
    """The web font, from the package to the file that pages load."""
    font = simplified_chinese(Path(str(files("manimgx_fonts_cjk") / "NotoSansCJK-VF.otf.ttc")))
    cut(font)
    save(font, target)
    return target


if __name__ == "__main__":
    made = build()
    print(f"  {made.name}: {made.stat().st_size / 1e6:.1f} MB")
