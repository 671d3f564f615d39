"""What other doors left in the home folder for the zone report to show as it stands."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from intake.received import Received, received
from reports.reader import write
from storage.home import Home
from storage.journal import Journal

EVALUATION: Final = "evaluation.json"
"""File in the reports folder where an evaluation is left."""


@dataclass(frozen=True, slots=True)
class Enclosures:
    """What other doors give the report to show.

    Attributes:
        received: What all receipts say together.
        evaluation: Figures of models and alerts, nested by name. Whoever evaluates with the
            laundering right has its alerts in the figures, and gives them to cleared readers only.
        synthetic: The zone is simulated, and the report says so.
    """

    received: Received | None = None
    evaluation: Mapping[str, Any] | None = None
    synthetic: bool = False


def leave_evaluation(home: Home, evaluation: str) -> None:
    """Leave an evaluation's JSON, made without the laundering right, for the next report."""
    write(home.reports / EVALUATION, evaluation)


def enclosures(home: Home) -> Enclosures:
    """All receipts and the last evaluation of a home.

    An evaluation against planted truth is of a simulated zone.
    """
    evaluation = _read(home.reports / EVALUATION)
    return Enclosures(
        received=received(Journal(home)),
        evaluation=evaluation,
        synthetic=evaluation is not None and evaluation.get("truth") is not None,
    )


def _read(file: Path) -> dict[str, Any] | None:
    return dict(json.loads(file.read_text("utf-8"))) if file.exists() else None
