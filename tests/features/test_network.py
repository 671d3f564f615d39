"""Network features on ties, money and goods that can be drawn on paper."""

import math
from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from features.network import NETWORK_FEATURES

NOON = datetime.fromisoformat("2025-06-01T12:00")
SPRING, SUMMER = date(2020, 3, 1), date(2020, 6, 1)


def firm(code: str, **given: object) -> dict[str, Any]:
    return {"credit_code": code, "registered_on": SPRING, "is_merchant": True, **given}


def relation(code: str, person: str | None, **given: object) -> dict[str, Any]:
    mine = {"enterprise_code": code, "relation_no": f"{code} {person}", "person_hash": person}
    return {"valid_from": SPRING, **mine, **given}


# A - B by phone, B - C by a person behind, C - D by e-mail; E shares but a lawful room with A.
TIED = {
    "enterprises": [
        firm("A", office_phone_hash="1", office_address_hash="r", cluster_registered=True),
        firm("B", office_phone_hash="1", registered_on=SPRING + timedelta(days=30)),
        firm("C", legal_representative_hash="p", email_account_hash="m", registered_on=SUMMER),
        firm("D", email_account_hash="m", dissolved_on=date(2025, 6, 30), registered_on=SUMMER),
        firm("E", office_address_hash="r", cluster_registered=True),
    ],
    "relations": [relation("B", "p"), relation("E", "p", valid_to=date(2025, 6, 29))],
}
CROWD = {
    "enterprises": [firm("A", office_phone_hash="accountant")]
    + [firm(f"other {n}", office_phone_hash="accountant") for n in range(15)]
}
OWNED = {
    "enterprises": [firm("A"), firm("OWNER")],
    "relations": [relation("A", None, related_code="OWNER", kind="parent")],
}


def paid(payer: str, payee: str | None, amount: int) -> dict[str, Any]:
    mine = {"enterprise_code": payer, "counterparty_code": payee, "flow_no": f"{payer}{payee}"}
    return {"direction": "out", "amount_cny": Decimal(amount), "booked_at": NOON, **mine}


CIRCLE = [
    paid("A", "B", 60),
    paid("B", "C", 1),
    paid("C", "A", 1),
    paid("A", None, 30),
    paid("A", "elsewhere", 10),
    paid("elsewhere", "A", 10),
]


def declaration(no: int, owner: str | None, direction: str = "E") -> dict[str, Any]:
    keys = {"merchant_code": "A", "order_no": str(no), "waybill_no": str(no)}
    return {"direction": direction, "owner_code": owner, "reported_at": NOON, **keys}


OWNERS = [declaration(1, "A"), declaration(2, "B"), declaration(3, "X"), declaration(4, "Y")]


def trade(no: int, direction: str, item: str, quantity: int, days: int) -> dict[str, Any]:
    when = {"reported_at": NOON - timedelta(days=150 - days)}
    goods = {"item_no": item, "quantity": Decimal(quantity), "line_no": 1}
    return {**declaration(no, None, direction), **goods, **when}


BACK = [
    trade(1, "E", "lamp", 6, 0),
    trade(2, "E", "lamp", 4, 10),
    trade(3, "I", "lamp", 5, 99),
    trade(4, "I", "lamp", 9, 100),  # over 90 days after the last export
    trade(5, "E", "cup", 10, 5),
    trade(6, "I", "cup", 99, 4),  # before any export
    trade(7, "I", "cup", 30, 20),  # more came back than left
]
CASES: list[tuple[str, dict[str, Any], float | None]] = [
    ("shared_identity_cluster_size", TIED, 4),
    ("shared_identity_cluster_size", CROWD, 1),
    ("shared_identity_cluster_size", OWNED, 2),
    ("shared_identity_weight", TIED, -math.log(2 / 5)),
    ("shared_identity_weight", CROWD, 0),
    ("cluster_dissolved_share", TIED, 1 / 3),
    ("cluster_dissolved_share", CROWD, 0),
    ("cluster_registered_together_share", TIED, 1 / 3),
    ("money_cycle_share", {"bank_flows": CIRCLE}, 60 / 100),
    ("unseen_owner_share", {"declarations": [*OWNERS, declaration(5, None)]}, 2 / 4),
    ("reimport_match_share", {"declarations": BACK, "declaration_lines": BACK}, 15 / 20),
]


@pytest.mark.parametrize(("name", "tables", "expected"), CASES)
def test_drawn_on_paper(
    number_of: Callable[..., Any], name: str, tables: dict[str, Any], expected: float
) -> None:
    features = [feature for feature in NETWORK_FEATURES if feature.name == name]
    assert number_of(features, **tables) == {name: pytest.approx(expected, abs=1e-5)}


def test_every_network_feature_is_counted() -> None:
    assert {name for name, *_ in CASES} == {feature.name for feature in NETWORK_FEATURES}
