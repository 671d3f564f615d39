"""Platforms' payment data of No. 179: JSON in every form in which platforms keep it."""

import json
from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest

from intake.receipt import Receipt
from tests.intake.made import (
    CARRIER,
    CARRIER_CUSTOMS,
    FIRM,
    FIRM_CUSTOMS,
    Zone,
)

LISTS, LIST = "payExchangeInfoLists", "payExchangeInfoList"
KEYS = [f"{FIRM}|O1|T1", f"{FIRM}|O2|T1"]


def payload(transaction: str = "T1", lists: str = LISTS, **head: object) -> dict[str, Any]:
    """The payment of two orders at once."""
    goods = [{"gname": "奶粉", "itemLink": "https://shop.example/1"}]
    payee = {"goodsInfo": goods, "recpAccount": "6222000000000001", "recpName": "商户"}
    return {
        "sessionID": "S1",
        "payExchangeInfoHead": {
            "guid": "g",
            "initalRequest": "request",
            "initalResponse": "response",
            "ebpCode": FIRM_CUSTOMS,
            "payCode": CARRIER_CUSTOMS,
            "payTransactionId": transaction,
            "totalAmount": 100.5,
            "currency": "142",
            "verDept": "3",
            "payType": "1",
            "tradingTime": "20260501100000",
            **head,
        },
        lists: [{"orderNo": "O1", **payee}, {"orderNo": "O2", **payee, "recpCode": FIRM}],
        "serviceTime": 1777600800000,
        "certNo": "c",
        "signValue": "v",
    }


def sent(zone: Zone, content: object, name: str = "payments.json") -> Receipt:
    """The receipt of a file of JSON."""
    return zone.receive(zone.message(json.dumps(content, ensure_ascii=False), name))


def nested(content: dict[str, Any]) -> dict[str, Any]:
    """The parts as JSON in text, as they are signed."""
    parts = ("payExchangeInfoHead", LISTS)
    return content | {part: json.dumps(content[part], ensure_ascii=False) for part in parts}


def test_each_order_that_was_paid_is_a_row(zone: Zone) -> None:
    receipt = sent(zone, payload())
    (file,) = receipt.files
    assert (file.kind, file.entities, file.unknown) == ("PAY179", 1, {})
    assert receipt.tables["platform_payments"].accepted == 2
    first, second = zone.rows("platform_payments")
    assert [first["document_key"], second["document_key"]] == KEYS
    assert (first["platform_code"], first["payment_firm_code"]) == (FIRM, CARRIER)
    assert (first["total_amount"], first["verifying_body"]) == (Decimal("100.50000"), "3")
    assert first["traded_at"] == datetime.fromisoformat("2026-05-01 10:00")
    assert (first["payee_code"], second["payee_code"]) == (None, FIRM)


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(payload(lists=LIST), id="the other spelling"),
        pytest.param(nested(payload()), id="parts in text"),
        pytest.param({"payExInfoStr": payload()}, id="wrapped"),
        pytest.param({"payExInfoStr": json.dumps(nested(payload()))}, id="wrapped in text"),
        pytest.param([payload()], id="list"),
        pytest.param(json.dumps(payload()), id="all in text"),
    ],
)
def test_other_forms_say_the_same(zone: Zone, content: object) -> None:
    sent(zone, payload())
    receipt = sent(zone, content)
    assert receipt.total.unchanged == receipt.total.offered == 2


def test_one_payload_per_line_or_many_in_a_list(zone: Zone) -> None:
    many = [payload(f"T{n}") for n in range(3)]
    lines = "\n".join(json.dumps(each) for each in many)
    receipt = zone.receive(zone.message(f"\ufeff{lines}\n\n", "payments.jsonl"))
    assert (receipt.files[0].entities, receipt.total.accepted) == (3, 6)
    again = sent(zone, many)
    assert again.total.unchanged == again.total.offered == 6


def test_both_spellings_of_requests_are_known_and_others_are_named(zone: Zone) -> None:
    new = payload(initialRequest="r", initialResponse="r", novelty=1)
    assert sent(zone, new).files[0].unknown == {"novelty": 1}


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        pytest.param('{"sessionID": "S"', "malformed", id="cut"),
        pytest.param('["a letter"]', "malformed", id="no object"),
        pytest.param('{"sessionID": NaN}', "malformed", id="NaN"),
        pytest.param('{"sessionID": "\\ud800"}', "malformed", id="half a character"),
        pytest.param("[" * 100_000, "malformed", id="deep nesting"),
        pytest.param('{"sessionID": "S", "sessionID": "S"}', "named_twice", id="key twice"),
    ],
)
def test_a_line_that_cannot_be_read_spoils_no_other(zone: Zone, line: str, reason: str) -> None:
    lines = [json.dumps(payload("T1")), line, json.dumps(payload("T2"))]
    receipt = zone.receive(zone.message("\n".join(lines), "payments.jsonl"))
    assert receipt.reasons == {reason: 1}
    assert receipt.tables["platform_payments"].accepted == 4
    assert [entry["position"] for entry in zone.quarantined()] == [2]


def test_another_encoding_than_utf_8_is_refused(zone: Zone) -> None:
    content = json.dumps(payload(), ensure_ascii=False).encode("gb18030")
    receipt = zone.receive(zone.message(content, "payments.json"))
    assert receipt.reasons == {"wrong_encoding": 1}
    assert zone.rows("platform_payments") == []


def test_one_order_refused_refuses_the_whole_payload(zone: Zone) -> None:
    content = payload()
    del content[LISTS][1]["orderNo"]
    path = zone.message(json.dumps([content, payload("T2")]), "payments.json")
    receipt = zone.receive(path)
    assert receipt.reasons == {"missing": 1, "part_refused": 1}
    assert receipt.tables["platform_payments"].accepted == 2


def test_the_time_of_service_is_that_of_china(zone: Zone) -> None:
    zone.receive(zone.message(json.dumps(payload()), "payments.json"), history=True)
    at = {row["known_at"] for row in zone.rows("platform_payments")}
    assert at == {datetime.fromisoformat("2026-05-01 10:00")}


@pytest.mark.parametrize("before", [[], [payload("T1")]], ids=["alone", "after another"])
def test_a_document_larger_than_8_mib_is_refused_from_there_on(
    zone: Zone, before: list[dict[str, Any]]
) -> None:
    lines = [json.dumps(each) for each in (*before, payload("T2") | {"note": "x" * 9_000_000})]
    receipt = zone.receive(zone.message("\n".join(lines), "payments.jsonl"))
    assert receipt.reasons == {"malformed": 1}
    assert receipt.total.accepted == 2 * len(before)
