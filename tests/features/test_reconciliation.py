"""Reconciliation features on trades whose papers can be compared by hand."""

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from features.reconciliation import RECONCILIATION_FEATURES

MONDAY = datetime.fromisoformat("2025-06-30T09:00")
EARLIER = MONDAY - timedelta(days=20)


def order(no: int, **given: object) -> dict[str, Any]:
    """An import order that adds up: 100 + 10 + 9 - 5 = 114."""
    keys = {"platform_code": "P", "merchant_code": "A", "order_no": str(no)}
    parts = {"goods_value": 100, "freight": 10, "tax_total": 9, "discount": 5, "actual_paid": 114}
    money = {name: Decimal(part) for name, part in parts.items()}
    return {"direction": "I", "reported_at": EARLIER, "currency": "142", **keys, **money, **given}


def order_line(no: int, n: int, price: str, quantity: int, total: str) -> dict[str, Any]:
    keys = {"platform_code": "P", "merchant_code": "A", "order_no": str(no), "line_no": n}
    money = {"price": Decimal(price), "quantity": Decimal(quantity), "total_price": Decimal(total)}
    return {"reported_at": EARLIER, **keys, **money}


def payment(no: int, amount: str = "114", **given: object) -> dict[str, Any]:
    keys = {"platform_code": "P", "order_no": str(no), "transaction_no": f"{no} {amount}"}
    when = {"paid_at": EARLIER + timedelta(minutes=1)}
    return {"direction": "I", "amount": Decimal(amount), **keys, **when, **given}


def declaration(no: int, **given: object) -> dict[str, Any]:
    keys = {"platform_code": "P", "merchant_code": "A", "order_no": str(no), "waybill_no": str(no)}
    weight = {"carrier_code": "C", "gross_weight": Decimal(2)}
    return {"direction": "I", "reported_at": EARLIER, **keys, **weight, **given}


def waybill(no: int, **given: object) -> dict[str, Any]:
    keys = {"carrier_code": "C", "waybill_no": str(no), "order_no": str(no), "direction": "I"}
    return {"gross_weight": Decimal(2), "reported_at": EARLIER, **keys, **given}


def goods(no: int, total: int) -> dict[str, Any]:
    keys = {"platform_code": "P", "merchant_code": "A", "order_no": str(no), "waybill_no": str(no)}
    money = {"total_price": Decimal(total), "currency": "142", "line_no": 1, "carrier_code": "C"}
    return {"reported_at": EARLIER, **keys, **money}


FOUR = [order(n) for n in (1, 2, 3, 4)]
CASES: list[tuple[str, dict[str, Any], float | None]] = [
    (
        "order_without_payment_share",  # the fifth may still be paid
        {"orders": [*FOUR, order(5, reported_at=MONDAY)], "payments": [payment(1), payment(2)]},
        0.5,
    ),
    (
        "paid_amount_gap_share",
        {
            "orders": FOUR,
            "payments": [payment(1), payment(2, "113.98"), payment(3, "100"), payment(3, "14")],
        },
        1 / 3,
    ),
    (
        "amount_identity_break_share",
        {
            "orders": [
                order(1),
                order(2, actual_paid=Decimal("114.01")),
                order(3, actual_paid=Decimal("114.02")),
                order(4, discount=None),
            ]
        },
        1 / 3,
    ),
    (
        "line_sum_break_share",
        {
            "orders": FOUR,
            "order_lines": [
                order_line(1, 1, "20", 2, "40"),
                order_line(1, 2, "60", 1, "60"),
                order_line(2, 1, "50", 2, "99"),
                order_line(2, 2, "1", 1, "1"),  # the sum is right, the first line is not
                order_line(3, 1, "99", 1, "99"),
            ],
        },
        2 / 3,
    ),
    (
        "payment_before_order_share",
        {
            "orders": FOUR,
            "payments": [payment(1), payment(2, paid_at=EARLIER - timedelta(seconds=1))],
        },
        0.5,
    ),
    (
        "declaration_without_waybill_share",
        {
            "declarations": [
                declaration(1),
                declaration(2),
                declaration(3, direction="E"),
                declaration(4, reported_at=MONDAY),
            ],
            "waybills": [waybill(1), waybill(3, order_no=None, direction="E")],
        },
        1 / 3,
    ),
    (
        "weight_gap_share",
        {
            "declarations": [declaration(n) for n in (1, 2, 3, 4)],
            "waybills": [
                waybill(1),
                waybill(2, gross_weight=Decimal("2.2")),
                waybill(3, gross_weight=Decimal("1.79")),
            ],
        },
        1 / 3,
    ),
    (
        "consignee_mismatch_share",
        {
            "orders": [order(n, consignee_name_hash="n", consignee_phone_hash="p") for n in (1, 2)],
            "declarations": [declaration(1), declaration(2), declaration(3)],
            "waybills": [
                waybill(1, consignee_name_hash="n", consignee_phone_hash="p"),
                waybill(2, consignee_name_hash="n", consignee_phone_hash="other"),
            ],
        },
        0.5,
    ),
    (
        "receipt_to_export_ratio",
        {
            "declarations": [declaration(1, direction="E"), declaration(2)],
            "declaration_lines": [goods(1, 200), goods(2, 999)],
            "payments": [
                payment(1, "20", direction="E", merchant_code="A", currency="502"),
                payment(2, "10", direction="E", merchant_code="A", currency="142"),
                payment(3, "999", merchant_code="A", currency="142"),
            ],
            "exchange_rates": [
                {"currency": "502", "month": EARLIER.replace(day=1), "cny_per_unit": Decimal(7)}
            ],
        },
        150 / 200,
    ),
]


@pytest.mark.parametrize(("name", "tables", "expected"), CASES)
def test_compared_by_hand(
    number_of: Callable[..., Any], name: str, tables: dict[str, Any], expected: float | None
) -> None:
    features = [feature for feature in RECONCILIATION_FEATURES if feature.name == name]
    assert number_of(features, **tables) == {name: pytest.approx(expected)}


def test_every_reconciliation_feature_is_counted() -> None:
    assert {name for name, *_ in CASES} == {feature.name for feature in RECONCILIATION_FEATURES}
