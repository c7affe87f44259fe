"""Pages in a real browser with the network closed: figures, choices, links, downloads. (Each page by itself: test_every_page.py.)"""

import re
from contextlib import suppress

import polars as pl
import pytest
from playwright.sync_api import TimeoutError as TooLate

from data.figures import Figure
from tests.dashboards.releases_fixture import expected, make_home, publish
from transforms import show

pytestmark = pytest.mark.browser
WAIT = 60_000


def arrive(page, title: str) -> None:
    page.locator("h1", has_text=re.compile(f"^{title}$")).wait_for(timeout=WAIT)
    page.locator(".lx-foot").wait_for(timeout=WAIT)
    page.wait_for_function("document.querySelector('[data-testid=stApp]').dataset.testScriptState !== 'running'", timeout=WAIT)


def choose(page, name: str, option: str) -> None:
    """Chooses from a box of the side bar and waits until the page says so."""
    pick(page, page.locator(f".st-key-choose_{name}").get_by_role("combobox"), option)
    page.locator(".lx-filters b", has_text=option).first.wait_for(timeout=WAIT)


def pick(page, box, option: str) -> None:
    """Opens a box and takes an option. A box that is opened while the page is still being drawn shuts again: then once more."""
    offered = page.get_by_role("option", name=option, exact=True)
    for _ in range(5):
        box.click()
        with suppress(TooLate):
            offered.click(timeout=4_000)
            return
        page.keyboard.press("Escape")
    raise AssertionError(f"{option} is not offered")


def in_url(page, *parts: str) -> None:
    """Waits until the choices stand in the URL, which is written when the page is drawn."""
    for part in parts:
        page.wait_for_function(f"location.search.slice(1).split('&').includes('{part}')", timeout=WAIT)


def rows_of(page, table: str) -> list[list[str]]:
    return page.locator(f'[role=region][aria-label="{table}"] tbody tr').evaluate_all(
        "rows => rows.map(row => [...row.cells].map(cell => cell.innerText.trim()))"
    )


def published(period: str, kind: str, metric: str, sector: str = "all", basis: str = "corroborated") -> dict[str, Figure]:
    rows = expected("metrics").filter(
        (pl.col("period") == period)
        & (pl.col("unit_kind") == kind)
        & (pl.col("metric") == metric)
        & (pl.col("sector") == sector)
        & (pl.col("basis") == basis)
    )
    return {row["unit_code"]: Figure(row["numerator"], row["denominator"], row["value"], row["reason"]) for row in rows.to_dicts()}


def names(period: str, kind: str) -> dict[str, str]:
    rows = expected("units").filter((pl.col("period") == period) & (pl.col("unit_kind") == kind)).to_dicts()
    return {row["name"]: row["unit_code"] for row in rows}


def test_pages_are_turned_quietly_and_keep_what_was_chosen(visit, server):
    seen = visit(f"{server.url}/?period=2017-11&basis=verified")
    arrive(seen.page, "总览")
    for title in ("区县比较", "园区比较", "到报与装载", "总览"):
        seen.page.get_by_role("link", name=title).click()
        arrive(seen.page, title)
        in_url(seen.page, "period=2017-11")
    in_url(seen.page, "basis=verified")
    seen.assert_quiet()


def test_the_overview_shows_the_citys_published_figures(visit, server):
    seen = visit(server.url)
    arrive(seen.page, "总览")
    for metric in ("org_coverage", "work_coverage", "resident_coverage", "single_rate"):
        now, before = (published(period, "city", metric)["980100"] for period in ("2017-12", "2016-12"))
        card = seen.page.locator(f'[data-metric="{metric}"]').inner_text()
        assert show.figure(now) in card
        assert show.n_of_n(now) in card
        assert f"{show.points(show.change(now, before))} 个百分点" in card
    base = published("2017-12", "city", "org_coverage")["980100"].denominator
    assert f"{base:,}" in seen.page.locator('[data-metric="base"]').inner_text()
    members = published("2017-12", "city", "irregular_member_share", basis="-")["980100"].denominator
    assert f"{members:,}" in seen.page.locator('[data-metric="members"]').inner_text()


