"""The sheet of quoted figures: every row of the ledger in words, and no row of it is quoted by itself again."""

from data.words import Words
from pipelines.briefing import ledger
from pipelines.briefing.document import Paragraph, Section
from pipelines.briefing.quoted_table import quoted_table
from tests.pipelines.briefing.test_ledger import BASE, FACTS, HIDDEN, NOW, document, said, table
from transforms.claims.tallied import tallied


def test_every_quoted_figure_has_its_row():
    rejected = tallied(FACTS.now, "loads_count", "rejected", "all")
    whole = document(Section("one", "甲", (Paragraph((said("level", NOW), said("rows", rejected))), table("t", BASE.code, HIDDEN.code))))
    quoted = ledger.quoted(whole, FACTS)
    made = quoted_table(FACTS, Words("zh"), whole, quoted)
    assert made.only_annex and all(cell.code is None for row in made.rows for cell in row), "no figure is quoted by the list of quoted ones"
    assert [[cell.text for cell in row] for row in made.rows] == [
        ["甲", "示例市", "组织覆盖率；两新合计；印证口径", "60.0%", "60/100", "2017年12月", "r01", NOW.code],
        ["甲", "示例市", "文件和行 · 退回行数；各来源合计", "0", "", "2017年12月", "r01", rejected.code],
        ["甲", "示例市", "登记在册数", "1,234", "", "2017年12月", "r01", BASE.code],
        ["甲", "东区", "组织覆盖率；两新合计；印证口径", "x", "", "2017年12月", "r01", HIDDEN.code],
    ]
