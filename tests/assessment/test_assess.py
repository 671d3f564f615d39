"""The one path: whole nights of random numbers, and what must never change what."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from importlib.metadata import version

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assessment import assess as room
from assessment import evidence
from assessment.alerts import alert_id_of
from assessment.assess import Assessments, assess
from assessment.judging import score_values
from assessment.night import Night
from assessment.policy import UNRATED
from assessment.recognition import Records
from domain.errors import ModelMismatch
from domain.results import Assessment, Cap, Document, RuleState, Words
from domain.standing import Standing
from features.build import FeatureFrame
from features.catalogue import CREDIT_FEATURES, SUSPICION_FEATURES
from models.model import NightModels
from models.scorecard import Scorecard, ScorecardFeature
from risk_rules import evaluate as rules_room
from risk_rules.catalogue import RULES
from tests.assessment.conftest import SumModel

MakeFrame = Callable[..., FeatureFrame]
MakeNight = Callable[..., Night]
QUICK = settings(
    max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.fixture(autouse=True)
def documents(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every feature of every enterprise leads to the enterprise's row on the roll."""

    def rows(_: object, wanted: dict[str, list[str]]) -> pd.DataFrame:
        named = [(f, code, "enterprises", code) for f, codes in wanted.items() for code in codes]
        return pd.DataFrame(named, columns=["feature", "enterprise", "table", "document_key"])

    monkeypatch.setattr(evidence, "evidence_rows", rows)


def texts(said: Assessments) -> list[str]:
    return [held.model_dump_json() for held in said.assessments]


@pytest.fixture(scope="module")
def frame(make_frame: MakeFrame) -> FeatureFrame:
    return make_frame(60)


@pytest.fixture(scope="module")
def night(make_night: MakeNight, frame: FeatureFrame) -> Night:
    return make_night(frame)


def test_everyone_on_the_roll_is_assessed_once(night: Night, frame: FeatureFrame) -> None:
    said = assess(night)
    assert [held.enterprise.code for held in said.assessments] == sorted(frame.values.index)
    held = said.assessments[0]
    assert held.peer_group == "all"
    assert held.enterprise.roles == ("merchant",)
    assert held.covered == dict(sorted(frame.covered.items()))
    assert held.versions.sandan == version("sandan")
    assert set(held.versions.models) == {"scorecard", "fraud"}
    assert [outcome.rule for outcome in held.outcomes] == [
        r.name for r in RULES if not r.laundering
    ]
    assert len(held.measures) == 5


def test_base_and_reasons_make_the_margin(night: Night) -> None:
    for held in assess(night).assessments:
        assert held.credit
        assert held.fraud
        for score in (held.credit, held.fraud):
            shares = [reason.contribution or 0 for reason in score.reasons]
            assert score.base + sum(shares) == pytest.approx(score.margin, abs=1e-9)
            assert [abs(s) for s in shares] == sorted(map(abs, shares), reverse=True)
            assert all(shares)


def test_every_reason_and_hit_leads_to_documents(night: Night) -> None:
    said = assess(night)
    hits = 0
    for held in said.assessments:
        assert held.credit
        assert all(reason.documents for reason in held.credit.reasons)
        for outcome in held.outcomes:
            assert bool(outcome.evidence) == (outcome.state is RuleState.HIT)
            assert all(told.documents and told.limit is not None for told in outcome.evidence)
            hits += outcome.state is RuleState.HIT
        for alert in held.alerts:
            assert alert.evidence
            assert all(told.documents for told in alert.evidence)
    assert hits
    assert all(alert.evidence for record in said.laundering for alert in record.alerts)


def test_the_same_night_gives_the_same_bytes(night: Night) -> None:
    assert texts(assess(night)) == texts(assess(night))


def test_order_of_enterprises_changes_no_byte(make_night: MakeNight, frame: FeatureFrame) -> None:
    order = np.random.default_rng(3).permutation(frame.values.index)
    turned = replace(frame, values=frame.values.loc[order], roll=frame.roll.loc[order])
    one, other = assess(make_night(frame)), assess(make_night(turned))
    assert texts(one) == texts(other)
    assert one.laundering == other.laundering


@QUICK
@given(st.integers(0, 1000), st.sets(st.sampled_from(SUSPICION_FEATURES), min_size=1))
def test_blanking_suspicion_changes_no_grade(
    make_frame: MakeFrame, night: Night, seed: int, blanked: set[str]
) -> None:
    whole = make_frame(12, seed)
    blank = replace(whole, values=whole.values.assign(**dict.fromkeys(blanked, np.nan)))
    given_by = (night.records, night.models, night.policy, night.limits)
    one, other = score_values(whole, *given_by), score_values(blank, *given_by)
    assert one.grades == other.grades
    pd.testing.assert_series_equal(one.credit.margin, other.credit.margin, check_exact=True)


def test_a_credit_model_that_reads_suspicion_is_refused(night: Night) -> None:
    points = ScorecardFeature(SUSPICION_FEATURES[0], (0.0,), (0.0, 1.0), 0.0)
    spying = replace(night.models, credit=Scorecard(-2.0, (points,)))
    with pytest.raises(ModelMismatch, match=SUSPICION_FEATURES[0]):
        assess(replace(night, models=spying))


