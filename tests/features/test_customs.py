"""Customs features on declarations that can be counted by hand."""

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from features.customs import CUSTOMS_FEATURES

MONDAY = datetime.fromisoformat("2025-06-30T09:00")
OLD = MONDAY - timedelta(days=180)  # one day before the window opens


def declaration(no: str, **given: object) -> dict[str, Any]:
    same = {"order_no": no, "waybill_no": no, "cop_no": no, "declaration_no": no}
    roles = {"merchant_code": "A", "agent_code": "G"}
    return {"direction": "I", "reported_at": MONDAY, **roles, **same, **given}


def line(no: str, hs_code: str, total: int, item: str = "i", **given: object) -> dict[str, Any]:
    keys = {"merchant_code": "A", "order_no": no, "waybill_no": no, "line_no": 1}
    goods = {"hs_code": hs_code, "item_no": item, "total_price": Decimal(total)}
    return {"currency": "142", "reported_at": MONDAY, **keys, **goods, **given}


def answer(no: str, status: str) -> dict[str, Any]:
    return {"agent_code": "G", "cop_no": no, "return_status": status, "returned_at": MONDAY}


DECLARATIONS = [
    declaration("1"),
    declaration("2", version=2),
    declaration("3"),
    declaration("4", direction="E"),
    declaration("5", reported_at=OLD),
    declaration("6", merchant_code="B"),
]
LINES = [
    line("1", "3304000000", 100, "cream"),
    line("2", "3305000000", 150, "cream"),
    line("3", "8500000000", 50, "lamp"),
    line("4", "8500000000", 10, "lamp", currency="502"),
    line("5", "8500000000", 9999, "lamp", reported_at=OLD),
]
RATES = [
    {"currency": "502", "month": datetime.fromisoformat("2025-06-01"), "cny_per_unit": Decimal(7)}
]
ANSWERS = [
    answer("1", "100"),
    answer("1", "100"),
    answer("1", "800"),
    answer("2", "300"),
    answer("2", "500"),
    answer("3", "502"),
    answer("4", "599"),
    answer("5", "100"),
]


def test_four_declarations_of_a(number_of: Callable[..., Any]) -> None:
    got = number_of(
        CUSTOMS_FEATURES,
        declarations=DECLARATIONS,
        declaration_lines=LINES,
        exchange_rates=RATES,
        customs_returns=ANSWERS,
        cancellations=[{"declaration_no": "4"}, {"declaration_no": "5"}],
        returns=[{"declaration_no": "1"}, {"declaration_no": "2"}, {"declaration_no": "4"}],
    )
    assert got == {
        "declaration_count": 4,
        "declared_value_cny": 100 + 150 + 50 + 10 * 7,
        "rejected_return_share": 1 / 4,
        "amended_share": 1 / 4,
        "manual_review_share": 1 / 4,
        "inspection_share": 1 / 4,
        "detained_count": 2,
        "cancellation_share": 1 / 4,
        "return_share": round(2 / 3, 9),  # of the three imports
        "top_hs_chapter_share": round(250 / 370, 9),  # chapter 33
        "hs_codes_per_item": 3 / 2,  # the cream under two codes, the lamp under one
    }


def test_no_declarations_are_none_and_shares_of_none_are_unknown(
    number_of: Callable[..., Any],
) -> None:
    got = number_of(CUSTOMS_FEATURES, declarations=DECLARATIONS, enterprise="C")
    zero = {"declaration_count", "declared_value_cny", "detained_count"}
    assert got == {f.name: 0 if f.name in zero else None for f in CUSTOMS_FEATURES}


def test_a_rate_holds_on_into_a_month_without_one(number_of: Callable[..., Any]) -> None:
    old = datetime.fromisoformat("2025-03-01")
    rates = [
        {"currency": "502", "month": old, "cny_per_unit": Decimal(6)},
        {
            "currency": "502",
            "month": datetime.fromisoformat("2025-01-01"),
            "cny_per_unit": Decimal(5),
        },
    ]
    got = number_of(
        CUSTOMS_FEATURES,
        declarations=[declaration("4")],
        declaration_lines=[line("4", "8500000000", 10, currency="502")],
        exchange_rates=rates,
    )
    assert got["declared_value_cny"] == 60
