"""What each register says of one unit, side by side, with file and line; where they differ; and whether it is a work object.

What belongs here: the tables of one unit, for its page and for its workbook. Members are counted, small counts hidden, and nobody is named.
"""

from collections.abc import Iterable, Mapping

from dashboards import evidence_words, figure_words, lists
from dashboards.grid import Grid, Head, Linked
from dashboards.shell import BASES, basis_words
from dashboards.units.record import Record, why_not
from data.contracts import MetricCard, metrics, rules, worklists
from data.periods import last_day
from transforms import evidence, show
from transforms.case_history import HERE
from transforms.opening import looked_at

# Lists that end with an organisation: their steps say that it is lacking.
FOR_AN_ORGANISATION = ("due_single", "large100_no_org", "members_uncovered")
# In the order in which a reader asks: what is it, does it operate, who is there, what do people say who went and looked.
ORDER = ("registration", "social_org", "tax", "social_insurance", "org_link", "member", "instructor", "mass_org", "survey")


def registers(record: Record) -> Grid:
    words = record.view.words
    heads = [Head(words("choose.source"), "w", "text"), Head(words("unit.says"), "l", "text")]
    heads += [Head(words("figure.file"), "l", "text"), Head(words("figure.line"), "t", "text")]
    manifest, rows, marks = record.picture.manifest, [], []
    missing, carried = manifest.get("missing", ()), manifest.get("carried", {})
    both = {"registration", "social_org"} <= set(record.files)
    for source in ORDER:
        files = dict(record.files.get(source, {})) | (record.files.get("party_org", {}) if source == "org_link" else {})
        if source in ("registration", "social_org") and not files and source != _register(record):
            continue
        said = [words("unit.source_missing")] if source in missing else _said(record, source)
        said += _written(record, source, files)
        if source in carried:
            said.append(words("unit.carried", month=words.month(carried[source])))
        if both and source == "registration":
            said.append(words("unit.both_registers"))
        lines = words("mark.stop").join(words("figure.line_of", lines=figure_words.rows_line(numbers)) for numbers in files.values())
        if source == "member" and files:
            lines = words("unit.no_member_lines")  # so many lines, so many members
        none = words("unit.no_line") if source not in missing else show.NOT_AVAILABLE
        rows.append([words.source(source), words("mark.stop").join(said), words("mark.stop").join(files) or none, lines])
        marks.append("quiet" if not files else "")
    return Grid(words("unit.registers"), heads, rows, marks, [words("unit.registers_said")])


def _register(record: Record) -> str:
    return "social_org" if record.row["sector"] == "social_org" else "registration"


def _said(record: Record, source: str) -> list[str]:
    """What the census took from a register."""
    words, row = record.view.words, record.row
    if source in ("registration", "social_org"):
        return _registered(record) if source == _register(record) else []
    if source == "tax":
        return [words({True: "unit.taxed", False: "unit.untaxed", None: "unit.unknown"}[row["taxpayer"]])]
    if source == "social_insurance":
        if row["insured"] is None:
            return [words("unit.unknown")]
        return [words("unit.insured", n=show.count(row["employees"]))] if row["insured"] else [words("unit.uninsured")]
    if source == "org_link":
        return _covered(record)
    if source == "member":
        return _members(record)
    if source == "instructor":
        return [words({True: "unit.instructed", False: "unit.not_instructed", None: "unit.unknown"}[row["instructed"]])]
    if source == "mass_org":
        kinds = [name for name in ("union", "youth_league", "women") if row[name]]
        if row["union"] is None:
            return [words("unit.unknown")]
        return [words("mark.list").join(words(f"unit.has_{name}") for name in kinds) or words("unit.no_mass_org")]
    return [words("unit.not_surveyed" if record.survey is None else "unit.all_clear" if record.survey else "unit.not_clear")]


def _registered(record: Record) -> list[str]:
    words, row, picture = record.view.words, record.row, record.picture
    said = [words("unit.founded", day=evidence_words.day(words, row["founded_on"].isoformat()))]
    if row["type_code"]:
        named = record.type_kind
        said.append(words("unit.type", name=named[0] if named else words("subject.unit_unnamed"), code=row["type_code"]))
    said.append(words("unit.active" if row["active"] else "unit.inactive"))
    said.append(words("unit.in_district", name=evidence_words.place(words, picture, "district", row["district_code"])))
    if row["park_code"]:
        said.append(words("unit.in_park", name=evidence_words.place(words, picture, "park", row["park_code"])))
    return said


