"""What every model is: it scores feature rows, and its scores add up."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

import pandas as pd


@dataclass(frozen=True, slots=True)
class Scores:
    """What a model says of each enterprise; every index is the enterprise code.

    Attributes:
        margin: Log-odds before calibration: `base` plus the row's contributions, within 1e-9.
        probability: The margin after calibration, 0 to 1.
        base: Log-odds that hold for everyone before a feature speaks.
        contributions: One column per feature of the model, log-odds; missing values have one too.
    """

    margin: pd.Series
    probability: pd.Series
    base: float
    contributions: pd.DataFrame

    def of(self, codes: Sequence[str]) -> "Scores":
        """What it says of some enterprises only."""
        chosen = list(codes)
        return Scores(
            self.margin[chosen], self.probability[chosen], self.base, self.contributions.loc[chosen]
        )


class Model(Protocol):
    """A model of any kind; the same values give the same scores on any machine and thread."""

    @property
    def name(self) -> str:
        """What it judges, or "scorecard"."""
        ...

    @property
    def version(self) -> str:
        """Digest of everything its scores depend on."""
        ...

    @property
    def cutoff(self) -> date | None:
        """Last day of what it learnt from; None for what was declared, not learnt."""
        ...

    @property
    def features(self) -> tuple[str, ...]:
        """The catalogue features it reads."""
        ...

    def score(self, values: pd.DataFrame) -> Scores:
        """Score each row of `values` (index enterprise, columns features; NaN is missing).

        Raises:
            ModelMismatch: `values` lacks a feature of the model.
        """
        ...


@dataclass(frozen=True, slots=True)
class NightModels:
    """The models in force on one night.

    Attributes:
        credit: Behind the grade; reads credit features only.
        fraud: Behind fraud alerts; None while none is in force.
        laundering: Behind the laundering compartment; None while none is in force.
    """

    credit: Model
    fraud: Model | None
    laundering: Model | None
