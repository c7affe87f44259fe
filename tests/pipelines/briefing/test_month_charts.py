"""The charts of a month: where a line is broken, its caption says which months have no figure, and why."""

import pytest

from data.periods import add_months
from data.words import Words
from pipelines.briefing.document import Lines
from pipelines.briefing.month_charts import pair
from tests.transforms.claims.made import PERIOD, facts, picture

BOTH = {("org_coverage", "city"): (50, 100), ("work_coverage", "city"): (70, 100)}


def lines(without=(), lacking=None, lang="zh") -> Lines:
    """Thirteen months, some of them not published; `lacking`: month -> what it has instead."""
    months = [add_months(PERIOD, step) for step in range(-12, 0)]
    released = [picture(month, figures=BOTH | (lacking or {}).get(month, {})) for month in months if month not in without]
    (chart,) = pair(facts(figures=BOTH, released=released), Words(lang))
    return chart


def test_a_line_without_a_hole_needs_no_word():
    assert lines().title == "两个覆盖率（近十三个月）"


@pytest.mark.parametrize(
    ("without", "lacking", "said"),
    [
        (("2017-03",), {}, "17-03没有发布"),
        (("2017-03", "2017-04", "2017-05"), {}, "17-03至17-05没有发布"),
        (("2017-03", "2017-06"), {}, "17-03、17-06没有发布"),
        ((), {"2017-03": dict.fromkeys(BOTH, "source_missing:tax")}, "17-03缺少来源：税务登记与申报"),
        ((), {"2017-03": {("work_coverage", "city"): "source_missing:mass_org"}}, "工作覆盖率：17-03缺少来源：群团组织"),
    ],
)
def test_the_caption_says_which_months_have_no_figure_and_why(without, lacking, said):
    chart = lines(without, lacking)
    named = said.replace("税务登记与申报", Words("zh").source("tax")).replace("群团组织", Words("zh").source("mass_org"))
    assert chart.title == f"两个覆盖率（近十三个月；{named}）"
    assert chart.alt.endswith(f"线断处没有数字：{named}。")


def test_in_english_as_well():
    assert lines(("2017-03", "2017-04"), lang="en").title == "The two coverages (thirteen months; no figure 17-03 to 17-04: not published)"
