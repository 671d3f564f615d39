"""Signals to the feature frame: one row per enterprise on the roll, one column per feature."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from domain.cadence import expected_as_of
from domain.signals import Signals
from domain.table import Role, Source
from features.catalogue import FEATURES
from features.feature import Feature, View
from features.peers import PeerTables, peer_groups, peer_levels, peer_tables

_HELD = {
    Role.MERCHANT: "is_merchant",
    Role.PLATFORM: "is_platform",
    Role.AGENT: "is_agent",
    Role.CARRIER: "is_carrier",
    Role.PAYMENT_FIRM: "is_payment_firm",
    Role.WAREHOUSE: "is_warehouse",
}
"""Role -> flag of the roll; a role that is not here is held by all."""


@dataclass(frozen=True, slots=True)
class FeatureFrame:
    """The numbers of all enterprises on one night.

    Attributes:
        as_of: The night.
        values: Index `enterprise` (credit code, sorted), one float column per feature; NaN is
            missing, never zero.
        roll: Same index: name, customs_code, division, registered_on, dissolved_on, the role
            flags, and peer_group.
        peers: Median and spread of every feature in every peer group.
        covered: Source -> last complete day, as known that night.
        stale: Sources that lag too far behind or never spoke; their features are missing.
    """

    as_of: date
    values: pd.DataFrame
    roll: pd.DataFrame
    peers: PeerTables
    covered: dict[str, date]
    stale: tuple[str, ...]


def build_features(signals: Signals) -> FeatureFrame:
    """All features of all enterprises known by `signals.as_of`."""
    roll = read_roll(signals)
    stale = stale_sources(signals.covered, signals.as_of)
    computed = [view_values(signals, features, roll) for features in by_view(FEATURES).values()]
    values = pd.concat(computed, axis=1)[[feature.name for feature in FEATURES]]
    for feature in FEATURES:
        if not set(feature.sources).isdisjoint(stale):
            values[feature.name] = np.nan
    living = roll.dissolved_on.isna() | (roll.dissolved_on > signals.as_of)
    levels = peer_levels(signals, roll, values.declared_value_cny)
    return FeatureFrame(
        as_of=signals.as_of,
        values=values,
        roll=roll.assign(peer_group=peer_groups(levels, living)),
        peers=peer_tables(values, levels, living),
        covered=dict(signals.covered),
        stale=stale,
    )


def read_roll(signals: Signals) -> pd.DataFrame:
    """The enterprises known by as_of, dissolved ones too, by credit code."""
    rows = signals.enterprises.select(
        *["name", "customs_code", "division", "registered_on", "dissolved_on"],
        *_HELD.values(),
        enterprise="credit_code",
    )
    roll: pd.DataFrame = rows.to_pyarrow().to_pandas()
    return roll.sort_values("enterprise").set_index("enterprise")


def stale_sources(covered: Mapping[str, date], as_of: date) -> tuple[Source, ...]:
    """Sources that lag more than they may, or never spoke, sorted."""
    late = {
        source
        for source, expected in expected_as_of(as_of).items()
        if source not in covered or expected.is_late(covered[source], as_of)
    }
    return tuple(sorted(late))


def by_view(features: Iterable[Feature]) -> dict[View, list[Feature]]:
    """Features grouped by the view they read, in order."""
    grouped: dict[View, list[Feature]] = {}
    for feature in features:
        grouped.setdefault(feature.view, []).append(feature)
    return grouped


def view_values(signals: Signals, features: list[Feature], roll: pd.DataFrame) -> pd.DataFrame:
    """The features of one view for the whole roll, computed in one aggregation."""
    rows = signals.once(features[0].view)
    numbers = {feature.name: feature.define(rows).cast("float64") for feature in features}
    table: pd.DataFrame = rows.group_by("enterprise").agg(**numbers).to_pyarrow().to_pandas()
    spoken = table.set_index("enterprise")
    values = spoken.reindex(roll.index)
    silent = spoken.index.get_indexer(roll.index) < 0
    for feature in features:
        if feature.empty is not None:
            values.loc[silent, feature.name] = feature.empty
        if feature.role in _HELD:
            values.loc[~roll[_HELD[feature.role]], feature.name] = np.nan
    return values
