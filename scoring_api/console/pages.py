"""The console's three pages, each a function of what was issued and who reads it.

Addresses that the pages lead to: `/console` (query `lang`, `as_of`, `q`, `tier`, `colour`,
`department`, `typology`), `/console/enterprises/{code}` (query `lang`, `as_of`),
`/console/sign-in` (GET; POST with form field `key`) and `/console/sign-out` (POST). Send every
page with `CONTENT_SECURITY_POLICY`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Final
from urllib.parse import urlencode

from domain.errors import Refusal
from domain.identity import folded
from domain.officer import Department, Officer, Right
from domain.results import Alert, AssessmentHead, Words
from presentation import enterprise, zone
from presentation.enterprise import EnterpriseNight
from presentation.page import PAGE_POLICY, render
from presentation.words import PHRASES, Lang
from presentation.zone import ZoneNight

CONTENT_SECURITY_POLICY: Final = (
    f"{PAGE_POLICY}; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_PACKAGE: Final = "scoring_api.console"
UNKNOWN_KEY: Final = PHRASES["sign_in"]["unknown_key"]
_MOST_ALERTS: Final = 100
_MOST_ENTERPRISES: Final = 200


@dataclass(frozen=True, slots=True)
class Asked:
    """What the reader of the zone page asked for; an empty text leaves all.

    Attributes:
        text: Part of a name, or the start of a code.
        tier: Tier code whose enterprises are listed.
        colour: Alerts of this colour.
        department: Alerts that rest on this department's data.
        typology: Alerts of this typology.
    """

    text: str = ""
    tier: str = ""
    colour: str = ""
    department: str = ""
    typology: str = ""


def sign_in_page(error: Words | None, lang: Lang) -> str:
    """The page that asks for an officer's key; `error` says why the last try was refused."""
    return render(_PACKAGE, "sign_in.html", lang, error=error)


def refused_page(kind: type[Refusal], lang: Lang) -> str:
    """Why what was asked for is not shown, and what would be right."""
    titles, details = PHRASES["refused"], PHRASES["refused_detail"]
    key = kind.__name__ if kind.__name__ in titles else "other"
    return render(_PACKAGE, "refused.html", lang, title=titles[key], detail=details[key])


def zone_page(
    night: ZoneNight,
    asked: Asked,
    officer: Officer,
    lang: Lang,
    laundering: Sequence[Alert] | None = None,
) -> str:
    """The zone on one night: grades, changes, alerts to check, sources.

    Args:
        night: What the officer may see of it.
        asked: Search and filters.
        officer: Who reads.
        lang: Language of the page.
        laundering: Alerts of the laundering compartment; shown to an officer with the right.
    """
    found = _found(night.heads, asked)
    work = _work(night.alerts, asked)
    apart = laundering if officer.may(Right.LAUNDERING) else None
    return render(
        _PACKAGE,
        "zone.html",
        lang,
        as_of=night.as_of,
        officer=officer,
        other_language=_other_language("/console", lang, night.as_of, asked),
        asked=asked,
        departments=tuple(Department),
        found=None if found is None else found[:_MOST_ENTERPRISES],
        found_total=0 if found is None else len(found),
        work=work[:_MOST_ALERTS],
        work_total=len(work),
        laundering=None if apart is None else apart[:_MOST_ALERTS],
        laundering_total=0 if apart is None else len(apart),
        **zone.shown(night, lang),
    )


def enterprise_page(night: EnterpriseNight, officer: Officer, lang: Lang) -> str:
    """One enterprise: grade, trend, reasons down to the documents, leads, alerts, measures.

    Args:
        night: What the officer may see; the laundering record is shown with the right only.
        officer: Who reads.
        lang: Language of the page.
    """
    assessment = night.assessment
    seen = night if officer.may(Right.LAUNDERING) else replace(night, laundering=None)
    address = f"/console/enterprises/{assessment.enterprise.code}"
    return render(
        _PACKAGE,
        "enterprise.html",
        lang,
        as_of=assessment.as_of,
        officer=officer,
        other_language=_other_language(address, lang, assessment.as_of, Asked()),
        **enterprise.shown(seen, lang),
    )


def _other_language(address: str, lang: Lang, night: date, asked: Asked) -> str:
    names = {"text": "q"}
    given = {names.get(f.name, f.name): getattr(asked, f.name) for f in fields(asked)}
    query = {"lang": "en" if lang == "zh" else "zh", "as_of": night.isoformat()}
    return f"{address}?{urlencode(query | {k: v for k, v in given.items() if v})}"


def _found(heads: Sequence[AssessmentHead], asked: Asked) -> list[AssessmentHead] | None:
    text = folded(asked.text)
    if not text and not asked.tier:
        return None
    return [
        head
        for head in heads
        if asked.tier in {"", head.tier}
        and (text in folded(head.name) or _starts(text, head.code, head.customs_code))
    ]


def _starts(text: str, *codes: str | None) -> bool:
    return any(code is not None and code.casefold().startswith(text) for code in codes)


def _work(alerts: Sequence[Alert], asked: Asked) -> list[Alert]:
    return [
        alert
        for alert in alerts
        if asked.colour in {"", alert.colour}
        and asked.typology in {"", alert.typology}
        and (not asked.department or asked.department in alert.departments)
    ]
