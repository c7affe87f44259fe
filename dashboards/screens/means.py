"""阵地经费人员: being built."""

from dashboards.shell import Page, View


def render(view: View) -> None:
    view.said()


PAGE = Page("means", ":material/handyman:", render)
