"""The as-of panel: every enterprise on every month's end, as it was known then."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import pandas as pd

from domain.nights import month_ends
from domain.progress import Progress
from features.build import build_features
from models.labels import HORIZON, Outcomes, Target, label
from storage.lake import Lake

LONGEST_WINDOW = timedelta(days=183)
MOST_NIGHTS = 24


@dataclass(frozen=True, slots=True)
class Panel:
    """Feature values of several nights.

    Attributes:
        values: Index (as_of, enterprise), one column per feature.
        dropped: Reason -> rows left out.
    """

    values: pd.DataFrame
    dropped: dict[str, int]

    @property
    def nights(self) -> list[date]:
        """The nights, earliest first."""
        return sorted(self.values.index.unique("as_of"))


@dataclass(frozen=True, slots=True)
class Labelled:
    """The panel's rows that have a label of one target.

    Attributes:
        values: Index (as_of, enterprise).
        labels: Same index: label, found_by, random.
        dropped: Reason -> rows without a label.
    """

    values: pd.DataFrame
    labels: pd.DataFrame
    dropped: dict[str, int]


def panel_nights(first_known: date, cutoff: date) -> list[date]:
    """The month ends whose windows are filled and whose horizon is over by the cut-off."""
    return month_ends(first_known + LONGEST_WINDOW, cutoff - HORIZON)[-MOST_NIGHTS:]


def build_panel(lake: Lake, nights: Sequence[date], progress: Progress) -> Panel:
    """Build the features of every night from what was known by then.

    Raises:
        NothingKnown: A night lies before the first known row.
    """
    frames: dict[date, pd.DataFrame] = {}
    dissolved = 0
    for done, night in enumerate(nights):
        progress(f"features as of {night}", done / len(nights))
        frame = build_features(lake.read_signals(night))
        gone = pd.to_datetime(frame.roll["dissolved_on"]) <= pd.Timestamp(night)
        dissolved += int(gone.sum())
        frames[night] = frame.values[~gone.to_numpy()]
    values = pd.concat(frames, names=["as_of", "enterprise"]) if frames else _no_rows()
    return Panel(values, {"dissolved": dissolved})


def with_labels(panel: Panel, outcomes: Outcomes, target: Target) -> Labelled:
    """The rows of the panel that have a label, and how many have none and why."""
    found: dict[date, pd.DataFrame] = {}
    dropped = dict(panel.dropped)
    for night in panel.nights:
        judged = label(outcomes, target, night, panel.values.loc[night].index)
        found[night] = judged.rows
        for reason, rows in judged.unknown.items():
            dropped[reason] = dropped.get(reason, 0) + rows
    labels = pd.concat(found, names=["as_of", "enterprise"])
    return Labelled(panel.values.loc[labels.index], labels, dropped)


def _no_rows() -> pd.DataFrame:
    return pd.DataFrame(index=pd.MultiIndex.from_arrays([[], []], names=["as_of", "enterprise"]))
