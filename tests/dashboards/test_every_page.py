"""Every page in a real browser, signed in: in both languages, both themes, by three roles, on a desk and on a phone.

Each reader goes through all pages, every other one in the other language and the next reader the other way round, so that each page is
seen in both languages, and each in light and dark: it asks nothing of the network, says nothing on the console, fits its width, and
speaks one language. What a page shows is tested with that page.
"""

import re
from collections.abc import Iterator

import polars as pl
import pytest

from dashboards import addresses, opened
from data.releases import open_release
from data.words import LANGUAGES, Words
from tests.browser import DESK, PHONE, Visit, watch
from tests.provider import people

__all__ = ["people"]
pytestmark = pytest.mark.browser
WAIT = 60_000
PERIOD = "2017-11"  # the last with parks
OF_UNITS = ("worklist", "weak_orgs", "findings", "finding", "unit")
OF_WATCHERS = ("audit_log",)
CJK = re.compile(r"[\u4e00-\u9fff]")
# Latin letters that Chinese pages do use: signs and codes, file formats, names of what is typed.
SIGNS = re.compile(
    r"n/N|\bn\b|\bN\b|XLSX|XLS|DOCX|CSV|PNG|PDF|ZIP|UTF-8|GB18030|TOML|OpenID Connect|Parquet|English|Wilson|Chapman|Great Expectations"
    r"|r\d\d\b|[\w./-]*[0-9_./-][\w./-]*|\b[A-Z]{1,3}\b|Ctrl-C|liangxin \w+|[a-z]+\.(?:toml|csv|json)|x\b"
    r"|\b(?:landing|survey|park|funding)\b"
    r"|\b(?:name|uscc)(?=：)"  # a field of another source than the row's, which the example's rejected rows have
)
WORD = re.compile(r"[A-Za-z]{3,}")


def asked(home) -> dict[str, str]:
    """page -> what its address asks for, where it shows little without."""
    release = open_release(home, PERIOD)
    figure = opened.row_codes(release, "metrics", release.table("metrics").filter(pl.col("metric") == "org_coverage").head(1))[0]
    finding = release.table("findings").filter(pl.col("district_code") == "980104")["fingerprint"][0]
    unit = release.table("census").filter(pl.col("district_code") == "980104", pl.col("covered"))["uscc"][0]
    return {
        "figure": f"&code={figure}",
        "finding": f"&id={finding}",
        "unit": f"&uscc={unit}",
        "place": "&unit=district-980104",
        "trends": "&mode=slope",
        "heat": "&places=park",
        "doubling": "&move=lost",
        "base_numbers": "&cell=tax_only",
        "worklist": "&list=new_unit&since=new",
        "weak_orgs": "&sign=term_overdue",
    }


def signed_in(people, browser, key: str) -> Visit:
    context = browser.new_context(viewport=DESK, service_workers="block", locale="zh-CN")
    context.add_cookies([{"name": name, "value": value, "url": people.url} for name, value in people.cookies(key).items()])
    seen = Visit(context.new_page())
    watch(context, seen)
    return seen


def settled(page) -> None:
    page.wait_for_function("document.querySelector('[data-testid=stApp]')?.dataset.testScriptState === 'notRunning'", timeout=WAIT)


def background(page) -> int:
    """How light the page is, from 0 to 255."""
    colour = page.evaluate("getComputedStyle(document.querySelector('[data-testid=stApp]')).backgroundColor")
    return sum(int(part) for part in re.findall(r"\d+", colour)[:3]) // 3


def too_wide(page) -> int:
    return page.evaluate(
        "(() => { const main = document.querySelector('[data-testid=stMain]'); return main.scrollWidth - main.clientWidth })()"
    )


def own_words(page) -> str:
    """What the program says: not what stands in data (bdi), pictures, and boxes to choose from."""
    return page.evaluate(
        """(() => {
            const root = document.querySelector('[data-testid=stApp]').cloneNode(true);
            for (const each of root.querySelectorAll('bdi, svg, style, script, code, input, [role=combobox], [data-baseweb=select],'
                + ' .stSelectbox, .lx-code, .lx-opens, .lx-own, [data-testid=stIconMaterial], a[href*="="]')) each.remove();
            return root.textContent;
        })()"""
    )


READERS = ("auditor", "analyst", "leader")


def visits(key: str) -> Iterator[tuple[str, str]]:
    """(page, language) of a reader's round."""
    for at, name in enumerate(addresses.PAGES):
        first = (at + READERS.index(key)) % len(LANGUAGES)
        yield name, LANGUAGES[first]
        if name in OF_WATCHERS and key == "auditor":  # nobody else of these is let in there
            yield name, LANGUAGES[1 - first]


def test_each_page_is_seen_in_both_languages_by_somebody_who_may():
    seen = {(name, lang) for key in READERS for name, lang in visits(key) if name not in withheld_from(key)}
    assert seen == {(name, lang) for name in addresses.PAGES for lang in LANGUAGES}


def withheld_from(key: str) -> tuple[str, ...]:
    return (*(OF_UNITS if key == "leader" else ()), *(OF_WATCHERS if key != "auditor" else ()))


@pytest.mark.parametrize("key", READERS)
def test_every_page_for_a_reader(people, browser, key):
    seen, more = signed_in(people, browser, key), asked(people.home)
    page, places = seen.page, open_release(people.home, PERIOD).table("units")["name"].to_list()
    for name, lang in visits(key):
        words = Words(lang)
        page.emulate_media(color_scheme="light")
        page.set_viewport_size(DESK)
        page.goto(f"{people.url}/{'' if name == addresses.PAGES[0] else name}?lang={lang}&period={PERIOD}{more.get(name, '')}")
        withheld = name in withheld_from(key)
        page.locator("h1").wait_for(timeout=WAIT)
        page.locator(".lx-empty" if withheld else ".lx-foot").first.wait_for(timeout=WAIT)
        settled(page)
        assert page.locator("[data-testid=stException]").count() == 0, name
        assert (words("entry.not_theirs_do") in page.content()) == withheld, name
        assert page.locator("html").get_attribute("lang") == {"zh": "zh-CN", "en": "en"}[lang], name
        text = own_words(page)
        for place in places:
            text = text.replace(place, "")
        if lang == "en":
            assert not CJK.findall(text.replace("语言 / Language", "").replace("中文", "")), (name, sorted(set(CJK.findall(text))))
        else:
            said = WORD.findall(SIGNS.sub(" ", text))
            assert not said, (name, said[:10])
        assert background(page) > 200 and too_wide(page) <= 0, name
        page.set_viewport_size(PHONE)
        page.emulate_media(color_scheme="dark")
        page.wait_for_function("getComputedStyle(document.querySelector('[data-testid=stApp]')).backgroundColor !== 'rgb(255, 255, 255)'")
        settled(page)
        assert background(page) < 60 and too_wide(page) <= 0, name
    seen.assert_quiet()
    page.context.close()
