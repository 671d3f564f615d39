"""The report of the zone on one night."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Final

from domain.results import Alert, Words
from intake.checks import CHECK_WORDS
from intake.reasons import REASON_WORDS
from presentation import zone
from presentation.issued import laundering_alerts, zone_night
from presentation.page import render
from presentation.words import Lang, named
from presentation.zone import ZoneNight
from reports.enclosures import Enclosures, enclosures
from reports.reader import PACKAGE, Reader, write
from risk_rules.typologies import TYPOLOGY
from storage.home import Home
from storage.laundering import Compartment
from storage.ledger import Ledger

_TOP: Final = 40


def zone_report_page(
    night: ZoneNight,
    enclosed: Enclosures,
    lang: Lang,
    laundering: Sequence[Alert] | None = None,
) -> str:
    """The zone report as a page.

    Args:
        night: What the reader may see of the night.
        enclosed: What other doors gave.
        lang: Language of the page.
        laundering: Alerts of the laundering compartment, for a reader with the right only.
    """
    return render(
        PACKAGE,
        "zone_report.html",
        lang,
        enclosed=enclosed,
        reasons=REASON_WORDS,
        checks=CHECK_WORDS,
        figure_name=figure_name,
        departments=zone.department_counts(night.alerts),
        top=night.alerts[:_TOP],
        laundering=laundering,
        **zone.shown(night, lang),
    )


def figure_name(name: str) -> Words:
    """What a figure is called: its phrase, a typology, or the name it came with."""
    if name in TYPOLOGY:
        label = TYPOLOGY[name].label
        return Words(zh=f"{name} {label.zh}", en=f"{name} {label.en}")
    return named(name, "figure")


def write_zone(
    ledger: Ledger,
    home: Home,
    as_of: date,
    reader: Reader | None = None,
    enclosed: Enclosures | None = None,
) -> Path:
    """Write the zone report of a night and return its file.

    Args:
        ledger: Where the assessments are.
        home: Where reports lie.
        as_of: The night.
        reader: For whom; an officer with the right also reads the laundering compartment.
        enclosed: What other doors give to show; what they left in the home folder when None.

    Raises:
        NoNight: No scan of that day is in the ledger.
    """
    reader = reader or Reader()
    night = zone_night(ledger, as_of, reader.regions)
    officer = reader.officer
    laundering = laundering_alerts(Compartment(home), officer, as_of) if officer else None
    page = zone_report_page(night, enclosed or enclosures(home), reader.lang, laundering)
    return write(reader.folder(home) / f"zone-{as_of}-{reader.lang}.html", page)