def _covered(record: Record) -> list[str]:
    words, row, said = record.view.words, record.row, []
    if row["covered"] is None:
        return [words("unit.unknown")]
    said.append(words("unit.covered", mode=words.of("mode", row["mode"])) if row["covered"] else words("unit.uncovered"))
    for each in record.organisations:
        if "mode" in each:
            links = show.count(each["links"])
            said.append(words("unit.organisation", name=each["name"] or each["org_code"], mode=words.of("mode", each["mode"]), links=links))
            if each["term_over"]:
                said.append(words("unit.term_over"))
        else:
            said.append(words("unit.organisation_gone", code=each["org_code"]))
    return said


def _members(record: Record) -> list[str]:
    """Counts of members; of few, x, and nothing that would narrow it down."""
    words, row = record.view.words, record.row
    if row["members"] is None:
        return [words("unit.unknown")]
    least = record.view.least
    said = [words("unit.members", n=show.small(row["members"], least))]
    if row["formal_members"] >= 3 and row["members"] >= least:
        said.append(words("unit.three_formal"))
    if row["irregular_members"]:
        said.append(words("unit.irregular", n=show.small(row["irregular_members"], least)))
    return said


def _written(record: Record, source: str, files: Mapping[str, list[int]]) -> list[str]:
    """What the findings of this unit quote of its lines in a register, word for word; nothing of the member list."""
    words, said = record.view.words, []
    if source == "member":
        return said
    quoted = {}
    for row in record.findings:
        for each in evidence.read(row["evidence"])[1]:
            if each.get("source") == source and each.get("line") in files.get(each.get("path"), ()):
                quoted[each["path"], each["line"]] = each["values"]
    for values in quoted.values():
        of = [f"{words.field(source, name)} {quote(record, source, name, value)}" for name, value in values.items() if name != "uscc"]
        said.append(words("unit.written", values=words("mark.list").join(of)))
    return said


def quote(record: Record, source: str, field: str, value: object) -> str:
    return evidence_words.value(record.view.words, record.picture, evidence_words.Names({}, {}), source, field, value)


def differences(record: Record, row: Mapping) -> list[str]:
    """Where the registers differ in a finding: `参保人数：摸底调查 30，社会保险 45`."""
    words, card = record.view.words, rules().get(row["rule"])
    facts, rows = evidence.read(row["evidence"])
    if card is None or not rows:
        return []
    said = []
    laid = evidence.lay_out(card, facts, rows)
    for line in laid.lines:
        if line.differs:
            cells = [
                f"{words.source(place.source) if place.source else words('finding.counted')} {quote(record, *cell)}"
                for place, cell in zip(laid.places, line.cells, strict=True)
                if cell is not None
            ]
            said.append(f"{words.field(*line.fields[0])}{words('mark.colon')}{words('mark.list').join(cells)}")
    return said


def bases(record: Record) -> Grid:
    """Whether it is a work object under each definition, and why not."""
    words, row = record.view.words, record.row
    heads = [Head(words("choose.basis"), "w", "text"), Head(words("unit.object"), "w", "text"), Head(words("unit.why"), "l", "text")]
    rows = []
    for basis in BASES:
        why = why_not(row, basis, record.type_kind, last_day(record.picture.period))
        yes = show.NOT_AVAILABLE if row[basis] is None else words("figure.yes" if row[basis] else "figure.no")
        reason = "social_org" if why == "in" and row["sector"] == "social_org" else f"in_{basis}" if why == "in" else why
        rows.append([basis_words(words, basis, record.view.signed), yes, words(f"unit_base.{reason}")])
    said = [words("unit.self_employed")] if row["sector"] == "self_employed" else []
    marks = ["line" if basis == record.view.signed else "" for basis in BASES]
    return Grid(words("unit.bases"), heads, rows, marks, said)


def counted(record: Record) -> Grid:
    """The metrics that count it, on which side."""
    words = record.view.words
    heads = [Head(words("choose.metric"), "w", "text"), Head(words("unit.below"), "w", "text"), Head(words("unit.above"), "w", "text")]
    sign = {True: "●", False: "○", None: show.NOT_AVAILABLE}
    hidden = [card for card in metrics().values() if record.few_members and _narrows(card)]
    found = [one for one in record.counted(record.view.signed) if one.below is not False and one.card not in hidden]
    rows = [[words.card(one.card), sign[one.below], sign[one.above]] for one in found]
    said = [words("unit.counted_said" if rows else "unit.counted_none")]
    if hidden:
        said.append(words("unit.counted_hidden", metrics=words("mark.list").join(words.card(card) for card in hidden)))
    return Grid(words("unit.counted"), heads, rows, said=said)


