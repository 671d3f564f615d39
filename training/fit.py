"""Fit one target: trees on early nights, judged and calibrated on later ones no fold has seen.

Every late row is scored by trees that saw neither its time nor its group. The figures therefore
speak of the recipe; the model that is registered is the same recipe on all labelled rows.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import lightgbm as lgb
import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from domain.errors import TooFewLabels
from features.feature import Feature
from models.labels import Target
from models.risk_model import Calibration, RiskModel
from training.panel import Labelled
from training.splits import FOLDS, TimeSplit

SEED: Final = 20260104
FEWEST_ENTERPRISES: Final = 20
FEWEST_TO_CALIBRATE: Final = 30
MOST_TREES: Final = 300
PATIENCE: Final = 25
TREES: Final[dict[str, Any]] = {
    "objective": "binary",
    "num_leaves": 15,
    "learning_rate": 0.05,
    "min_data_in_leaf": 40,
    "feature_fraction": 0.3,
    "feature_fraction_bynode": 0.7,
    "lambda_l2": 50.0,
    "deterministic": True,
    "force_row_wise": True,
    "num_threads": 1,
    "seed": SEED,
    "verbosity": -1,
}
Rows = NDArray[Any]
"""One entry per labelled row."""
_DIRECTION: Final = {"up": 1, "down": -1, "none": 0}


@dataclass(frozen=True, slots=True)
class Fitted:
    """A model and what it was judged on.

    Attributes:
        model: Fitted on every labelled row.
        held_out: Index (as_of, enterprise) of late nights; label, found_by, random, and the
            `margin` that trees without that time and group gave.
        golden: A few rows, one of them all missing, for the model's self-test.
    """

    model: RiskModel
    held_out: pd.DataFrame
    golden: pd.DataFrame


@dataclass(frozen=True, slots=True)
class Task:
    """What to fit.

    Attributes:
        target: What to foresee.
        features: What may be read.
        split: Early and late nights.
        folds: Enterprise -> fold.
        cutoff: The day by which labels were confirmed.
    """

    target: Target
    features: Sequence[Feature]
    split: TimeSplit
    folds: pd.Series
    cutoff: date


def fit(task: Task, data: Labelled) -> Fitted:
    """Fit, judge and calibrate one target.

    Raises:
        TooFewLabels: Fewer than `FEWEST_ENTERPRISES` adverse or clean ones among early nights.
    """
    nights = data.labels.index.get_level_values("as_of")
    whose = data.labels.index.get_level_values("enterprise")
    fold = task.folds.reindex(whose).fillna(0).to_numpy()
    early, late = nights.isin(task.split.early), nights.isin(task.split.late)
    _enough(task.target, data.labels[early])
    rounds = _rounds(task, data, early, fold)
    margin = pd.Series(np.nan, data.labels.index)
    for k in range(FOLDS):
        booster = _trees(task, data, early & (fold != k), rounds)
        judged = late & (fold == k)
        if judged.any():
            matrix = _matrix(task, data, judged)
            margin[judged] = np.asarray(booster.predict(matrix, raw_score=True, num_threads=1))
    held_out = data.labels.assign(margin=margin)[late]
    every = np.ones(len(data.labels), dtype=bool)
    model = RiskModel(
        name=task.target.value,
        features=tuple(feature.name for feature in task.features),
        text=_trees(task, data, every, rounds).model_to_string(),
        calibration=calibrate(held_out),
        fitted=_facts(task, data, rounds),
    )
    return Fitted(model, held_out, _golden(data.values[list(model.features)]))


def calibrate(held_out: pd.DataFrame) -> Calibration:
    """Platt's sigmoid on the random stream, or on all rows where that is too thin.

    Args:
        held_out: label, random and margin of rows that no tree has seen.
    """
    drawn = held_out[held_out["random"]]
    on_random = drawn["label"].sum() >= FEWEST_TO_CALIBRATE
    rows = drawn if on_random else held_out
    judged_on = "random" if on_random else "all"
    rate = (rows["label"].sum() + 1) / (len(rows) + 2)
    flat = Calibration(0.0, float(np.log(rate / (1 - rate))), judged_on)
    if rows["label"].nunique() < 2:
        return flat
    fitted = LogisticRegression(C=np.inf).fit(rows[["margin"]].to_numpy(), rows["label"])
    slope = float(fitted.coef_[0, 0])
    return Calibration(slope, float(fitted.intercept_[0]), judged_on) if slope > 0 else flat


def _enough(target: Target, labels: pd.DataFrame) -> None:
    enterprises = labels.index.get_level_values("enterprise").to_series(labels.index)
    adverse = enterprises[labels["label"] == 1].nunique()
    clean = enterprises[labels["label"] == 0].nunique()
    if min(adverse, clean) < FEWEST_ENTERPRISES:
        raise TooFewLabels(target.value, adverse, clean)


def _rounds(task: Task, data: Labelled, early: Rows, fold: Rows) -> int:
    """How many trees help enterprises that they have not seen, over all folds of early rows."""
    of_row = fold[early]
    parts = [(np.flatnonzero(of_row != k), np.flatnonzero(of_row == k)) for k in range(FOLDS)]
    curves = lgb.cv(
        _parameters(task),
        _dataset(task, data, early),
        MOST_TREES,
        folds=[part for part in parts if len(part[1])],
        callbacks=[lgb.early_stopping(PATIENCE, verbose=False)],
    )
    losses = np.asarray(curves["valid binary_logloss-mean"], dtype=float)
    return int(losses.argmin()) + 1


def _trees(task: Task, data: Labelled, rows: Rows, rounds: int) -> lgb.Booster:
    return lgb.train(_parameters(task), _dataset(task, data, rows), rounds)


def _parameters(task: Task) -> dict[str, Any]:
    return TREES | {"monotone_constraints": [_DIRECTION[each.risk] for each in task.features]}


def _dataset(task: Task, data: Labelled, rows: Rows) -> lgb.Dataset:
    names = [feature.name for feature in task.features]
    labels = data.labels["label"].to_numpy()[rows]
    matrix = _matrix(task, data, rows)
    return lgb.Dataset(matrix, labels, feature_name=names)


def _matrix(task: Task, data: Labelled, rows: Rows) -> NDArray[np.float64]:
    read = data.values[[feature.name for feature in task.features]]
    return np.asarray(read.to_numpy(float)[rows])


def _facts(task: Task, data: Labelled, rounds: int) -> dict[str, str]:
    nights = data.labels.index.get_level_values("as_of")
    return {
        "cutoff": task.cutoff.isoformat(),
        "last_night": max(nights).isoformat(),
        "rows": str(len(data.labels)),
        "adverse": str(int(data.labels["label"].sum())),
        "trees": str(rounds),
    }


def _golden(values: pd.DataFrame) -> pd.DataFrame:
    spread = values.iloc[np.linspace(0, len(values) - 1, 8).astype(int)]
    missing = pd.DataFrame(np.nan, index=[0], columns=values.columns)
    return pd.concat([spread.reset_index(drop=True), missing], ignore_index=True)
