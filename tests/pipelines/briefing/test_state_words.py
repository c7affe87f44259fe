"""Every sentence of findings, certainty, next steps and what came of them, in both languages, from claims as they are made."""

from dataclasses import replace
from datetime import date

import pytest

from data.contracts import metrics
from data.words import Words
from pipelines.briefing.sentences import say
from tests.dashboards.catalogue import files
from tests.transforms.claims.made import CITY, DISTRICTS, case, facts, picture, slip
from transforms.claims import asks, certainty, findings, revised, steps
from transforms.claims.claim import Claim

BASES = ("registered", "corroborated", "verified")
UP, DOWN = "org_coverage", "no_member_share"
HOSTILE = "2017-11/tax/{0}\u202e<b>=1+1</b>\n.xlsx"


def _findings():
    plain = [case(1, severity="H"), case(2, severity="S", status="explained"), case(3, severity="I", moved="unchecked")]
    yield findings.findings, facts(cases=plain)
    late = [case(4, severity="H", status="assigned", due=date(2017, 12, 1), overdue=True)]
    yield findings.findings, facts(cases=plain + late, released=[picture("2017-11")])
    yield findings.findings, facts(cases=[case(5, status="assigned", due=date(2018, 3, 1))])
    yield findings.findings, facts(cases=[])
    yield findings.casework_unread, replace(facts(cases=plain), casework="unread")


def _deliveries():
    lacking = {(metric, "city"): "source_missing:tax" for metric in list(metrics())[:5]}
    yield certainty.deliveries, facts()
    yield (
        certainty.deliveries,
        facts(figures=lacking, manifest={"missing": ["tax"], "checks": {"not_run": {"base_shrink": ["tax"]}, "ran": []}}),
    )
    parks = {("centre_rate", "city"): "source_missing:park", (UP, "zone", "in_park"): "source_missing:park"}
    yield (
        certainty.deliveries,
        facts(figures=parks, manifest={"missing": ["park"]}, loads=[{"path": "a", "source": "tax", "refused": ["x"]}]),
    )
    for carried in ("tax", "mass_org", "district_return"):
        yield certainty.deliveries, facts(manifest={"carried": {carried: "2017-11"}})


def _bases():
    east, west, south = DISTRICTS
    city = {(UP, "city", None, None, basis): (500, 1000) for basis in BASES}
    same = city | {(UP, "district", code, None, basis): (n, 500) for code, n in ((east, 400), (west, 100), (south, 250)) for basis in BASES}
    yield certainty.bases, facts(figures=same)
    turned = {(UP, "district", east, None, "verified"): (100, 500), (UP, "district", west, None, "verified"): (400, 500)}
    yield certainty.bases, facts(figures=same | turned)


def _rejected():
    rows = [{"path": "a", "source": "tax", "rows_read": 9000}, {"path": "b", "source": "member", "rows_read": 100}]
    yield certainty.rejected, facts(loads=rows)
    yield certainty.rejected, facts(loads=[rows[0], rows[1] | {"rows_rejected": 40}])


def _revised():
    key = ["corroborated", "city", CITY, "all", UP]
    row = {"table": "metrics", "key": key, "column": None, "period": "2017-11", "revision": "r01", "numerator": 82, "denominator": 100}
    row |= {"value": 0.82, "reason": None, "where": "standing"}
    changed = {"table": "metrics", "basis": key[0], "unit_kind": "city", "unit_code": CITY, "sector": "all", "metric": UP}
    for n, name, files_ in ((82, "r02", 0), (81, "r02", 0), (81, "r02", 1), (81, "r02", 4), (81, "r03", 0)):
        moved = [changed | {"files": [HOSTILE.format(number) for number in range(files_)]}]
        released = picture("2017-11", name, figures={(UP, "city"): (n, 100)}, manifest={"changes": moved})
        yield revised.revised_claims, facts(earlier=[slip(quoted=[row])], released=[released])
    same = picture("2017-11", figures={(UP, "city"): (82, 100)})
    yield revised.revised_claims, facts(earlier=[slip(month, quoted=[row]) for month in ("2017-08", "2017-09", "2017-11")], released=[same])
    others = [row | {"key": ["corroborated", "district", code, "all", UP]} for code in DISTRICTS]
    now = {(UP, "district", code): (1, 100) for code in DISTRICTS} | {(UP, "city"): (81, 100)}
    released = picture("2017-11", "r02", figures=now)
    yield revised.revised_claims, facts(earlier=[slip(quoted=[row, *others])], released=[released])


