"""The night: all that judging needs, frozen."""

from dataclasses import dataclass
from datetime import date

from assessment.policy import Policy, policy_as_of
from assessment.recognition import Records, read_records
from domain.signals import Signals
from domain.standing import Standing
from features.build import FeatureFrame, build_features
from models.model import NightModels
from risk_rules.thresholds import Limits, limits_as_of


@dataclass(frozen=True, slots=True)
class Night:
    """Everything a night's assessments follow from.

    Attributes:
        signals: The documents, for leading evidence to them.
        records: Confirmed records of other authorities.
        standing: What earlier nights said.
    """

    as_of: date
    signals: Signals
    features: FeatureFrame
    records: Records
    standing: Standing
    models: NightModels
    policy: Policy
    limits: Limits


def prepare_night(signals: Signals, models: NightModels, standing: Standing) -> Night:
    """The night of `signals.as_of`, under the policy and the limits in force on that day."""
    policy = policy_as_of(signals.as_of)
    return Night(
        as_of=signals.as_of,
        signals=signals,
        features=build_features(signals),
        records=read_records(signals, policy),
        standing=standing,
        models=models,
        policy=policy,
        limits=limits_as_of(signals.as_of),
    )
