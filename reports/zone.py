"""The report of the zone on one night."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Final

from domain.errors import NoNight
from domain.results import Alert, LaunderingRecord, Words
from presentation import zone
from presentation.page import render
from presentation.words import Lang, named
from presentation.zone import ZoneNight
from reports.enclosures import Enclosures, enclosures
from reports.reader import PACKAGE, Reader, write
from risk_rules.typologies import TYPOLOGY
from storage.home import Home
from storage.laundering import Compartment
from storage.ledger import Ledger
from storage.queries import AlertFilter

_TOP: Final = 40
_ALL: Final = 1_000_000


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
        night=night,
        enclosed=enclosed,
        figure_name=figure_name,
        distribution=zone.distribution(night),
        movement=zone.movement(night),
        colours=zone.colour_counts(night.alerts),
        typologies=zone.typology_rows(night.alerts),
        departments=zone.department_counts(night.alerts),
        top=night.alerts[:_TOP],
        names={head.code: head.name for head in night.heads},
        tiers={head.code: head.tier for head in night.heads},
        grades_chart=zone.grades_chart(night, lang),
        alerts_chart=zone.alerts_chart(night, lang),
        sources=zone.source_rows(night.as_of, night.covered, night.stale),
        laundering=laundering,
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
    night = night_of(ledger, as_of, reader.regions)
    laundering = _laundering(home, as_of, reader)
    page = zone_report_page(night, enclosed or enclosures(home), reader.lang, laundering)
    return write(reader.folder(home) / f"zone-{as_of}-{reader.lang}.html", page)


def night_of(ledger: Ledger, as_of: date, regions: tuple[str, ...] = ()) -> ZoneNight:
    """What a night holds for the eyes of these regions, whole.

    Raises:
        NoNight: No scan of that day is in the ledger.
    """
    certificate = ledger.certificate(as_of)
    return ZoneNight(
        as_of=as_of,
        heads=ledger.heads(as_of, regions=regions),
        alerts=ledger.alerts(as_of, AlertFilter(regions=regions, limit=_ALL)),
        covered=certificate.covered,
        versions=certificate.versions,
        stale=certificate.stale,
    )


def _laundering(home: Home, as_of: date, reader: Reader) -> list[Alert] | None:
    if reader.officer is None or not reader.cleared:
        return None
    try:
        stored = Compartment(home).alerted(reader.officer, as_of)
    except NoNight:
        return None
    records = [LaunderingRecord.model_validate_json(payload) for payload in stored]
    alerts = [alert for record in records for alert in record.alerts]
    return sorted(alerts, key=lambda alert: (alert.rank, alert.enterprise_code))
