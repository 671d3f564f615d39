"""Order features on orders that can be counted by hand."""

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from features.orders import ORDER_FEATURES

MONDAY = datetime.fromisoformat("2025-06-30T09:00")


def order(no: int, value: int = 100, **given: object) -> dict[str, Any]:
    """An import order, each at its own minute and by its own buyer."""
    mine = {"merchant_code": "A", "order_no": str(no), "buyer_hash": f"buyer {no}"}
    when = {"reported_at": MONDAY + timedelta(minutes=no)}
    money = {"goods_value": Decimal(value), "currency": "142"}
    return {"direction": "I", **mine, **when, **money, **given}


def line(no: int, item: str, price: int = 100) -> dict[str, Any]:
    mine = {"merchant_code": "A", "order_no": str(no), "line_no": 1, "item_no": item}
    money = {"quantity": Decimal(1), "price": Decimal(price), "total_price": Decimal(price)}
    return {"reported_at": MONDAY, **mine, **money}


NOON, NIGHT = MONDAY.replace(hour=12), MONDAY.replace(hour=5, minute=59, second=59)
CASES: list[tuple[str, list[dict[str, Any]], float | None]] = [
    ("order_count", [order(1), order(2), order(3, reported_at=MONDAY - timedelta(days=180))], 2),
    ("night_order_share", [order(1, reported_at=NIGHT), order(2), order(3), order(4)], 0.25),
    (
        "same_second_order_share",
        [order(1, reported_at=NOON), order(2, reported_at=NOON), order(3), order(4)],
        0.5,
    ),
    (
        "near_limit_order_share",
        [order(1, 4500), order(2, 5000), order(3, 4499), order(4, 4000), order(5, 300)],
        0.5,
    ),
    ("near_limit_order_share", [order(1, 4600, direction="E")], None),
    (
        "split_order_count",
        [
            order(1, 3000, buyer_hash="p"),
            order(2, 2001, buyer_hash="p"),
            order(3, 3000, buyer_hash="q"),
            order(4, 2000, buyer_hash="q"),  # 5,000 together is allowed
            order(5, 5001, buyer_hash="r"),
            order(6, 100, buyer_hash="r"),  # one of them is over the limit by itself
            order(7, 3000, buyer_hash="s"),
            order(8, 3000, buyer_hash="s", reported_at=MONDAY - timedelta(days=1)),
            order(9, 3000, buyer_hash=None),
            order(10, 3000, buyer_hash=None),
        ],
        2,
    ),
    (
        "near_quota_buyer_share",
        [
            order(1, 20_000, buyer_hash="p"),
            order(2, 4_700, buyer_hash="p", merchant_code="B"),  # the limit is one for all
            order(3, 24_699, buyer_hash="q"),
            order(4, 20_000, buyer_hash="r"),
            order(5, 9_000, buyer_hash="r", reported_at=datetime.fromisoformat("2024-12-31")),
            order(6, 100, buyer_hash="s"),
        ],
        0.25,
    ),
    (
        "value_burst",  # 600 in 30 days; 360 in the 180 days before, 60 a month
        [
            order(1, 600),
            order(2, 300, reported_at=MONDAY - timedelta(days=30)),
            order(3, 60, reported_at=MONDAY - timedelta(days=209)),
            order(4, 999, reported_at=MONDAY - timedelta(days=210)),
        ],
        10,
    ),
    (
        "dormant_then_burst",
        [order(1, 600), order(2, 50), order(3, 70, reported_at=MONDAY - timedelta(days=120))],
        650,
    ),
    (
        "dormant_then_burst",
        [order(1, 600), order(3, 1, reported_at=MONDAY - timedelta(days=119))],
        0,
    ),
]


@pytest.mark.parametrize(("name", "orders", "expected"), CASES)
def test_counted_by_hand(
    number_of: Callable[..., Any], name: str, orders: list[dict[str, Any]], expected: float | None
) -> None:
    features = [feature for feature in ORDER_FEATURES if feature.name == name]
    assert number_of(features, orders=orders) == {name: expected}


def test_identical_baskets(number_of: Callable[..., Any]) -> None:
    alike = [line(1, "cream"), line(2, "cream"), line(3, "cream", price=90)]
    others = [line(4, "lamp"), line(5, "lamp"), line(6, "soap"), {**line(1, "a"), "line_no": 2}]
    features = [feature for feature in ORDER_FEATURES if feature.name == "identical_basket_share"]
    got = number_of(
        features,
        orders=[order(n) for n in range(1, 8)],  # the seventh has no lines
        order_lines=alike + others,
    )
    assert got == {"identical_basket_share": pytest.approx(2 / 6)}
    alone = number_of(features, orders=[order(1)], order_lines=[line(1, "cream")])
    assert alone == {"identical_basket_share": 0}


def test_every_order_feature_is_counted() -> None:
    counted = {name for name, _, _ in CASES} | {"identical_basket_share"}
    assert counted == {feature.name for feature in ORDER_FEATURES}
