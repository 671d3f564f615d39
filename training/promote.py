"""Promotion: the gate between a registered challenger and the night."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import pandas as pd
from mlflow.entities.model_registry import ModelVersion

from domain.errors import ModelMissing
from models.labels import Target
from models.metrics import Figure, auc, figure, gain
from models.registry import Registry, registry_of
from storage.home import Home
from training.fit import SEED
from training.rival import CHANCE, IN_FORCE, RIVAL, in_force, read_held_out
from training.train import APART

FEWEST_DRAWN: Final = 5


@dataclass(frozen=True, slots=True)
class Promotion:
    """What the gate said.

    Attributes:
        name: The target.
        registered: The challenger's version number.
        promoted: Whether it is the champion now.
        why: The decision in a sentence.
        challenger: AUC on the rows compared.
        rival: AUC of what was in force, on the same rows.
        gain: The difference, with an interval over the same resampled enterprises.
    """

    name: str
    registered: str
    promoted: bool
    why: str
    challenger: Figure
    rival: Figure
    gain: Figure


def promote_all(home: Home, *, laundering: bool) -> Iterator[str]:
    """Judge the latest challenger of every target; a sentence each.

    Args:
        home: Whose registries are meant.
        laundering: Whether the reader may know what came of the compartment's model.

    Raises:
        ModelMissing: Nothing was ever trained in this home.
    """
    decided = {target: _decided(home, target) for target in Target}
    if not (laundering or registry_of(home, Target.CREDIT).database.is_file()):
        raise ModelMissing(Target.CREDIT, "version")
    for target, sentence in decided.items():
        yield sentence if laundering or target is not Target.LAUNDERING else APART


def _decided(home: Home, target: Target) -> str:
    try:
        decision = promote(registry_of(home, target), target)
    except ModelMissing as missing:
        return f"{target}: {missing}"
    return f"{target} version {decision.registered}: {decision.why}"


def promote(registry: Registry, name: str) -> Promotion:
    """Put the latest challenger in force if it passes the gate.

    The gate: on held-out rows drawn at random for inspection, which no tree has seen in time or
    group, the challenger's AUC exceeds that of what is in force: the champion, else the scorecard
    for credit. Where nothing is in force the rival is chance, and the whole interval must lie
    above it: no model at all is better than one that may know nothing. At least `FEWEST_DRAWN`
    adverse and clean enterprises must be compared.

    Raises:
        ModelMissing: Nothing of that name was ever trained.
    """
    latest = registry.latest_version(name)
    rows = read_held_out(registry.artifacts(latest))
    compared = rows[rows["random"] & rows["rival"].notna()]
    figures = _figures(compared)
    against = latest.tags[RIVAL]
    why = _in_force_differs(registry, latest) or _refusal(figures, against, compared)
    if why is None:
        registry.set_champion(name, str(latest.version))
    said = why or f"It beats {_named(against)} on the random stream and is in force from now on."
    return Promotion(name, str(latest.version), why is None, said, *figures)


def _figures(rows: pd.DataFrame) -> tuple[Figure, Figure, Figure]:
    labels = rows["label"]
    whose = labels.index.get_level_values("enterprise").to_series(labels.index)
    challenger, rival = auc(labels, rows["margin"]), auc(labels, rows["rival"])
    made = (challenger, rival, gain(challenger, rival))
    first, second, third = (figure(each, labels, whose, SEED) for each in made)
    return first, second, third


def _in_force_differs(registry: Registry, latest: ModelVersion) -> str | None:
    """Why the comparison no longer holds, if it does not."""
    compared, now = latest.tags[IN_FORCE], in_force(registry, latest.name)
    if now == str(latest.version):
        return "It is the champion already."
    if now != compared:
        return (
            f"It was compared when version {compared} was in force, but now it is {now}; "
            "train again."
        )
    return None


def _refusal(
    figures: tuple[Figure, Figure, Figure], against: str, rows: pd.DataFrame
) -> str | None:
    """Why the gate stays shut, if it does."""
    challenger, rival, _ = figures
    surely = challenger.value if against != CHANCE else challenger.low
    drawn = rows.reset_index().groupby("label")["enterprise"].nunique()
    adverse, clean = int(drawn.get(1, 0)), int(drawn.get(0, 0))
    if min(adverse, clean) < FEWEST_DRAWN:
        return (
            f"The random stream has {adverse} adverse and {clean} clean enterprises to compare, "
            f"fewer than {FEWEST_DRAWN}: too few to judge."
        )
    if (surely or 0) <= (rival.value or 0):
        return f"It does not beat {_named(against)} on the random stream: AUC {challenger}."
    return None


def _named(against: str) -> str:
    return "chance" if against == CHANCE else f"what is in force ({against})"
