"""The one path from a night to its assessments."""

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

from assessment.alerts import Bench, alerts_of, model_layer, ranked
from assessment.evidence import Witness, documents_behind, model_scores, outcomes
from assessment.judging import Judged, score_values
from assessment.night import Night
from assessment.policy import UNRATED, Policy
from domain.results import (
    Alert,
    Assessment,
    EnterpriseRef,
    LaunderingRecord,
    ModelScore,
    RuleOutcome,
    RuleState,
    Versions,
)
from domain.table import Role
from features.build import FeatureFrame
from features.catalogue import catalogue_digest
from models.model import Model, Scores
from risk_rules.catalogue import RULES
from risk_rules.thresholds import thresholds_digest

_ROLES = {
    Role.MERCHANT: "is_merchant",
    Role.PLATFORM: "is_platform",
    Role.AGENT: "is_agent",
    Role.CARRIER: "is_carrier",
    Role.PAYMENT_FIRM: "is_payment_firm",
    Role.WAREHOUSE: "is_warehouse",
}
FRAUD = "fraud"
LAUNDERING = "laundering"


@dataclass(frozen=True, slots=True)
class Assessments:
    """What a night says.

    Attributes:
        assessments: Every enterprise on the roll, by code.
        laundering: The compartment's records, by code, where something speaks. Nothing in
            `assessments` depends on them.
    """

    assessments: tuple[Assessment, ...]
    laundering: tuple[LaunderingRecord, ...]


@dataclass(frozen=True, slots=True)
class _Compartment:
    """One side of the wall: its scores, rule outcomes and ranked alerts, by enterprise code."""

    scores: Mapping[str, ModelScore]
    outcomes: Mapping[str, tuple[RuleOutcome, ...]]
    alerts: Mapping[str, tuple[Alert, ...]]


def assess(night: Night) -> Assessments:
    """Judge every enterprise on the roll.

    The same night gives the same bytes, whatever the order of its rows or number of threads.

    Raises:
        ModelMismatch: A model needs features that it is not given.
    """
    judged = score_values(night.features, night.records, night.models, night.policy, night.limits)
    witness = Witness(night.features, documents_behind(night.signals, judged))
    refs = enterprise_refs(night.features)
    credit = model_scores(night.models.credit, judged.credit, witness)
    fraud = _compartment(night, judged, witness, FRAUD)
    laundering = _compartment(night, judged, witness, LAUNDERING)
    open_models = (night.models.credit, night.models.fraud)
    versions = versions_of(night.policy, open_models)
    assessments = tuple(
        _assessment(night, refs[code], judged, (credit, fraud), versions) for code in sorted(refs)
    )
    kept = versions_of(night.policy, (night.models.laundering,))
    return Assessments(assessments, tuple(_records(night, refs, laundering, kept)))


def _compartment(night: Night, judged: Judged, witness: Witness, name: str) -> _Compartment:
    closed = name == LAUNDERING
    model: Model | None = night.models.laundering if closed else night.models.fraud
    scores: Scores | None = judged.laundering if closed else judged.fraud
    rules = [rule for rule in RULES if rule.laundering == closed]
    told = outcomes(rules, judged.states, judged.limits, witness)
    layer = model_layer(scores, night.policy.alerts)
    # scores are issued for everyone outside the wall, behind it where something speaks
    asked = [code for code in told if not closed or code in layer.codes or _hit(told[code])]
    scored = model_scores(model, scores.of(asked), witness) if model and scores else {}
    bench = Bench(night.as_of, night.policy, layer, night.standing.alerts, name)
    raised = [
        alert
        for code, held in told.items()
        for alert in alerts_of(code, held, scored.get(code), bench)
    ]
    return _Compartment(scored, told, _by_enterprise(ranked(raised, scores)))


def _hit(told: Iterable[RuleOutcome]) -> bool:
    return any(outcome.state is RuleState.HIT for outcome in told)


def _by_enterprise(alerts: Iterable[Alert]) -> dict[str, tuple[Alert, ...]]:
    grouped: dict[str, tuple[Alert, ...]] = {}
    for alert in alerts:
        grouped[alert.enterprise_code] = (*grouped.get(alert.enterprise_code, ()), alert)
    return grouped


def _assessment(
    night: Night,
    ref: EnterpriseRef,
    judged: Judged,
    told: tuple[Mapping[str, ModelScore], _Compartment],
    versions: Versions,
) -> Assessment:
    credit, fraud = told
    grade = judged.grades[ref.code]
    return Assessment(
        enterprise=ref,
        as_of=night.as_of,
        peer_group=str(night.features.roll["peer_group"][ref.code]),
        grade=grade,
        previous_tier=night.standing.tiers.get(ref.code),
        credit=None if grade.uncapped_tier == UNRATED else credit[ref.code],
        fraud=fraud.scores.get(ref.code),
        measures=night.policy.measures_of(grade.tier),
        alerts=fraud.alerts.get(ref.code, ()),
        outcomes=fraud.outcomes[ref.code],
        authority_grades=night.records.grades.get(ref.code, ()),
        covered=dict(sorted(night.features.covered.items())),
        versions=versions,
    )


def _records(
    night: Night, refs: Mapping[str, EnterpriseRef], held: _Compartment, versions: Versions
) -> Iterable[LaunderingRecord]:
    for code in sorted(held.alerts):
        yield LaunderingRecord(
            enterprise=refs[code],
            as_of=night.as_of,
            score=held.scores.get(code),
            alerts=held.alerts[code],
            outcomes=held.outcomes[code],
            versions=versions,
        )


def enterprise_refs(frame: FeatureFrame) -> dict[str, EnterpriseRef]:
    """Who is on the roll, by code."""
    roll = frame.roll.astype(object)
    rows = roll.where(roll.notna(), None).to_dict("index")
    return {str(code): _ref(str(code), row) for code, row in rows.items()}


def _ref(code: str, row: Mapping[Hashable, Any]) -> EnterpriseRef:
    return EnterpriseRef(
        code=code,
        customs_code=row["customs_code"],
        name=row["name"],
        division=row["division"],
        roles=tuple(role for role, flag in _ROLES.items() if row[flag]),
        registered_on=row["registered_on"],
        dissolved_on=row["dissolved_on"],
    )


def versions_of(policy: Policy, models: Iterable[Model | None]) -> Versions:
    """Everything that must be the same for a night to come out the same."""
    return Versions(
        sandan=version("sandan"),
        catalogue=catalogue_digest(),
        policy=policy.digest(),
        thresholds=thresholds_digest(),
        models={model.name: model.version for model in models if model},
    )
