"""Train: panel, labels, one model per target, each logged as an MLflow run and registered."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from domain.errors import TooFewLabels
from domain.progress import Progress
from features.catalogue import FEATURES
from features.feature import Feature, Use
from models.labels import Target, read_outcomes
from models.metrics import Figure
from models.registry import registry_of
from models.scorecard import Scorecard
from storage.home import Home
from storage.lake import Lake
from training.figures import measure
from training.fit import SEED, Task, fit
from training.panel import Labelled, build_panel, panel_nights, with_labels
from training.record import Work, data_manifest, record
from training.rival import rival_of
from training.splits import folds, identity_groups, split_nights

APART: Final = "laundering: kept in its compartment; --laundering shows it"
"""All that is said of the laundering model to whoever did not ask with the right."""


@dataclass(frozen=True, slots=True)
class Trained:
    """One registered challenger.

    Attributes:
        name: The target.
        registered: Version number in the registry.
        version: Digest of the model.
        run_id: MLflow run.
        figures: Held-out figures of the model, the scorecard and the rival.
        found_by: Stream -> labelled rows.
        dropped: Reason -> rows without a label.
    """

    name: str
    registered: str
    version: str
    run_id: str
    figures: Mapping[str, Figure]
    found_by: Mapping[str, int]
    dropped: Mapping[str, int]

    def lines(self) -> Iterator[str]:
        """What was trained, a line per figure."""
        yield f"{self.name} version {self.registered} is registered; labels {dict(self.found_by)}"
        for name, figure in self.figures.items():
            yield f"  {name}: {figure}"


@dataclass(frozen=True, slots=True)
class TrainingResult:
    """What a training did.

    Attributes:
        cutoff: Day by which labels were confirmed.
        nights: Nights of the panel.
        rows: Rows of the panel.
        trained: Challengers registered.
        refused: Target -> why no model was trained; what was in force stays in force.
    """

    cutoff: date
    nights: tuple[date, ...]
    rows: int
    trained: tuple[Trained, ...]
    refused: Mapping[str, str]

    def lines(self, *, laundering: bool) -> Iterator[str]:
        """What the training did, a line per fact.

        Args:
            laundering: Whether the reader may know of the compartment's model.
        """
        yield f"{self.rows:,} enterprise-nights of {len(self.nights)} nights"
        for made in self.trained:
            if laundering or made.name != Target.LAUNDERING:
                yield from made.lines()
        for name, why in self.refused.items():
            if laundering or name != Target.LAUNDERING:
                yield f"{name}: {why}"
        if not laundering:
            yield APART


@dataclass(frozen=True, slots=True)
class Bench:
    """What the targets share while they are trained.

    Attributes:
        home: In whose registries challengers go.
        scorecard: Measured beside them.
        manifest: Lake file -> sha256.
    """

    home: Home
    scorecard: Scorecard
    manifest: Mapping[str, str]


def train(lake: Lake, scorecard: Scorecard, cutoff: date, progress: Progress) -> TrainingResult:
    """Train credit, fraud and laundering on what was known by the cut-off.

    Args:
        lake: Where signals are read; models are registered in its home.
        scorecard: The expert scorecard, measured beside the models.
        cutoff: Nothing known later is read, neither values nor labels.
        progress: Told what is being done.

    Raises:
        NothingKnown: The lake is empty or begins after the cut-off.
    """
    signals = lake.read_signals(cutoff)
    outcomes, fold = read_outcomes(signals), folds(identity_groups(signals))
    judged_to = min(cutoff, outcomes.register_covers_to or cutoff)
    nights = panel_nights(lake.first_known_on() or cutoff, judged_to)
    panel = build_panel(lake, nights, progress)
    bench = Bench(lake.home, scorecard, data_manifest(lake))
    trained: list[Trained] = []
    refused: dict[str, str] = {}
    for done, target in enumerate(Target):
        progress(f"training {target.value}", done / len(Target))
        task = Task(target, readable(target, FEATURES), split_nights(nights), fold, cutoff)
        try:
            trained.append(train_target(bench, task, with_labels(panel, outcomes, target)))
        except TooFewLabels as refusal:
            refused[target.value] = str(refusal)
    return TrainingResult(cutoff, tuple(nights), len(panel.values), tuple(trained), refused)


def readable(target: Target, features: Sequence[Feature]) -> tuple[Feature, ...]:
    """The features a target may read: credit reads nothing unconfirmed."""
    return tuple(f for f in features if target is not Target.CREDIT or f.use is Use.CREDIT)


def train_target(bench: Bench, task: Task, data: Labelled) -> Trained:
    """Fit, measure, log and register one target.

    Raises:
        TooFewLabels: Too few adverse or clean enterprises to learn from.
    """
    fitted = fit(task, data)
    late = data.values.loc[fitted.held_out.index]
    registry = registry_of(bench.home, task.target)
    rival = rival_of(registry, task.target, late, bench.scorecard)
    margins = {
        "model": fitted.held_out["margin"],
        "scorecard": bench.scorecard.score(late).margin,
        "rival": rival.margins,
    }
    beside = fitted.held_out.assign(scorecard=margins["scorecard"], rival=rival.margins)
    figures = measure(beside, margins, SEED)
    work = Work(fitted, beside, figures, rival, data.dropped, data.values, bench.manifest)
    run_id, registered = record(registry, work)
    return Trained(
        name=task.target.value,
        registered=registered,
        version=fitted.model.version,
        run_id=run_id,
        figures=figures,
        found_by=dict(Counter(data.labels["found_by"])),
        dropped=data.dropped,
    )
