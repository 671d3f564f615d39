"""The nightly scan: all that was known by the end of a day becomes issued assessments."""

import gc
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from functools import cache
from typing import Final

import pandas as pd
from ibis.backends.duckdb import Backend

from assessment.assess import Assessments, assess, versions_of
from assessment.night import Night, prepare_night
from assessment.policy import policy_as_of
from domain.errors import DayNotOver
from domain.officer import Department, Officer, Right
from domain.progress import Progress
from domain.signals import Signals
from domain.standing import Standing
from domain.tables import KEPT_TABLES
from features.build import FeatureFrame
from features.catalogue import FEATURE
from models.model import NightModels
from models.registry import night_models
from storage.certificate import Certificate
from storage.home import Home
from storage.lake import Lake
from storage.laundering import Compartment
from storage.ledger import Ledger, NightRecord

SCANNER: Final = Officer(
    name="nightly scan",
    department=Department.ZONE_OFFICE,
    rights=frozenset({Right.READ, Right.LAUNDERING}),
)
"""The scan itself: it carries the first day of laundering alerts from night to night."""


@dataclass(frozen=True, slots=True)
class ScanOutcome:
    """What a scan did.

    Attributes:
        scan_id: Name of the scan in the ledger; that of an earlier one with equal results.
        stale: Source -> last complete day, or None, of sources that were too late. The grades
            that need them were issued as provisional.
    """

    as_of: date
    scan_id: str
    certificate: Certificate
    stale: Mapping[str, date | None]


@dataclass(frozen=True)
class Scanner:
    """What every night of one home is scanned with.

    Attributes:
        models: The models in force on a night.
    """

    home: Home
    engine: Backend
    models: Callable[[date], NightModels]

    def scan(self, as_of: date, issued_at: datetime, progress: Progress) -> ScanOutcome:
        """Judge the zone as known at the end of `as_of` and append what comes of it.

        May be killed at any moment and run again: equal results are appended once.

        Raises:
            DayNotOver: The day lies ahead of `issued_at`; issued, it would stay the latest night.
            ReceiptUnderWay: Something is still being received that began by the end of that day.
            NothingKnown: Nothing was known on that day.
            NoPolicy: No policy was in force on that day.
            ModelDamaged: A champion cannot be trusted.
            ModelMismatch: A model needs features that the catalogue lacks.
        """
        if as_of > issued_at.date():
            raise DayNotOver(as_of, issued_at.date())
        progress("reading what was known", 0.0)
        lake = Lake(self.home, self.engine)
        if as_of < issued_at.date():
            lake.refuse_unsettled(as_of)
        signals = lake.read_signals(as_of)
        models = self.models(as_of)
        ledger, compartment = Ledger(self.home), Compartment(self.home)
        progress("computing features", 0.05)
        night = prepare_night(signals, models, _standing(ledger, compartment, as_of))
        progress("judging", 0.5)
        with _uncollected():
            judged = assess(night)
        progress("counting documents", 0.9)
        certificate = _certificate(night, judged)
        progress("issuing", 0.95)
        record = NightRecord(
            as_of=as_of,
            assessments=judged.assessments,
            frames=frames_of(night.features),
            certificate=certificate,
        )
        compartment.append(as_of, judged.laundering, issued_at)
        return ScanOutcome(
            as_of=as_of,
            scan_id=ledger.append(record, issued_at),
            certificate=certificate,
            stale={source: signals.covered.get(source) for source in night.features.stale},
        )

    def scan_all(
        self, nights: Sequence[date], now: Callable[[], datetime], progress: Progress
    ) -> Iterator[ScanOutcome]:
        """Scan several nights from the earliest on, each issued before the next begins.

        Raises as `scan` does.
        """
        for place, as_of in enumerate(sorted(nights)):

            def told(step: str, part: float, place: int = place, night: date = as_of) -> None:
                progress(f"{night}: {step}", (place + part) / len(nights))

            yield self.scan(as_of, now(), told)


def scanner_of(lake: Lake) -> Scanner:
    """The scanner of a lake's home, with the champions of its registry.

    The scorecard of the night's policy stands in while there is no credit champion. Champions
    are loaded at the first scan, which then raises ModelDamaged where one cannot be trusted.
    """

    @cache
    def under(policy: date) -> NightModels:
        return night_models(lake.home, policy_as_of(policy).scorecard, FEATURE)

    def models(as_of: date) -> NightModels:
        return under(policy_as_of(as_of).first_day)

    return Scanner(lake.home, lake.engine, models)


def frames_of(features: FeatureFrame) -> dict[str, pd.DataFrame]:
    """What a what-if needs of a night again, by the names the ledger keeps it under."""
    peers = features.peers
    return {
        "features": features.values,
        "peer_median": peers.median,
        "peer_mad": peers.mad,
        "peer_size": peers.size.to_frame("size"),
    }


@contextmanager
def _uncollected() -> Iterator[None]:
    """Look for no circles among objects meanwhile.

    Judging makes millions of objects that all stay and form none; going through them again and
    again would take a third of its time.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _standing(ledger: Ledger, compartment: Compartment, as_of: date) -> Standing:
    standing = ledger.standing(as_of)
    return replace(standing, alerts={**standing.alerts, **compartment.first_seen(SCANNER, as_of)})


def _certificate(night: Night, judged: Assessments) -> Certificate:
    grades = [each.grade for each in judged.assessments]
    alerts = [alert for each in judged.assessments for alert in each.alerts]
    return Certificate(
        as_of=night.as_of,
        rows=_rows(night.signals),
        covered=dict(sorted(night.signals.covered.items())),
        stale=night.features.stale,
        versions=versions_of(night.policy, (night.models.credit, night.models.fraud)),
        tiers=dict(sorted(Counter(grade.tier for grade in grades).items())),
        provisional=sum(grade.provisional for grade in grades),
        colours=dict(sorted(Counter(alert.colour for alert in alerts).items())),
    )


def _rows(signals: Signals) -> dict[str, int]:
    names = [field.name for field in fields(Signals) if field.name in KEPT_TABLES]
    counts = {name: getattr(signals, name).count() for name in names}
    return {name: count.to_pyarrow().as_py() for name, count in counts.items()}
