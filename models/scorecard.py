"""The expert scorecard: declared points per feature, the first champion of a new zone."""

import hashlib
import json
from dataclasses import asdict, dataclass

import numpy as np
import pandas as pd
from scipy.special import expit

from domain.errors import ModelMismatch
from models.model import Scores


@dataclass(frozen=True, slots=True)
class ScorecardFeature:
    """The points of one feature, in log-odds of an adverse act (more is worse).

    Attributes:
        feature: Name in the catalogue.
        upper_bounds: Rising bounds; a value belongs to the first bound it does not exceed.
        points: One for each bound, and a last one for values above all bounds.
        missing_points: For a missing value.
    """

    feature: str
    upper_bounds: tuple[float, ...]
    points: tuple[float, ...]
    missing_points: float

    def __post_init__(self) -> None:
        """Hold the shape.

        Raises:
            ValueError: Bounds do not rise, or there is not one more point than bounds.
        """
        rising = all(
            low < high for low, high in zip(self.upper_bounds, self.upper_bounds[1:], strict=False)
        )
        if not rising or len(self.points) != len(self.upper_bounds) + 1:
            message = f"scorecard feature {self.feature}: bounds must rise, with one more point"
            raise ValueError(message)

    def points_of(self, values: pd.Series) -> pd.Series:
        """The points of each value."""
        bins = np.searchsorted(self.upper_bounds, values.to_numpy(float), side="left")
        points = np.asarray(self.points)[np.minimum(bins, len(self.upper_bounds))]
        return pd.Series(np.where(values.isna(), self.missing_points, points), values.index)


@dataclass(frozen=True, slots=True)
class Scorecard:
    """A model made of declared points alone.

    Attributes:
        intercept: Log-odds before any feature speaks.
        table: The points, one entry a feature.
    """

    intercept: float
    table: tuple[ScorecardFeature, ...]

    @property
    def name(self) -> str:
        """Always "scorecard"."""
        return "scorecard"

    @property
    def version(self) -> str:
        """Digest of the points."""
        return hashlib.sha256(json.dumps(asdict(self)).encode()).hexdigest()[:12]

    @property
    def cutoff(self) -> None:
        """Declared points do not grow old."""
        return None

    @property
    def features(self) -> tuple[str, ...]:
        """The features that have points."""
        return tuple(entry.feature for entry in self.table)

    def score(self, values: pd.DataFrame) -> Scores:
        """Add the points up; the probability is the logistic of the sum, as the points declare it.

        Raises:
            ModelMismatch: `values` lacks a feature of the scorecard.
        """
        lacking = [feature for feature in self.features if feature not in values]
        if lacking:
            raise ModelMismatch(self.name, lacking)
        points = {entry.feature: entry.points_of(values[entry.feature]) for entry in self.table}
        contributions = pd.DataFrame(points, index=values.index)
        # one addition after the other: a frame's own sum rounds by the number of its rows
        margin = sum(points.values(), pd.Series(self.intercept, values.index))
        return Scores(margin, pd.Series(expit(margin), margin.index), self.intercept, contributions)
