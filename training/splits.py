"""Splits that leak nothing: by time with an embargo, and by groups that share an identity."""

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from domain.signals import Signals
from models.labels import HORIZON

FOLDS = 4
LATE_NIGHTS = 4
COMMON_HOLDERS = 15
_SHARED = (
    "legal_representative_hash",
    "office_address_hash",
    "office_phone_hash",
    "email_account_hash",
)


@dataclass(frozen=True, slots=True)
class TimeSplit:
    """Nights to learn from, and later ones to be judged on.

    Attributes:
        early: Their horizons end before the first late night begins its own.
        late: The last `LATE_NIGHTS`.
        embargo: Between the two: neither learnt from nor judged on.
    """

    early: tuple[date, ...]
    late: tuple[date, ...]
    embargo: tuple[date, ...]


def split_nights(nights: list[date]) -> TimeSplit:
    """Split nights, given in order, so that no early horizon reaches into a late one."""
    late = tuple(nights[-LATE_NIGHTS:])
    early = (
        tuple(night for night in nights[: -len(late)] if night + HORIZON <= late[0]) if late else ()
    )
    embargo = tuple(nights[len(early) : len(nights) - len(late)])
    return TimeSplit(early, late, embargo)


def identity_groups(signals: Signals) -> pd.Series:
    """Group number of every enterprise: those that share an identity have the same.

    Sharing is a legal representative, room, phone or e-mail; values that more than
    `COMMON_HOLDERS` enterprises hold, or lawful cluster addresses, do not count.
    """
    roll = signals.enterprises.select("credit_code", "cluster_registered", *_SHARED).to_pandas()
    roll = roll.sort_values("credit_code", ignore_index=True)
    roll.loc[roll["cluster_registered"].astype(bool), "office_address_hash"] = None
    links = [_links(roll[column]) for column in _SHARED]
    left, right = (np.concatenate(ends) for ends in zip(*links, strict=True))
    graph = coo_array((np.ones(len(left)), (left, right)), shape=(len(roll), len(roll)))
    _, groups = connected_components(graph, directed=False)
    return pd.Series(groups, index=pd.Index(roll["credit_code"], name="enterprise"))


def folds(groups: pd.Series) -> pd.Series:
    """Fold of every enterprise, 0 to `FOLDS` - 1: whole groups, the folds of nearly equal size."""
    sizes = groups.value_counts(sort=False).sort_index().sort_values(ascending=False, kind="stable")
    filled = np.zeros(FOLDS, dtype=int)
    fold_of: dict[int, int] = {}
    for group, size in sizes.items():
        fold = int(filled.argmin())
        fold_of[int(str(group))] = fold
        filled[fold] += size
    return groups.map(fold_of)


def _links(values: pd.Series) -> tuple[np.ndarray, np.ndarray]:
    """Row pairs: each holder of a value with the first holder of it."""
    held = values.dropna()
    holders = held.groupby(held).transform("size")
    shared = held[(holders > 1) & (holders <= COMMON_HOLDERS)]
    rows = pd.Series(shared.index, index=shared.index)
    return rows.groupby(shared).transform("min").to_numpy(int), rows.to_numpy(int)
