"""工作清单: being built."""

from dashboards.shell import Page, View


def render(view: View) -> None:
    view.said()


PAGE = Page("worklist", ":material/checklist:", render)
