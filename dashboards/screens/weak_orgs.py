"""软弱涣散倒排: being built."""

from dashboards.shell import Page, View


def render(view: View) -> None:
    view.said()


PAGE = Page("weak_orgs", ":material/priority_high:", render)
