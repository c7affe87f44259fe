"""A picture that is taken away is made in the browser, without the network: on paper whatever the screen, and with its head."""

import struct

import pytest

from dashboards.charts import palette
from tests.dashboards.test_browser import WAIT, arrive

pytestmark = pytest.mark.browser
LISTEN = (
    "() => { const make = Plotly.toImage; Plotly.toImage = (figure, ...more) => { window.asked = figure; return make(figure, ...more); }; }"
)


def taken(page, number: int):
    with page.expect_download(timeout=WAIT) as given:
        page.locator(".lx-png").nth(number).click()
    return given.value


def test_a_picture_is_paper_with_its_head_in_the_dark_too(visit, server, tmp_path):
    seen = visit("about:blank")
    seen.page.emulate_media(color_scheme="dark")
    seen.page.goto(f"{server.url}/districts?period=2017-12")
    arrive(seen.page, "区县比较")
    seen.page.locator(".js-plotly-plot").first.wait_for(timeout=WAIT)
    ink = "() => document.querySelector('.js-plotly-plot').layout.font.color"
    assert seen.page.evaluate(ink) == palette.TWINS[palette.INK]
    given = taken(seen.page, 1)
    assert given.suggested_filename == "liangxin_districts_2017-12_r01_map.png"
    seen.page.evaluate(LISTEN)
    given = taken(seen.page, 0)
    assert given.suggested_filename == "liangxin_districts_2017-12_r01_bars.png"
    given.save_as(tmp_path / "bars.png")
    raw = (tmp_path / "bars.png").read_bytes()
    asked = seen.page.evaluate("() => ({layout: window.asked.layout, data: window.asked.data})")
    layout = asked["layout"]
    assert raw[:8] == b"\x89PNG\r\n\x1a\n"
    assert struct.unpack(">II", raw[16:24]) == (2 * layout["width"], 2 * layout["height"])
    title = layout["title"]["text"]
    for said in ("九八市 · 区县比较 · 排名", "指标：组织覆盖率", "类别：两新合计", "数据截至2017年12月31日", "发布版本 2017-12 r01"):
        assert said in title
    assert layout["paper_bgcolor"] == layout["plot_bgcolor"] == palette.PAPER
    assert layout["font"]["color"] == palette.INK
    assert layout["font"]["family"].startswith("Liangxin Sans")
    assert set(asked["data"][0]["marker"]["color"]) <= {palette.BLUE, palette.PALE, palette.GREY}
    assert "980101" not in title
    seen.assert_quiet()


def test_a_table_is_taken_away_as_a_picture(visit, server):
    seen = visit(f"{server.url}/heat?period=2017-12")
    arrive(seen.page, "区县×指标")
    taken(seen.page, 0)
    seen.page.evaluate(LISTEN)
    assert taken(seen.page, 0).suggested_filename == "liangxin_heat_2017-12_r01_district.png"
    asked = seen.page.evaluate("() => window.asked")
    assert asked["data"][0]["type"] == "heatmap"
    assert "组织覆盖率" in asked["layout"]["yaxis"]["ticktext"]
    assert "＋ 好于全市" in asked["layout"]["title"]["text"]
    seen.assert_quiet()
