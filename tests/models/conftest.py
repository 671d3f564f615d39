"""A small trained model over made-up features: `worse` moves risk up, `better` down."""

import lightgbm as lgb
import numpy as np
import pandas as pd
import pytest

from models.risk_model import Calibration, RiskModel

FEATURES = ("worse", "better", "free")


def made_values(rows: int, seed: int) -> pd.DataFrame:
    draws = np.random.default_rng(seed)
    values = pd.DataFrame(draws.normal(size=(rows, 3)), columns=list(FEATURES))
    values[draws.random(values.shape) < 0.1] = np.nan
    values.index = pd.Index([f"E{row:04d}" for row in range(rows)], name="enterprise")
    return values


def made_model(name: str = "credit", trees: int = 40) -> RiskModel:
    values = made_values(800, seed=1)
    risk = values["worse"].fillna(0) - values["better"].fillna(1) + values["free"].abs().fillna(0)
    noise = np.random.default_rng(2).normal(size=len(values))
    labels = (risk + noise > 1).astype(int).to_numpy()
    settings = {
        "objective": "binary",
        "num_leaves": 15,
        "monotone_constraints": [1, -1, 0],
        "deterministic": True,
        "force_row_wise": True,
        "num_threads": 1,
        "seed": 3,
        "verbosity": -1,
    }
    data = lgb.Dataset(values.to_numpy(), labels, feature_name=list(FEATURES))
    text = lgb.train(settings, data, trees).model_to_string()
    fitted = {"cutoff": "2025-01-31", "last_night": "2024-07-31"}
    return RiskModel(name, FEATURES, text, Calibration(0.9, -0.2, "random"), fitted)


@pytest.fixture(scope="session")
def model() -> RiskModel:
    return made_model()


@pytest.fixture(scope="session")
def values() -> pd.DataFrame:
    return made_values(60, seed=5)
