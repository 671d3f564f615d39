"""All rules over a frame: states, and distance from peers."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from domain.results import RuleState
from features.build import FeatureFrame
from features.catalogue import FEATURES
from features.peers import PeerTables
from risk_rules.catalogue import RULES
from risk_rules.evaluate import evaluate, robust_z
from risk_rules.thresholds import limits_as_of

AS_OF = date(2026, 6, 30)
LIMITS = limits_as_of(AS_OF)
NAMES = [feature.name for feature in FEATURES]


def frame(
    size: int = 100, median: float = 0.1, mad: float = 0.1, **columns: list[float]
) -> FeatureFrame:
    """A few enterprises in one group of `size` peers, all features usual at `median`."""
    count = len(next(iter(columns.values())))
    index = pd.Index([f"E{number}" for number in range(count)], name="enterprise")
    given = pd.DataFrame(columns, index, dtype=float).reindex(columns=NAMES)
    peers = PeerTables(
        median=pd.DataFrame(median, ["g"], NAMES),
        mad=pd.DataFrame(mad, ["g"], NAMES),
        size=pd.Series({"g": size}),
    )
    roll = pd.DataFrame({"peer_group": "g"}, index)
    return FeatureFrame(AS_OF, given, roll, peers, {}, ())


def test_z_counts_robust_standard_deviations() -> None:
    z = robust_z(frame(return_share=[0.1, 0.1 + 1.4826 * 0.1, 0.1 - 2 * 1.4826 * 0.1]), LIMITS)
    assert z["return_share_z"].tolist() == pytest.approx([0, 1, -2])


def test_equal_peers_do_not_make_everyone_infinitely_far() -> None:
    z = robust_z(frame(mad=0.0, return_share=[0.1, 0.1 + LIMITS["least_spread"]]), LIMITS)
    assert z["return_share_z"].tolist() == pytest.approx([0, 1])


def test_too_few_peers_are_no_yardstick() -> None:
    few = int(LIMITS["least_peers"]) - 1
    assert robust_z(frame(size=few, return_share=[0.9]), LIMITS)["return_share_z"].isna().all()


def test_an_unknown_peer_group_is_no_yardstick() -> None:
    held = frame(return_share=[0.9])
    held.roll["peer_group"] = "elsewhere"
    assert robust_z(held, LIMITS)["return_share_z"].isna().all()


def test_states_of_hit_clear_and_unknown() -> None:
    held = frame(
        return_share=[0.9, 0.1, np.nan, 0.9],
        declaration_count=[100, 100, 100, LIMITS["least_declarations"] - 1],
    )
    states = evaluate(held, LIMITS)["returns_pile_up"].tolist()
    assert states == [RuleState.HIT, RuleState.CLEAR, RuleState.UNKNOWN, RuleState.UNKNOWN]


def test_every_rule_speaks_of_every_enterprise() -> None:
    states = evaluate(frame(order_count=[1, 2, 3]), LIMITS)
    assert list(states.columns) == [rule.name for rule in RULES]
    assert set(states.to_numpy().ravel()) <= set(RuleState)


def test_order_of_enterprises_does_not_matter() -> None:
    rng = np.random.default_rng(1)
    held = frame(**{name: rng.random(20).tolist() for name in NAMES})
    order = rng.permutation(held.values.index)
    turned = FeatureFrame(AS_OF, held.values.loc[order], held.roll.loc[order], held.peers, {}, ())
    pd.testing.assert_frame_equal(
        evaluate(turned, LIMITS).loc[held.values.index], evaluate(held, LIMITS)
    )
