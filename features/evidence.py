"""From a number to the documents behind it."""

from collections.abc import Mapping, Sequence

import ibis
import pandas as pd
import pyarrow as pa

from domain.signals import Signals
from features.build import by_view
from features.catalogue import FEATURE
from features.feature import Feature
from features.ops import running_count
from features.views import COMMON

_COLUMNS = ["feature", "enterprise", "table", "document_key", "rank"]
_ROW = ["feature", "enterprise"]


def evidence_rows(
    signals: Signals, wanted: Mapping[str, Sequence[str]], most: int = 3
) -> pd.DataFrame:
    """The documents that speak for features of enterprises.

    Args:
        signals: The night.
        wanted: Feature name -> enterprises asked for.
        most: Most documents for one feature of one enterprise, the latest first.

    Returns:
        Columns feature, enterprise, table, document_key, rank (from 1), sorted by feature,
        enterprise and rank. An enterprise for which no document speaks gets its row on the roll.
    """
    pairs = [(name, code) for name, codes in wanted.items() for code in codes]
    asked = pd.DataFrame(pairs, columns=_ROW, dtype=str).drop_duplicates()
    groups = by_view(FEATURE[name] for name in wanted).values()
    spoken = [_latest(signals, features, asked, most) for features in groups]
    found = pd.concat([pd.DataFrame(columns=_COLUMNS), *spoken]).merge(asked, on=_ROW)
    silent = asked[~pd.MultiIndex.from_frame(asked).isin(pd.MultiIndex.from_frame(found[_ROW]))]
    whole = pd.concat([found, _on_the_roll(signals, silent)])
    return whole.sort_values(["feature", "enterprise", "rank"], ignore_index=True)[_COLUMNS]


def _latest(
    signals: Signals, features: Sequence[Feature], asked: pd.DataFrame, most: int
) -> pd.DataFrame:
    """The latest rows of one view that speak for each of its features, in one query."""
    names = [feature.name for feature in features]
    codes = asked.enterprise[asked.feature.isin(names)].drop_duplicates().sort_values()
    rows = signals.once(features[0].view)
    flags = rows.select(*COMMON, **{f.name: f.evidence(rows) for f in features})
    flags = flags.semi_join(ibis.memtable(pa.table({"enterprise": pa.array(codes)})), "enterprise")
    flags = flags.filter(ibis.or_(*[flags[name] for name in names]))
    ranks = {name: running_count(flags[name]) for name in names}
    ranked = flags.select("enterprise", "table", "document_key", **ranks)
    ranked = ranked.filter(ibis.or_(*[ranked[name] <= most for name in names]))
    latest: pd.DataFrame = ranked.to_pyarrow().to_pandas()
    long = latest.melt(
        ["enterprise", "table", "document_key"], names, var_name="feature", value_name="rank"
    )
    return long[long["rank"] <= most].astype({"rank": int})


def _on_the_roll(signals: Signals, silent: pd.DataFrame) -> pd.DataFrame:
    roll = signals.enterprises.select("document_key", enterprise="credit_code")
    keys: pd.DataFrame = roll.to_pyarrow().to_pandas()
    return silent.merge(keys, on="enterprise").assign(table="enterprises", rank=1)
