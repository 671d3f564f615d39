import sys

import lightgbm as lgb
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.errors import ModelMismatch
from models.risk_model import ADDITIVITY, Calibration, RiskModel
from models.shap_pictures import summary_pictures


def test_base_and_contributions_are_the_margin(model: RiskModel, values: pd.DataFrame) -> None:
    scores = model.score(values)
    total = scores.base + scores.contributions.sum(axis=1)
    assert (total - scores.margin).abs().max() < ADDITIVITY
    assert scores.contributions.abs().to_numpy().sum() > 1
    assert list(scores.contributions) == list(model.features)


def test_contributions_are_those_of_shap(model: RiskModel, values: pd.DataFrame) -> None:
    scores = model.score(values)
    oracle = sys.modules["shap"].TreeExplainer(lgb.Booster(model_str=model.text))(values.to_numpy())
    np.testing.assert_allclose(scores.contributions, oracle.values, rtol=0, atol=1e-9)
    np.testing.assert_allclose(oracle.base_values, scores.base, rtol=0, atol=1e-9)


def test_margin_is_that_of_lightgbm_and_column_order_does_not_matter(
    model: RiskModel, values: pd.DataFrame
) -> None:
    raw = lgb.Booster(model_str=model.text).predict(values.to_numpy(), raw_score=True)
    shuffled = values[["free", "worse", "better"]].assign(more=1.0)
    assert model.score(shuffled).margin.tolist() == np.asarray(raw).tolist()


_NUMBERS = st.one_of(st.just(float("nan")), st.floats(-3, 3))


@settings(max_examples=60, deadline=None)
@given(low=st.floats(-4, 4), step=st.floats(0, 4), other=_NUMBERS, free=_NUMBERS)
def test_a_worse_value_never_lowers_the_margin(
    model: RiskModel, low: float, step: float, other: float, free: float
) -> None:
    worse = pd.DataFrame(
        {"worse": [low, low + step], "better": [other, other], "free": [free, free]}
    )
    better = pd.DataFrame(
        {"worse": [other, other], "better": [low, low + step], "free": [free, free]}
    )
    assert model.margin(worse).is_monotonic_increasing
    assert model.margin(better).is_monotonic_decreasing


def test_a_row_scores_the_same_alone_and_among_others(
    model: RiskModel, values: pd.DataFrame
) -> None:
    whole = model.score(values)
    alone = model.score(values.iloc[[7]])
    assert alone.margin.iloc[0] == whole.margin.iloc[7]
    assert alone.contributions.iloc[0].tolist() == whole.contributions.iloc[7].tolist()


def test_probability_is_the_calibrated_margin(model: RiskModel, values: pd.DataFrame) -> None:
    scores = model.score(values)
    expected = 1 / (1 + np.exp(-(0.9 * scores.margin - 0.2)))
    np.testing.assert_allclose(scores.probability, expected, rtol=1e-12)


def test_an_empty_zone_has_empty_scores(model: RiskModel, values: pd.DataFrame) -> None:
    scores = model.score(values.iloc[:0])
    assert len(scores.margin) == 0
    assert scores.contributions.shape == (0, 3)


def test_lacking_features_are_named(model: RiskModel, values: pd.DataFrame) -> None:
    with pytest.raises(ModelMismatch, match="better, free"):
        model.score(values[["worse"]])


def test_version_changes_with_anything_that_scores_depend_on(model: RiskModel) -> None:
    other = RiskModel(
        model.name, model.features, model.text, Calibration(0.9, -0.3, "random"), model.fitted
    )
    assert other.version != model.version
    assert len(model.version) == 12


def test_pictures_are_drawn(model: RiskModel, values: pd.DataFrame) -> None:
    pictures = summary_pictures(model, values)
    assert set(pictures) == {"shap_bar", "shap_beeswarm"}
    shown = [label.get_text() for label in pictures["shap_beeswarm"].axes[0].get_yticklabels()]
    assert set(shown) == set(model.features)
