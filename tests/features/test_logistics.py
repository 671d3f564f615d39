"""Logistics features on parcels that can be followed by hand."""

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from features.logistics import LOGISTICS_FEATURES

MONDAY = datetime.fromisoformat("2025-06-30T09:00")
EARLIER = MONDAY - timedelta(days=30)


def declaration(no: int, **given: object) -> dict[str, Any]:
    keys = {"merchant_code": "A", "order_no": str(no), "waybill_no": str(no), "cop_no": str(no)}
    roles = {"carrier_code": "C", "agent_code": "G"}
    return {"direction": "I", "reported_at": EARLIER, **roles, **keys, **given}


def goods(no: int, total: int) -> dict[str, Any]:
    keys = {"merchant_code": "A", "order_no": str(no), "waybill_no": str(no), "line_no": 1}
    money = {"total_price": Decimal(total), "currency": "142", "carrier_code": "C"}
    return {"reported_at": EARLIER, **keys, **money}


def waybill(no: int, **given: object) -> dict[str, Any]:
    keys = {"carrier_code": "C", "waybill_no": str(no), "order_no": str(no), "direction": "I"}
    return {"gross_weight": Decimal(no), "reported_at": EARLIER, **keys, **given}


def status(no: int, at: datetime, code: str = "S") -> dict[str, Any]:
    return {"carrier_code": "C", "waybill_no": str(no), "status": code, "status_at": at}


def released(no: int, at: datetime) -> dict[str, Any]:
    return {"agent_code": "G", "cop_no": str(no), "return_status": "800", "returned_at": at}


FIVE = [declaration(n) for n in range(1, 6)]
CASES: list[tuple[str, dict[str, Any], float | None]] = [
    (
        "unsigned_waybill_share",
        {
            "declarations": FIVE,
            "waybills": [
                waybill(1),
                waybill(2),
                waybill(3),
                waybill(4, reported_at=MONDAY - timedelta(days=14)),  # not 15 days yet
            ],
            "waybill_status": [status(1, EARLIER), status(2, EARLIER, "R")],
        },
        2 / 3,
    ),
    (
        "reused_waybill_count",
        {
            "declarations": [
                declaration(1),
                declaration(2, waybill_no="1"),
                declaration(3),
                declaration(4, waybill_no="3", carrier_code="D"),
            ]
        },
        2,
    ),
    (
        "signed_before_release_share",
        {
            "declarations": FIVE,
            "waybill_status": [status(n, MONDAY) for n in (1, 2, 3)],
            "customs_returns": [
                released(1, MONDAY + timedelta(seconds=1)),
                released(2, MONDAY),
                released(4, MONDAY),
            ],
        },
        1 / 2,
    ),
    (
        "identical_weight_share",
        {
            "declarations": FIVE,
            "declaration_lines": [goods(1, 5), goods(2, 6), goods(3, 5), goods(4, 5), goods(5, 5)],
            "waybills": [
                *[waybill(n, gross_weight=Decimal(2)) for n in (1, 2, 3)],
                *[waybill(n) for n in (4, 5)],
            ],
        },
        3 / 5,
    ),
    (
        "identical_weight_share",  # the same goods weigh the same
        {
            "declarations": FIVE[:3],
            "declaration_lines": [goods(1, 5), goods(2, 5), goods(3, 5)],
            "waybills": [waybill(n, gross_weight=Decimal(2)) for n in (1, 2, 3)],
        },
        0,
    ),
    (
        "undeparted_export_share",
        {
            "declarations": [declaration(n, direction="E") for n in (1, 2, 3, 4)],
            "customs_returns": [
                released(1, EARLIER),
                released(2, EARLIER),
                released(3, MONDAY - timedelta(days=14)),
            ],
            "departures": [{"carrier_code": "C", "waybill_no": "1", "left_at": MONDAY}],
        },
        1 / 2,
    ),
]


@pytest.mark.parametrize(("name", "tables", "expected"), CASES)
def test_followed_by_hand(
    number_of: Callable[..., Any], name: str, tables: dict[str, Any], expected: float | None
) -> None:
    features = [feature for feature in LOGISTICS_FEATURES if feature.name == name]
    assert number_of(features, **tables) == {name: pytest.approx(expected)}


def test_every_logistics_feature_is_counted() -> None:
    assert {name for name, *_ in CASES} == {feature.name for feature in LOGISTICS_FEATURES}
