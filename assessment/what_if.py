"""What-if and single scoring: the night's judging on numbers that no night has issued."""

import pandas as pd

from assessment.assess import versions_of
from assessment.evidence import Witness, model_scores, outcomes
from assessment.judging import score_values
from assessment.policy import UNRATED, policy_as_of
from assessment.recognition import Records
from domain.results import Assessment, Trial
from features.build import FeatureFrame, stale_sources
from features.catalogue import FEATURES
from features.network import NETWORK_FEATURES
from features.peers import PeerTables
from models.model import NightModels
from risk_rules.catalogue import RULES
from risk_rules.thresholds import limits_as_of


def what_if(issued: Assessment, values: pd.Series, peers: PeerTables, models: NightModels) -> Trial:
    """Judge `values` in the place of the enterprise's own, on the night of `issued`.

    With the values, peers and models of that night the grade, scores and outcomes are those of
    `issued`, but for the documents: what-if leads to none, and nothing of it is kept.

    Args:
        issued: What the night said; its caps and coverage stand.
        values: One number per feature, index feature names; NaN is missing, and so is a
            feature that is not named.
        peers: Peer tables of that night.
        models: Models to judge with.

    Raises:
        ModelMismatch: A model needs features that the catalogue lacks.
    """
    code = issued.enterprise.code
    policy = policy_as_of(issued.as_of)
    records = Records({code: issued.grade.caps}, {code: issued.authority_grades})
    frame = _frame(issued, values, peers)
    open_models = NightModels(models.credit, models.fraud, laundering=None)
    judged = score_values(frame, records, open_models, policy, limits_as_of(issued.as_of))
    witness = Witness(frame, {})
    grade = judged.grades[code]
    credit = model_scores(models.credit, judged.credit, witness)[code]
    open_rules = [rule for rule in RULES if not rule.laundering]
    return Trial(
        as_of=issued.as_of,
        peer_group=issued.peer_group,
        grade=grade,
        credit=None if grade.uncapped_tier == UNRATED else credit,
        fraud=model_scores(models.fraud, judged.fraud, witness)[code]
        if models.fraud and judged.fraud
        else None,
        measures=policy.measures_of(grade.tier),
        outcomes=outcomes(open_rules, judged.states, judged.limits, witness)[code],
        not_renewed=tuple(feature.name for feature in NETWORK_FEATURES),
        versions=versions_of(policy, (models.credit, models.fraud)),
    )


def _frame(issued: Assessment, values: pd.Series, peers: PeerTables) -> FeatureFrame:
    code = issued.enterprise.code
    names = [feature.name for feature in FEATURES]
    index = pd.Index([code], name="enterprise")
    row = values.reindex(names).astype(float)
    roll = {"peer_group": issued.peer_group, "registered_on": issued.enterprise.registered_on}
    return FeatureFrame(
        as_of=issued.as_of,
        values=pd.DataFrame([row.to_numpy()], index, names),
        roll=pd.DataFrame(roll, index),
        peers=peers,
        covered=issued.covered,
        stale=stale_sources(issued.covered, issued.as_of),
    )
