"""A trained model: LightGBM trees, held-out calibration, exact TreeSHAP contributions."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

import lightgbm as lgb
import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import expit

from domain.errors import ModelMismatch
from models.model import Scores

ADDITIVITY = 1e-9
"""How far base plus contributions may lie from the margin, log-odds."""


@dataclass(frozen=True, slots=True)
class Calibration:
    """Platt's sigmoid: probability = 1 / (1 + exp(-(slope * margin + intercept))).

    Attributes:
        slope: Never negative, so calibration keeps the order of margins.
        intercept: Log-odds at margin 0.
        judged_on: The labels it was fitted on: "random" or "all".
    """

    slope: float
    intercept: float
    judged_on: str

    def probability(self, margin: pd.Series) -> pd.Series:
        """Calibrated probability of each margin."""
        return pd.Series(expit(self.slope * margin + self.intercept), margin.index)


@dataclass(frozen=True)
class RiskModel:
    """Gradient-boosted trees over catalogue features, scored on one thread.

    Making one parses `text`; text from a file goes through `models.registry` first, because
    LightGBM aborts the process on a damaged one.

    Attributes:
        name: What it judges: "credit", "fraud" or "laundering".
        features: The catalogue features it reads, in the booster's order.
        text: LightGBM's native model text.
        calibration: From margin to probability.
        fitted: What it was fitted on, for the reader: cut-off day, last as_of day, rows.
    """

    name: str
    features: tuple[str, ...]
    text: str = field(repr=False)
    calibration: Calibration
    fitted: Mapping[str, str]
    _booster: lgb.Booster = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Parse the trees once."""
        object.__setattr__(self, "_booster", lgb.Booster(model_str=self.text))

    @property
    def version(self) -> str:
        """Digest of everything its scores depend on."""
        return hashlib.sha256((self.text + json.dumps(self.facts())).encode()).hexdigest()[:12]

    @property
    def cutoff(self) -> date:
        """Last day of what it learnt from."""
        return date.fromisoformat(self.fitted["cutoff"])

    def facts(self) -> dict[str, Any]:
        """All but the trees, as JSON has it."""
        return {
            "name": self.name,
            "features": list(self.features),
            "calibration": asdict(self.calibration),
            "fitted": dict(self.fitted),
        }

    def margin(self, values: pd.DataFrame) -> pd.Series:
        """Log-odds before calibration.

        Raises:
            ModelMismatch: `values` lacks a feature of the model.
        """
        matrix = self._matrix(values)
        margin = self._booster.predict(matrix, raw_score=True, num_threads=1) if len(matrix) else []
        return pd.Series(margin, values.index, dtype=float)

    def score(self, values: pd.DataFrame) -> Scores:
        """Score and explain each row; a missing value is followed as LightGBM learned it.

        Raises:
            ModelMismatch: `values` lacks a feature of the model.
        """
        margin = self.margin(values)
        shares = self._contributions(self._matrix(values))
        contributions = pd.DataFrame(shares[:, :-1], values.index, list(self.features))
        base = float(shares[0, -1]) if len(shares) else 0.0
        return Scores(margin, self.calibration.probability(margin), base, contributions)

    def _contributions(self, matrix: NDArray[np.float64]) -> NDArray[np.float64]:
        if not len(matrix):
            return np.empty((0, len(self.features) + 1))
        shares = self._booster.predict(matrix, pred_contrib=True, num_threads=1)
        return np.asarray(shares, dtype=np.float64)

    def _matrix(self, values: pd.DataFrame) -> NDArray[np.float64]:
        lacking = [feature for feature in self.features if feature not in values]
        if lacking:
            raise ModelMismatch(self.name, lacking)
        return values[list(self.features)].to_numpy(np.float64)
