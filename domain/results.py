"""What judging gives: grade, measures, alerts, evidence, and the assessment that holds them.

The pydantic models are frozen and are the API's answers as they stand. An assessment holds no
wall-clock time, so the same night judged twice gives the same bytes.
"""

from datetime import date
from enum import StrEnum
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from domain.officer import Department
from domain.table import Role

Colour = Literal["blue", "yellow", "orange", "red"]
COLOURS: tuple[Colour, ...] = ("blue", "yellow", "orange", "red")
"""Weakest first."""


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Words(_Frozen):
    """One phrase in both languages that regulators read."""

    zh: str
    en: str


class Document(_Frozen):
    """A source row: the table it lies in and its business key."""

    table: str
    document_key: str


class Evidence(_Frozen):
    """One feature speaking for or against one enterprise.

    Attributes:
        feature: Name in the catalogue.
        label: What it is, in words.
        unit: Unit of `value`, `peer_median` and `limit`.
        value: The enterprise's number; None is missing, not zero.
        peer_median: Median of its peer group (role, mode, HS chapter, size band).
        contribution: Log-odds (scorecard: points) it adds to a model's margin.
        limit: The limit of a rule that it crossed.
        departments: Whose data it rests on.
        documents: Source rows it leads to; never empty in an issued assessment.
    """

    feature: str
    label: Words
    unit: str
    value: float | None
    peer_median: float | None = None
    contribution: float | None = None
    limit: float | None = None
    departments: tuple[Department, ...] = ()
    documents: tuple[Document, ...] = ()


class ModelScore(_Frozen):
    """What one model says of one enterprise.

    `base` plus the contributions of all `reasons` is `margin`, exactly as TreeSHAP promises;
    `probability` is the margin after calibration.
    """

    model: str
    version: str
    probability: float = Field(ge=0, le=1)
    margin: float
    base: float
    reasons: tuple[Evidence, ...]


class RuleState(StrEnum):
    """A rule hits, is clear, or cannot know because what it needs is missing."""

    HIT = "hit"
    CLEAR = "clear"
    UNKNOWN = "unknown"


class RuleOutcome(_Frozen):
    """What one rule says of one enterprise; evidence only when it hits."""

    rule: str
    label: Words
    state: RuleState
    reference: str
    evidence: tuple[Evidence, ...] = ()


class Cap(_Frozen):
    """A record that holds the grade down, and until when."""

    tier: str
    label: Words
    reference: str
    ends_on: date | None
    document: Document


class Grade(_Frozen):
    """The credit grade: tier, and what made it.

    Attributes:
        tier: Tier code of the policy in force, or "unrated".
        label: The tier in words.
        uncapped_tier: The tier that the score alone would give.
        caps: Confirmed records that hold the tier down, worst first.
        provisional: A needed source is stale, or the model expired.
        why_provisional: Sentences; empty when not provisional or unrated.
    """

    tier: str
    label: Words
    uncapped_tier: str
    caps: tuple[Cap, ...] = ()
    provisional: bool = False
    why_provisional: tuple[Words, ...] = ()


class Measure(_Frozen):
    """Supervision that follows from a tier; the department decides, the system recommends."""

    department: Department
    code: str
    label: Words
    restricts: bool
    basis: str


class Layer(StrEnum):
    """An independent way to notice something."""

    RULE = "rule"
    ANOMALY = "anomaly"
    NETWORK = "network"
    MODEL = "model"


class Alert(_Frozen):
    """An unconfirmed lead to check, never a finding.

    Attributes:
        alert_id: Stable over the nights on which the same typology keeps speaking.
        typology: Code of the typology, T1 to T24, or "model" where only a model speaks.
        colour: blue, yellow, orange or red: a convention, not law.
        rank: 1 is the first to check in the zone, or in what the reader may see of it; ties are
            broken by enterprise code.
        layers: Which independent layers speak.
        departments: Whose data they rest on.
        first_seen: First night of this alert.
        outcomes: The rules that hit.
        probability: The model's probability where the model layer speaks.
        evidence: All evidence, strongest first.
        lookalikes: Innocent explanations to rule out.
    """

    alert_id: str
    enterprise_code: str
    typology: str
    label: Words
    colour: Colour
    rank: int
    layers: tuple[Layer, ...]
    departments: tuple[Department, ...]
    first_seen: date
    outcomes: tuple[RuleOutcome, ...] = ()
    probability: float | None = None
    evidence: tuple[Evidence, ...]
    lookalikes: tuple[Words, ...] = ()


class AuthorityGrade(_Frozen):
    """Another authority's grade on its own scale, and where our table places it."""

    scheme: str
    grade: str
    tier: str | None
    valid_from: date
    valid_to: date | None
    document: Document


class EnterpriseRef(_Frozen):
    """Who is assessed."""

    code: str
    customs_code: str | None
    name: str
    division: str
    roles: tuple[Role, ...]
    registered_on: date
    dissolved_on: date | None


class Versions(_Frozen):
    """Everything that must be the same for the night to come out the same."""

    sandan: str
    catalogue: str
    policy: str
    thresholds: str
    models: dict[str, str]


class Assessment(_Frozen):
    """One enterprise on one night. It is the API's answer as it stands.

    Attributes:
        covered: Source -> last complete day, as known that night.
        previous_tier: Tier of the previous night in the ledger, if any.
        credit: The score behind the grade; None when unrated.
        fraud: The fraud model's score; None while no model is in force.
        outcomes: Every rule outside the laundering compartment.
        alerts: Alerts outside the laundering compartment, by rank.
    """

    enterprise: EnterpriseRef
    as_of: date
    peer_group: str
    grade: Grade
    previous_tier: str | None
    credit: ModelScore | None
    fraud: ModelScore | None
    measures: tuple[Measure, ...]
    alerts: tuple[Alert, ...]
    outcomes: tuple[RuleOutcome, ...]
    authority_grades: tuple[AuthorityGrade, ...]
    covered: dict[str, date]
    versions: Versions


class AssessmentHead(_Frozen):
    """One line of an assessment: what lists, trends and the zone's picture need.

    Attributes:
        code: Unified social credit code.
        credit_probability: Calibrated probability of the credit model; None when unrated.
        fraud_probability: That of the fraud model, an unconfirmed lead; None while no model is
            in force.
        alert_colour: The strongest colour of its alerts; None without alerts.
        typologies: Typologies of its alerts, by rank.
    """

    as_of: date
    code: str
    customs_code: str | None
    name: str
    division: str
    tier: str
    tier_label: Words
    previous_tier: str | None
    provisional: bool
    credit_probability: float | None
    fraud_probability: float | None
    alert_colour: Colour | None
    alert_count: int
    typologies: tuple[str, ...]


class LaunderingRecord(_Frozen):
    """The laundering compartment's own noun; it never touches an `Assessment`."""

    enterprise: EnterpriseRef
    as_of: date
    score: ModelScore | None
    alerts: tuple[Alert, ...]
    outcomes: tuple[RuleOutcome, ...]
    versions: Versions


class Trial(_Frozen):
    """What judging says of numbers that no night has issued: single scoring and what-if.

    Nothing of it is kept, so its evidence leads to no documents.

    Attributes:
        peer_group: The peers of the night it is held against.
        not_renewed: Features that follow from other enterprises too (the network); they kept
            the value of the night.
    """

    as_of: date
    peer_group: str
    grade: Grade
    credit: ModelScore | None
    fraud: ModelScore | None
    measures: tuple[Measure, ...]
    outcomes: tuple[RuleOutcome, ...]
    not_renewed: tuple[str, ...]
    versions: Versions
