import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from domain.officer import Department
from domain.results import COLOURS, Layer, RuleState, Words
from domain.table import Role, Source
from domain.tables import TABLES
from features.catalogue import FEATURES
from presentation.words import PHRASES, language, named, other, say, spoken

ROOT = Path(__file__).parents[2]
CODE_LISTS = frozenset(
    {"tier", "colour", "state", "layer", "department", "source", "role", "scheme", "table"}
    | {"unit", "receipt", "figure", "mode", "size", "refused", "refused_detail"}
)
CJK = re.compile(r"[\u4e00-\u9fff]")


def _files(pattern: str) -> list[Path]:
    rooms = ("presentation", "scoring_api/console", "reports")
    return [file for room in rooms for file in sorted((ROOT / room).rglob(pattern))]


def _used() -> Iterator[tuple[str, str]]:
    for page in _files("*.html"):
        yield from re.findall(r"\bp\.(\w+)\.(\w+)", page.read_text())
    for code in _files("*.py"):
        text = code.read_text()
        yield from re.findall(r"PHRASES\[\"(\w+)\"\]\[\"(\w+)\"\]", text)
        for section in re.findall(r"PHRASES\[\"(\w+)\"\]", text):
            for key in re.findall(r"\"(\w+)\"", text):
                yield section, key


@pytest.mark.parametrize("section", PHRASES)
def test_every_phrase_is_said_in_both_languages(section: str) -> None:
    for key, phrase in PHRASES[section].items():
        assert phrase.zh.strip(), key
        assert phrase.en.strip(), key


def test_chinese_is_chinese_and_english_is_not() -> None:
    spoken_elsewhere = {("brand", "other_language")}
    for section, phrases in PHRASES.items():
        for key, phrase in phrases.items():
            if (section, key) not in spoken_elsewhere:
                assert CJK.search(phrase.zh), (section, key)
                assert not CJK.search(phrase.en), (section, key)


def test_every_phrase_that_a_page_names_is_there() -> None:
    named_in_pages = {
        use
        for page in _files("*.html")
        for use in re.findall(r"\bp\.(\w+)\.(\w+)", page.read_text())
    }
    assert len(named_in_pages) > 100
    missing = {(section, key) for section, key in named_in_pages if key not in PHRASES[section]}
    assert not missing


def test_no_phrase_is_left_over() -> None:
    used = set(_used())
    dead = [
        (section, key)
        for section, phrases in PHRASES.items()
        if section not in CODE_LISTS
        for key in phrases
        if (section, key) not in used
    ]
    assert not dead


def test_pages_say_nothing_outside_the_phrases() -> None:
    for page in _files("*.html"):
        outside = re.sub(r"\{[{%].*?[%}]\}", "", page.read_text())
        assert not CJK.search(outside), page.name


@pytest.mark.parametrize(
    ("section", "codes"),
    [
        ("department", tuple(Department)),
        ("role", tuple(Role)),
        ("source", tuple(Source)),
        ("layer", tuple(Layer)),
        ("state", tuple(RuleState)),
        ("colour", COLOURS),
        ("table", tuple(TABLES)),
        ("scheme", TABLES["authority_grades"].columns[1].codes),
    ],
)
def test_every_code_of_the_contract_has_a_name(section: str, codes: tuple[str, ...]) -> None:
    assert codes
    assert set(codes) <= set(PHRASES[section])


def test_every_unit_of_the_catalogue_is_written_in_both_languages() -> None:
    units = {feature.unit for feature in FEATURES}
    assert units <= {"count", "CNY", "ratio", *PHRASES["unit"]}


def test_a_code_of_a_later_edition_names_itself() -> None:
    assert named("T99", "table") == Words(zh="T99", en="T99")


def test_a_phrase_is_said_in_the_language_asked_for() -> None:
    phrase = Words(zh="海关", en="Customs")
    assert (say(phrase, "zh"), say(phrase, "en")) == ("海关", "Customs")
    assert (other(phrase, "zh"), other(phrase, "en")) == ("Customs", "海关")


@pytest.mark.parametrize(
    ("asked", "given"), [("en", "en"), ("zh", "zh"), (None, "zh"), ("fr", "zh")]
)
def test_chinese_is_first(asked: str | None, given: str) -> None:
    assert language(asked) == given


def test_a_wrong_phrase_raises() -> None:
    with pytest.raises(AttributeError):
        spoken().brand.no_such_phrase  # noqa: B018 - the look-up itself is the test
