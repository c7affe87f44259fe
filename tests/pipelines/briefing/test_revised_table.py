"""What was quoted before and is written otherwise now, in words: figures and counts alike."""

import pytest

from data.words import Words
from pipelines.briefing.revised_table import revised_table
from tests.transforms.claims.made import CITY, facts, picture, slip
from tests.transforms.claims.test_revised import finding, quoted

COUNTS = {
    ("findings_count", ("district", "980101", "S"), "listed"): ("东区", "核查线索 · 在列；核实", "Findings · standing; explain"),
    ("worklist_count", ("city", CITY, "due_single"), "listed"): ("示例市", "工作清单 · 在列；应单独组建未组建", ""),
    ("loads_count", ("all",), "read"): ("示例市", "文件和行 · 读入行数；各来源合计", "Files and rows · rows read; all"),
    ("sources_count", ("missing",), "sources"): ("示例市", "报送来源 · 来源数；没有数据", "Sources · sources; without data"),
    ("rules_count", (), "ran"): ("示例市", "核查规则 · 已运行", "Rules · run"),
}


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_count_is_named_by_what_it_counts_and_where(lang):
    rows = [quoted(None, None, key, table=table, column=cell, unit="count", count=99) for table, key, cell in COUNTS]
    released = [picture("2017-11", name, findings=[finding(1)]) for name in ("r01", "r02")]
    table = revised_table(facts(earlier=[slip("2017-11", quoted=rows)], released=released), Words(lang), "month")
    said = {cells[1].text: cells[0].text for cells in table.rows}
    wanted = {(zh if lang == "zh" else en): place for place, zh, en in COUNTS.values() if lang == "zh" or en}
    assert said.items() >= wanted.items() and len(said) == len(COUNTS)
