"""What a slip keeps of a document: every sentence with its figures, what was left out, and every figure quoted, in sentences and tables."""

from dataclasses import replace
from fractions import Fraction

from data.figures import ABSENT, Figure
from pipelines.briefing import ledger
from pipelines.briefing.document import Beside, Cell, Document, Items, Paragraph, Run, Section, Sentence, Table
from tests.transforms.claims.made import CITY, facts, picture
from transforms.claims.claim import Claim, LeftOut, Points, Quoted
from transforms.claims.tallied import tallied

FACTS = facts(
    figures={("org_coverage", "city"): (60, 100), ("org_coverage", "district", "980101"): "suppressed"},
    base_numbers=[{"unit_kind": "city", "unit_code": CITY, "registered": 1234, "measured_ratio": 0.25}],
    back={1: picture("2017-11", figures={("org_coverage", "city"): (55, 100)})},
)
NOW, BEFORE = FACTS.city("org_coverage"), FACTS.city("org_coverage", of=FACTS.back[1])
BASE = Quoted("2017-12", "r01", "base_numbers", ("city", CITY), "registered", ABSENT, "count", 1234)
HIDDEN = FACTS.quote("org_coverage", "district", "980101")


def said(name: str, *quoted: Quoted, text: str = "全市覆盖率为60.0%。") -> Sentence:
    claim = Claim(name, FACTS.subject("org_coverage"), "published", {f"v{number}": each for number, each in enumerate(quoted)})
    return Sentence(claim, (Run(text, quoted[0].code if quoted else None),))


def table(name: str, *codes: str | None) -> Table:
    return Table(name, "表", ("数",), tuple((Cell("1", code=code),) for code in codes), "r")


def document(*sections: Section, **more) -> Document:
    return Document("month", "2017-12", "r01", "zh", "示例市", "月统计", "2017年12月", "2017-12 r01", "", sections, **more)


def test_a_row_a_sentence_in_the_order_of_the_document():
    found = ledger.sentences(
        document(Section("one", "甲", (Paragraph((said("level", NOW),)), Items((said("rose", NOW, BEFORE), said("none"))))))
    )
    assert [(row["section"], row["name"], row["codes"]) for row in found] == [
        ("one", "level", [NOW.code]),
        ("one", "rose", [NOW.code, BEFORE.code]),
        ("one", "none", []),
    ]
    about = {"metric": "org_coverage", "sector": "all", "basis": "corroborated", "kind": "city", "code": CITY}
    assert (
        found[0].items() >= (about | {"period": "2017-12", "revision": "r01", "test": "published", "text": "全市覆盖率为60.0%。"}).items()
    )


def test_what_was_left_out_stands_with_its_reason():
    left = LeftOut("rose", FACTS.subject("org_coverage", "district", "980101"), "suppressed", (HIDDEN,))
    (row,) = ledger.left_out(document(Section("one", "甲", (), (left,))))
    assert (row["section"], row["name"], row["kind"], row["code"], row["reason"]) == ("one", "rose", "district", "980101", "suppressed")
    assert row["codes"] == [HIDDEN.code]


def test_counts_of_rows_are_quoted_as_published_numbers_are_in_sentences_and_in_tables():
    rejected, none = (tallied(FACTS.now, "loads_count", cell, "all") for cell in ("read", "rejected"))
    whole = document(Section("one", "甲", (Paragraph((said("rows", rejected),)), table("t", none.code))))
    rows = ledger.quoted(whole, FACTS)
    assert [(row["table"], row["key"], row["column"], row["count"], row["shown"]) for row in rows] == [
        ("loads_count", ["all"], "read", 0, "0"),
        ("loads_count", ["all"], "rejected", 0, "0"),
    ]


def test_figures_of_sentences_and_of_tables_are_quoted_once_a_place():
    whole = document(
        Section("one", "甲", (Paragraph((said("level", NOW), said("rose", NOW, BEFORE))), table("t", NOW.code, None))),
        Section("two", "乙", (Beside(table("left", BASE.code), table("right", HIDDEN.code)),)),
        sheets=(table("annex", NOW.code, BEFORE.code),),
    )
    rows = ledger.quoted(whole, FACTS)
    assert [(row["where"], row["code"]) for row in rows] == [
        ("one", NOW.code),
        ("one", BEFORE.code),
        ("two", BASE.code),
        ("two", HIDDEN.code),
        ("annex", NOW.code),
        ("annex", BEFORE.code),
    ]
    by = {row["code"]: row for row in rows}
    assert by[NOW.code].items() >= {"numerator": 60, "denominator": 100, "value": 0.6, "reason": None, "shown": "60.0%"}.items()
    assert (by[BEFORE.code]["period"], by[BEFORE.code]["shown"]) == ("2017-11", "55.0%")
    # Of a cell's code alone: which cell it is, and what it holds.
    assert (by[BASE.code]["table"], by[BASE.code]["key"], by[BASE.code]["column"]) == ("base_numbers", ["city", CITY], "registered")
    assert (by[BASE.code]["unit"], by[BASE.code]["count"], by[BASE.code]["shown"]) == ("count", 1234, "1,234")
    assert (by[HIDDEN.code]["reason"], by[HIDDEN.code]["shown"]) == ("suppressed", "x")


def test_a_code_that_no_release_knows_is_no_figure():
    codes = ("201712.1-00000000", "201601.1-KJDJ4T3B", "no code", "201712.9-KJDJ4T3B")
    assert ledger.quoted(document(Section("one", "甲", (table("t", *codes),))), FACTS) == []


def test_the_digest_is_of_all_that_is_said_and_of_nothing_else():
    one = document(Section("one", "甲", (Paragraph((said("level", NOW),)),)))
    same = document(Section("one", "甲", (Paragraph((said("level", NOW),)),)))
    assert ledger.digest(one) == ledger.digest(same)
    changed = replace(NOW, figure=Figure(61, 100, 0.61))
    others = [
        replace(one, classification="秘密"),
        replace(one, asks=({"kind": "delivery"},)),
        document(Section("one", "甲", (Items((said("level", NOW),)),))),
        document(Section("one", "甲", (Paragraph((said("level", changed),)),))),
        document(Section("one", "甲", (Paragraph((said("level", NOW, text="\ud800"),)),))),
    ]
    sentence = said("level", NOW)
    for difference in (Fraction(1, 3), Fraction(1, 4)):
        claim = replace(sentence.claim, values={"d": Points(difference)})
        others.append(document(Section("one", "甲", (Paragraph((replace(sentence, claim=claim),)),))))
    digests = {ledger.digest(each) for each in (one, *others)}
    assert len(digests) == len(others) + 1
