"""Identity features on import orders that can be counted by hand."""

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from features.identity import IDENTITY_FEATURES

MONDAY = datetime.fromisoformat("2025-06-30T09:00")


def order(no: int, **given: object) -> dict[str, Any]:
    mine = {"merchant_code": "A", "order_no": str(no), "platform_code": "P"}
    buyer = {"buyer_hash": f"buyer {no}", "consignee_address_hash": f"room {no}"}
    return {"direction": "I", "reported_at": MONDAY, **mine, **buyer, **given}


def payment(no: int, payer: str | None, **given: object) -> dict[str, Any]:
    mine = {"order_no": str(no), "platform_code": "P", "direction": "I", "payer_hash": payer}
    return {"paid_at": MONDAY, "transaction_no": f"{no} {payer}", **mine, **given}


def account(name: str, opened_at: datetime) -> dict[str, Any]:
    mine = {"platform_code": "P", "account_no": name, "buyer_account_hash": name}
    return {"opened_at": opened_at, **mine}


CROWD = [
    order(1, consignee_address_hash="dormitory", consignee_phone_hash="1"),
    order(2, consignee_address_hash="dormitory", consignee_phone_hash="1"),
    order(3, consignee_address_hash="dormitory", consignee_phone_hash="2", buyer_hash="buyer 1"),
    order(4, consignee_phone_hash="3"),
    order(5, direction="E", consignee_address_hash="dormitory"),
    order(6, merchant_code="B", consignee_address_hash="dormitory"),
]
PEOPLE = [
    order(1, buyer_id_valid=True, buyer_birth_year=1990, buyer_phone_segment="138"),
    order(2, buyer_id_valid=False, buyer_birth_year=2010, buyer_phone_segment="170"),
    order(3, buyer_id_valid=True, buyer_birth_year=2009, buyer_phone_segment="162"),
    order(4, buyer_id_valid=True, buyer_birth_year=1934, buyer_phone_segment="139"),
    order(5),
]
PAID = [
    payment(1, "buyer 1"),
    payment(2, "another"),
    payment(3, "buyer 3"),
    payment(3, "another"),
    payment(4, None),
]
ACCOUNTS = [
    account("new", MONDAY - timedelta(days=7)),
    account("old", MONDAY - timedelta(days=8)),
]
BY_ACCOUNT = [
    order(1, buyer_account_hash="new"),
    order(2, buyer_account_hash="old"),
    order(3, buyer_account_hash="not reported"),
]
CASES: list[tuple[str, dict[str, Any], float | None]] = [
    ("ids_at_top_address", {"orders": CROWD}, 2),
    ("top_address_share", {"orders": CROWD}, 0.75),
    ("ids_per_address", {"orders": CROWD}, 3 / 2),
    ("ids_per_phone", {"orders": CROWD}, 4 / 3),
    ("payer_not_buyer_share", {"orders": [order(n) for n in range(1, 6)], "payments": PAID}, 2 / 3),
    ("invalid_id_share", {"orders": PEOPLE}, 1 / 4),
    ("implausible_age_share", {"orders": PEOPLE}, 2 / 4),
    ("virtual_phone_share", {"orders": PEOPLE}, 2 / 4),
    (
        "new_account_order_share",
        {"orders": BY_ACCOUNT, "platform_accounts": ACCOUNTS},
        1 / 2,
    ),
]


@pytest.mark.parametrize(("name", "tables", "expected"), CASES)
def test_counted_by_hand(
    number_of: Callable[..., Any], name: str, tables: dict[str, Any], expected: float
) -> None:
    features = [feature for feature in IDENTITY_FEATURES if feature.name == name]
    assert number_of(features, **tables) == {name: pytest.approx(expected)}


def test_exporters_have_no_buyers(number_of: Callable[..., Any]) -> None:
    exports = [order(1, direction="E", goods_value=Decimal(5))]
    got = number_of(IDENTITY_FEATURES, orders=exports)
    assert got.pop("ids_at_top_address") == 0
    assert set(got.values()) == {None}


def test_every_identity_feature_is_counted() -> None:
    assert {name for name, *_ in CASES} == {feature.name for feature in IDENTITY_FEATURES}
