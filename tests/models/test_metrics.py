import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import roc_auc_score, roc_curve

from models.metrics import Statistic, auc, figure, gain, ks, precision_recall, psi, within_budget

_LABELS = pd.Series([1, 0, 1, 0, 0])
_SCORES = pd.Series([3.0, 1.0, 2.0, 2.0, 0.0])


def _on_all(statistic: Statistic, rows: int) -> float:
    return statistic(np.ones(rows))


def test_auc_by_hand() -> None:
    # pairs: 3 beats all three; 2 beats 1 and 0, ties with 2
    assert _on_all(auc(_LABELS, _SCORES), 5) == pytest.approx((3 + 2.5) / 6)


def test_ks_by_hand() -> None:
    # above 1: both adverse, one of three clean
    assert _on_all(ks(_LABELS, _SCORES), 5) == pytest.approx(1 - 1 / 3)


_ROWS = st.lists(st.tuples(st.booleans(), st.integers(0, 6), st.integers(1, 3)), min_size=2)


@settings(max_examples=60)
@given(_ROWS)
def test_auc_and_ks_are_those_of_sklearn_with_weights(rows: list[tuple[bool, int, int]]) -> None:
    labels = pd.Series([int(label) for label, _, _ in rows])
    scores = pd.Series([float(score) for _, score, _ in rows])
    weights = np.array([float(weight) for _, _, weight in rows])
    if labels.nunique() < 2:
        assert np.isnan(auc(labels, scores)(weights))
        assert np.isnan(ks(labels, scores)(weights))
        return
    oracle = roc_auc_score(labels, scores, sample_weight=weights)
    clean, adverse, _ = roc_curve(labels, scores, sample_weight=weights, drop_intermediate=False)
    assert auc(labels, scores)(weights) == pytest.approx(oracle)
    assert ks(labels, scores)(weights) == pytest.approx(np.abs(adverse - clean).max())


def test_a_missing_score_is_refused() -> None:
    with pytest.raises(ValueError, match="no rank"):
        auc(_LABELS, _SCORES.where(_SCORES > 0))


def test_the_interval_resamples_enterprises_not_rows() -> None:
    draws = np.random.default_rng(0)
    labels = pd.Series(draws.integers(0, 2, 60))
    scores = labels + pd.Series(draws.normal(size=60))
    whose = pd.Series([f"E{row}" for row in range(60)])
    once = figure(auc(labels, scores), labels, whose, seed=1)
    four = [pd.concat([each] * 4, ignore_index=True) for each in (labels, scores, whose)]
    often = figure(auc(four[0], four[1]), four[0], four[2], seed=1)
    assert (often.value, often.low, often.high) == pytest.approx((once.value, once.low, once.high))
    assert (once.rows, often.rows) == (60, 240)
    assert once.low is not None
    assert once.value is not None
    assert once.low < once.value < (once.high or 0)
    assert figure(auc(labels, scores), labels, whose, seed=1) == once


def test_one_class_has_no_figure() -> None:
    ones = pd.Series([1, 1])
    made = figure(auc(ones, ones.astype(float)), ones, pd.Series(["A", "B"]), seed=1)
    assert (made.value, made.low, made.rows, made.positives) == (None, None, 2, 2)
    none = figure(auc(ones[:0], ones[:0]), ones[:0], pd.Series([], dtype=str), seed=1)
    assert (none.value, none.rows) == (None, 0)


def test_gain_of_a_score_over_itself_is_nothing() -> None:
    same = gain(auc(_LABELS, _SCORES), auc(_LABELS, _SCORES * 2))
    made = figure(same, _LABELS, pd.Series(list("ABCDE")), seed=1)
    assert (made.value, made.low, made.high) == (0, 0, 0)


def test_psi_is_nothing_for_the_same_and_large_for_a_shift() -> None:
    before = pd.Series(np.random.default_rng(0).normal(size=2000))
    assert psi(before, before) == 0
    assert psi(before, before + 1) > 0.25
    assert psi(before, before.where(before < 0.5)) > 0.25  # a source fell silent


def test_psi_by_hand() -> None:
    before, now = pd.Series([0.0, 0.0, 1.0, 1.0]), pd.Series([0.0, 1.0, 1.0, 1.0])
    # bins: up to 0.5, above, missing; half a row added to each
    was, is_ = np.array([2.5, 2.5, 0.5]) / 5.5, np.array([1.5, 3.5, 0.5]) / 5.5
    assert psi(before, now, bins=2) == pytest.approx(((is_ - was) * np.log(is_ / was)).sum())


def test_the_budget_rounds_up_and_breaks_ties_by_code() -> None:
    scores = pd.Series({"C": 1.0, "A": 1.0, "D": 2.0, "B": 1.0, "E": np.nan})
    assert list(within_budget(scores, 0.5)) == ["D", "A", "B"]
    assert list(within_budget(scores, 1.0)) == ["D", "A", "B", "C"]


def test_precision_and_recall_count_only_what_is_judged() -> None:
    labels = pd.Series({"A": 1, "B": 0, "C": 1})
    assert precision_recall(labels, pd.Index(["A", "B", "Z"])) == (0.5, 0.5)
    assert precision_recall(labels, pd.Index(["Z"])) == (None, 0.0)
    assert precision_recall(labels * 0, pd.Index(["A"])) == (0.0, None)
