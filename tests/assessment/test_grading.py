"""Grades: monotone in the score, lowered by caps only, honest about thin and stale evidence."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessment.grading import grade_of, why_provisional, why_unrated
from assessment.policy import UNRATED, policy_as_of
from domain.results import Cap, Document, Words
from features.build import FeatureFrame
from features.catalogue import CREDIT_FEATURES
from tests.assessment.conftest import SumModel

AS_OF = date(2026, 6, 30)
POLICY = policy_as_of(AS_OF)
PROBABILITY = st.one_of(st.none(), st.floats(0, 1))
WORDS = Words(zh="x", en="x")


def cap(tier: str) -> Cap:
    document = Document(table="registry_events", document_key="k")
    return Cap(tier=tier, label=WORDS, reference="r", ends_on=None, document=document)


CAPS = st.lists(st.sampled_from("ABCDE").map(cap), max_size=3).map(tuple)


@given(st.floats(0, 1), st.floats(0, 1), CAPS)
def test_a_worse_score_never_has_a_better_tier(one: float, other: float, caps: tuple[Cap]) -> None:
    better, worse = sorted([one, other])
    places = [POLICY.place_of(grade_of(p, caps, POLICY).tier) for p in (better, worse)]
    assert places == sorted(places)


@given(PROBABILITY, CAPS, st.sampled_from("ABCDE").map(cap))
def test_one_more_cap_never_makes_it_better(
    probability: float | None, caps: tuple[Cap, ...], more: Cap
) -> None:
    before = POLICY.place_of(grade_of(probability, caps, POLICY).tier)
    after = POLICY.place_of(grade_of(probability, (*caps, more), POLICY).tier)
    assert after >= max(before, POLICY.place_of(more.tier))


@given(PROBABILITY, CAPS)
def test_caps_leave_what_the_score_says(probability: float | None, caps: tuple[Cap, ...]) -> None:
    grade = grade_of(probability, caps, POLICY)
    assert grade.uncapped_tier == grade_of(probability, (), POLICY).tier
    assert grade.caps == caps
    assert grade.label == POLICY.label_of(grade.tier)


def test_a_listed_firm_is_held_down_though_unrated() -> None:
    grade = grade_of(None, (cap("E"),), POLICY, (WORDS,))
    assert (grade.tier, grade.uncapped_tier) == ("E", UNRATED)
    assert not grade.provisional


def test_a_reason_makes_a_rated_grade_provisional() -> None:
    assert grade_of(0.01, (), POLICY, (WORDS,)).provisional
    assert not grade_of(0.01, (), POLICY).provisional


def test_only_a_source_that_the_grade_needs_makes_it_provisional() -> None:
    late_filing = SumModel("credit", ("late_filing_count",))
    doubts = why_provisional(late_filing, ("tax",), AS_OF, POLICY)
    assert [words.en for words in doubts] == ["Tax data is stale"]
    assert why_provisional(SumModel("credit", CREDIT_FEATURES), ("platform",), AS_OF, POLICY) == ()


@pytest.mark.parametrize(("days", "expired"), [(0, False), (365, False), (366, True), (-9, False)])
def test_a_model_that_learnt_too_long_ago_makes_grades_provisional(
    days: int, expired: bool
) -> None:
    model = SumModel("credit", ("late_filing_count",), cutoff=AS_OF - timedelta(days=days))
    doubts = why_provisional(model, (), AS_OF, POLICY)
    told = [f"The credit model learnt from data up to {model.cutoff}, more than 365 days ago"]
    assert [words.en for words in doubts] == (told if expired else [])
    assert all("365 天" in words.zh for words in doubts)


def test_a_declared_scorecard_does_not_expire() -> None:
    assert why_provisional(POLICY.scorecard, (), date(2099, 1, 1), POLICY) == ()


@pytest.mark.parametrize(
    ("known", "sentences"),
    [
        (POLICY.unrated.least_known_features - 1, ["Too few credit features are known"]),
        (POLICY.unrated.least_known_features, []),
    ],
)
def test_too_few_known_features_are_no_ground_for_a_grade(
    make_frame: Callable[..., FeatureFrame], known: int, sentences: list[str]
) -> None:
    frame = make_frame(1)
    frame.values.loc[:, :] = np.nan
    frame.values.loc[:, list(CREDIT_FEATURES[:known])] = 1.0
    assert [words.en for words in why_unrated(frame, POLICY).iloc[0]] == sentences


@pytest.mark.parametrize(
    ("registered_on", "orders", "unrated"),
    [
        (date(2026, 6, 1), 0.0, True),
        (date(2026, 6, 1), np.nan, True),
        (date(2026, 6, 1), 1.0, False),
        (date(2026, 5, 31), 0.0, False),
    ],
)
def test_a_new_firm_without_documents_is_unrated(
    make_frame: Callable[..., FeatureFrame], registered_on: date, orders: float, *, unrated: bool
) -> None:
    frame = make_frame(1)
    values = frame.values.fillna(1.0).assign(order_count=orders, declaration_count=0.0)
    frame = replace(frame, values=values, roll=frame.roll.assign(registered_on=registered_on))
    assert bool(why_unrated(frame, POLICY).iloc[0]) == unrated
