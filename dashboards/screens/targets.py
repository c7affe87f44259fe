"""目标进度: being built."""

from dashboards.shell import Page, View


def render(view: View) -> None:
    view.said()


PAGE = Page("targets", ":material/flag:", render)
