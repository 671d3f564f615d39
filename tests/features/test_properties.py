"""What must hold of all features in any zone."""

import random
from collections.abc import Callable
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from domain.signals import Signals
from domain.table import Source
from domain.tables import TABLES
from features.build import FeatureFrame, build_features
from features.catalogue import FEATURES
from features.evidence import evidence_rows
from storage.engine import connect
from storage.home import Home
from storage.lake import Lake

AS_OF = date(2025, 6, 30)
BESIDE_OTHERS = {
    "median_price_log_ratio",
    "low_price_line_share",
    "high_price_line_share",
    "price_log_spread",
    "high_value_density_share",
    "shared_identity_weight",
}
"""Features that hold an enterprise against all others, so that strangers change them."""


@pytest.fixture(scope="module")
def zone(random_zone: Callable[..., Any]) -> dict[str, Any]:
    return dict(random_zone(1))


@pytest.fixture(scope="module")
def built(make_signals: Callable[..., Signals], zone: dict[str, Any]) -> FeatureFrame:
    return build_features(make_signals(AS_OF, **zone))


def assert_equal_bytes(one: pd.DataFrame, other: pd.DataFrame) -> None:
    changed = [c for c in one if one[c].to_numpy().tobytes() != other[c].to_numpy().tobytes()]
    assert changed == []
    assert list(one.index) == list(other.index)


def test_every_feature_speaks_of_someone(built: FeatureFrame) -> None:
    silent = [name for name in built.values if built.values[name].isna().all()]
    assert silent == []


def test_the_order_of_rows_changes_nothing(
    make_signals: Callable[..., Signals], zone: dict[str, Any], built: FeatureFrame
) -> None:
    shuffled = {name: random.Random(2).sample(rows, len(rows)) for name, rows in zone.items()}  # noqa: S311
    again = build_features(make_signals(AS_OF, **shuffled))
    assert_equal_bytes(again.values, built.values)
    assert_equal_bytes(again.peers.median, built.peers.median)


@pytest.fixture(scope="module")
def on_disk(
    tmp_path_factory: pytest.TempPathFactory,
    make_signals: Callable[..., Signals],
    zone: dict[str, Any],
) -> Callable[[int], Signals]:
    """The zone in a lake of several files per table, read by so many threads."""
    home = Home(tmp_path_factory.mktemp("home"))
    door = Lake(home, connect(home, threads=1, memory_limit_mb=512))
    spoken = [{"source": source.value, "covered_to": AS_OF} for source in Source]
    signals = make_signals(AS_OF, **zone, coverage=spoken)
    with door.batch("first") as batch:
        for name in (*zone, "coverage"):
            rows = getattr(signals, name).to_pyarrow()
            for first in range(0, len(rows), 40):
                batch.append(name, rows.slice(first, 40))

    def read(threads: int) -> Signals:
        return Lake(home, connect(home, threads=threads, memory_limit_mb=512)).read_signals(AS_OF)

    return read


def test_threads_change_nothing(on_disk: Callable[[int], Signals], built: FeatureFrame) -> None:
    some = ("night_order_share", "low_price_line_share", "shared_identity_weight")
    wanted = {name: list(built.values.index) for name in some}
    one, two = on_disk(1), on_disk(2)
    assert_equal_bytes(build_features(one).values, built.values)
    assert_equal_bytes(build_features(two).values, built.values)
    pd.testing.assert_frame_equal(evidence_rows(one, wanted), evidence_rows(two, wanted))


def test_strangers_change_nothing_but_comparisons(
    make_signals: Callable[..., Signals],
    random_zone: Callable[..., Any],
    zone: dict[str, Any],
    built: FeatureFrame,
) -> None:
    strangers = random_zone(3, mark="Z")
    rates = zone["exchange_rates"]
    both = {name: [*rows, *strangers[name]] for name, rows in zone.items()}
    with_them = build_features(make_signals(AS_OF, **{**both, "exchange_rates": rates}))
    own = [feature.name for feature in FEATURES if feature.name not in BESIDE_OTHERS]
    theirs = with_them.values.loc[built.values.index]
    assert_equal_bytes(theirs[own], built.values[own])
    assert not theirs[sorted(BESIDE_OTHERS)].equals(built.values[sorted(BESIDE_OTHERS)])


def test_evidence_lies_in_the_tables_and_is_the_enterprise_s(
    make_signals: Callable[..., Signals], zone: dict[str, Any], built: FeatureFrame
) -> None:
    signals = make_signals(AS_OF, **zone)
    rows = evidence_rows(signals, {f.name: list(built.values.index) for f in FEATURES})
    asked = {(f.name, code) for f in FEATURES for code in built.values.index}
    assert set(zip(rows.feature, rows.enterprise, strict=True)) == asked
    for name, told in rows.groupby("table"):
        stored = getattr(signals, str(name)).to_pyarrow()
        owners = _owners(stored, str(name))
        assert set(zip(told.document_key, told.enterprise, strict=True)) <= owners
    assert rows["rank"].between(1, 3).all()
    assert not rows.duplicated(["feature", "enterprise", "rank"]).any()
    assert not rows.duplicated(["feature", "enterprise", "table", "document_key"]).any()


def _owners(stored: pa.Table, name: str) -> set[tuple[object, object]]:
    """Pairs of document and enterprise that it belongs to."""
    code = "credit_code" if name == "enterprises" else TABLES[name].subject or "merchant_code"
    keys, codes = stored["document_key"].to_pylist(), stored[code].to_pylist()
    return set(zip(keys, codes, strict=True))


def test_shares_lie_between_none_and_all(built: FeatureFrame) -> None:
    shares = [f.name for f in FEATURES if f.name.endswith("_share") and f.name != "tax_paid_share"]
    values = built.values[shares].to_numpy()
    known = values[~np.isnan(values)]
    assert ((known >= 0) & (known <= 1)).all()
