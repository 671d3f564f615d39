"""Peers: enterprises that do the same in the same size, and what is usual among them."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from ibis.expr import types as ir

from domain.signals import Signals
from features.ops import trailing
from features.views import WINDOW, declared_lines

LEAST = 20
"""Fewest members of a group; smaller ones fall back to a coarser group."""
_ROLES = ("merchant", "platform", "agent", "carrier", "payment_firm", "warehouse")
_BANDS = {"none": 0, "micro": 100_000, "small": 1_000_000, "medium": 10_000_000, "large": np.inf}
"""Size band -> most declared value in 180 days, CNY."""
_NOTHING = "none"
_ANY = "*"


@dataclass(frozen=True, slots=True)
class PeerTables:
    """What is usual in each peer group.

    Attributes:
        median: Index peer_group, one column per feature; NaN where no member has a number.
        mad: Same shape: median absolute distance from the median, not scaled.
        size: Members of each group, those with a finer group of their own included.
    """

    median: pd.DataFrame
    mad: pd.DataFrame
    size: pd.Series


def peer_levels(signals: Signals, roll: pd.DataFrame, declared_cny: pd.Series) -> list[pd.Series]:
    """Each enterprise's peer groups, from fine to coarse.

    role | trade mode | HS chapter | size band; a coarser group has * for what is left out.
    Mode and chapter are those of most declarations and of most declared value in 180 days.
    """
    heads = trailing(signals.declarations, signals.as_of, WINDOW)
    modes = heads.group_by(enterprise="merchant_code", what="trade_mode").agg(much=heads.count())
    lines = declared_lines(signals)
    chapters = lines.group_by("enterprise", what="chapter").agg(much=lines.value_cny.sum())
    role, *parts = (
        _main_role(roll),
        _most(modes, roll.index),
        _most(chapters, roll.index),
        _band(declared_cny),
    )
    anything = pd.Series(_ANY, roll.index)
    levels = []
    for kept in range(len(parts), -1, -1):
        left_out = [anything] * (len(parts) - kept)
        levels.append(_joined([role, *parts[:kept], *left_out]))
    return [*levels, _joined([anything, *[anything] * len(parts)])]


def peer_groups(levels: list[pd.Series], living: pd.Series) -> pd.Series:
    """The finest group of each enterprise that has enough living members, or the coarsest."""
    chosen = levels[-1].copy()
    for level in reversed(levels[:-1]):
        enough = level.map(level[living].value_counts()) >= LEAST
        chosen = chosen.mask(enough, level)
    return chosen.rename("peer_group")


def peer_tables(values: pd.DataFrame, levels: list[pd.Series], living: pd.Series) -> PeerTables:
    """What is usual among the living members of each group in use."""
    used = sorted(set(peer_groups(levels, living)))
    keys = pd.concat([level[living] for level in levels])
    keys = keys[keys.isin(used)]
    rows = values.loc[keys.index].set_axis(pd.Index(keys, name="peer_group"), axis=0)
    median = rows.groupby("peer_group").median()
    away = (rows - median.loc[rows.index]).abs()
    return PeerTables(
        median=median.reindex(used),
        mad=away.groupby("peer_group").median().reindex(used),
        size=rows.groupby("peer_group").size().reindex(used, fill_value=0),
    )


def _joined(parts: list[pd.Series]) -> pd.Series:
    joined = parts[0]
    for part in parts[1:]:
        joined = joined + "|" + part
    return joined


def _main_role(roll: pd.DataFrame) -> pd.Series:
    flags = roll[[f"is_{role}" for role in _ROLES]].set_axis(list(_ROLES), axis=1)
    return flags.idxmax(axis=1).where(flags.any(axis=1), _NOTHING)


def _most(counts: ir.Table, roll: pd.Index) -> pd.Series:
    """The value with most for each enterprise, the smaller one on a tie."""
    table: pd.DataFrame = counts.to_pyarrow().to_pandas()
    table = table.sort_values(["enterprise", "much", "what"], ascending=[True, False, True])
    first = table.drop_duplicates("enterprise").set_index("enterprise")["what"]
    return first.reindex(roll, fill_value=_NOTHING)


def _band(declared_cny: pd.Series) -> pd.Series:
    names, limits = list(_BANDS), np.array(list(_BANDS.values()))
    place = np.searchsorted(limits, declared_cny.fillna(0).to_numpy())
    return pd.Series([names[i] for i in place], declared_cny.index)
