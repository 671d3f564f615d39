"""The frame: zero or missing, roles, stale sources, the roll, and peers."""

import math
from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import pytest

from domain.cadence import expected_as_of
from domain.signals import Signals
from domain.table import Role, Source
from features.build import FeatureFrame, build_features, stale_sources
from features.catalogue import FEATURES
from features.peers import LEAST

AS_OF = date(2025, 6, 30)
NOON = datetime.fromisoformat("2025-06-01T12:00")


def firm(code: str, **given: object) -> dict[str, Any]:
    return {"credit_code": code, "name": f"Firm {code}", "is_merchant": True, **given}


def declaration(merchant: str, mode: str) -> dict[str, Any]:
    keys = {"merchant_code": merchant, "order_no": merchant, "waybill_no": merchant}
    return {"trade_mode": mode, "direction": "E", "reported_at": NOON, **keys}


def line(merchant: str, hs_code: str, total: int) -> dict[str, Any]:
    money = {"currency": "142", "total_price": Decimal(total), "price": Decimal(total)}
    return {**declaration(merchant, "9610"), **money, "line_no": 1, "hs_code": hs_code}


@pytest.fixture(scope="module")
def quiet(make_signals: Callable[..., Signals]) -> FeatureFrame:
    """Three enterprises of which nothing is known but that they exist."""
    roll = [
        firm("B", dissolved_on=date(2025, 6, 1), registered_on=date(2020, 1, 1)),
        firm("A", customs_code="1234567890", registered_on=date(2020, 1, 1)),
        firm("C", is_merchant=False, is_carrier=True, registered_on=date(2020, 1, 1)),
    ]
    return build_features(make_signals(AS_OF, enterprises=roll))


def test_the_roll_is_sorted_and_keeps_the_dissolved(quiet: FeatureFrame) -> None:
    assert list(quiet.roll.index) == list(quiet.values.index) == ["A", "B", "C"]
    assert quiet.roll.index.name == "enterprise"
    assert quiet.roll.loc["A", "customs_code"] == "1234567890"
    assert quiet.roll.loc["B", "dissolved_on"] == date(2025, 6, 1)
    assert list(quiet.values.columns) == [feature.name for feature in FEATURES]
    assert set(quiet.values.dtypes) == {np.dtype("float64")}


def test_nothing_is_zero_for_sums_and_missing_for_the_rest(quiet: FeatureFrame) -> None:
    known = {"enterprise_age_days", "shared_identity_cluster_size", "shared_identity_weight"}
    known |= {"cluster_dissolved_share", "cluster_registered_together_share"}
    known |= {"paid_in_capital_cny"}  # on the roll, but empty
    for feature in FEATURES:
        value = quiet.values[feature.name].to_dict()["A"]
        if feature.name not in known:
            assert (feature.empty is None and math.isnan(value)) or value == feature.empty
    assert quiet.values.loc["A", "penalty_count_3y"] == 0
    assert math.isnan(quiet.values["net_assets_cny"].to_dict()["A"])
    assert quiet.values.loc["A", "shared_identity_cluster_size"] == 1


def test_a_role_not_held_is_missing(quiet: FeatureFrame) -> None:
    for feature in FEATURES:
        if feature.role is Role.MERCHANT:
            assert math.isnan(quiet.values[feature.name].to_dict()["C"])
    assert quiet.values.loc["C", "tax_debt_count"] == 0


@pytest.mark.parametrize("source", list(Source))
def test_a_source_is_stale_after_its_days(source: Source) -> None:
    latest = AS_OF - timedelta(days=expected_as_of(AS_OF)[source].latest_days)
    covered = dict.fromkeys(map(str, Source), AS_OF)
    assert stale_sources({**covered, source: latest}, AS_OF) == ()
    assert stale_sources({**covered, source: latest - timedelta(days=1)}, AS_OF) == (source,)
    del covered[source]
    assert stale_sources(covered, AS_OF) == (source,)


def test_what_needs_a_stale_source_is_missing(make_signals: Callable[..., Signals]) -> None:
    covered = {source.value: AS_OF for source in Source if source is not Source.PAYMENT}
    frame = build_features(make_signals(AS_OF, covered, enterprises=[firm("A")]))
    assert frame.stale == ("payment",)
    assert frame.covered == covered
    for feature in FEATURES:
        missing = math.isnan(frame.values[feature.name].to_dict()["A"])
        assert missing or Source.PAYMENT not in feature.sources
    assert frame.values.receipts_without_exports_cny.isna().all()
    assert frame.values.loc["A", "declaration_count"] == 0


@pytest.fixture(scope="module")
def peers(make_signals: Callable[..., Signals]) -> FeatureFrame:
    """Shoe sellers enough for a group, one hat seller too few, one firm dissolved."""
    shoes = [f"shoe {n:02d}" for n in range(LEAST)]
    roll = [*map(firm, shoes), firm("hat"), firm("late", dissolved_on=AS_OF), firm("idle")]
    traders = [*shoes, "hat", "late"]
    lines = [line(code, "6403990010", 100 + n) for n, code in enumerate(shoes)]
    return build_features(
        make_signals(
            AS_OF,
            enterprises=roll,
            declarations=[declaration(code, "9610") for code in traders],
            declaration_lines=[*lines, line("hat", "6505009900", 5), line("late", "6403", 9)],
        )
    )


def test_a_small_group_falls_back_to_a_coarser_one(peers: FeatureFrame) -> None:
    groups = peers.roll.peer_group
    assert groups["shoe 00"] == "merchant|9610|64|micro"
    assert groups["hat"] == "merchant|9610|*|*"
    assert groups["idle"] == "merchant|*|*|*"
    assert groups["late"] == "merchant|9610|64|micro"
    assert set(groups) == set(peers.peers.size.index) == set(peers.peers.median.index)


def test_peer_tables_speak_of_the_living_of_the_whole_group(peers: FeatureFrame) -> None:
    tables = peers.peers
    assert tables.size["merchant|9610|64|micro"] == LEAST
    assert tables.size["merchant|9610|*|*"] == LEAST + 1
    assert tables.size["merchant|*|*|*"] == LEAST + 2
    value = peers.values.declared_value_cny
    shoes = value[value.index.str.startswith("shoe")]
    median = shoes.median()
    assert tables.median.loc["merchant|9610|64|micro", "declared_value_cny"] == median
    spread = tables.mad.loc["merchant|9610|64|micro", "declared_value_cny"]
    assert spread == (shoes - median).abs().median()
    assert tables.median.columns.equals(peers.values.columns)


def test_an_empty_zone_has_an_empty_frame(make_signals: Callable[..., Signals]) -> None:
    frame = build_features(make_signals(AS_OF))
    assert frame.values.empty
    assert isinstance(frame.peers.median, pd.DataFrame)
