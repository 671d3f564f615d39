import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import ModelMismatch
from models.scorecard import Scorecard, ScorecardFeature

_PENALTIES = ScorecardFeature("penalty_count_3y", (0.0, 2.0), (-0.5, 0.5, 1.5), 0.25)
_AGE = ScorecardFeature("enterprise_age_days", (365.0,), (0.75, 0.0), 0.0)
_CARD = Scorecard(-2.0, (_PENALTIES, _AGE))


def _frame(penalties: list[float], ages: list[float]) -> pd.DataFrame:
    return pd.DataFrame({"enterprise_age_days": ages, "penalty_count_3y": penalties})


def test_a_value_belongs_to_the_first_bound_it_does_not_exceed() -> None:
    values = pd.Series([-1.0, 0.0, 0.1, 2.0, 2.1, np.inf, np.nan])
    assert _PENALTIES.points_of(values).tolist() == [-0.5, -0.5, 0.5, 0.5, 1.5, 1.5, 0.25]


def test_points_add_up_by_hand() -> None:
    scores = _CARD.score(_frame([3.0, np.nan], [100.0, 4000.0]))
    assert scores.margin.tolist() == [-2.0 + 1.5 + 0.75, -2.0 + 0.25 + 0.0]
    assert scores.contributions["penalty_count_3y"].tolist() == [1.5, 0.25]
    assert scores.base == -2.0
    assert scores.probability.iloc[0] == pytest.approx(1 / (1 + np.exp(-0.25)))


@given(st.lists(st.tuples(st.floats(allow_nan=True), st.floats(allow_nan=True)), max_size=9))
def test_base_and_points_are_the_margin(rows: list[tuple[float, float]]) -> None:
    scores = _CARD.score(_frame([each for each, _ in rows], [each for _, each in rows]))
    total = scores.base + scores.contributions.sum(axis=1)
    assert (total - scores.margin).abs().max() < 1e-9 or not rows


@pytest.mark.parametrize(
    ("bounds", "points"),
    [((1.0, 1.0), (0.0, 0.0, 0.0)), ((2.0, 1.0), (0.0,) * 3), ((1.0,), (0.0,))],
)
def test_a_crooked_table_is_refused(bounds: tuple[float, ...], points: tuple[float, ...]) -> None:
    with pytest.raises(ValueError, match="bounds must rise"):
        ScorecardFeature("order_count", bounds, points, 0.0)


def test_lacking_features_are_named() -> None:
    with pytest.raises(ModelMismatch, match="enterprise_age_days"):
        _CARD.score(pd.DataFrame({"penalty_count_3y": [1.0]}))


def test_version_is_a_digest_of_the_points() -> None:
    assert Scorecard(-2.0, (_PENALTIES, _AGE)).version == _CARD.version
    assert Scorecard(-2.1, (_PENALTIES, _AGE)).version != _CARD.version
