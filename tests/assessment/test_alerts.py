"""Alerts: which layers are independent, what colour follows, who is checked first."""

import math
from collections.abc import Iterable, Mapping
from datetime import date
from types import MappingProxyType

import pandas as pd
import pytest

from assessment.alerts import (
    Bench,
    ModelLayer,
    alert_id_of,
    alerts_of,
    independent_layers,
    model_layer,
    ranked,
)
from assessment.policy import AlertPolicy, policy_as_of
from domain.officer import Department
from domain.results import Alert, Evidence, Layer, ModelScore, RuleOutcome, RuleState
from features.catalogue import FEATURE
from models.model import Scores
from risk_rules.catalogue import RULE

AS_OF = date(2026, 6, 30)
POLICY = policy_as_of(AS_OF)
FIRM = "F"


def evidence(feature: str, contribution: float | None = None) -> Evidence:
    known = FEATURE[feature]
    return Evidence(
        feature=feature,
        label=known.label,
        unit=known.unit,
        value=1.0,
        contribution=contribution,
        departments=known.departments,
    )


def outcome(rule: str, state: RuleState = RuleState.HIT) -> RuleOutcome:
    held = RULE[rule]
    told = [evidence(feature) for feature in held.features] if state is RuleState.HIT else []
    return RuleOutcome(
        rule=rule,
        label=held.label,
        state=state,
        reference=held.reference,
        evidence=tuple(told),
    )


def score(probability: float = 0.5, **contributions: float) -> ModelScore:
    strongest = sorted(contributions.items(), key=lambda pair: -abs(pair[1]))
    return ModelScore(
        model="fraud",
        version="1",
        probability=probability,
        margin=sum(contributions.values()),
        base=0.0,
        reasons=tuple(evidence(feature, share) for feature, share in strongest),
    )


def bench(bar: float = 1.0, first_seen: Mapping[str, date] = MappingProxyType({})) -> Bench:
    return Bench(AS_OF, POLICY, ModelLayer(frozenset({FIRM}), bar), first_seen, "fraud")


def alert(rules: Iterable[str], told: ModelScore | None = None) -> Alert:
    """The one alert that these rules and this score raise."""
    (raised,) = alerts_of(FIRM, [outcome(rule) for rule in rules], told, bench())
    return raised


def test_a_rule_of_one_department_is_blue() -> None:
    raised = alert(["invalid_identities"])
    assert (raised.colour, raised.layers) == ("blue", (Layer.RULE,))
    assert raised.departments == (Department.CUSTOMS,)
    assert raised.typology == "T17"
    assert raised.lookalikes


def test_one_layer_of_two_departments_is_yellow() -> None:
    raised = alert(["payer_is_not_the_buyer"])
    assert raised.colour == "yellow"
    assert raised.departments == (Department.CUSTOMS, Department.PAYMENT)


def test_two_layers_of_one_department_are_orange() -> None:
    raised = alert(["invalid_identities", "virtual_phones"])
    assert (raised.colour, raised.layers) == ("orange", (Layer.RULE, Layer.ANOMALY))


def test_two_layers_of_two_departments_are_red() -> None:
    raised = alert(["payer_is_not_the_buyer", "new_accounts_order"])
    assert (raised.colour, raised.layers) == ("red", (Layer.RULE, Layer.ANOMALY))


def test_many_rules_of_one_layer_are_one_layer() -> None:
    raised = alert(["invalid_identities", "implausible_ages"])
    assert (raised.colour, raised.layers) == ("blue", (Layer.RULE,))
    assert [held.rule for held in raised.outcomes] == ["invalid_identities", "implausible_ages"]
    assert [told.feature for told in raised.evidence] == [
        "invalid_id_share",
        "implausible_age_share",
    ]


def test_layers_that_share_a_feature_are_not_independent(monkeypatch: pytest.MonkeyPatch) -> None:
    shared = RULE["virtual_phones"]
    other = type(shared)(
        RULE["invalid_identities"].define,
        "T17",
        Layer.RULE,
        {**shared.limits, "invalid_id_share": "invalid_id_share"},
        shared.label,
        shared.reference,
    )
    monkeypatch.setitem(RULE, "invalid_identities", other)
    hits = [outcome("invalid_identities"), outcome("virtual_phones")]
    assert independent_layers(hits) == (Layer.RULE,)
    assert independent_layers([*hits, outcome("implausible_ages")]) == (Layer.RULE, Layer.ANOMALY)


def test_a_rule_that_does_not_hit_raises_nothing() -> None:
    told = [outcome("invalid_identities", state) for state in (RuleState.CLEAR, RuleState.UNKNOWN)]
    assert alerts_of(FIRM, told, None, bench()) == []


