"""Payment features on bank flows that can be added by hand."""

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from features.payment import PAYMENT_FEATURES

DAY = datetime.fromisoformat("2025-06-26")
LONG_AGO = datetime.fromisoformat("2024-12-01")


def flow(no: int, direction: str, amount: str, **given: object) -> dict[str, Any]:
    mine = {"enterprise_code": "A", "flow_no": str(no), "direction": direction}
    what = {"amount_cny": Decimal(amount), "country": "502", "purpose": "goods"}
    return {"booked_at": DAY + timedelta(hours=no), **mine, **what, **given}


def trade(no: int, direction: str, total: int, **given: object) -> dict[str, list[dict[str, Any]]]:
    keys = {"merchant_code": "A", "order_no": str(no), "waybill_no": str(no)}
    head = {"direction": direction, "country": "502", "reported_at": DAY, **keys, **given}
    line = {"line_no": 1, "currency": "142", "total_price": Decimal(total)}
    return {"declarations": [head], "declaration_lines": [{**head, **line}]}


def both(*trades: dict[str, list[dict[str, Any]]]) -> dict[str, list[dict[str, Any]]]:
    return {name: [row for t in trades for row in t[name]] for name in trades[0]}


GOODS = both(trade(1, "E", 1000), trade(2, "I", 200))
MONEY = [
    flow(1, "in", "600"),
    flow(2, "out", "300"),
    flow(3, "in", "5000", country="142"),
    flow(4, "in", "5000", purpose="loan"),
]
USD = [
    {"currency": "502", "month": datetime.fromisoformat("2025-01-01"), "cny_per_unit": Decimal(8)}
]
CASES: list[tuple[str, dict[str, Any], float | None]] = [
    (
        "pass_through_ratio",  # 90 of the 100 within 72 hours; the 50 came an hour too early
        {"bank_flows": [flow(1, "in", "100"), flow(73, "out", "90"), flow(0, "in", "50")]},
        90 / 150,
    ),
    (
        "pass_through_ratio",  # one payment does not pay out two receipts
        {"bank_flows": [flow(1, "in", "100"), flow(2, "in", "100"), flow(3, "out", "100")]},
        100 / 200,
    ),
    ("pass_through_ratio", {"bank_flows": [flow(1, "out", "100"), flow(2, "in", "10")]}, 0),
    (
        "third_country_receipt_share",
        {
            **trade(1, "E", 1),
            "bank_flows": [
                flow(1, "in", "300"),
                flow(2, "in", "100", country="110"),
                flow(3, "in", "999", country="142"),
                flow(4, "out", "999", country="110"),
            ],
        },
        1 / 4,
    ),
    (
        "round_amount_share",
        {
            "bank_flows": [
                flow(1, "in", "2000"),
                flow(2, "out", "1000.01"),
                flow(3, "in", "0"),
                flow(4, "in", "30000"),
            ]
        },
        1 / 2,
    ),
    ("fund_goods_gap", {**GOODS, "bank_flows": MONEY}, 1 - 900 / 1200),
    ("fund_goods_gap", {"bank_flows": MONEY}, None),
    (
        "total_difference_ratio",  # 200 + 600 - 300 - 1000
        {**GOODS, "bank_flows": MONEY},
        500 / 2100,
    ),
    (
        "annual_fx_to_exemption",
        {
            "bank_flows": [
                flow(1, "in", "800000"),
                flow(2, "in", "800000", booked_at=LONG_AGO),
                flow(3, "out", "800000"),
            ],
            "exchange_rates": USD,
        },
        0.5,
    ),
    (
        "counterparties_in_per_out",
        {
            "bank_flows": [
                *[flow(n, "in", "1", counterparty_account_hash=f"{n}") for n in (1, 2, 3)],
                flow(4, "in", "1", counterparty_account_hash="3"),
                flow(5, "out", "1", counterparty_account_hash="1"),
                flow(6, "out", "1", counterparty_account_hash="4"),
            ]
        },
        3 / 2,
    ),
    (
        "receipts_without_exports_cny",
        {
            **trade(1, "E", 400),
            "bank_flows": [*MONEY, flow(5, "in", "70", booked_at=LONG_AGO)],
        },
        200,
    ),
    ("receipts_without_exports_cny", {**GOODS, "bank_flows": MONEY}, 0),
]


@pytest.mark.parametrize(("name", "tables", "expected"), CASES)
def test_added_by_hand(
    number_of: Callable[..., Any], name: str, tables: dict[str, Any], expected: float | None
) -> None:
    features = [feature for feature in PAYMENT_FEATURES if feature.name == name]
    assert number_of(features, **tables) == {name: pytest.approx(expected)}


def test_every_payment_feature_is_counted() -> None:
    assert {name for name, *_ in CASES} == {feature.name for feature in PAYMENT_FEATURES}