def test_without_any_suspicion_grades_reasons_and_measures_stay(
    make_night: MakeNight, frame: FeatureFrame
) -> None:
    values = frame.values.assign(**dict.fromkeys(SUSPICION_FEATURES, np.nan))
    one, other = assess(make_night(frame)), assess(make_night(replace(frame, values=values)))
    for before, after in zip(one.assessments, other.assessments, strict=True):
        kept = {"grade", "measures", "credit", "authority_grades"}
        assert before.model_dump(include=kept) == after.model_dump(include=kept)
        assert not any(alert.rank for alert in after.alerts if alert.typology == "T1")


def test_the_laundering_model_changes_no_assessment(night: Night) -> None:
    without = replace(night, models=NightModels(night.models.credit, night.models.fraud, None))
    one, other = assess(night), assess(without)
    assert texts(one) == texts(other)
    assert one.laundering != other.laundering


def test_laundering_rules_change_no_assessment(
    night: Night, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = assess(night)
    open_rules = tuple(rule for rule in RULES if not rule.laundering)
    for module in (room, evidence, rules_room):
        monkeypatch.setattr(module, "RULES", open_rules)
    without = replace(night, models=NightModels(night.models.credit, night.models.fraud, None))
    other = assess(without)
    assert texts(one) == texts(other)
    assert one.laundering
    assert other.laundering == ()


def test_laundering_records_stand_where_something_speaks(night: Night, frame: FeatureFrame) -> None:
    records = assess(night).laundering
    codes = [record.enterprise.code for record in records]
    assert 0 < len(codes) < len(frame.values)
    assert codes == sorted(codes)
    assert {alert.typology for record in records for alert in record.alerts} <= {
        "T8",
        "T9",
        "model",
    }
    assert set(records[0].versions.models) == {"laundering"}


def test_no_open_alert_speaks_of_laundering(night: Night) -> None:
    closed = {rule.name for rule in RULES if rule.laundering}
    for held in assess(night).assessments:
        assert not {alert.typology for alert in held.alerts} & {"T8", "T9"}
        assert not {outcome.rule for outcome in held.outcomes} & closed


def test_ranks_count_through_the_zone(night: Night) -> None:
    said = assess(night)
    ranks = [alert.rank for held in said.assessments for alert in held.alerts]
    assert sorted(ranks) == list(range(1, len(ranks) + 1))
    for held in said.assessments:
        own = [alert.rank for alert in held.alerts]
        assert own == sorted(own)


def test_a_cold_start_has_grades_and_rules_but_no_model(night: Night) -> None:
    said = assess(replace(night, models=NightModels(night.models.credit, None, None)))
    assert all(held.fraud is None and held.credit for held in said.assessments)
    assert any(held.alerts for held in said.assessments)
    assert all(alert.probability is None for held in said.assessments for alert in held.alerts)
    assert said.laundering
    assert all(record.score is None for record in said.laundering)


def cap(tier: str) -> Cap:
    document = Document(table="registry_events", document_key="N1")
    words = Words(zh="x", en="x")
    return Cap(tier=tier, label=words, reference="r", ends_on=None, document=document)


def test_caps_and_standing_reach_the_assessment(make_night: MakeNight, frame: FeatureFrame) -> None:
    code = frame.values.index[0]
    alert_id = alert_id_of(code, "T1", "fraud")
    seen = date(2026, 1, 1)
    night = make_night(
        frame,
        records=Records({code: (cap("E"),)}, {}),
        standing=Standing(date(2026, 6, 29), {code: "B"}, {alert_id: seen}),
    )
    held = assess(night).assessments[0]
    assert held.grade.tier == "E"
    assert held.grade.caps == (cap("E"),)
    assert held.previous_tier == "B"
    assert all(measure in night.policy.measures_of("E") for measure in held.measures)
    assert [alert.first_seen for alert in held.alerts if alert.typology == "T1"] in ([], [seen])


def test_thin_evidence_is_unrated_and_has_no_score(
    make_night: MakeNight, frame: FeatureFrame
) -> None:
    values = frame.values.copy()
    values.loc[values.index[0], list(CREDIT_FEATURES)] = np.nan
    held = assess(make_night(replace(frame, values=values))).assessments[0]
    assert held.grade.tier == UNRATED
    assert held.credit is None
    assert held.grade.why_provisional
    assert {measure.restricts for measure in held.measures} == {False}


def test_a_stale_source_makes_grades_provisional(
    make_night: MakeNight, frame: FeatureFrame
) -> None:
    held = assess(make_night(replace(frame, stale=("tax",)))).assessments[0]
    assert held.grade.provisional
    assert [words.en for words in held.grade.why_provisional] == ["Tax data is stale"]


def test_an_expired_model_makes_rated_grades_provisional_and_says_so(
    make_night: MakeNight, frame: FeatureFrame
) -> None:
    night = make_night(frame)
    old = SumModel("credit", ("late_filing_count",), cutoff=date(2020, 1, 1))
    models = replace(night.models, credit=old)
    held = [each.grade for each in assess(replace(night, models=models)).assessments]
    rated = [grade for grade in held if grade.uncapped_tier != UNRATED]
    assert rated
    assert all(grade.provisional for grade in rated)
    assert {grade.why_provisional[0].en[:24] for grade in rated} == {"The credit model learnt "}


def test_an_assessment_reads_back_as_it_was_written(night: Night) -> None:
    held = assess(night).assessments[0]
    assert Assessment.model_validate_json(held.model_dump_json()) == held
