"""Every phrase that a regulator reads, and how codes are named, in Chinese and English."""

import tomllib
from collections.abc import Mapping
from importlib.resources import files
from types import SimpleNamespace
from typing import Final, Literal

from domain.results import Words

Lang = Literal["zh", "en"]
LANGS: Final[tuple[Lang, ...]] = ("zh", "en")

PHRASES: Final[Mapping[str, Mapping[str, Words]]] = {
    section: {key: Words.model_validate(phrase) for key, phrase in phrases.items()}
    for section, phrases in tomllib.loads(
        files("presentation").joinpath("phrases.toml").read_text("utf-8")
    ).items()
}
"""Section -> key -> phrase. A section is a part of a page or a list of codes."""


def language(asked: str | None) -> Lang:
    """The language asked for; Chinese unless English was asked for by name."""
    return "en" if asked == "en" else "zh"


def say(words: Words, lang: Lang) -> str:
    """The phrase in one language."""
    return words.zh if lang == "zh" else words.en


def other(words: Words, lang: Lang) -> str:
    """The phrase in the other language."""
    return words.en if lang == "zh" else words.zh


def named(code: str, section: str) -> Words:
    """What a code is called; a code without a name, as of a later edition, names itself."""
    return PHRASES[section].get(code) or Words(zh=code, en=code)


def spoken() -> SimpleNamespace:
    """All phrases as `section.key`, for templates; a wrong name raises there."""
    return SimpleNamespace(**{name: SimpleNamespace(**keys) for name, keys in PHRASES.items()})