def test_the_model_joins_a_typology_that_it_supports_without_its_features() -> None:
    told = score(0.7, invalid_id_share=3.0, unsigned_waybill_share=2.0, return_share=-0.5)
    raised = alert(["invalid_identities"], told)
    assert raised.layers == (Layer.RULE, Layer.MODEL)
    assert raised.probability == 0.7
    assert [(e.feature, e.contribution) for e in raised.evidence] == [
        ("invalid_id_share", None),
        ("unsigned_waybill_share", 2.0),
    ]
    assert raised.colour == "red"


def test_the_model_does_not_join_on_the_strength_of_the_same_features() -> None:
    told = score(0.7, invalid_id_share=3.0, unsigned_waybill_share=0.4)
    raised = alert(["invalid_identities"], told)
    assert raised.layers == (Layer.RULE,)
    assert raised.probability is None
    assert raised.colour == "blue"


def test_the_model_alone_raises_its_own_alert() -> None:
    raised = alert([], score(0.7, unsigned_waybill_share=2.0, return_share=-0.5))
    assert (raised.typology, raised.layers) == ("model", (Layer.MODEL,))
    assert raised.colour == "blue"
    assert [told.feature for told in raised.evidence] == ["unsigned_waybill_share"]


def test_the_model_raises_nothing_without_a_feature_that_speaks_for_it() -> None:
    assert alerts_of(FIRM, [], score(0.7, return_share=-0.5), bench(-1.0)) == []


def test_the_model_speaks_only_where_its_layer_does() -> None:
    silent = Bench(AS_OF, POLICY, ModelLayer(frozenset(), math.inf), {}, "fraud")
    assert alerts_of(FIRM, [], score(0.7, return_share=2.0), silent) == []


def test_each_typology_is_one_alert() -> None:
    told = [outcome("invalid_identities"), outcome("goods_detained")]
    raised = alerts_of(FIRM, told, None, bench())
    assert [held.typology for held in raised] == ["T17", "T18"]


def test_an_alert_keeps_its_id_and_first_night() -> None:
    seen = alert_id_of(FIRM, "T17", "fraud")
    (raised,) = alerts_of(
        FIRM, [outcome("invalid_identities")], None, bench(first_seen={seen: date(2026, 1, 1)})
    )
    assert (raised.alert_id, raised.first_seen) == (seen, date(2026, 1, 1))
    assert alert(["goods_detained"]).first_seen == AS_OF


def test_ids_tell_enterprises_typologies_and_compartments_apart() -> None:
    ids = {
        alert_id_of(*of)
        for of in [("F", "T1", "a"), ("G", "T1", "a"), ("F", "T2", "a"), ("F", "T1", "b")]
    }
    assert len(ids) == 4


def scores(**probabilities: float) -> Scores:
    probability = pd.Series(probabilities)
    return Scores(probability * 10, probability, 0.0, pd.DataFrame(index=probability.index))


@pytest.mark.parametrize(
    ("share", "floor", "speaking", "bar"),
    [
        (0.5, 0.0, {"c", "d"}, 4.0),
        (1.0, 0.39, {"c", "d"}, 4.0),
        (0.25, 0.0, {"d"}, 9.0),
        (0.2, 0.0, set(), math.inf),
        (1.0, 0.95, set(), math.inf),
    ],
)
def test_the_model_speaks_of_the_likeliest_share_above_a_floor(
    share: float, floor: float, speaking: set[str], bar: float
) -> None:
    layer = model_layer(
        scores(a=0.1, b=0.2, c=0.4, d=0.9),
        AlertPolicy(model_share=share, model_floor=floor, model_reasons=5),
    )
    assert layer == ModelLayer(frozenset(speaking), bar)


def test_equal_probabilities_speak_in_order_of_code() -> None:
    policy = AlertPolicy(model_share=0.5, model_floor=0, model_reasons=5)
    assert model_layer(scores(d=0.4, c=0.4, b=0.4, a=0.4), policy).codes == {"a", "b"}


def test_without_a_model_no_layer_speaks() -> None:
    assert model_layer(None, POLICY.alerts).codes == frozenset()


def raised_for(code: str, *rules: str) -> Alert:
    (raised,) = alerts_of(code, [outcome(rule) for rule in rules], None, bench())
    return raised


def test_rank_is_by_colour_then_probability_then_layers_then_code() -> None:
    red = raised_for("z", "payer_is_not_the_buyer", "new_accounts_order")
    unlikely = raised_for("a", "payer_is_not_the_buyer")
    likely = raised_for("y", "payer_is_not_the_buyer")
    tied = raised_for("b", "payer_is_not_the_buyer")
    told = scores(z=0.0, a=0.1, y=0.9, b=0.1)
    order = ranked([tied, unlikely, likely, red], told)
    assert [(held.enterprise_code, held.rank) for held in order] == [
        ("z", 1),
        ("y", 2),
        ("a", 3),
        ("b", 4),
    ]


def test_without_a_model_ties_are_broken_by_code() -> None:
    tied = [raised_for(code, "invalid_identities") for code in "cab"]
    assert [held.enterprise_code for held in ranked(tied, None)] == ["a", "b", "c"]
