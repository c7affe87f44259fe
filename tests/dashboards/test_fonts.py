"""The web font holds the characters that names and figures are written in."""

from fontTools.ttLib import TTFont

from dashboards.fonts import WEB_FONT, beyond_gb2312, gb2312

# Of GB 2312's 6,763 characters, 125 are not in 通用规范汉字表.
NOT_IN_THE_TABLE = 125


def characters(text: set[str]) -> set[str]:
    return {one for one in text if ord(one) >= 0x3400 and ord(one) not in range(0xFF00, 0xFFF0)}


def test_the_two_sets_make_the_table_of_8105():
    assert len(characters(gb2312())) == 6763
    assert len(gb2312()) == 6763 + 682
    assert len(characters(gb2312())) - NOT_IN_THE_TABLE + len(beyond_gb2312()) == 8105
    assert not gb2312() & beyond_gb2312()


def test_the_web_font_has_them_in_every_weight():
    font = TTFont(WEB_FONT, lazy=True)
    wanted = gb2312() | beyond_gb2312() | set("〇↑↓—…×√○●▲▼①％＋－·≥≤■□★→←㎡‰堃喆淼犇𫠆")
    assert {one for one in wanted if ord(one) not in font.getBestCmap()} == set()
    assert [(axis.axisTag, axis.minValue, axis.maxValue) for axis in font["fvar"].axes] == [("wght", 100, 900)]
