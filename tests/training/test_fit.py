from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from domain.errors import TooFewLabels
from features.catalogue import CREDIT_FEATURES, FEATURE, FEATURES
from models.labels import Target
from models.metrics import auc
from models.risk_model import ADDITIVITY
from training import fit as fit_module
from training.fit import FEWEST_TO_CALIBRATE, Fitted, Task, calibrate, fit
from training.panel import Labelled
from training.train import readable


@pytest.fixture(scope="module")
def fitted(task: Task, panel: Labelled) -> Fitted:
    return fit(task, panel)


def test_the_same_labels_give_the_same_bytes(task: Task, panel: Labelled, fitted: Fitted) -> None:
    again = fit(task, panel)
    assert again.model.text == fitted.model.text
    assert again.model.version == fitted.model.version
    assert again.held_out["margin"].tolist() == fitted.held_out["margin"].tolist()


def test_threads_change_no_tree(
    task: Task, panel: Labelled, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fit_module, "MOST_TREES", 4)
    one = fit(task, panel).model.text
    monkeypatch.setitem(fit_module.TREES, "num_threads", 2)
    two = fit(task, panel).model.text
    assert one != two  # the text names its threads
    assert one.split("\nparameters:")[0] == two.split("\nparameters:")[0]


def test_credit_reads_credit_features_only(fitted: Fitted) -> None:
    assert fitted.model.features == CREDIT_FEATURES


def test_held_out_rows_are_late_and_were_seen_by_no_tree(
    task: Task, panel: Labelled, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fit_module, "_rounds", lambda *_: 20)
    kept = fit(task, panel).held_out
    assert set(kept.index.get_level_values("as_of")) == set(task.split.late)
    # another outcome of fold 1's enterprises cannot move their own held-out margins
    held = task.folds.reindex(panel.labels.index.get_level_values("enterprise")).to_numpy() == 1
    turned = panel.labels.assign(
        label=panel.labels["label"].where(~held, 1 - panel.labels["label"])
    )
    other = fit(task, replace(panel, labels=turned)).held_out["margin"]
    own = task.folds.reindex(other.index.get_level_values("enterprise")).to_numpy() == 1
    assert other[own].tolist() == kept["margin"][own].tolist()
    assert other[~own].tolist() != kept["margin"][~own].tolist()


def test_late_labels_move_no_held_out_margin(task: Task, panel: Labelled, fitted: Fitted) -> None:
    late = panel.labels.index.get_level_values("as_of").isin(
        [*task.split.late, *task.split.embargo]
    )
    turned = panel.labels.assign(
        label=panel.labels["label"].where(~late, 1 - panel.labels["label"])
    )
    other = fit(task, replace(panel, labels=turned))
    assert other.held_out["margin"].tolist() == fitted.held_out["margin"].tolist()
    assert other.model.text != fitted.model.text


def test_it_finds_what_foretells(fitted: Fitted) -> None:
    found = auc(fitted.held_out["label"], fitted.held_out["margin"])(np.ones(len(fitted.held_out)))
    assert found > 0.8
    scores = fitted.model.score(fitted.golden)
    total = scores.base + scores.contributions.sum(axis=1)
    assert (total - scores.margin).abs().max() < ADDITIVITY
    assert fitted.golden.isna().all(axis=1).any()


def test_declared_directions_hold_in_the_trees(fitted: Fitted, panel: Labelled) -> None:
    rows = panel.values.tail(40)
    for name in CREDIT_FEATURES:
        up = {"up": 1, "down": -1, "none": 0}[FEATURE[name].risk]
        moved = rows.assign(**{name: rows[name] + 1.0})
        change = (fitted.model.margin(moved) - fitted.model.margin(rows)) * up
        assert change.min() >= 0


def test_too_few_labels_leave_in_force_what_is(task: Task, panel: Labelled) -> None:
    nobody = panel.labels.assign(label=0)
    with pytest.raises(TooFewLabels, match=r"0 adverse and 160 clean.*what is in force stays"):
        fit(task, replace(panel, labels=nobody))


def test_too_short_a_history_has_no_early_nights(task: Task, panel: Labelled) -> None:
    short = replace(task, split=replace(task.split, early=()))
    with pytest.raises(TooFewLabels, match="0 adverse and 0 clean"):
        fit(short, panel)


def test_calibration_keeps_the_base_rate_of_the_random_stream() -> None:
    draws = np.random.default_rng(0)
    margin = pd.Series(draws.normal(size=4000))
    label = (draws.random(4000) < 1 / (1 + np.exp(-(2 * margin - 1)))).astype(int)
    held_out = pd.DataFrame({"label": label, "margin": margin, "random": True})
    made = calibrate(held_out)
    assert made.slope == pytest.approx(2, abs=0.2)
    assert made.probability(margin).mean() == pytest.approx(label.mean(), abs=1e-4)
    assert made.judged_on == "random"


def test_margins_that_mislead_or_one_class_give_the_base_rate() -> None:
    held_out = pd.DataFrame(
        {"label": [1, 1, 0, 0], "margin": [-2.0, -1.0, 1.0, 2.0], "random": False}
    )
    assert calibrate(held_out).slope == 0
    assert calibrate(held_out).judged_on == "all"
    assert calibrate(held_out).probability(held_out["margin"]).tolist() == [0.5] * 4
    assert calibrate(held_out.assign(label=0)).probability(held_out["margin"]).iloc[0] < 0.2


@pytest.mark.parametrize("adverse_drawn", [FEWEST_TO_CALIBRATE, FEWEST_TO_CALIBRATE - 1])
def test_calibration_hears_the_random_stream_alone_where_it_is_thick_enough(
    adverse_drawn: int,
) -> None:
    drawn = pd.DataFrame({"label": [1] * adverse_drawn + [0] * 170, "random": True})
    chosen = pd.DataFrame({"label": [1] * 190 + [0] * 10, "random": False})
    held_out = pd.concat([drawn, chosen], ignore_index=True)
    noise = np.random.default_rng(4).normal(size=len(held_out))
    held_out["margin"] = held_out["label"] + noise
    made = calibrate(held_out)
    thick = adverse_drawn >= FEWEST_TO_CALIBRATE
    heard = held_out[held_out["random"]] if thick else held_out
    assert made.judged_on == ("random" if thick else "all")
    said = made.probability(heard["margin"]).mean()
    assert said == pytest.approx(heard["label"].mean(), abs=1e-4)


def test_only_credit_may_not_read_suspicion() -> None:
    read = {target: tuple(f.name for f in readable(target, FEATURES)) for target in Target}
    assert read[Target.CREDIT] == CREDIT_FEATURES
    assert read[Target.FRAUD] == read[Target.LAUNDERING] == tuple(f.name for f in FEATURES)
    assert len(CREDIT_FEATURES) < len(FEATURES)
