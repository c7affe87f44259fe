"""The cards say what was agreed: sources_as_agreed.md holds the agreed tables, and each is compared field by field."""

import csv
import re
import shutil
from pathlib import Path

import pytest

from data import contracts
from data.contracts import FieldCard, SourceCard, definitions_version, registration_types, sources

PAGE = (Path(__file__).parent / "sources_as_agreed.md").read_text(encoding="utf-8")
SECTION = re.compile(r"^### (.+)\n\n((?:\|.*\n)+)", re.MULTILINE)
FORMS = {
    "USCC": "uscc",
    "text": "text",
    "date": "date",
    "code": "code",
    "a district or park code": "code",
    "first six digits": "district",
    "replaced (above)": "person",
    "number": "number",
}
# What no value means, where it means something.
NO_VALUE = {
    ("social_org", "is_chamber"): "no",
    ("instructor", "full_time"): "no",
    ("party_org", "secretary"): "yes",
    ("member", "relation"): "in_place",
}
YES_NO = {"yes": ("是", "1", "√", "有", "Y"), "no": ("否", "0", "×", "N")}


def sections() -> dict[str, tuple[str, list[list[str]]]]:
    """Source -> (title, its rows of four cells); the further table of party_org is put behind its first."""
    found: dict[str, tuple[str, list[list[str]]]] = {}
    for title, body in SECTION.findall(PAGE):
        rows = [[cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in body.splitlines()[2:]]
        if title.startswith("Further"):
            found["party_org"][1].extend(rows)
        else:
            found[title.split()[0]] = (title, rows)
    return found


AGREED = sections()
FIELDS = [(source, *row) for source, (_, rows) in AGREED.items() for row in rows]


def form_of(text: str) -> str:
    if text.startswith("USCC; or 15"):
        return "taxpayer"
    if text.startswith("the value's first four digits"):
        return "type"
    if text.startswith(("yes/no", "yes: ")):
        return "yes_no"
    if text.startswith("whole number"):
        return "whole"
    return FORMS.get(text, "coded")


def words_of(text: str) -> dict[str, tuple[str, ...]]:
    entries = (entry.split(": ", 1) for entry in text.split(". ")[0].split("; "))
    return {canonical.strip(): tuple(words.split(", ")) for canonical, words in entries}


def test_the_sources_and_their_order():
    assert list(sources()) == list(AGREED)
    assert len(AGREED) == 14


@pytest.mark.parametrize("source", AGREED)
def test_the_key(source):
    key = re.search(r"key `([^`]+)`", AGREED[source][0])
    assert sources()[source].key == (tuple(key[1].split(", ")) if key else ())


def test_a_source_without_a_key_says_which_field_is_blank_in_a_total():
    assert {name: card.row_key for name, card in sources().items() if not card.key} == {"tax": ("taxpayer_id",)}


@pytest.mark.parametrize("source", AGREED)
def test_fields_and_their_order(source):
    assert [field.name for field in sources()[source].fields] == [row[0] for row in AGREED[source][1]]


@pytest.mark.parametrize(("source", "name", "required", "headings", "form"), FIELDS)
def test_a_field(source, name, required, headings, form):
    field = sources()[source].field(name)
    assert field.required == (required == "R")
    assert field.headings == tuple(headings.split(r" \| "))
    assert field.form == form_of(form)


@pytest.mark.parametrize(("source", "name", "text"), [(row[0], row[1], row[4]) for row in FIELDS if form_of(row[4]) == "coded"])
def test_the_words_of_a_coded_field(source, name, text):
    assert sources()[source].field(name).values == words_of(text)


def every(form: str) -> list[tuple[SourceCard, FieldCard]]:
    return [(card, field) for card in sources().values() for field in card.fields if field.form == form]


@pytest.mark.parametrize(("card", "field"), every("yes_no"), ids=lambda entry: entry.name)
def test_yes_and_no_are_written_alike_everywhere(card, field):
    assert field.values == YES_NO


def test_what_no_value_means():
    assert {(card.name, field.name): field.no_value for card in sources().values() for field in card.fields if field.no_value} == NO_VALUE


def test_bounds_of_whole_numbers():
    bounds = {(card.name, field.name): (field.minimum, field.maximum) for card, field in every("whole") if field.maximum is not None}
    assert bounds == {("party_org", "stars"): (0, 5), ("party_org", "eight_haves"): (0, 8)}


def test_how_long_lists_that_are_not_monthly_count():
    assert {name: card.carry_over_months for name, card in sources().items() if card.carry_over_months is not None} == {
        "park": 11,
        "funding": 11,
        "recruit_quota": 11,
        "survey": 12,
    }


def test_registration_types_are_the_lines_of_their_file():
    lines = (contracts.CODES / "registration_types.csv").read_text(encoding="utf-8").splitlines()
    assert len(registration_types()) == len(lines) - 1
    assert [",".join(row) for row in registration_types()] == [line for line in lines[1:] if '"' not in line]
    assert len({code for code, _, _ in registration_types()}) == len(registration_types())
    assert {kind for _, _, kind in registration_types()} >= {"self_employed", "public", "non_public"}
    assert all(re.fullmatch("[0-9]{4}", code) for code, _, _ in registration_types())
    assert next(csv.reader(lines[:1])) == ["code", "name", "class"]


def test_a_card_that_is_malformed_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(contracts, "HERE", tmp_path)
    (tmp_path / "sources").mkdir()
    card = 'name = "park"\norder = 1\nzh = "园区"\nen = "park"\noffice = "园区"\noffice_en = "parks"\n'
    card += 'each_row_is_a = "a park"\nkey = []\nfields = []\n'
    (tmp_path / "sources" / "park.toml").write_text(card, encoding="utf-8")
    assert list(contracts._read("sources", SourceCard)) == ["park"]
    (tmp_path / "sources" / "park.toml").write_text(card + "colour = 1\n", encoding="utf-8")
    with pytest.raises(ValueError, match="colour"):
        contracts._read("sources", SourceCard)
    (tmp_path / "sources" / "park.toml").rename(tmp_path / "sources" / "garden.toml")
    (tmp_path / "sources" / "garden.toml").write_text(card, encoding="utf-8")
    with pytest.raises(ValueError, match="garden"):
        contracts._read("sources", SourceCard)


CARDS = Path(contracts.__file__).parent / "contracts"


def versions(monkeypatch, folder: Path) -> tuple[str, dict[str, str]]:
    """The version and the digest of each card, by the cards of a folder."""
    monkeypatch.setattr(contracts, "HERE", folder)
    for read in (contracts.sources, contracts.metrics, contracts.worklists, contracts.rules, contracts.tables, contracts.definitions_of):
        monkeypatch.setattr(contracts, read.__name__, getattr(read, "__wrapped__", read))
    return definitions_version.__wrapped__(), contracts.definitions_of()


@pytest.mark.parametrize(
    ("card", "old", "new", "moves"),
    [
        ("metrics/org_coverage", 'where = "covered"', 'where = "work_covered"', True),
        ("metrics/org_coverage", 'unit = "rate"', 'unit = "ratio"', True),
        ("metrics/org_coverage", 'direction = "up"', 'direction = "none"', True),
        # What changed in the program alone is a further entry.
        ("metrics/org_coverage", 'first version"]', 'first version", "2: 改 / mended"]', True),
        ("rules/base_shrink", 'severity = "S"', 'severity = "H"', True),
        ("worklists/due_single", "formal_members >= 3", "formal_members >= 4", True),
        ("sources/tax", '"入库税额"', '"入库税额合计"', True),
        ("tables/worklist", 'key = ["period", "list", "uscc"]', 'key = ["period", "uscc", "list"]', True),
        ("metrics/org_coverage", 'zh = "组织覆盖率"', 'zh = "党组织覆盖率"', False),
        ("metrics/org_coverage", "work objects that an active", "units that an active", False),
        ("metrics/org_coverage", "双翻番即指此率", "双翻番指的是它", False),
        ("metrics/org_coverage", "长春市非公党建工作经验", "长春市的经验", False),
        ("metrics/org_coverage", "1: 首版", "1: 第一版", False),
        ("rules/base_shrink", 'remedy_zh = "说明', 'remedy_zh = "请说明', False),
        ("sources/tax", 'office = "税务"', 'office = "税务局"', False),
        ("tables/worklist", 'zh = "期别"', 'zh = "月份"', False),
    ],
)
def test_the_version_of_the_definitions_moves_with_what_computes_and_not_with_words(tmp_path, monkeypatch, card, old, new, moves):
    shutil.copytree(CARDS, tmp_path, dirs_exist_ok=True)
    version, before = versions(monkeypatch, tmp_path)
    path = tmp_path / f"{card}.toml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    now, after = versions(monkeypatch, tmp_path)
    assert {name for name in before | after if before.get(name) != after.get(name)} == ({card} if moves else set())
    assert (now != version) == moves
