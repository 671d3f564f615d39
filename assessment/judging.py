"""The numbers of judging: scores, rule states and grades of feature rows. The one path."""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from assessment.grading import grade_of, why_provisional, why_unrated
from assessment.policy import Policy
from assessment.recognition import Records
from domain.results import Grade
from features.build import FeatureFrame
from features.catalogue import CREDIT_FEATURES
from models.model import Model, NightModels, Scores
from risk_rules.evaluate import evaluate
from risk_rules.thresholds import Limits


@dataclass(frozen=True, slots=True)
class Judged:
    """What models, rules and policy say of each row of `frame`.

    Attributes:
        frame: What was judged.
        limits: The limits the rules were held to.
        credit: Behind the grades.
        fraud: None while no model is in force.
        laundering: None while no model is in force; for the compartment only.
        states: Index enterprise, one column per rule, values of `RuleState`.
        grades: By enterprise code.
    """

    frame: FeatureFrame
    limits: Limits
    credit: Scores
    fraud: Scores | None
    laundering: Scores | None
    states: pd.DataFrame
    grades: Mapping[str, Grade]


def score_values(
    frame: FeatureFrame, records: Records, models: NightModels, policy: Policy, limits: Limits
) -> Judged:
    """Judge feature rows: a whole night, or the one row of a what-if; the numbers are the same.

    The credit model is given the credit features alone, so nothing unconfirmed reaches a grade.

    Raises:
        ModelMismatch: A model needs features that it is not given.
    """
    credit = models.credit.score(frame.values[list(CREDIT_FEATURES)])
    return Judged(
        frame=frame,
        limits=limits,
        credit=credit,
        fraud=models.fraud.score(frame.values) if models.fraud else None,
        laundering=models.laundering.score(frame.values) if models.laundering else None,
        states=evaluate(frame, limits),
        grades=_grades(frame, models.credit, credit, records, policy),
    )


def _grades(
    frame: FeatureFrame, model: Model, credit: Scores, records: Records, policy: Policy
) -> dict[str, Grade]:
    doubts = why_provisional(model, frame.stale, frame.as_of, policy)
    thin = why_unrated(frame, policy)
    return {
        code: grade_of(
            None if thin[code] else float(credit.probability[code]),
            records.caps.get(code, ()),
            policy,
            thin[code] or doubts,
        )
        for code in frame.values.index
    }
