"""What a challenger has to beat, scored on rows that the rival has not seen either."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

from domain.errors import ModelDamaged, ModelMismatch, ModelMissing
from models.labels import HORIZON, Target
from models.registry import Registry
from models.risk_model import RiskModel
from models.scorecard import Scorecard

HELD_OUT = "held_out.parquet"
CHANCE = "chance"
RIVAL = "sandan.rival"
IN_FORCE = "sandan.in_force"
NOTHING = "none"


@dataclass(frozen=True, slots=True)
class Rival:
    """What is in force while a challenger is trained.

    Attributes:
        in_force: Registered version number of the champion, trusted or not; else `NOTHING`.
        version: Of the champion; of the scorecard for credit; `CHANCE` where nothing is in force.
        margins: On the challenger's held-out rows; NaN where the rival cannot be compared.
    """

    in_force: str
    version: str
    margins: pd.Series

    def tags(self) -> dict[str, str]:
        """What the run and the registered challenger say of it."""
        return {IN_FORCE: self.in_force, RIVAL: self.version}


def in_force(registry: Registry, name: str) -> str:
    """Registered version number of the champion, or `NOTHING`."""
    try:
        return str(registry.champion_version(name).version)
    except ModelMissing:
        return NOTHING


def rival_of(
    registry: Registry, target: Target, values: pd.DataFrame, scorecard: Scorecard
) -> Rival:
    """The rival and its margins.

    A champion is scored on nights after the horizons it learnt from; for earlier nights its own
    held-out margins stand. A champion that cannot be trusted is no rival.

    Args:
        registry: Where the champion is.
        target: What is foreseen.
        values: The challenger's held-out rows, index (as_of, enterprise).
        scorecard: The rival of a first credit model.
    """
    now = in_force(registry, target.value)
    try:
        champion = registry.champion(target.value, values.columns)
    except (ModelMissing, ModelDamaged, ModelMismatch):
        if target is Target.CREDIT:
            return Rival(now, scorecard.version, scorecard.score(values).margin)
        return Rival(now, CHANCE, pd.Series(0.0, values.index))
    later = _unseen(champion, values.index)
    margins = champion.margin(values).where(later, np.nan)
    return Rival(now, champion.version, margins.fillna(_own(registry, target, values.index)))


def read_held_out(folder: Path) -> pd.DataFrame:
    """The held-out rows that a run logged, index (as_of, enterprise)."""
    return pd.read_parquet(folder / HELD_OUT).set_index(["as_of", "enterprise"])


def _unseen(champion: RiskModel, index: pd.Index) -> np.ndarray:
    clear = date.fromisoformat(champion.fitted["last_night"]) + HORIZON
    return np.array([night >= clear for night in index.get_level_values("as_of")], dtype=bool)


def _own(registry: Registry, target: Target, index: pd.Index) -> pd.Series:
    folder = registry.artifacts(registry.champion_version(target.value))
    return read_held_out(folder)["margin"].reindex(index)
