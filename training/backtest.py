"""Backtest: what the ledger issued on nights that no model saw, against what came to be known."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

import pandas as pd

from domain.officer import Department, Officer, Right
from domain.progress import Progress
from domain.results import Alert, AssessmentHead, LaunderingRecord
from models.labels import Outcomes, Target, label, read_outcomes
from models.metrics import Figure
from models.scorecard import Scorecard
from storage.lake import Lake
from storage.laundering import Compartment
from storage.ledger import Ledger
from storage.queries import AlertFilter
from training.figures import measure
from training.fit import SEED
from training.truth import AlertedNight, TruthFigures, against_truth, read_truth

_EVERY = AlertFilter(limit=1_000_000)
FRAME = "features"
"""Name under which a night's feature values lie in the ledger."""


@dataclass(frozen=True, slots=True)
class Issued:
    """Where evaluation reads.

    Attributes:
        lake: What came to be known.
        ledger: What was issued.
        compartment: Laundering records.
        officer: Who evaluates; without the laundering right those alerts are left out.
    """

    lake: Lake
    ledger: Ledger
    compartment: Compartment
    officer: Officer

    @classmethod
    def of(cls, lake: Lake, *rights: Right) -> "Issued":
        """What was issued in the lake's home, read with these rights."""
        who = Officer(
            name="evaluation", department=Department.ZONE_OFFICE, rights=frozenset(rights)
        )
        return cls(lake, Ledger(lake.home), Compartment(lake.home), who)


@dataclass(frozen=True, slots=True)
class Period:
    """The nights to evaluate, and what may be known of them.

    Attributes:
        after: Cut-off of the models: only later nights count.
        known_to: Last day of what came to be known.
    """

    after: date
    known_to: date


@dataclass(frozen=True, slots=True)
class Evaluation:
    """How what was issued came out.

    Attributes:
        nights: The nights evaluated.
        credit: "model_auc_random", "scorecard_ks_all" and so on, against observed labels; on
            nights whose horizon is over.
        credit_nights: Those nights.
        found_by: Stream -> labelled rows.
        dropped: Reason -> rows without a label or score.
        truth: Against planted truth; None outside a simulated zone.
    """

    after: date
    known_to: date
    nights: tuple[date, ...]
    credit: Mapping[str, Figure]
    credit_nights: tuple[date, ...]
    found_by: Mapping[str, int]
    dropped: Mapping[str, int]
    truth: TruthFigures | None

    def to_json(self) -> str:
        """All of it as JSON."""
        return json.dumps(asdict(self), default=str, indent=1)


def evaluate(
    issued: Issued, scorecard: Scorecard, period: Period, truth: Path | None, progress: Progress
) -> Evaluation:
    """Evaluate the ledger's nights after the models' cut-off.

    Args:
        issued: Where to read.
        scorecard: Measured beside the credit model, on the features the night was judged by.
        period: Which nights, and what is known of them.
        truth: Folder of planted truth, in a simulated zone.
        progress: Told what is being done.

    Raises:
        NothingKnown: Nothing was known on `period.known_to`.
        NoTruth: No planted truth lies in `truth`.
    """
    planted = read_truth(truth) if truth else None
    outcomes = read_outcomes(issued.lake.read_signals(period.known_to))
    nights = [n for n in issued.ledger.nights() if period.after < n <= period.known_to]
    judged: list[Judged] = []
    alerted: list[AlertedNight] = []
    for done, night in enumerate(nights):
        progress(f"evaluating the night of {night}", done / len(nights))
        heads = issued.ledger.heads(night)
        alerts = issued.ledger.alerts(night, _EVERY) + laundering(issued, night)
        alerted.append(AlertedNight(night, len(heads), alerts))
        beside = scorecard.score(issued.ledger.frame(FRAME, night)).probability
        judged.append(judge(outcomes, night, heads, beside))
    rows = pd.concat([each.rows for each in judged]) if judged else _NO_ROWS
    scores = {name: rows[name] for name in ("model", "scorecard")}
    return Evaluation(
        after=period.after,
        known_to=period.known_to,
        nights=tuple(nights),
        credit=measure(rows, scores, SEED),
        credit_nights=tuple(sorted(rows.index.unique("as_of"))),
        found_by=dict(Counter(rows["found_by"])),
        dropped=dict(sum((Counter(each.dropped) for each in judged), Counter())),
        truth=against_truth(alerted, planted, outcomes.findings) if planted else None,
    )


@dataclass(frozen=True, slots=True)
class Judged:
    """One night's credit scores beside what came to be known.

    Attributes:
        rows: Index (as_of, enterprise); label, found_by, random, and the probabilities
            `model` (as issued) and `scorecard`.
        dropped: Reason -> enterprises without a label or an issued score.
    """

    rows: pd.DataFrame
    dropped: Mapping[str, int]


def judge(
    outcomes: Outcomes, night: date, heads: Sequence[AssessmentHead], scorecard: pd.Series
) -> Judged:
    """Set the credit probabilities issued on one night beside the labels known later."""
    rated = [head for head in heads if head.credit_probability is not None]
    issued = {head.code: head.credit_probability for head in rated}
    roll = pd.Index(sorted(issued), name="enterprise")
    made = label(outcomes, Target.CREDIT, night, roll)
    rows = made.rows.assign(
        model=pd.Series(issued, dtype=float).reindex(made.rows.index),
        scorecard=scorecard.reindex(made.rows.index),
    )
    dropped = {**made.unknown, "unrated": len(heads) - len(rated)}
    return Judged(pd.concat({night: rows}, names=["as_of", "enterprise"]), dropped)


def laundering(issued: Issued, night: date) -> list[Alert]:
    """The compartment's alerts of a night, if the officer may read them and there are any."""
    if not issued.officer.may(Right.LAUNDERING) or night not in issued.compartment.chain.nights():
        return []
    records = issued.compartment.alerted(issued.officer, night)
    parsed = map(LaunderingRecord.model_validate_json, records)
    return [alert for each in parsed for alert in each.alerts]


_NO_ROWS = pd.DataFrame(
    {
        "label": pd.Series(dtype=int),
        "found_by": pd.Series(dtype=str),
        "random": pd.Series(dtype=bool),
        "model": pd.Series(dtype=float),
        "scorecard": pd.Series(dtype=float),
    }
).set_index(pd.MultiIndex.from_arrays([[], []], names=["as_of", "enterprise"]))
