"""One true browser among the people: Chromium, which does what they do, timed until the page is drawn.

What belongs here: a person at a window. What counts as drawn is what bench.pages takes for it: the foot is there, nothing is stale, the
script has ended.
"""

import asyncio
import os
import random
import time

from playwright.async_api import Error, async_playwright

from bench.pages import DONE, FLAGS
from bench.people import LEAST, MORE, MOST, Deed

PAGES = ("", "districts", "doubling", "targets", "parks")
BOXES = ("choose_metric", "choose_sector", "choose_basis", "choose_period")


async def browse(address: str, cookies: dict[str, str], begin: float, end: float, done: list[Deed]) -> None:
    """Opens pages by their address and chooses in their boxes, until it is time to go."""
    dice = random.Random(20171231)
    await asyncio.sleep(max(0.0, begin - time.time()))
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"), args=FLAGS)
        context = await browser.new_context(viewport={"width": 1366, "height": 768}, locale="zh-CN")
        await context.add_cookies([{"name": name, "value": value, "url": address} for name, value in cookies.items()])
        page = await context.new_page()
        name, first = "", True
        while time.time() < end:
            at, faults = time.time(), []
            choosing = not first and dice.random() < 0.6
            try:
                if choosing:
                    seconds = await _choose(page, dice)
                else:
                    name = dice.choice([each for each in PAGES if each != name])
                    begun = time.perf_counter()
                    await page.goto(f"{address}/{name}", wait_until="commit")
                    await page.wait_for_selector(".lx-foot")
                    await page.wait_for_function(DONE)
                    seconds = time.perf_counter() - begun
            except Error as error:
                seconds, faults = time.time() - at, [error.message.splitlines()[0]]
            if seconds is not None:
                act = "browser: filter" if choosing else "browser: open, first" if first else "browser: open"
                done.append(Deed(at, "browser", act, name or "overview", seconds, faults=faults))
            first = False
            await asyncio.sleep(LEAST + min(dice.expovariate(1 / MORE), MOST - LEAST))
        await browser.close()


async def _choose(page, dice: random.Random) -> float | None:
    """Another option of one of the page's boxes; None where there is no other."""
    box = page.locator(f".st-key-{dice.choice(BOXES)}").get_by_role("combobox")
    if not await box.count() or await box.is_disabled():
        return None
    await box.click()
    options = page.get_by_role("option")
    try:
        await options.first.wait_for(timeout=10_000)
    except Error:  # the box was drawn anew under the pointer: somebody would click again
        await page.keyboard.press("Escape")
        return None
    free = [each for each in await options.all() if await each.get_attribute("aria-selected") != "true"]
    if not free:
        await page.keyboard.press("Escape")
        return None
    begun = time.perf_counter()
    await dice.choice(free).click()
    # The click is told to the server within a few milliseconds; before that, the page would count as drawn already.
    await page.wait_for_timeout(60)
    await page.wait_for_function(DONE)
    return time.perf_counter() - begun