def _targets():
    """A target of the city and one of every district, to rise and to fall, before its day and after it, reached and not."""
    for metric, target in ((UP, 0.8), (DOWN, 0.2)):
        for due in ("2017-06", "2018-06"):
            for kind, codes in (("city", [CITY]), ("district", list(DISTRICTS))):
                rows = {"metric": metric, "sector": "all", "unit_kind": kind, "due": due, "target": target, "value": 0.5}
                listed = [rows | {"unit_code": code, "units_missing": 3} for code in codes]
                known = facts(figures={(metric, kind, code): (5, 10) for code in codes}, targets=listed)
                yield steps.steps, known
                yield _asked_after, known
                there = (9, 10) if metric == UP else (1, 10)
                reached = facts(
                    figures={(metric, kind, code): there for code in codes}, targets=[row | {"units_missing": 0} for row in listed]
                )
                some = {(metric, kind, code): (5, 10) if code == codes[0] else there for code in codes}
                rest = [row | {"units_missing": 0, "value": there[0] / there[1]} for row in listed[1:]]
                yield steps.steps, facts(figures=some, targets=[listed[0], *rest])
                asked = [ask for step in steps.steps(known) for ask in steps.asks(known, step)]
                yield lambda now, asked=asked: [asks.came(ask, now) for ask in asked], reached


def _others_to_do():
    unit = {"list": "due_single", "uscc": "91980101MA00000001", "since": "2017-01"}
    late = case(2, severity="H", overdue=True, due=date(2017, 12, 1))
    for cases in ([case(1, severity="H")], [late]):
        known = facts(cases=cases, lists=[unit], manifest={"missing": ["tax"]})
        yield steps.steps, known
        yield _asked_after, known
    yield steps.steps, facts(lists=[unit | {"since": "2017-12"}])
    ask = {"kind": "delivery", "period": "2017-09", "revision": "r01", "count": 1, "sources": ["tax"]}
    both = ask | {"count": 2, "sources": ["tax", "survey"]}
    yield lambda now: [asks.came(each, now) for each in (ask, both)], facts()
    for census in ([], [{"uscc": unit["uscc"]}]):
        asked = {"kind": "worklist", "period": "2017-09", "revision": "r01", "count": 1, "list": "due_single"}
        yield lambda now, asked=asked: [asks.came(asked, now)], facts(census=census, released=[picture("2017-09", worklist=[unit])])


def _asked_after(known):
    return [asks.came(ask, known) for step in steps.steps(known) if isinstance(step, Claim) for ask in steps.asks(known, step)]


def _made():
    for several in (_findings(), _deliveries(), _bases(), _rejected(), _revised(), _targets(), _others_to_do()):
        for made_by, known in several:
            yield from ((known, each) for each in made_by(known) if isinstance(each, Claim))


@pytest.fixture(scope="module")
def made():
    return list(_made())


def test_every_sentence_is_made_and_every_claim_has_its_sentence(made):
    keys = {message.id.removeprefix("claim.") for message in files("zh")["claims_state.po"]}
    assert {claim.name for _, claim in made} == keys


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_sentence_can_be_said(made, lang):
    words = Words(lang)
    for known, claim in made:
        text = say(words, known, claim).text
        assert text.endswith("。" if lang == "zh" else "."), text
        assert not set(text) & set("{}\n\u202e\x02\x03"), text
        assert [run.code for run in say(words, known, claim).runs if run.code] == [each.code for each in _in_order(words, claim)]


def _in_order(words, claim):
    """The quoted figures as the sentence has them: each language its own order."""
    text = words(f"claim.{claim.name}", **{name: f"\x00{name}\x00" for name in claim.values})
    found = [(text.find(f"\x00{name}\x00"), claim.values[name]) for name in claim.values]
    return [value for at, value in sorted(found, key=lambda pair: pair[0]) if at >= 0 and value in claim.quoted]


def test_no_sentence_names_a_unit(made):
    for known, claim in made:
        assert "91980101MA" not in say(Words("zh"), known, claim).text
