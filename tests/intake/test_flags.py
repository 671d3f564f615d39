"""What does not agree is accepted and flagged, from the day it is known to the day it is not."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from domain.identity import credit_code_check_character
from domain.tables.flags import Check
from intake.checks import CHECK_WORDS
from tests.intake.made import (
    CARRIER,
    FIRM,
    NOW,
    NOW_DAY,
    REPORTED,
    Zone,
    message,
    order,
    order_entity,
    order_line,
)

LATER = NOW + timedelta(days=2)
WRONG_CODE = "91320300MA0000003X"
PAID = {"tax_total": Decimal(9), "discount": Decimal(2), "actual_paid": Decimal(107)}


def payment(order_no: str = "O1", **given: object) -> dict[str, Any]:
    row = {
        "direction": "I",
        "platform_code": FIRM,
        "payment_firm_code": FIRM,
        "transaction_no": f"T{order_no}",
        "order_no": order_no,
        "amount": Decimal(107),
        "currency": "142",
        "paid_at": REPORTED - timedelta(hours=1),
        "reported_at": REPORTED,
    }
    return {**row, **given}


def waybill(order_no: str, waybill_no: str, reported: datetime = REPORTED) -> dict[str, Any]:
    return {
        "direction": "I",
        "carrier_code": CARRIER,
        "waybill_no": waybill_no,
        "order_no": order_no,
        "currency": "142",
        "gross_weight": Decimal(1),
        "pieces": 1,
        "reported_at": reported,
    }


def flags(zone: Zone, as_of: date = NOW_DAY) -> set[tuple[str, str]]:
    """Check and last part of the document's key, of the flags that stand on a day."""
    rows = zone.alive("flags", as_of).values()
    return {(row["check"], row["flagged_key"].rpartition("|")[2]) for row in rows}


@pytest.mark.parametrize(
    ("table", "row", "check", "amounts"),
    [
        ("orders", order("O1", **PAID), None, None),
        ("orders", order("O1", **PAID | {"actual_paid": Decimal("107.01")}), None, None),
        (
            "orders",
            order("O1", **PAID | {"actual_paid": Decimal("107.02")}),
            "amount_identity",
            (Decimal("107.02"), Decimal(107)),
        ),
        ("orders", order("O1", currency="502"), "currency", (None, None)),
        ("orders", order("O1", currency="502", direction="E", order_type="E"), None, None),
        ("orders", order("O1", buyer_id_number="110105194912310021"), "check_digit", (None, None)),
        ("orders", order("O1", payment_firm_code=WRONG_CODE), "check_digit", (None, None)),
        ("orders", order("O1", payment_firm_code="31222699S7"), None, None),
        (
            "order_lines",
            order_line("O1", 1, price=Decimal("33.33"), quantity=Decimal(3)),
            None,
            None,
        ),
        (
            "order_lines",
            order_line("O1", 1, quantity=Decimal(3)),
            "line_total",
            (Decimal(100), Decimal(300)),
        ),
        ("payments", payment(paid_at=REPORTED), None, None),
        ("payments", payment(paid_at=REPORTED + timedelta(1)), "time_order", (None, None)),
    ],
)
def test_one_row_against_itself(
    zone: Zone, table: str, row: Mapping[str, Any], check: str | None, amounts: object
) -> None:
    receipt = zone.receive(zone.extract(table, [row]))
    assert receipt.tables[table].accepted == 1
    assert receipt.flags == ({} if check is None else {check: 1})
    found = [flag for flag in zone.rows("flags") if flag["table_name"] == table]
    assert [flag["check"] for flag in found] == ([] if check is None else [check])
    assert [(flag["found"], flag["expected"]) for flag in found] == ([amounts] if check else [])


def test_a_wrong_code_of_the_roll_is_flagged_once_on_the_roll(zone: Zone) -> None:
    right = FIRM[:-1] + credit_code_check_character(FIRM[:-1])
    assert right != FIRM
    zone.receive(zone.extract("orders", [order("O1")]))
    assert flags(zone) == {("check_digit", FIRM), ("check_digit", CARRIER)}


def test_products_that_no_amount_can_hold_are_flagged_without_it(zone: Zone) -> None:
    huge = order_line("O1", 1, price=Decimal(10) ** 12, quantity=Decimal(10) ** 12)
    zone.receive(zone.extract("order_lines", [huge]))
    (flag,) = (row for row in zone.rows("flags") if row["check"] == "line_total")
    assert flag["expected"] is None


