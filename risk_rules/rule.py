"""What a rule is: one predicate over feature values that hits, is clear, or cannot know."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from domain.officer import Department
from domain.results import Layer, Words
from features.catalogue import FEATURE
from risk_rules.thresholds import Limits
from risk_rules.typologies import TYPOLOGY

LEAST_PEERS = "least_peers"
PEER_Z = "peer_z"
LEAST_SPREAD = "least_spread"


def z_of(feature: str) -> str:
    """Column that holds the feature's robust z against its peer group."""
    return f"{feature}_z"


@dataclass(frozen=True, slots=True)
class Rule:
    """One predicate, and what a regulator must know to weigh it.

    Attributes:
        define: Says for every row whether it hits. Reads feature columns, and `z_of` columns of
            `peers`. Its name is the rule's name; its docstring is the published meaning.
        typology: Code of the typology it speaks for.
        layer: Rule (deterministic), anomaly (against peers) or network.
        limits: Evidence feature -> the limit it is held against.
        label: What a hit says, in words.
        reference: Norm, published line or convention it rests on.
        floors: Feature -> limit it must reach before the rule may speak (least denominators).
        peers: Features it holds against their peers.
        further: Other limits that `define` reads.
    """

    define: Callable[[pd.DataFrame, Limits], pd.Series]
    typology: str
    layer: Layer
    limits: Mapping[str, str]
    label: Words
    reference: str
    floors: Mapping[str, str] = field(default_factory=dict)
    peers: tuple[str, ...] = ()
    further: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """Name in results and documentation."""
        return self.define.__name__

    @property
    def meaning(self) -> str:
        """The published meaning.

        Raises:
            TypeError: The function has no docstring.
        """
        if not self.define.__doc__:
            message = f"rule {self.name} has no docstring; it is its published meaning"
            raise TypeError(message)
        return self.define.__doc__.strip()

    @property
    def features(self) -> tuple[str, ...]:
        """The features it speaks with: the evidence of a hit."""
        return tuple(self.limits)

    @property
    def laundering(self) -> bool:
        """Whether it belongs to the laundering compartment."""
        return TYPOLOGY[self.typology].laundering

    @property
    def departments(self) -> tuple[Department, ...]:
        """Whose data a hit rests on."""
        held = {owner for feature in self.features for owner in FEATURE[feature].departments}
        return tuple(sorted(held))

    def limit_names(self) -> frozenset[str]:
        """Every limit the rule reads; it is silent on a day when one is not in force."""
        own = {*self.limits.values(), *self.floors.values(), *self.further}
        return frozenset(own | ({PEER_Z, LEAST_PEERS, LEAST_SPREAD} if self.peers else set()))

    def judge(self, rows: pd.DataFrame, limits: Limits) -> pd.Series:
        """Nullable boolean per row: hit, clear, or NA where it cannot know.

        Args:
            rows: Feature values, with the `z_of` columns of `peers`.
            limits: Limits in force on the night.
        """
        if not self.limit_names() <= limits.keys():
            return pd.Series(pd.NA, index=rows.index, dtype="boolean")
        hit = self.define(rows, limits).to_numpy(bool)
        return pd.Series(pd.arrays.BooleanArray(hit, ~self._knows(rows, limits)), rows.index)

    def _knows(self, rows: pd.DataFrame, limits: Limits) -> NDArray[np.bool_]:
        needed = [*self.features, *self.floors, *map(z_of, self.peers)]
        known = [~np.isnan(rows[column].to_numpy(float)) for column in needed]
        enough = [
            rows[name].to_numpy(float) >= limits[floor] for name, floor in self.floors.items()
        ]
        whole: NDArray[np.bool_] = np.logical_and.reduce([*known, *enough])
        return whole
