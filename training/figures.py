"""The figures of a fitted model on held-out rows, and their pictures."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from matplotlib.figure import Figure as Picture
from numpy.typing import ArrayLike
from sklearn.calibration import calibration_curve
from sklearn.metrics import log_loss, roc_curve

from models.metrics import Figure, auc, figure, ks, precision_recall, psi, within_budget
from models.risk_model import Calibration, RiskModel

RANDOM, ALL = "random", "all"
BUDGET = 0.05
"""Share of the zone's enterprises that officers can check after a night."""
_BINS = 8


def measure(
    held_out: pd.DataFrame, scores: Mapping[str, pd.Series], seed: int
) -> dict[str, Figure]:
    """AUC and KS of every score, on the random stream and on all rows.

    Args:
        held_out: label, random; index (as_of, enterprise).
        scores: Name of a model -> its margins on the same rows; rows without one do not count.
        seed: Of the intervals.

    Returns:
        "<model>_auc_random", "<model>_ks_all" and so on -> figure.
    """
    figures: dict[str, Figure] = {}
    for name, margins in scores.items():
        for stream in (RANDOM, ALL):
            chosen = margins.notna() & (held_out["random"] | (stream == ALL))
            labels, own = held_out["label"][chosen], margins[chosen]
            whose = labels.index.get_level_values("enterprise").to_series(labels.index)
            for kind, made in (("auc", auc), ("ks", ks)):
                figures[f"{name}_{kind}_{stream}"] = figure(made(labels, own), labels, whose, seed)
    return figures


def calibration_loss(held_out: pd.DataFrame, calibration: Calibration) -> float:
    """Log-loss of the calibrated probabilities, nats per row."""
    probability = calibration.probability(held_out["margin"])
    return float(log_loss(held_out["label"], probability, labels=[0, 1]))


def margin_shift(model: RiskModel, values: pd.DataFrame) -> float:
    """Stability of the model's margins from the first night to the last: their PSI."""
    nights = values.index.get_level_values("as_of")
    first, last = (values[nights == night] for night in (min(nights), max(nights)))
    return psi(model.margin(first), model.margin(last))


def at_budget(held_out: pd.DataFrame) -> dict[str, float]:
    """Precision and recall among labelled rows, if a share `BUDGET` of a night were checked.

    Means over the late nights; a night without adverse rows has no recall.
    """
    found = [_at_budget(rows.droplevel("as_of")) for _, rows in held_out.groupby(level="as_of")]
    means = pd.DataFrame(found, columns=["precision_at_budget", "recall_at_budget"]).astype(float)
    return {str(name): float(mean) for name, mean in means.mean().dropna().items()}


def _at_budget(rows: pd.DataFrame) -> tuple[float | None, float | None]:
    return precision_recall(rows["label"], within_budget(rows["margin"], BUDGET))


def pictures(held_out: pd.DataFrame, calibration: Calibration) -> dict[str, Picture]:
    """ROC, KS and calibration pictures by file stem; none where one class is missing."""
    labels, margin = held_out["label"].to_numpy(), held_out["margin"].to_numpy()
    if len(np.unique(labels)) < 2:
        return {}
    clean, adverse, _ = roc_curve(labels, margin, drop_intermediate=False)
    probability = calibration.probability(held_out["margin"]).to_numpy()
    seen, said = calibration_curve(labels, probability, n_bins=_BINS, strategy="quantile")
    share = adverse * labels.mean() + clean * (1 - labels.mean())
    return {
        "roc": _picture("false alarms", "caught", [(clean, adverse), ([0, 1], [0, 1])]),
        "ks": _picture("rows by score, worst first", "share", [(share, adverse), (share, clean)]),
        "calibration": _picture(
            "probability said", "share adverse", [(said, seen), ([0, 1], [0, 1])]
        ),
    }


def _picture(across: str, up: str, lines: Sequence[tuple[ArrayLike, ArrayLike]]) -> Picture:
    picture = Picture(figsize=(5, 5), layout="tight")
    axes = picture.add_subplot(xlabel=across, ylabel=up)
    for xs, ys in lines:
        axes.plot(np.asarray(xs), np.asarray(ys))
    return picture