@pytest.mark.parametrize("lines_first", [True, False])
def test_lines_are_summed_whichever_comes_first(zone: Zone, *, lines_first: bool) -> None:
    orders = [order("O1"), order("O2"), order("O3")]
    lines = [order_line(number, k) for number, k in (("O1", 1), ("O2", 1), ("O2", 2))]
    paths = [zone.extract("orders", orders), zone.extract("order_lines", lines)]
    for path in reversed(paths) if lines_first else paths:
        receipt = zone.receive(path)
    assert receipt.flags == {"line_sum": 1}
    (flag,) = (row for row in zone.rows("flags") if row["check"] == "line_sum")
    assert flag["flagged_key"] == f"{FIRM}|{FIRM}|O2"
    assert (flag["found"], flag["expected"]) == (100, 200)
    assert flag["enterprise_code"] == FIRM
    assert flag["document_at"] == REPORTED


def test_a_flag_ends_with_what_it_speaks_of_and_the_past_keeps_it(zone: Zone) -> None:
    zone.receive(zone.message(message(order_entity("O1", (1, 2)), order_entity("O2", (1, 2)))))
    before = flags(zone)
    assert before >= {("line_sum", "O1"), ("line_sum", "O2")}
    change = order_entity("O1", (1,), appType="2", appTime="20260502100000")
    gone = order_entity("O2", (1,), appType="3", appTime="20260502100000")
    zone.receive(zone.message(message(change, gone)), now=LATER)
    roll = {flag for flag in before if flag[1] in {FIRM, CARRIER}}
    assert flags(zone, LATER.date()) == roll
    assert flags(zone) == before


def test_a_corrected_row_loses_its_flag_and_may_win_it_back(zone: Zone) -> None:
    texts = ("502", "142", "502")
    for day, currency in enumerate(texts):
        reported = REPORTED + timedelta(seconds=day)
        row = order("O1", operation="2", currency=currency, reported_at=reported)
        zone.receive(zone.extract("orders", [row]), now=NOW + timedelta(days=day))
    days = [NOW_DAY + timedelta(days=day) for day in range(3)]
    assert [("currency", "O1") in flags(zone, day) for day in days] == [True, False, True]


def test_history_flags_at_the_times_it_asserts(zone: Zone) -> None:
    days = [datetime.fromisoformat(f"2026-05-0{day} 10:00") for day in (2, 4, 6, 8)]
    whole = order("O1", known_at=days[0])
    line = [order_line("O1", k, known_at=at) for k, at in ((1, days[0]), (2, days[1]))]
    gone = order_line("O1", 2, operation="3", known_at=days[2])
    zone.receive(
        zone.extract("orders", [whole]), zone.extract("order_lines", [*line, gone]), history=True
    )
    stands = [("line_sum", "O1") in flags(zone, day.date()) for day in days]
    assert stands == [False, True, False, False]
    assert {row["asserted"] for row in zone.rows("flags") if row["check"] == "line_sum"} == {True}


@pytest.mark.parametrize(
    "given",
    [
        {"buyer_id_number": "110105491231002"},
        {"buyer_id_number": "E12345678"},
        {"payment_firm_code": "80210043X"},
        {"payment_firm_code": "4403169D3W"},
        {"platform_code": "无"},
    ],
)
def test_a_number_without_check_character_is_not_flagged(
    zone: Zone, given: Mapping[str, str]
) -> None:
    assert zone.receive(zone.extract("orders", [order("O1", **given)])).flags == {}


def test_every_check_is_said_in_words() -> None:
    assert {*CHECK_WORDS} == {*Check}


def test_nobody_can_hand_in_a_flag(zone: Zone) -> None:
    own = zone.extract("orders", [order("O1")]).rename(zone.folder / "flags.parquet")
    assert zone.receive(own).not_yet_read == {"flags": 1}


MOVED = {"carrier_code": CARRIER, "waybill_no": "W1", "customs_code": "2301"}
DECLARED = MOVED | {
    "direction": "I",
    "merchant_code": FIRM,
    "order_no": "O1",
    "declared_on": REPORTED.date(),
    "trade_mode": "1210",
    "transport_mode": "4",
    "port_code": "2301",
    "country": "142",
    "freight": Decimal(0),
    "insured_fee": Decimal(0),
    "currency": "142",
    "pieces": 1,
    "gross_weight": Decimal(2),
    "net_weight": Decimal(2),
    "reported_at": REPORTED,
}


@pytest.mark.parametrize(
    ("table", "row", "check"),
    [
        ("declarations", DECLARED, None),
        ("declarations", DECLARED | {"net_weight": Decimal("2.00001")}, "weight"),
        ("declarations", DECLARED | {"currency": "502"}, "currency"),
        *(
            (table, {**MOVED, "reported_at": REPORTED, moment: REPORTED + late}, check)
            for table, moment in (("waybill_status", "status_at"), ("departures", "left_at"))
            for late, check in ((timedelta(0), None), (timedelta(seconds=1), "time_order"))
        ),
    ],
)
def test_declarations_and_movements_are_looked_at_too(
    zone: Zone, table: str, row: Mapping[str, Any], check: str | None
) -> None:
    receipt = zone.receive(zone.extract(table, [row]))
    assert receipt.tables[table].accepted == 1
    assert receipt.flags == ({} if check is None else {check: 1})
