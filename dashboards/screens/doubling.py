"""双翻番: being built."""

from dashboards.shell import Page, View


def render(view: View) -> None:
    view.said()


PAGE = Page("doubling", ":material/trending_up:", render)
