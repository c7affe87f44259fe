"""The catalogue of words: whole in both languages, and no word too many."""

import ast
import re
import string
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog

import dashboards
from dashboards import addresses
from data import words
from data.contracts import metrics, sources
from data.words import Words
from tests.dashboards.catalogue import catalogue, files

ROOT = Path(dashboards.__file__).parents[1]
# Where words are said: the pages, the briefings, and what both are made of.
SPEAKING = [path for folder in ("dashboards", "pipelines/briefing", "transforms") for path in sorted((ROOT / folder).rglob("*.py"))]
CODE = "\n".join(path.read_text(encoding="utf-8") for path in [*SPEAKING, ROOT / "data" / "words.py"])
CJK = re.compile(r"[\u4e00-\u9fff]")
UNITS = ("年", "月", "日", "万", "亿")
# Files that hold Chinese besides: what is said before any page is there, sheets named as in every file, days as people write them, the
# name of the language itself.
HELD = ("guard.py", "index_page.py", "export.py", "case_form.py", "shell.py")


def _used() -> tuple[set[str], list[re.Pattern]]:
    sections = "|".join({key.split(".")[0] for key in catalogue()})
    plain = set(re.findall(rf"""["']((?:{sections})\.[a-z_]+)["']""", CODE))
    made = {re.sub(r"\\\{.*?\\\}", "[a-z_]+", re.escape(key)) for key in re.findall(rf'f"((?:{sections})\.[^"]*\{{[^"]*)"', CODE)}
    made |= {rf"{section}\.[a-z_]+" for section in re.findall(r'(?:\.of|Named)\("([a-z]+)"', CODE)}
    made |= {rf"{page}\.(title|lead)" for page in addresses.PAGES} | {r"[a-z_.]+_do"}
    plain -= {"app.py", "targets.csv", "briefing.typ"}
    return plain, [re.compile(pattern) for pattern in made]


def test_every_word_used_is_there():
    plain, _ = _used()
    assert plain - set(catalogue()) == set()


def test_no_word_is_left_over():
    plain, made = _used()
    assert [key for key in catalogue() if key not in plain and not any(pattern.fullmatch(key) for pattern in made)] == []


def test_nothing_is_untranslated_or_left_for_later_and_nothing_stands_twice():
    keys = {lang: {name: [message.id for message in messages] for name, messages in files(lang).items()} for lang in words.LANGUAGES}
    assert keys["zh"] == keys["en"], "the catalogues of the two languages hold the same words in the same order"
    every = [key for found in keys["zh"].values() for key in found]
    assert len(every) == len(set(every))
    for lang in words.LANGUAGES:
        for name, messages in files(lang).items():
            for message in messages:
                assert all(form and form.strip() for form in message.forms), f"{lang} {name}: {message.id} is not translated"
                assert not message.fuzzy, f"{lang} {name}: {message.id} is left for later"


@pytest.mark.parametrize("lang", words.LANGUAGES)
def test_a_text_that_goes_by_a_number_has_all_its_forms(lang):
    number = Catalog(locale=lang).num_plurals
    for message in (message for messages in files(lang).values() for message in messages if message.decides):
        fields = [{name for _, name, _, _ in string.Formatter().parse(form) if name} for form in message.forms]
        assert len(fields) == number, message.id
        assert all(each == fields[0] for each in fields), message.id
        # The number stands in the text, or the word is one that is counted: `1 unit`.
        assert message.decides in fields[0] or (not fields[0] and message.decides == "n"), message.id


@pytest.mark.parametrize(
    ("value", "number"),
    [(1, 1), ("1", 1), ("1 unit", 1), ("1\x02201712.1-ABC\x03", 1), ("1.0", 2), ("1,204", 1204), (0, 0), ("…", 2), (None, 2)],
)
def test_a_text_goes_by_the_number_as_it_is_written(value, number):
    assert words.whole(value) == number


def test_one_is_one_and_two_are_two():
    say = {lang: Words(lang) for lang in words.LANGUAGES}
    assert [say["en"].of("unit", "units", n) for n in (0, 1, "1", 2, "1.0")] == ["units", "unit", "unit", "units", "units"]
    assert say["en"]("unit.units") == say["en"].of("unit", "units") == "units"
    said = [say["en"]("pace.overdue", due="2018-06", missing=missing) for missing in ("1 unit", "2 units")]
    assert [each.partition("; ")[2] for each in said] == ["1 unit is missing.", "2 units are missing."]
    assert {say["zh"].of("unit", "units", n) for n in (0, 1, 2)} == {"家"}


def test_no_page_says_a_word_of_its_own():
    """Chinese that users see stands in the catalogues and the cards; what code holds of it are units and parts of dates."""
    for path in (path for path in SPEAKING if path.relative_to(ROOT).parts[0] != "transforms"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        docs = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        texts = [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and id(node) not in docs]
        said = [text for text in texts if isinstance(text, str) and CJK.search(text) and text not in UNITS]
        assert not said or path.name in HELD, (path, said)


def test_both_languages_fill_in_the_same_values():
    for key, entry in catalogue().items():
        fields = [{name for _, name, _, _ in string.Formatter().parse(entry[lang]) if name} for lang in words.LANGUAGES]
        assert fields[0] == fields[1], key


def test_english_has_no_chinese_and_chinese_full_width_marks():
    for key, entry in catalogue().items():
        assert not CJK.search(entry["en"]), key
        assert not re.search(r"[\u4e00-\u9fff][,;:()]|[,;:()][\u4e00-\u9fff]", entry["zh"]), key


def test_no_word_accuses():
    for key, entry in catalogue().items():
        assert not re.search("造假|虚报|弄虚作假|违规|欺骗|作弊|嫌疑|瞒报|注水", entry["zh"]), key
        assert not re.search(r"\b(fraud|fake|cheat|false report|guilty|violat)", entry["en"], re.IGNORECASE), key


@pytest.mark.parametrize("lang", words.LANGUAGES)
def test_every_reason_has_plain_words(lang, example_home):
    from dashboards import store

    say = Words(lang)
    for period in ("2016-12", "2017-12"):
        for row in store.picture(example_home, period, "r01").rejections.to_dicts():
            text = say.rejection(row["source"], row["reason"])
            assert "{" not in text
            assert text != row["reason"]
    for source in sources():
        assert say.source(source) in say.reason(f"source_missing:{source}")
    assert all(say.metric(name) for name in metrics())


def test_every_page_of_the_side_bar_is_a_module_of_its_name():
    screens = ROOT / "dashboards" / "screens"
    assert {path.stem for path in screens.glob("[a-z]*.py")} == set(addresses.PAGES)
    for name in addresses.PAGES:
        assert f'PAGE = Page("{name}",' in (screens / f"{name}.py").read_text(encoding="utf-8")
