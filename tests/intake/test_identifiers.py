"""Numbers of people that were written where no person is meant, and people who must meet."""

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.identity import is_credit_code
from domain.table import Personal
from domain.tables import TABLES
from intake.identifiers import scrub, without_identifiers
from intake.pseudonym import Pseudonymiser, id_check_character, id_number_holds
from tests.intake.made import (
    CARRIER,
    FIRM,
    KEYS,
    REPORTED,
    Zone,
    message,
    offered,
    order,
    order_entity,
)

NUMBER, PHONE = "11010519491231002X", "13912345678"
HASHES = Pseudonymiser(KEYS.pseudonym)
NUMBER_TOKEN = "#" + HASHES.hash(Personal.ID_NUMBER, NUMBER)
PHONE_TOKEN = "#" + HASHES.hash(Personal.PHONE, PHONE)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        (NUMBER, NUMBER_TOKEN),
        (f"order of {NUMBER.lower()}!", f"order of {NUMBER_TOKEN}!"),
        ("１１０１０５１９４９１２３１００２Ｘ", NUMBER_TOKEN),
        (PHONE, PHONE_TOKEN),
        ("W13912345678-1", f"W{PHONE_TOKEN}-1"),
        ("电话+86 139-1234-5678", f"电话{PHONE_TOKEN}"),
        ("１３９１２３４５６７８", PHONE_TOKEN),
        (f"{PHONE} {PHONE}", f"{PHONE_TOKEN} {PHONE_TOKEN}"),
    ],
)
def test_a_number_of_a_person_becomes_its_hash(zone: Zone, text: str, kept: str) -> None:
    zone.receive(zone.extract("orders", [order(text)]))
    (row,) = zone.rows("orders")
    assert row["order_no"] == kept
    assert row["document_key"].endswith(f"|{kept}")


@pytest.mark.parametrize(
    "text",
    [
        "110105194912310021",  # its check character is wrong
        "110105194913310026",  # no such month
        "1391234567890123",  # a longer number
        "12912345678",  # no mobile number
        "20260501100000123456",
        "奶粉 900g 139",
    ],
)
def test_other_numbers_stay_as_they_are(zone: Zone, text: str) -> None:
    zone.receive(zone.extract("orders", [order(text)]))
    assert [row["order_no"] for row in zone.rows("orders")] == [text]


def test_a_number_that_customs_gave_is_not_taken_for_a_persons(zone: Zone) -> None:
    given = {"merchant_code": FIRM, "agent_code": FIRM, "direction": "I", "reported_at": REPORTED}
    body = "23022019101231001"  # district 2302, year 2019; born in 1910
    lucky = body + id_check_character(body)
    assert scrub(lucky, HASHES) != lucky
    rows = [{**given, "declaration_no": number} for number in (lucky, NUMBER)]
    zone.receive(zone.extract("cancellations", rows))
    kept = {row["declaration_no"] for row in zone.rows("cancellations")}
    assert kept == {lucky, NUMBER_TOKEN}


def test_documents_of_one_order_still_meet(zone: Zone) -> None:
    zone.receive(zone.message(message(order_entity(PHONE, (1,)))))
    zone.receive(zone.extract("orders", [order(PHONE, operation="2", freight=7)]))
    assert {row["parent_key"] for row in zone.rows("order_lines")} == {
        row["document_key"] for row in zone.rows("orders")
    }
    assert [row["version"] for row in zone.rows("orders")] == [1, 2]


def test_a_number_in_place_of_a_code_is_not_kept_either(zone: Zone) -> None:
    row = order("O1", platform_code=NUMBER, payment_firm_code="31222699S7")
    receipt = zone.receive(zone.extract("orders", [row, order("O2", merchant_code=NUMBER)]))
    assert receipt.reasons == {"unknown_enterprise": 1}
    (kept,) = zone.rows("orders")
    assert (kept["platform_code"], kept["payment_firm_code"]) == (NUMBER_TOKEN, "31222699S7")
    assert zone.quarantined()[0]["document_key"] == f"{FIRM}|{NUMBER_TOKEN}|O2"


def test_an_account_number_meets_the_account_of_the_buyer(zone: Zone) -> None:
    account = {"platform_code": FIRM, "opened_at": REPORTED, "buyer_account": "Wang@Example.com"}
    zone.receive(
        zone.extract("platform_accounts", [{**account, "account_no": "ｗａｎｇ@example.com"}])
    )
    (row,) = zone.rows("platform_accounts")
    assert row["account_no"] == f"#{row['buyer_account_hash']}"
    assert row["document_key"] == f"{FIRM}|{row['account_no']}"


def test_two_people_at_one_address_in_other_widths_and_spacings_meet(zone: Zone) -> None:
    places = ("江苏省徐州市测试路1号2-101室", "江苏省 徐州市测试路１号　２－１０１室。")
    people = ("11010519491231002X", "110105194912310038")
    for n, (place, person) in enumerate(zip(places, people, strict=True)):
        rows = [order(f"O{n}", consignee_address=place, buyer_id_number=person)]
        zone.receive(zone.extract("orders", rows))
    one, other = zone.rows("orders")
    assert one["consignee_address_hash"] == other["consignee_address_hash"]
    assert one["buyer_hash"] != other["buyer_hash"]


def test_the_old_and_the_new_form_of_an_id_number_meet(zone: Zone) -> None:
    for n, number in enumerate((NUMBER, "110105 491231 002")):
        zone.receive(zone.extract("orders", [order(f"O{n}", buyer_id_number=number)]))
    assert len({row["buyer_hash"] for row in zone.rows("orders")}) == 1


def test_names_of_files_are_cleaned_too(zone: Zone) -> None:
    sent = zone.message(message(order_entity("O1", goodsValue="x")), f"{PHONE}.xml")
    receipt = zone.receive(sent, now=datetime.fromisoformat("2026-06-02"))
    assert receipt.files[0].name == f"{PHONE_TOKEN}.xml"
    assert {entry["file"] for entry in zone.quarantined()} == {f"{PHONE_TOKEN}.xml"}
    assert CARRIER not in str(receipt)


@given(st.text(max_size=40))
def test_what_is_clean_once_stays_clean(text: str) -> None:
    assert scrub(scrub(text, HASHES), HASHES) == scrub(text, HASHES)


@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("cancellations", "pre_no"),
        ("tax_bills", "tax_no"),
        ("tax_bills", "summary_tax_no"),
    ],
)
def test_other_numbers_of_customs_are_not_taken_for_a_persons_either(
    table: str, column: str
) -> None:
    body = "23022019101231001"
    lucky = body + id_check_character(body)
    rows = offered(table, [{column: number} for number in (lucky, NUMBER)])
    kept = without_identifiers(TABLES[table], rows, HASHES)
    assert kept[column].to_pylist() == [lucky, NUMBER_TOKEN]


def test_a_credit_code_that_looks_like_an_id_number_stays(zone: Zone) -> None:
    code = "913203199001010592"
    assert is_credit_code(code)
    assert id_number_holds(code)
    zone.receive(zone.extract("orders", [order(code)]))
    assert [row["order_no"] for row in zone.rows("orders")] == [code]
