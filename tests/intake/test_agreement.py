"""Documents held against each other: what was paid, and numbers that are used again."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from tests.intake.made import NOW, REPORTED, Zone, order
from tests.intake.test_flags import LATER, PAID, flags, payment, waybill


def test_an_order_is_held_against_all_its_payments(zone: Zone) -> None:
    zone.receive(zone.extract("orders", [order("O1", **PAID)]))
    half = Decimal("53.50")
    zone.receive(zone.extract("payments", [payment(amount=half)]))
    assert ("payment_amount", "O1") in flags(zone)
    rest = zone.extract("payments", [payment(transaction_no="T2", amount=half)])
    zone.receive(rest, now=LATER)
    assert ("payment_amount", "O1") not in flags(zone, LATER.date())
    assert ("payment_amount", "O1") in flags(zone)


def test_the_later_use_of_a_waybill_number_is_flagged_within_six_months(zone: Zone) -> None:
    days = (0, -100, -320, -500)
    rows = [waybill(f"O{n}", "W1", REPORTED + timedelta(days=d)) for n, d in enumerate(days)]
    for row in [*rows, waybill("O9", "W2")]:
        zone.receive(zone.extract("waybills", [row]))
    reuse = [row for row in zone.rows("flags") if row["check"] == "waybill_reuse"]
    assert {row["flagged_key"][-2:]: row["other_key"][-2:] for row in reuse} == {
        "O0": "O1",
        "O2": "O3",
    }


@pytest.mark.parametrize(
    ("first", "free"),
    [
        ("2025-11-01 10:00", "2026-05-01 10:00"),
        ("2025-05-20 08:00", "2025-11-20 08:00"),
        ("2025-08-31 23:59", "2026-02-28 23:59"),
        ("2023-08-31 12:00", "2024-02-29 12:00"),
    ],
)
def test_a_waybill_number_may_be_used_again_after_six_months_of_the_calendar(
    zone: Zone, first: str, free: str
) -> None:
    again = datetime.fromisoformat(free)
    for late, number in ((timedelta(0), "W1"), (timedelta(seconds=1), "W2")):
        rows = [
            waybill("O1", number, datetime.fromisoformat(first)),
            waybill("O2", number, again - late),
        ]
        receipt = zone.receive(zone.extract("waybills", rows))
        assert receipt.flags == ({"waybill_reuse": 1} if late else {})


@pytest.mark.parametrize(
    ("amount", "given", "flagged"),
    [
        ("107.01", {}, False),
        ("107.02", {}, True),
        ("53.50", {}, True),
        ("53.50", {"direction": "E"}, False),
    ],
)
def test_a_payment_that_comes_long_after_is_held_against_its_order(
    zone: Zone, amount: str, given: Mapping[str, str], *, flagged: bool
) -> None:
    """To the cent, and of imports alone."""
    old = order("O1", reported_at=REPORTED - timedelta(days=700), **PAID)
    zone.receive(zone.extract("orders", [old]))
    paid = payment(amount=Decimal(amount), **given)
    receipt = zone.receive(zone.extract("payments", [paid]))
    assert receipt.flags == ({"payment_amount": 1} if flagged else {})


def test_an_export_order_is_not_held_against_payments_of_imports(zone: Zone) -> None:
    zone.receive(zone.extract("orders", [order("O1", direction="E", order_type="E", **PAID)]))
    assert zone.receive(zone.extract("payments", [payment(amount=Decimal(5))])).flags == {}


def test_what_is_held_against_a_late_payment_does_not_hang_on_what_came_beside_it(
    zone: Zone,
) -> None:
    old = order("O1", reported_at=REPORTED - timedelta(days=1_000), **PAID)
    zone.receive(zone.extract("orders", [old]))
    day = REPORTED - timedelta(days=900)
    paid = payment(amount=Decimal(5), paid_at=day, reported_at=day)
    late = zone.extract("payments", [paid])
    receipt = zone.receive(late, zone.extract("waybills", [waybill("O2", "W1")]))
    assert receipt.flags == {"payment_amount": 1}


def test_a_flag_that_holds_for_the_next_version_too_goes_on_as_one(zone: Zone) -> None:
    for second in range(3):
        row = order("O1", operation="2", currency="502", buyer_name=f"N{second}")
        zone.receive(zone.extract("orders", [row]), now=NOW + timedelta(days=second))
    (flag,) = (row for row in zone.rows("flags") if row["check"] == "currency")
    assert (flag["version"], len(zone.rows("orders"))) == (1, 3)
