"""What-if takes the night's own path: with the night's numbers it says what the night said."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from assessment import evidence
from assessment.assess import assess
from assessment.night import Night
from assessment.what_if import what_if
from domain.results import ModelScore, RuleOutcome
from features.build import FeatureFrame
from features.network import NETWORK_FEATURES

MakeFrame = Callable[..., FeatureFrame]
MakeNight = Callable[..., Night]


@pytest.fixture
def night(make_frame: MakeFrame, make_night: MakeNight, monkeypatch: pytest.MonkeyPatch) -> Night:
    monkeypatch.setattr(evidence, "documents_behind", lambda *_: {})
    monkeypatch.setattr("assessment.assess.documents_behind", lambda *_: {})
    return make_night(make_frame(60))


def dumped(*told: ModelScore | RuleOutcome | None) -> list[dict[str, Any] | None]:
    return [held.model_dump() if held else None for held in told]


def test_the_nights_own_numbers_give_the_nights_own_answer(night: Night) -> None:
    frame = night.features
    for issued in assess(night).assessments:
        values = frame.values.T[issued.enterprise.code]
        trial = what_if(issued, values, frame.peers, night.models)
        assert trial.grade == issued.grade
        assert dumped(trial.credit, trial.fraud) == dumped(issued.credit, issued.fraud)
        assert dumped(*trial.outcomes) == dumped(*issued.outcomes)
        assert trial.measures == issued.measures
        assert trial.versions == issued.versions


def test_better_numbers_give_no_worse_grade_and_a_new_score(night: Night) -> None:
    issued = assess(night).assessments[0]
    values = night.features.values.T[issued.enterprise.code]
    before = what_if(issued, values, night.features.peers, night.models)
    repaired = values.copy()
    repaired[["penalty_count_3y", "adverse_finding_count_3y", "tax_debt_count"]] = 0.0
    after = what_if(issued, repaired, night.features.peers, night.models)
    assert before.credit
    assert after.credit
    assert after.credit.probability < before.credit.probability
    places = [night.policy.place_of(trial.grade.tier) for trial in (after, before)]
    assert places == sorted(places)


def test_a_feature_that_is_not_named_is_missing(night: Night) -> None:
    issued = assess(night).assessments[0]
    values = night.features.values.T[issued.enterprise.code]
    blank = values.copy()
    blank["tax_debt_count"] = np.nan
    peers, models = night.features.peers, night.models
    named = what_if(issued, blank, peers, models)
    assert what_if(issued, values.drop("tax_debt_count"), peers, models) == named


def test_says_which_features_it_could_not_renew(night: Night) -> None:
    issued = assess(night).assessments[0]
    values = night.features.values.T[issued.enterprise.code]
    trial = what_if(issued, values, night.features.peers, night.models)
    assert trial.not_renewed == tuple(feature.name for feature in NETWORK_FEATURES)
    assert trial.peer_group == issued.peer_group


def test_tells_nothing_of_laundering(night: Night) -> None:
    issued = assess(night).assessments[0]
    values = night.features.values.T[issued.enterprise.code]
    trial = what_if(issued, values, night.features.peers, night.models)
    assert set(trial.versions.models) == {"scorecard", "fraud"}
    assert [held.rule for held in trial.outcomes] == [held.rule for held in issued.outcomes]
