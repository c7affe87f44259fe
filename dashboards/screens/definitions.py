"""口径: being built."""

from dashboards.shell import Page, View


def render(view: View) -> None:
    view.said()


PAGE = Page("definitions", ":material/menu_book:", render)
