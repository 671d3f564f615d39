"""One small simulated zone, received, trained on and scanned once per run; nothing writes to it."""

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import pytest

from assessment.policy import policy_as_of
from domain.officer import Department, Officer, Right
from intake.gate import Door
from intake.quarantine import IntakeKeys
from intake.receipt import Receipt
from intake.receive import receive
from nightly.scan import ScanOutcome, scanner_of
from pilot_zone.plan import ZonePlan
from pilot_zone.zone import simulate
from storage import officers
from storage.engine import connect
from storage.home import Home
from storage.lake import Lake
from training.promote import promote_all
from training.train import TrainingResult, train

PLAN = ZonePlan(
    seed=11,
    enterprises=300,
    months=24,
    orders=12_000,
    ends_on=date(2026, 6, 30),
    message_documents=120,
)
CUTOFF = date(2026, 3, 31)
KEYS = IntakeKeys(b"p" * 32, b"s" * 32)
NOW = datetime(2026, 7, 1, 3)  # noqa: DTZ001 - China wall clock has no zone here


@dataclass(frozen=True)
class GradedZone:
    """The whole chain's outcome."""

    home: Home
    made: Path
    receipt: Receipt
    training: TrainingResult
    promoted: tuple[str, ...]
    outcome: ScanOutcome
    key: str
    cleared_key: str


@pytest.fixture(scope="session")
def zone(tmp_path_factory: pytest.TempPathFactory) -> GradedZone:
    """Simulate, receive, train, promote, scan."""
    made = tmp_path_factory.mktemp("made")
    home = Home(tmp_path_factory.mktemp("home"))
    simulate(PLAN, made, lambda *_: None)
    lake = Lake(home, connect(home, threads=2, memory_limit_mb=1024))
    receipt = receive([made / "delivery"], lake, KEYS, Door(NOW, history=True), lambda *_: None)
    scorecard = policy_as_of(CUTOFF).scorecard
    training = train(lake, scorecard, CUTOFF, lambda *_: None)
    promoted = tuple(promote_all(home, laundering=True)) if training.trained else ()
    outcome = scanner_of(lake).scan(PLAN.ends_on, NOW, lambda *_: None)
    reader = Officer(
        name="reader",
        department=Department.TAX,
        rights=frozenset({Right.READ, Right.SCORE}),
    )
    cleared = reader.model_copy(
        update={"name": "cleared", "rights": reader.rights | {Right.LAUNDERING}}
    )
    keys = [officers.add(home, who) for who in (reader, cleared)]
    return GradedZone(home, made, receipt, training, promoted, outcome, *keys)
