"""Alerts: independent layers that speak for one typology, coloured and ranked. Leads, no more."""

import hashlib
import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations, product

from assessment.policy import AlertPolicy, Policy
from domain.officer import Department
from domain.results import (
    COLOURS,
    Alert,
    Evidence,
    Layer,
    ModelScore,
    RuleOutcome,
    RuleState,
    Words,
)
from models.model import Scores
from risk_rules.catalogue import RULE
from risk_rules.typologies import TYPOLOGY

MODEL_ONLY = "model"
_MODEL_LABEL = Words(zh="模型线索", en="A lead of the model alone")


@dataclass(frozen=True, slots=True)
class ModelLayer:
    """Where a model speaks: the likeliest share of all enterprises, above a floor.

    Attributes:
        codes: The enterprises of which it speaks.
        bar: Margin of the least likely of them; what is left of a margin without the features
            of a rule must still reach it for the model to speak independently of that rule.
    """

    codes: frozenset[str]
    bar: float


def model_layer(scores: Scores | None, policy: AlertPolicy) -> ModelLayer:
    """The enterprises of which a model speaks; ties are broken by enterprise code."""
    if scores is None:
        return ModelLayer(frozenset(), math.inf)
    room = math.floor(policy.model_share * len(scores.probability))
    likely = scores.probability[scores.probability >= policy.model_floor]
    ranked = sorted(likely.items(), key=lambda pair: (-pair[1], str(pair[0])))[:room]
    codes = frozenset(str(code) for code, _ in ranked)
    return ModelLayer(codes, min((float(scores.margin[code]) for code in codes), default=math.inf))


@dataclass(frozen=True, slots=True)
class Bench:
    """What making alerts needs besides the enterprise.

    Attributes:
        as_of: The night.
        policy: In force on the night.
        layer: Where the compartment's model speaks.
        first_seen: Alert id -> first night, of alerts still open the night before.
        compartment: Keeps alert ids of compartments apart.
    """

    as_of: date
    policy: Policy
    layer: ModelLayer
    first_seen: Mapping[str, date]
    compartment: str


def alerts_of(
    code: str, outcomes: Iterable[RuleOutcome], score: ModelScore | None, bench: Bench
) -> list[Alert]:
    """The alerts of one enterprise, one for each typology that speaks, not yet ranked.

    The model joins every typology that it supports without that typology's own features. An
    alert of the model alone is made only where no rule hits.
    """
    speaking = score if code in bench.layer.codes and score and _raised(score) else None
    hits: dict[str, list[RuleOutcome]] = defaultdict(list)
    for outcome in outcomes:
        if outcome.state is RuleState.HIT:
            hits[RULE[outcome.rule].typology].append(outcome)
    if speaking and not hits:
        hits[MODEL_ONLY] = []
    return [_alert(code, typology, held, speaking, bench) for typology, held in hits.items()]


def _alert(
    code: str,
    typology: str,
    hits: Sequence[RuleOutcome],
    score: ModelScore | None,
    bench: Bench,
) -> Alert:
    told = _told_by_rules(hits)
    layers = independent_layers(hits)
    joined = _told_by_model(score, told, bench) if score else ()
    if joined:
        layers = (*layers, Layer.MODEL)
    evidence = (*told, *joined)
    departments = _departments(evidence)
    alert_id = alert_id_of(code, typology, bench.compartment)
    known = TYPOLOGY.get(typology)
    return Alert(
        alert_id=alert_id,
        enterprise_code=code,
        typology=typology,
        label=known.label if known else _MODEL_LABEL,
        colour=bench.policy.colour_of(len(layers), len(departments)),
        rank=0,
        layers=layers,
        departments=departments,
        first_seen=bench.first_seen.get(alert_id, bench.as_of),
        outcomes=tuple(hits),
        probability=score.probability if score and joined else None,
        evidence=evidence,
        lookalikes=known.lookalikes if known else (),
    )


def alert_id_of(code: str, typology: str, compartment: str) -> str:
    """Id of an alert, the same on every night on which it speaks."""
    return hashlib.sha256(f"{compartment}|{code}|{typology}".encode()).hexdigest()[:16]


def independent_layers(hits: Sequence[RuleOutcome]) -> tuple[Layer, ...]:
    """The most layers among rules that can speak without sharing one evidence feature."""
    by_layer: dict[Layer, list[frozenset[str]]] = defaultdict(list)
    for hit in hits:
        rule = RULE[hit.rule]
        by_layer[rule.layer].append(frozenset(rule.features))
    held = [layer for layer in Layer if layer in by_layer]
    for count in range(len(held), 0, -1):
        for layers in combinations(held, count):
            if any(map(_disjoint, product(*(by_layer[layer] for layer in layers)))):
                return layers
    return ()


def _disjoint(sets: Sequence[frozenset[str]]) -> bool:
    return len(frozenset().union(*sets)) == sum(map(len, sets))


def _told_by_rules(hits: Iterable[RuleOutcome]) -> tuple[Evidence, ...]:
    by_feature = {entry.feature: entry for hit in hits for entry in hit.evidence}
    return tuple(by_feature.values())


def _told_by_model(
    score: ModelScore, told: Iterable[Evidence], bench: Bench
) -> tuple[Evidence, ...]:
    spoken = {entry.feature for entry in told}
    shared = math.fsum(r.contribution or 0 for r in score.reasons if r.feature in spoken)
    if score.margin - shared < bench.layer.bar:
        return ()
    own = [reason for reason in _raised(score) if reason.feature not in spoken]
    return tuple(own[: bench.policy.alerts.model_reasons])


def _raised(score: ModelScore) -> list[Evidence]:
    return [reason for reason in score.reasons if (reason.contribution or 0) > 0]


def _departments(evidence: Iterable[Evidence]) -> tuple[Department, ...]:
    return tuple(sorted({owner for entry in evidence for owner in entry.departments}))


def ranked(alerts: Iterable[Alert], scores: Scores | None) -> list[Alert]:
    """All alerts of a compartment, the first to check first.

    By colour, the model's probability for the enterprise, the number of layers; ties by
    enterprise code and typology.
    """

    def urgency(alert: Alert) -> tuple[int, float, int, str, str]:
        likely = 0.0 if scores is None else float(scores.probability[alert.enterprise_code])
        strength = COLOURS.index(alert.colour)
        return (-strength, -likely, -len(alert.layers), alert.enterprise_code, alert.typology)

    ordered = sorted(alerts, key=urgency)
    return [alert.model_copy(update={"rank": rank}) for rank, alert in enumerate(ordered, start=1)]
