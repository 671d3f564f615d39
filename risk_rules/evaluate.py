"""All rules over all enterprises of one night."""

import numpy as np
import pandas as pd

from domain.results import RuleState
from features.build import FeatureFrame
from risk_rules.catalogue import RULES
from risk_rules.rule import LEAST_PEERS, LEAST_SPREAD, z_of
from risk_rules.thresholds import Limits


def evaluate(frame: FeatureFrame, limits: Limits) -> pd.DataFrame:
    """What every rule says of every enterprise.

    Args:
        frame: Feature values, peer groups and peer tables of the night.
        limits: Limits in force on the night.

    Returns:
        Index enterprise, one column per rule, values of `RuleState`.
    """
    rows = frame.values.join(robust_z(frame, limits))
    states = {rule.name: _states(rule.judge(rows, limits)) for rule in RULES}
    return pd.DataFrame(states, index=frame.values.index, dtype=object)


def robust_z(frame: FeatureFrame, limits: Limits) -> pd.DataFrame:
    """Distance from the peers' median in robust standard deviations, 1.4826 MAD.

    Half of all peers being equal makes the MAD zero; the least spread of the limits then stands
    for it. With too few peers the distance is missing.

    Returns:
        Index enterprise; a `z_of` column per feature that a rule holds against peers.
    """
    features = sorted({feature for rule in RULES for feature in rule.peers})
    groups = frame.roll["peer_group"]
    enough = frame.peers.size.reindex(groups).to_numpy(float) >= limits.get(LEAST_PEERS, np.nan)
    median = frame.peers.median[features].reindex(groups).to_numpy(float)
    spread = 1.4826 * frame.peers.mad[features].reindex(groups).to_numpy(float)
    spread = np.maximum(spread, limits.get(LEAST_SPREAD, np.nan))
    z = np.where(
        enough[:, None], (frame.values[features].to_numpy(float) - median) / spread, np.nan
    )
    return pd.DataFrame(z, frame.values.index, [z_of(feature) for feature in features])


def _states(judged: pd.Series) -> list[RuleState]:
    known = {True: RuleState.HIT, False: RuleState.CLEAR}
    return [known.get(hit, RuleState.UNKNOWN) for hit in judged.to_numpy(object)]
