"""What a browser makes of the pages: the language of the document, light and dark, paper, the keyboard, and no English in Chinese."""

import pytest

from tests.browser import DESK, PHONE
from tests.dashboards.test_browser import WAIT, arrive

pytestmark = pytest.mark.browser
PLAIN_ENGLISH = """[...document.querySelectorAll('[aria-label], [title], [placeholder]')]
    .map(one => one.getAttribute('aria-label') || one.title || one.placeholder).filter(said => /^[ -~]*[a-z]{3}[ -~]*$/.test(said))"""
GROUND = "getComputedStyle(document.querySelector('.stApp') ?? document.body).backgroundColor"
SHOWN = "getComputedStyle(document.querySelector('[data-testid=stSidebar]')).display"


def test_light_dark_paper_and_language(visit, server):
    seen = visit(server.url, DESK)
    page = seen.page
    arrive(page, "总览")
    assert page.evaluate("document.documentElement.lang") == "zh-CN"
    assert page.evaluate(PLAIN_ENGLISH) == []
    assert page.evaluate(GROUND) == "rgb(255, 255, 255)"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.innerText") == "跳到正文"
    page.get_by_role("button", name="深色").click()
    page.wait_for_function(f"{GROUND} === 'rgb(20, 24, 29)'", timeout=WAIT)
    arrive(page, "总览")
    assert page.get_by_role("button", name="深色").get_attribute("aria-pressed") == "true"
    page.emulate_media(media="print")
    assert page.evaluate(GROUND) == "rgb(255, 255, 255)"
    assert page.evaluate(SHOWN) == "none"
    page.emulate_media(media="screen")
    page.goto(f"{server.url}/districts?lang=en")
    arrive(page, "Districts")
    assert page.evaluate("document.documentElement.lang") == "en"
    assert page.evaluate(GROUND) == "rgb(20, 24, 29)"
    seen.assert_quiet()


def test_each_reader_finds_a_home_that_fits(visit, server):
    seen = visit(f"{server.url}/?home=auditor", DESK)
    for name, title in (("", "有问题的到报"), ("分析：比较", "区县之间的差距"), ("领导：看总体", "变化原因")):
        if name:
            seen.page.get_by_text(name).click()
        seen.page.locator(".lx-h2", has_text=title).wait_for(timeout=WAIT)
        arrive(seen.page, "总览")
        for size in (DESK, PHONE):
            seen.page.set_viewport_size(size)
            seen.page.wait_for_timeout(300)
            main = "document.querySelector('[data-testid=stMain]')"
            assert seen.page.evaluate(f"{main}.scrollWidth - {main}.clientWidth") <= 0, (title, size)
        seen.page.set_viewport_size(DESK)
    seen.page.wait_for_function("location.search.includes('home=leader')", timeout=WAIT)
    seen.assert_quiet()
