"""Evidence leads to the latest documents that speak, or to the roll."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from domain.signals import Signals
from features.evidence import evidence_rows

AS_OF = date(2025, 6, 30)
NIGHT = datetime.fromisoformat("2025-06-01T03:00")


def order(no: int, **given: object) -> dict[str, Any]:
    mine = {"merchant_code": "A", "order_no": str(no), "direction": "I", "platform_code": "P"}
    return {"reported_at": NIGHT + timedelta(days=no), **mine, **given}


ORDERS = [order(n) for n in range(1, 6)] + [order(6, reported_at=NIGHT + timedelta(hours=9))]
ROLL = [{"credit_code": code, "is_merchant": True} for code in "AB"]


def test_the_latest_three_that_speak(make_signals: Callable[..., Signals]) -> None:
    signals = make_signals(AS_OF, enterprises=ROLL, orders=ORDERS)
    rows = evidence_rows(signals, {"night_order_share": ["B", "A"]})
    assert rows.to_dict("split")["data"] == [
        ["night_order_share", "A", "orders", "P|A|5", 1],
        ["night_order_share", "A", "orders", "P|A|4", 2],
        ["night_order_share", "A", "orders", "P|A|3", 3],
        ["night_order_share", "B", "enterprises", "B", 1],
    ]
    assert list(rows.columns) == ["feature", "enterprise", "table", "document_key", "rank"]


def test_as_many_as_asked_for(make_signals: Callable[..., Signals]) -> None:
    signals = make_signals(AS_OF, enterprises=ROLL, orders=ORDERS)
    rows = evidence_rows(signals, {"night_order_share": ["A"], "order_count": ["A"]}, most=1)
    assert list(rows.document_key) == ["P|A|5", "P|A|5"]
    assert list(rows.feature) == ["night_order_share", "order_count"]


def test_nobody_asked(make_signals: Callable[..., Signals]) -> None:
    signals = make_signals(AS_OF, enterprises=ROLL, orders=ORDERS)
    assert evidence_rows(signals, {}).empty
    assert evidence_rows(signals, {"order_count": []}).empty


def test_a_shared_identity_leads_to_where_it_stands(make_signals: Callable[..., Signals]) -> None:
    roll = [{"credit_code": c, "office_phone_hash": "1", "email_account_hash": "m"} for c in "AB"]
    signals = make_signals(AS_OF, enterprises=roll)
    rows = evidence_rows(signals, {"shared_identity_weight": ["A"]})
    assert rows[["table", "document_key", "rank"]].to_numpy().tolist() == [["enterprises", "A", 1]]
