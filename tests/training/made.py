"""A made-up panel over real catalogue features, on which penalties foretell adverse acts."""

from collections.abc import Mapping
from datetime import date

import numpy as np
import pandas as pd

from domain.nights import month_ends
from features.catalogue import FEATURES
from models.labels import Target
from models.scorecard import Scorecard, ScorecardFeature
from training.fit import Task
from training.panel import Labelled
from training.splits import TimeSplit, folds, split_nights
from training.train import readable

NIGHTS = month_ends(date(2023, 1, 31), date(2024, 2, 29))
SPLIT: TimeSplit = split_nights(NIGHTS)
CARD = Scorecard(-2.0, (ScorecardFeature("penalty_count_3y", (0.0,), (0.0, 0.5), 0.0),))


def made_panel(enterprises: int, seed: int, signal: Mapping[str, float]) -> Labelled:
    """Monthly rows of enterprises whose weighted features, and noise, make them adverse."""
    draws = np.random.default_rng(seed)
    codes = [f"E{number:04d}" for number in range(enterprises)]
    index = pd.MultiIndex.from_product([NIGHTS, codes], names=["as_of", "enterprise"])
    numbers = draws.normal(size=(enterprises, len(FEATURES)))
    numbers = np.tile(numbers, (len(NIGHTS), 1)) + draws.normal(scale=0.1, size=(len(index), 1))
    values = pd.DataFrame(numbers, index=index, columns=[feature.name for feature in FEATURES])
    values = values.mask(draws.random(values.shape) < 0.02)
    risk = sum(weight * values[name].fillna(0) for name, weight in signal.items())
    labels = pd.DataFrame(
        {
            "label": (risk + draws.normal(size=len(index)) > 1.5).astype(int),
            "found_by": "register",
            "random": draws.random(len(index)) < 0.4,
        },
        index=index,
    )
    return Labelled(values, labels, {"dissolved": 3})


def task_for(target: Target, panel: Labelled) -> Task:
    codes = pd.Index(panel.values.index.unique("enterprise"), name="enterprise")
    groups = pd.Series(range(len(codes)), codes)
    return Task(target, readable(target, FEATURES), SPLIT, folds(groups), date(2024, 8, 31))
