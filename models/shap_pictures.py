"""Pictures of what moves a model, drawn by shap from our own exact contributions."""

import warnings
from collections.abc import Callable
from functools import partial

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from models.risk_model import RiskModel

with warnings.catch_warnings():
    # shap asks matplotlib 3.11 for a method that a later matplotlib will drop
    warnings.simplefilter("ignore", PendingDeprecationWarning)
    import shap

_SHOWN = 15


def summary_pictures(model: RiskModel, values: pd.DataFrame) -> dict[str, Figure]:
    """A bar and a beeswarm picture over the rows of `values`.

    Returns:
        File stem -> picture; the caller saves it.
    """
    scores = model.score(values)
    explanation = shap.Explanation(
        values=scores.contributions.to_numpy(),
        base_values=np.full(len(values), scores.base),
        data=values[list(model.features)].to_numpy(),
        feature_names=list(model.features),
    )
    beeswarm = partial(shap.plots.beeswarm, plot_size=None)
    return {
        "shap_bar": _draw(shap.plots.bar, explanation),
        "shap_beeswarm": _draw(beeswarm, explanation),
    }


def _draw(plot: Callable[..., object], explanation: object) -> Figure:
    picture = Figure(figsize=(8, 6), layout="tight")
    plot(explanation, max_display=_SHOWN, show=False, ax=picture.add_subplot())
    return picture