def _narrows(card: MetricCard) -> bool:
    """Whether a metric counts units by a number of formal members: of few members it would say whether they are three or fewer."""
    return card.family == "entity" and any("formal_members" in looked_at(side) for side in (card.numerator, card.denominator))


def on_lists(record: Record) -> Grid | None:
    if not record.lists:
        return None
    words, period = record.view.words, record.picture.period
    heads = [Head(words("choose.list"), "w", "text"), Head(words("worklist.since"), "w", "text"), Head(words("worklist.months"))]
    rows = []
    for row in record.lists:
        way = {"list": row["list"], "district": row["district_code"]}
        shown = Linked(words.card(worklists()[row["list"]]), "worklist", way)
        rows.append([shown, words.month(row["since"]), lists.months_on(row["since"], period)])
    return Grid(words("unit.lists"), heads, rows)


def findings(record: Record) -> Grid | None:
    if not record.findings:
        return None
    words = record.view.words
    heads = [
        Head(words("choose.severity"), "w", "text"),
        Head(words("unit.finding"), "t", "text"),
        Head(words("unit.differs"), "l", "text"),
    ]
    heads += [Head(words("unit.since"), "w", "text"), Head(words("choose.status"), "w", "text")]
    rows, marks = [], []
    for row in record.findings:
        here = row["moved"] in HERE
        status = words(f"standing.{row['status']}") + (words("unit.overdue") if row["overdue"] else "")
        shown = Linked(words.rule(row["rule"]), "finding", {"id": row["fingerprint"]})
        said = words("mark.stop").join(differences(record, row)) or show.NOT_APPLICABLE
        rows.append([words.severity(row["severity"]), shown, said, words.month(row["opened"]), status])
        marks.append("" if here else "quiet")
    return Grid(words("unit.findings"), heads, rows, marks, [words("findings.lead_only")])


def steps(record: Record) -> list[str]:
    """What to do about it, by the cards of its lists and of its open findings: what is lacking, who acts, what ends it."""
    words, zh, said = record.view.words, record.view.words.lang == "zh", []
    for row in record.lists:
        card = worklists()[row["list"]]
        who, off = (card.who_zh, card.off_zh) if zh else (card.who_en, card.off_en)
        if record.few_members and "formal_members" in card.where:
            off = words(
                "unit.off_own"
            )  # without the number; that it is on this list at all tells as much, and the list is for readers of it
        said.append(words("unit.step_list", list=words.card(card), since=words.month(row["since"]), who=who, off=off))
    said += _reach(record)
    for row in _open(record.findings):
        card = rules()[row["rule"]]
        who, remedy = (card.who_zh, card.remedy_zh) if zh else (card.who_en, card.remedy_en)
        said.append(words("unit.step_finding", rule=words.card(card), who=who, remedy=remedy.rstrip("。.")))
    return said


def _reach(record: Record) -> list[str]:
    """Of a work object that is not covered: the plain next step, where no list that it is on says it."""
    row, words = record.row, record.view.words
    if not row[record.view.signed] or row["sector"] == "self_employed":
        return []
    on, said = {each["list"] for each in record.lists}, []
    if row["covered"] is False and not on & set(FOR_AN_ORGANISATION):
        said.append(words("unit.step_organise", who=_who(record, "members_uncovered"), metric=words.metric("org_coverage")))
    if row["work_covered"] is False and "new_unit" not in on:
        said.append(words("unit.step_reach", who=_who(record, "new_unit"), metric=words.metric("work_coverage")))
    return said


def _who(record: Record, name: str) -> str:
    """Who acts, as the list of such units has it."""
    return worklists()[name].who_zh if record.view.words.lang == "zh" else worklists()[name].who_en


def why_no_steps(record: Record) -> str:
    """Of a unit without any step, why there is none."""
    row, words = record.row, record.view.words
    if row[record.view.signed] is None or row["covered"] is None:
        return words("unit.steps_unknown")
    if not row[record.view.signed]:
        return words("unit.steps_no_object", basis=words.of("basis", record.view.signed))
    return words("unit.no_steps" if row["covered"] else "unit.self_employed")


def _open(found: Iterable[Mapping]) -> list[Mapping]:
    """Open findings of rules that there still are, one a rule."""
    open_ones = [row for row in found if row["moved"] in HERE and row["status"] not in ("explained", "closed") and row["rule"] in rules()]
    return list({row["rule"]: row for row in open_ones}.values())
