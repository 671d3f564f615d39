"""How good scores are: AUC and KS with intervals, stability, precision at a budget.

Scores rise with risk; labels are 1 (adverse) and 0. Intervals resample whole enterprises, since
one enterprise's rows of several nights are not independent.
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import ceil

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Statistic = Callable[[Floats], float]
"""A figure from row weights; NaN where it is not defined."""

RESAMPLES = 400


@dataclass(frozen=True, slots=True)
class Figure:
    """A measured figure.

    Attributes:
        value: Point estimate; None where it is not defined, as with one class only.
        low: Lower end of the 95 % interval; None where not defined.
        high: Upper end.
        rows: Rows it rests on.
        positives: Adverse ones among them.
    """

    value: float | None
    low: float | None
    high: float | None
    rows: int
    positives: int

    def __str__(self) -> str:
        """Value, interval and what it rests on."""
        shown = "–" if self.value is None else f"{self.value:.3f}"
        interval = "" if self.low is None else f" ({self.low:.3f} to {self.high:.3f})"
        return f"{shown}{interval}, {self.positives:,} adverse of {self.rows:,}"


def auc(labels: pd.Series, scores: pd.Series) -> Statistic:
    """Chance that an adverse row scores above a clean one, ties counting half."""
    adverse, clean = _by_score(labels, scores)

    def statistic(weights: Floats) -> float:
        up, down = adverse(weights), clean(weights)
        pairs = up.sum() * down.sum()
        below = down.cumsum() - down / 2
        return float((up * below).sum() / pairs) if pairs else np.nan

    return statistic


def ks(labels: pd.Series, scores: pd.Series) -> Statistic:
    """Greatest distance between the score distributions of adverse and clean rows, 0 to 1."""
    adverse, clean = _by_score(labels, scores)

    def statistic(weights: Floats) -> float:
        up, down = adverse(weights), clean(weights)
        if not up.sum() * down.sum():
            return np.nan
        return float(np.abs(up.cumsum() / up.sum() - down.cumsum() / down.sum()).max())

    return statistic


def gain(better: Statistic, worse: Statistic) -> Statistic:
    """By how much one figure exceeds another on the same rows."""
    return lambda weights: better(weights) - worse(weights)


def figure(statistic: Statistic, labels: pd.Series, enterprises: pd.Series, seed: int) -> Figure:
    """The figure on all rows, with a 95 % percentile interval over resampled enterprises.

    Args:
        statistic: What to measure, made on the same rows in the same order.
        labels: 1 and 0.
        enterprises: Whose row it is.
        seed: Of the resampling; the same seed gives the same interval.
    """
    value = statistic(np.ones(len(labels)))
    rows, positives = len(labels), int(labels.sum())
    if np.isnan(value):
        return Figure(None, None, None, rows, positives)
    codes, known = pd.factorize(enterprises)
    draws = np.random.default_rng(seed)
    spread = []
    for _ in range(RESAMPLES):
        drawn = np.bincount(draws.integers(0, len(known), len(known)), minlength=len(known))
        spread.append(statistic(drawn[codes].astype(float)))
    low, high = np.nanpercentile(spread, [2.5, 97.5])
    return Figure(value, float(low), float(high), rows, positives)


def psi(before: pd.Series, now: pd.Series, bins: int = 10) -> float:
    """Population stability index; below 0.1 is commonly called stable, above 0.25 shifted.

    Args:
        before: Values that set the quantile bins; missing values are a bin of their own.
        now: Values compared with them.
        bins: Quantile bins before equal edges are merged.
    """
    edges = np.unique(np.nanquantile(before, np.linspace(0, 1, bins + 1)[1:-1]))

    def shares(values: pd.Series) -> Floats:
        place = np.where(values.isna(), len(edges) + 1, np.searchsorted(edges, values))
        counts = np.bincount(place, minlength=len(edges) + 2)
        return np.asarray((counts + 0.5) / (counts.sum() + 0.5 * len(counts)))

    was, is_ = shares(before), shares(now)
    return float(((is_ - was) * np.log(is_ / was)).sum())


def within_budget(scores: pd.Series, share: float) -> pd.Index:
    """The enterprises to check when only a share of them can be.

    Args:
        scores: By enterprise, rising with risk; missing scores are never chosen.
        share: Of all enterprises in `scores`, 0 to 1; the number is rounded up.

    Returns:
        Highest score first; equal scores in the order of their codes.
    """
    order = scores.dropna().sort_index().sort_values(ascending=False, kind="stable")
    return order.index[: ceil(share * len(scores))]


def precision_recall(labels: pd.Series, chosen: pd.Index) -> tuple[float | None, float | None]:
    """Share of the chosen that is adverse, and share of the adverse that is chosen.

    Args:
        labels: 1 and 0 by enterprise; chosen enterprises without a label do not count.
        chosen: Enterprises.
    """
    judged = labels[labels.index.isin(chosen)]
    caught = float(judged.sum())
    precision = caught / len(judged) if len(judged) else None
    return precision, caught / float(labels.sum()) if labels.sum() else None


def _by_score(labels: pd.Series, scores: pd.Series) -> tuple[Callable[[Floats], Floats], ...]:
    """Weight of the adverse, and of the clean, at each distinct score, lowest first."""
    ranked = scores.to_numpy(float)
    if np.isnan(ranked).any():
        message = "a missing score has no rank; drop the row and count it"
        raise ValueError(message)
    order = np.argsort(ranked, kind="stable")
    starts = np.flatnonzero(np.r_[True, np.diff(ranked[order]) > 0][: len(order)])
    adverse = labels.to_numpy(float)[order]

    def at(of: Floats) -> Callable[[Floats], Floats]:
        return lambda weights: _sums(weights[order] * of, starts)

    return at(adverse), at(1 - adverse)


def _sums(values: Floats, starts: NDArray[np.intp]) -> Floats:
    return np.add.reduceat(values, starts) if len(starts) else np.zeros(0)
