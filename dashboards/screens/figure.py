"""查看数字: being built."""

from dashboards.shell import Page, View


def render(view: View) -> None:
    view.said()


PAGE = Page("figure", ":material/pin:", render)