@pytest.mark.parametrize(
    ("address", "period", "kind", "metric", "sector", "basis"),
    [
        ("districts?period=2017-12", "2017-12", "district", "org_coverage", "all", "corroborated"),
        (
            "districts?period=2017-10&metric=single_due_rate&sector=enterprise&basis=registered",
            "2017-10",
            "district",
            "single_due_rate",
            "enterprise",
            "registered",
        ),
        ("districts?period=2017-12&metric=term_overdue", "2017-12", "district", "term_overdue", "all", "-"),
        ("parks?period=2017-11", "2017-11", "park", "org_coverage", "all", "corroborated"),
    ],
)
def test_the_comparisons_show_the_published_figures(visit, server, address, period, kind, metric, sector, basis):
    seen = visit(f"{server.url}/{address}")
    arrive(seen.page, "区县比较" if kind == "district" else "园区比较")
    figures, found = published(period, kind, metric, sector, basis), names(period, kind)
    shown = {}
    for cells in rows_of(seen.page, "数据表"):
        code = re.search(r"\((\w[\w-]+)\)$", cells[1])
        code = code[1] if code and code[1] in figures else found.get(cells[1])
        if code:
            shown[code] = cells
    assert set(shown) == set(figures)
    value = 2 if kind == "district" else 3
    for code, cells in shown.items():
        assert cells[value : value + 2] == [show.figure(figures[code]), show.n_of_n(figures[code])]
        ranked = re.fullmatch(r"第\d+(—\d+)?位", cells[0]) is not None
        assert ranked == (figures[code].value is not None and figures[code].denominator >= 20 and code != "000000")
    seen.assert_quiet()


def test_filters_change_the_figures_and_stand_in_the_url(visit, server):
    seen = visit(f"{server.url}/districts")
    arrive(seen.page, "区县比较")
    choose(seen.page, "metric", "工作覆盖率")
    choose(seen.page, "basis", "登记口径（试算）")
    choose(seen.page, "sector", "非公企业")
    choose(seen.page, "period", "2017年11月")
    arrive(seen.page, "区县比较")
    city = published("2017-11", "city", "work_coverage", "enterprise", "registered")["980100"]
    seen.page.wait_for_function(f"document.body.innerText.includes('{show.n_of_n(city)}')", timeout=WAIT)
    in_url(seen.page, "period=2017-11", "release=r01", "metric=work_coverage", "sector=enterprise", "basis=registered", "lang=zh")
    url = seen.page.url
    first = rows_of(seen.page, "数据表")
    again = visit(url)
    arrive(again.page, "区县比较")
    assert rows_of(again.page, "数据表") == first
    assert again.page.url == url
    seen.page.go_back()
    seen.page.locator(".lx-filters b", has_text="2017年12月").first.wait_for(timeout=WAIT)
    seen.assert_quiet()
    again.assert_quiet()


def test_a_link_opens_the_same_figures_in_the_other_language(visit, server):
    seen = visit(f"{server.url}/districts?period=2017-12&metric=work_coverage&basis=verified&lang=en")
    arrive(seen.page, "Districts")
    assert (
        seen.page.locator(".lx-filters b", has_text="Work coverage").count()
        or seen.page.locator(".lx-filters b", has_text="verified").count()
    )
    pick(seen.page, seen.page.locator(".st-key-choose_lang").get_by_role("combobox"), "中文")
    arrive(seen.page, "区县比较")
    in_url(seen.page, "metric=work_coverage")
    in_url(seen.page, "basis=verified")
    in_url(seen.page, "lang=zh")
    seen.assert_quiet()


def test_a_stale_link_says_so(visit, server):
    seen = visit(f"{server.url}/districts?period=2015-01&metric=no_such&release=r07")
    arrive(seen.page, "区县比较")
    said = seen.page.locator("[data-testid=stAlert]").all_inner_texts()
    assert any("期别" in each and "2015-01" in each for each in said)
    assert any("指标" in each for each in said)
    in_url(seen.page, "period=2017-12")
    seen.assert_quiet()


def test_rejected_rows_are_found_with_file_and_line(visit, server):
    seen = visit(f"{server.url}/deliveries?period=2017-12&source=registration")
    arrive(seen.page, "到报与装载")
    loads = expected("loads").filter(pl.col("period") == "2017-12")
    card = seen.page.locator('[data-count="rows_rejected"]').get_attribute("data-value")
    assert int(card) == loads["rows_rejected"].sum()
    rejected = expected("rejected").filter((pl.col("period") == "2017-12") & (pl.col("source") == "registration"))
    counts = rows_of(seen.page, "退回的行、舍弃的值及原因")
    assert sum(int(row[1].replace(",", "")) for row in counts) == rejected.height
    # Long lists draw only the options in sight, so the wanted one is typed.
    box = seen.page.locator(".st-key-choose_reason").get_by_role("combobox")
    box.click()
    box.fill("不是18位")
    seen.page.get_by_role("option", name="统一社会信用代码不是18位").click()
    wanted = rejected.filter(pl.col("reason") == "uscc_length").sort("path", "line")
    seen.page.wait_for_function(f"document.querySelectorAll('[aria-label=\"逐行查看\"] tbody tr').length === {wanted.height}", timeout=WAIT)
    shown = [(row[0], row[1]) for row in rows_of(seen.page, "逐行查看")]
    assert shown == [(row["path"].removeprefix("2017-12/registration/"), str(row["line"])) for row in wanted.to_dicts()]
    in_url(seen.page, "reason=uscc_length")
    seen.assert_quiet()


