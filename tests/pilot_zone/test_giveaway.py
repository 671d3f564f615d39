import json

import numpy as np
import pytest

from pilot_zone.giveaway import ANY, auc
from pilot_zone.plan import ZonePlan
from pilot_zone.zone import ZoneSummary, simulate


@pytest.fixture(scope="module")
def summary(tmp_path_factory: pytest.TempPathFactory) -> ZoneSummary:
    folder = tmp_path_factory.mktemp("bigger")
    plan = ZonePlan(seed=7, enterprises=900, months=24, orders=90_000, message_documents=0)
    made = simulate(plan, folder, lambda _doing, _done: None)
    told = json.loads((folder / "truth" / "summary.json").read_text("utf-8"))
    assert told["single_feature_auc"] == made.single_feature_auc
    return made


def test_no_single_number_gives_schemes_away(summary: ZoneSummary) -> None:
    assert 0.5 < summary.largest_auc < 0.9


def test_at_least_thirty_numbers_are_tried(summary: ZoneSummary) -> None:
    assert len(summary.single_feature_auc[ANY]) >= 30
    assert len(summary.single_feature_auc) == 11


def test_auc_by_hand() -> None:
    value = np.array([[1.0], [2.0], [3.0], [4.0], [5.0], [6.0], [7.0], [np.nan]])
    positive = np.array([[False], [False], [True], [True], [True], [True], [True], [True]])
    assert auc(value, positive, ~positive) == 1.0
    assert auc(-value, positive, ~positive) == 1.0
    flipped = np.array([[True], [True], [True], [True], [True], [False], [False], [False]])
    assert auc(np.zeros((8, 1)), flipped, ~flipped) == 0.5
    tied = np.array([[1.0], [1.0], [1.0], [1.0], [3.0], [1.0], [2.0], [np.nan]])
    # pairs with (1, 2): four firms at 1 give .5 and 0, one at 3 gives 1 and 1
    assert auc(tied, flipped, ~flipped) == pytest.approx(0.6)


def test_too_few_firms_say_nothing() -> None:
    positive = np.array([[True], [True], [False], [False]])
    assert np.isnan(auc(np.arange(4.0)[:, None], positive, ~positive))
