"""摸底: being built."""

from dashboards.shell import Page, View


def render(view: View) -> None:
    view.said()


PAGE = Page("survey", ":material/travel_explore:", render)