def test_a_download_is_the_table_on_the_page(visit, server, tmp_path):
    import fastexcel

    seen = visit(f"{server.url}/districts?period=2017-12")
    arrive(seen.page, "区县比较")
    with seen.page.expect_download(timeout=WAIT) as given:
        seen.page.get_by_role("button", name="下载 XLSX").click()
    given.value.save_as(tmp_path / "d.xlsx")
    assert given.value.suggested_filename == "liangxin_districts_2017-12_r01_org_coverage.xlsx"
    book = fastexcel.read_excel(tmp_path / "d.xlsx")
    assert book.sheet_names == ["数据", "说明", "口径", "版本"]
    rows = book.load_sheet("数据").to_polars()
    figures = published("2017-12", "district", "org_coverage")
    assert {row["代码"]: (row["分子 n"], row["分母 N"], row["数值"]) for row in rows.to_dicts() if row["代码"]} == {
        code: (figure.numerator, figure.denominator, figure.value) for code, figure in figures.items()
    }
    seen.assert_quiet()


def test_an_empty_home_says_what_to_do(visit, serve, tmp_path):
    server = serve(make_home(tmp_path / "empty", ()))
    seen = visit(server.url)
    seen.page.locator(".lx-empty", has_text="还没有发布").wait_for(timeout=WAIT)
    assert "liangxin run" in seen.page.locator(".lx-empty").inner_text()
    seen.assert_quiet()


def test_a_new_release_shows_at_the_next_interaction_and_a_link_stays_on_its_own(visit, serve, tmp_path):
    home = make_home(tmp_path / "home", ("2017-11", "2017-12"))
    server = serve(home)
    seen = visit(f"{server.url}/districts")
    arrive(seen.page, "区县比较")
    link = seen.page.url
    metrics = expected("metrics").filter(pl.col("period") == "2017-12")
    bigger = (
        pl.when((pl.col("unit_kind") == "city") & (pl.col("metric") == "work_coverage"))
        .then(pl.col("denominator") + 1000)
        .otherwise("denominator")
    )
    publish(
        home,
        "2017-12",
        "r02",
        metrics=metrics.with_columns(denominator=bigger).with_columns(value=pl.col("numerator") / pl.col("denominator")),
    )
    choose(seen.page, "metric", "工作覆盖率")
    seen.page.locator(".lx-filters b", has_text="r02（现行）").first.wait_for(timeout=WAIT)
    in_url(seen.page, "release=r02")
    city = published("2017-12", "city", "work_coverage")["980100"]
    assert f"{city.numerator}/{city.denominator + 1000:,}" in rows_of(seen.page, "数据表")[0]
    old = visit(link)
    arrive(old.page, "区县比较")
    assert old.page.locator("[data-testid=stAlert]", has_text="不是现行版本").count() == 1
    in_url(old.page, "release=r01")
    old.page.get_by_role("button", name="查看现行版本").click()
    old.page.locator(".lx-filters b", has_text="r02（现行）").first.wait_for(timeout=WAIT)
    seen.assert_quiet()
    old.assert_quiet()


def test_names_from_data_show_as_text(visit, serve, tmp_path):
    nasty = '<b onclick="x">=1+1</b>\u202eabc'
    home = make_home(tmp_path / "home", ())
    units = expected("units").filter(pl.col("period") == "2017-12")
    units = units.with_columns(name=pl.when(pl.col("unit_code") == "980104").then(pl.lit(nasty)).otherwise("name"))
    publish(home, "2017-12", units=units)
    server = serve(home)
    seen = visit(f"{server.url}/districts")
    arrive(seen.page, "区县比较")
    cells = [row[1] for row in rows_of(seen.page, "数据表")]
    assert any('<b onclick="x">=1+1</b>' in cell for cell in cells)
    assert seen.page.locator("[onclick]").count() == 0
    seen.assert_quiet()
