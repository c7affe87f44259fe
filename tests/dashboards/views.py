"""A page's view without a browser: what a page is given for a release and some choices."""

from dashboards import store
from dashboards.shell import Page, View
from data.access import ANYBODY_HERE
from data.home import Home
from data.words import Words


def view_of(home: Home, page: Page, period: str, revision: str = "r01", lang: str = "zh", sector: str = "all", **choices: str) -> View:
    picture = store.picture(home, period, revision)
    signed = picture.manifest["basis"]
    asked = {"basis": signed, "metric": "org_coverage", "current": True, "notices": None, "reader": ANYBODY_HERE} | choices
    return View(Words(lang), home, page, picture, signed, sector=sector, **asked)
