"""What was issued, read for the eyes of one who may see some of it."""

from datetime import date
from typing import Final

from domain.errors import NoNight, UnknownEnterprise
from domain.officer import Officer, Right
from domain.results import Alert, Assessment, LaunderingRecord
from presentation.zone import ZoneNight
from storage.laundering import Compartment
from storage.ledger import Ledger
from storage.queries import AlertFilter

_EVERY_ALERT: Final = 1_000_000


def zone_night(ledger: Ledger, as_of: date, regions: tuple[str, ...] = ()) -> ZoneNight:
    """What a night holds for the eyes of these regions, whole.

    Raises:
        NoNight: No scan of that day is in the ledger.
    """
    certificate = ledger.certificate(as_of)
    return ZoneNight(
        as_of=as_of,
        heads=tuple(ledger.heads(as_of, regions)),
        alerts=tuple(ledger.alerts(as_of, AlertFilter(regions=regions, limit=_EVERY_ALERT))),
        covered=certificate.covered,
        versions=certificate.versions,
        stale=certificate.stale,
    )


def laundering_alerts(
    compartment: Compartment, officer: Officer, as_of: date
) -> list[Alert] | None:
    """The night's alerts of the laundering compartment by rank; None without the right or one."""
    if not officer.may(Right.LAUNDERING):
        return None
    try:
        stored = compartment.alerted(officer, as_of)
    except NoNight:
        return None
    records = map(LaunderingRecord.model_validate_json, stored)
    alerts = [alert for record in records for alert in record.alerts]
    return sorted(alerts, key=lambda alert: (alert.rank, alert.enterprise_code))


def laundering_record(
    compartment: Compartment, officer: Officer, assessment: Assessment
) -> LaunderingRecord | None:
    """The enterprise's laundering record of the night; None without the right or one."""
    if not officer.may(Right.LAUNDERING):
        return None
    try:
        stored = compartment.payload(assessment.enterprise.code, officer, assessment.as_of)
    except (NoNight, UnknownEnterprise):
        return None
    return LaunderingRecord.model_validate_json(stored)
