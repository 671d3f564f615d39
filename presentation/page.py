"""How a page is made: one Jinja environment per door and language, everything escaped.

A page is whole in itself. Its one style sheet stands inside it and is named by digest in the
content security policy, so that a browser loads nothing else from anywhere.
"""

import base64
import hashlib
from datetime import date
from functools import lru_cache, partial
from importlib.resources import files
from typing import Final

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from domain.results import Words
from presentation import enterprise, numbers, strips, zone
from presentation.words import PHRASES, Lang, named, other, say, spoken

STYLE: Final = files("presentation").joinpath("templates/style.css").read_text("utf-8")
_STYLE_DIGEST: Final = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
PAGE_POLICY: Final = f"default-src 'none'; style-src 'sha256-{_STYLE_DIGEST}'; img-src data:"
"""Content security policy of every page: nothing is loaded, nothing runs."""

_Shown = str | int | float


def render(package: str, template: str, lang: Lang, **values: object) -> str:
    """A page of `package`'s templates in one language.

    Args:
        package: The door whose folder `templates` holds the page.
        template: File name of the page.
        lang: Language of all phrases.
        values: What the page shows.

    Raises:
        jinja2.UndefinedError: The template names something that is not given.
    """
    return environment(package, lang).get_template(template).render(**values)


@lru_cache(maxsize=8)
def environment(package: str, lang: Lang) -> Environment:
    """The environment of a door's pages; a phrase is written in `lang` wherever it stands."""
    made = Environment(
        loader=ChoiceLoader([PackageLoader(package), PackageLoader("presentation")]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=partial(_shown, lang),
    )
    made.globals.update(p=spoken(), lang=lang, style=Markup(STYLE), policy=PAGE_POLICY)  # noqa: S704 - our own file
    made.filters.update(
        other=partial(other, lang=lang),
        named=named,
        peers=enterprise.peers,
        number=numbers.number,
        percent=numbers.percent,
        signed=numbers.signed,
        change=numbers.change,
        value=partial(numbers.value_of, lang=lang),
        long_date=partial(numbers.long_date, lang=lang),
        strip=partial(strips.peers_strip, lang=lang),
    )
    made.globals["strongest_first"] = zone.STRONGEST_FIRST
    made.globals["measured"] = partial(numbers.measured, lang=lang)
    made.globals["stair"] = strips.stair
    made.globals["contribution_bar"] = partial(strips.contribution_bar, lang=lang)
    return made


def _shown(lang: Lang, value: Words | date | _Shown | None) -> _Shown:
    if isinstance(value, Words):
        return say(value, lang)
    if isinstance(value, date):
        return value.isoformat()
    return say(PHRASES["brand"]["empty"], lang) if value is None else value
