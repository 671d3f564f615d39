"""Price features on lines that can be compared by hand."""

import math
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest

from features.price import PRICE_FEATURES

MONDAY = datetime.fromisoformat("2025-06-30T09:00")


def head(no: str, merchant: str, **given: object) -> dict[str, Any]:
    keys = {"merchant_code": merchant, "order_no": no, "waybill_no": no}
    return {"direction": "I", "reported_at": MONDAY, "currency": "142", **keys, **given}


def line(
    no: str, merchant: str, price: str, bar_code: str = "bar", **given: object
) -> dict[str, Any]:
    keys = {"merchant_code": merchant, "order_no": no, "waybill_no": no, "line_no": 1}
    money = {"price": Decimal(price), "total_price": Decimal(price), "currency": "142"}
    return {"reported_at": MONDAY, "bar_code": bar_code, **keys, **money, **given}


def priced(*own: dict[str, Any]) -> dict[str, Any]:
    """A's lines beside B's and C's at 100, so that the usual price is 100."""
    others = [line("b", "B", "100"), line("c", "C", "100"), line("c", "C", "100", line_no=2)]
    mine = [{**row, "line_no": n} for n, row in enumerate(own, start=1)]
    heads = [head("a", "A"), head("b", "B"), head("c", "C")]
    return {"declarations": heads, "declaration_lines": [*mine, *others]}


def dense(own_value: str) -> dict[str, Any]:
    """One export of A of 2 kg; B's and C's are CNY 100 per kg."""
    values = {"A": own_value, "B": "200", "C": "200"}
    heads = [head(c, c, direction="E", net_weight=Decimal(2)) for c in values]
    return {
        "declarations": heads,
        "declaration_lines": [line(c, c, value) for c, value in values.items()],
    }


def linked(*prices: tuple[str, str]) -> dict[str, Any]:
    """Import orders of A: price of the first line, and price at the goods link."""
    tables: dict[str, list[dict[str, Any]]] = {
        "orders": [],
        "order_lines": [],
        "platform_payments": [],
    }
    for no, (price, link) in enumerate(prices):
        key = {"platform_code": "P", "order_no": str(no)}
        mine = {**key, "merchant_code": "A", "reported_at": MONDAY}
        tables["orders"].append({**mine, "direction": "I"})
        tables["order_lines"].append({**mine, "line_no": 1, "price": Decimal(price)})
        tables["order_lines"].append({**mine, "line_no": 2, "price": Decimal(1)})
        tables["platform_payments"].append(
            {**key, "transaction_no": "t", "link_price": Decimal(link), "traded_at": MONDAY}
        )
    return tables


THREE = (line("a", "A", "50"), line("a", "A", "70"), line("a", "A", "201"))
CASES: list[tuple[str, dict[str, Any], float | None]] = [
    ("median_price_log_ratio", priced(*THREE), math.log(0.7)),
    ("low_price_line_share", priced(*THREE), 2 / 3),
    ("low_price_line_share", priced(line("a", "A", "75")), 0),
    ("high_price_line_share", priced(*THREE), 1 / 3),
    ("high_price_line_share", priced(line("a", "A", "0")), None),  # a gift has no price
    ("high_price_line_share", priced(line("a", "A", "500", "A's", hs_code="A's")), None),
    (
        "price_log_spread",  # all cut to the same 0.7
        priced(line("a", "A", "70"), line("a", "A", "70")),
        0,
    ),
    ("high_value_density_share", dense("2000"), 0),
    ("high_value_density_share", dense("2001"), 1),
    ("median_declared_to_link_price", linked(("70", "100"), ("80", "100"), ("100", "100")), 0.8),
]


@pytest.mark.parametrize(("name", "tables", "expected"), CASES)
def test_compared_by_hand(
    number_of: Callable[..., Any], name: str, tables: dict[str, Any], expected: float | None
) -> None:
    features = [feature for feature in PRICE_FEATURES if feature.name == name]
    assert number_of(features, **tables) == {name: pytest.approx(expected)}


def test_without_bar_codes_the_hs_code_compares(number_of: Callable[..., Any]) -> None:
    tables = priced(line("a", "A", "50"))
    rows = [{**row, "bar_code": "无", "hs_code": "3304"} for row in tables["declaration_lines"]]
    features = [feature for feature in PRICE_FEATURES if feature.name == "low_price_line_share"]
    got = number_of(features, **{**tables, "declaration_lines": rows})
    assert got == {"low_price_line_share": 1}


def test_every_price_feature_is_counted() -> None:
    assert {name for name, *_ in CASES} == {feature.name for feature in PRICE_FEATURES}
