"""The published policy is whole, cites its bases, and is read as of a day."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from pydantic import ValidationError

from assessment.policy import UNRATED, Policy, policies, policy_as_of
from domain.errors import NoPolicy
from domain.officer import Department
from features.catalogue import CREDIT_FEATURES, FEATURE

POLICY = policy_as_of(date(2026, 6, 30))
AUTHORITIES = set(Department) - {Department.LOGISTICS}


def test_a_policy_holds_from_its_first_day_on() -> None:
    first = policies()[0]
    assert policy_as_of(first.first_day) == first
    with pytest.raises(NoPolicy, match=f"first one is of {first.first_day}"):
        policy_as_of(first.first_day - timedelta(days=1))


def test_tiers_run_from_best_to_worst() -> None:
    assert [tier.code for tier in POLICY.tiers] == ["A", "B", "C", "D", "E"]
    assert [tier.label.zh for tier in POLICY.tiers] == ["优", "良", "中", "差", "警戒"]
    assert POLICY.tier_of(0.0) == "A"
    assert POLICY.tier_of(1.0) == "E"


def test_a_bound_belongs_to_the_better_tier() -> None:
    for better, worse in pairwise(POLICY.tiers):
        assert POLICY.tier_of(better.up_to) == better.code
        assert POLICY.tier_of(better.up_to + 1e-12) == worse.code


@pytest.mark.parametrize("tier", ["A", "B", "C", "D", "E", UNRATED])
def test_every_tier_has_measures_of_every_authority(tier: str) -> None:
    assert {measure.department for measure in POLICY.measures_of(tier)} == AUTHORITIES


def test_every_measure_has_a_basis_and_only_bad_tiers_are_restricted() -> None:
    for measure in POLICY.measures:
        assert measure.basis
        assert not measure.restricts or measure.tier in {"D", "E"}


def test_a_restricting_measure_without_basis_is_refused() -> None:
    told = POLICY.model_dump(by_alias=True)
    worst = next(measure for measure in told["measures"] if measure["restricts"])
    worst["basis"] = ""
    with pytest.raises(ValidationError, match="without a legal basis"):
        Policy.model_validate(told)


def test_a_tier_that_does_not_exist_is_refused() -> None:
    told = POLICY.model_dump(by_alias=True)
    told["recognition"][0]["tier"] = "Z"
    with pytest.raises(ValidationError, match="no such tier"):
        Policy.model_validate(told)


def test_tiers_that_do_not_widen_are_refused() -> None:
    told = POLICY.model_dump(by_alias=True)
    told["tiers"][0]["up_to"] = 0.9
    with pytest.raises(ValidationError, match="widen"):
        Policy.model_validate(told)


def test_caps_imitate_rebate_class_four() -> None:
    held = {(row.scheme, row.grade, row.tier) for row in POLICY.recognition if row.caps}
    assert held == {
        ("customs", "失信", "E"),
        ("customs", "失信", "D"),
        ("customs", "严重失信", "E"),
        ("tax", "D", "D"),
        ("safe", "C", "D"),
    }
    assert {cap.kind: cap.tier for cap in POLICY.event_caps}["serious_list"] == "E"
    assert all(row.reference for row in POLICY.recognition)
    assert all(cap.reference for cap in POLICY.event_caps)


def test_recognition_is_never_ambiguous() -> None:
    for day in (date(2020, 1, 1), date(2026, 3, 31), date(2026, 4, 1)):
        for row in POLICY.recognition:
            offered = (row.scheme, row.grade, day)
            assert sum(other.means(*offered) for other in POLICY.recognition) <= 1


def test_every_grade_of_every_scheme_is_recognised() -> None:
    scales = {
        "customs": ["高级认证", "认证", "常规", "失信", "严重失信"],
        "tax": list("ABMCD"),
        "samr": list("ABCD"),
        "rebate": ["一类", "二类", "三类", "四类"],
        "safe": list("ABC"),
        "ndrc": ["优", "良", "中", "差"],
    }
    today = date(2026, 6, 30)
    for scheme, grades in scales.items():
        places = [
            POLICY.place_of(row.tier)
            for grade in grades
            for row in POLICY.recognition
            if row.means(scheme, grade, today)
        ]
        assert len(places) == len(grades)
        assert places == sorted(places)


def test_the_scorecard_reads_credit_features_and_moves_with_risk() -> None:
    assert set(POLICY.scorecard.features) <= set(CREDIT_FEATURES)
    for entry in POLICY.scorecard.table:
        rising = list(entry.points) == sorted(entry.points)
        falling = list(entry.points) == sorted(entry.points, reverse=True)
        assert {"up": rising, "down": falling}[FEATURE[entry.feature].risk]
        assert min(entry.points) <= entry.missing_points <= max(entry.points)


@pytest.mark.parametrize(
    ("layers", "departments", "colour"),
    [
        (1, 1, "blue"),
        (1, 2, "yellow"),
        (1, 5, "yellow"),
        (2, 1, "orange"),
        (4, 1, "orange"),
        (2, 2, "red"),
        (4, 6, "red"),
    ],
)
def test_colours(layers: int, departments: int, colour: str) -> None:
    assert POLICY.colour_of(layers, departments) == colour


def test_digest_tells_policies_apart() -> None:
    other = POLICY.model_copy(update={"first_day": date(2030, 1, 1)})
    assert POLICY.digest() == policy_as_of(date(2026, 7, 1)).digest()
    assert POLICY.digest() != other.digest()
