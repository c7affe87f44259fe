"""底数核验: being built."""

from dashboards.shell import Page, View


def render(view: View) -> None:
    view.said()


PAGE = Page("base_numbers", ":material/fact_check:", render)
