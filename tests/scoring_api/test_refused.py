"""A department's system learns which of its documents were refused, and of no one else's."""

from pathlib import Path
from typing import Any

import pytest

from intake.reasons import REASON_WORDS, Reason
from tests.intake.made import FIRM, enterprise, offered, order
from tests.scoring_api.counter import (
    NAME,
    NUMBER,
    PHONE,
    Counter,
    make_zone,
    opened_copy,
    orders,
)

STRANGER = "91320300MA0000009X"


@pytest.fixture(scope="module")
def counter(tmp_path_factory: pytest.TempPathFactory) -> Counter:
    made = make_zone(tmp_path_factory.mktemp("made"))
    return opened_copy(made, tmp_path_factory.mktemp("refused"))


def refused(counter: Counter, where: str, officer: str = "customs") -> dict[str, Any]:
    """What is told of the delivery whose receipt lies at `where`, and a query."""
    address, _, query = where.partition("?")
    answer = counter.clients[officer].get(f"{address}/refused?{query}")
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


def test_it_is_told_which_document_where_and_why(counter: Counter) -> None:
    body = orders("R1", "R2", "R3")
    wrong = body.replace(b"<ceb:goodsValue>100<", b"<ceb:goodsValue>x<", 2)
    wrong = wrong.replace(b"<ceb:goodsValue>x<", b"<ceb:goodsValue>100<", 1)
    answer = counter.hand_in(wrong, "orders.xml")
    receipt, told = answer.json(), refused(counter, answer.headers["location"])
    assert told["batch"] == receipt["batch"]
    assert told["total"] == sum(receipt["reasons"].values()) == 3
    lines, (row,) = (
        [each for each in told["refused"] if each["table"] == table]
        for table in ("order_lines", "orders")
    )
    assert (row["file"], row["file_sha256"]) == ("orders.xml", receipt["files"][0]["sha256"])
    assert (row["kind"], row["position"]) == ("CEB311", 2)
    assert row["document_key"] == f"{FIRM}|{FIRM}|R2"
    assert (row["field"], row["element"]) == ("goods_value", "OrderHead.goodsValue")
    assert (row["reason"], row["state"]) == ("wrong_type", "open")
    assert row["why"] == REASON_WORDS[Reason.WRONG_TYPE].model_dump()
    assert row["right"]["en"] == "a number such as 12.5"
    assert [each["reason"] for each in lines] == ["part_refused"] * 2
    assert [each["element"] for each in lines] == [None, None]


def test_all_of_a_long_list_is_reached_page_by_page(counter: Counter) -> None:
    rows = [order(f"P{n}", direction="X") for n in range(7)]
    path = counter.zone.extract("orders", offered("orders", rows))
    where = counter.hand_in(path.read_bytes(), path.name).headers["location"]
    pages = [refused(counter, f"{where}?skip={skip}&limit=3") for skip in (0, 3, 6)]
    assert [page["total"] for page in pages] == [7, 7, 7]
    positions = [row["position"] for page in pages for row in page["refused"]]
    assert positions == [1, 2, 3, 4, 5, 6, 7]
    assert {row["kind"] for page in pages for row in page["refused"]} == {"orders"}
    for query in ("limit=0", "limit=1001", "skip=-1", f"skip={10**30}"):
        answer = counter.clients["customs"].get(f"{where}/refused?{query}")
        assert answer.status_code == 422


def test_nothing_refused_is_an_empty_list(counter: Counter) -> None:
    where = counter.hand_in(orders("N1")).headers["location"]
    assert refused(counter, where)["refused"] == []


def test_a_file_that_came_before_under_another_key_is_listed_again(counter: Counter) -> None:
    body = orders("S1", freight="x")
    first = counter.hand_in(body)
    again = counter.hand_in(body)
    assert again.json()["reasons"] == {}
    told, before = (refused(counter, each.headers["location"]) for each in (again, first))
    assert told["total"] == before["total"] == 3
    assert told["refused"] == before["refused"]


def test_what_passes_later_is_said_to_have_passed(counter: Counter) -> None:
    rows = [order("H1", merchant_code=STRANGER)]
    path = counter.zone.extract("orders", offered("orders", rows), "-late")
    body = path.read_bytes()
    where = counter.hand_in(body, path.name).headers["location"]
    (row,) = refused(counter, where)["refused"]
    assert (row["reason"], row["field"], row["state"]) == (
        "unknown_enterprise",
        "merchant_code",
        "open",
    )
    roll = counter.zone.extract("enterprises", [enterprise(STRANGER, None)], "-late")
    counter.hand_in(roll.read_bytes(), roll.name)
    counter.hand_in(body, path.name)
    assert [each["state"] for each in refused(counter, where)["refused"]] == ["resubmitted"]


def test_it_is_told_to_the_sender_alone(counter: Counter) -> None:
    where = counter.hand_in(orders("T1", freight="x")).headers["location"]
    theirs = counter.hand_in(orders("T2", freight="x"), officer="tax").headers["location"]
    for officer, place, status in (
        ("tax", where, 404),
        ("customs", theirs, 404),
        ("others", where, 403),
        ("none", where, 401),
        ("customs", "/api/receipts/nothing", 404),
    ):
        assert counter.clients[officer].get(f"{place}/refused").status_code == status
    by_command = counter.zone.receive(counter.zone.message(orders("T3", freight="x")))
    place = f"/api/receipts/{by_command.batch}/refused"
    assert counter.clients["customs"].get(place).status_code == 404
    assert refused(counter, theirs, "tax")["total"] == 3


def test_no_personal_data_comes_back(counter: Counter) -> None:
    """Not even where it was put into the key, the file's name, or a field that is refused."""
    body = orders(f"U{NUMBER}", freight=PHONE + "x", currency=NAME)
    answer = counter.hand_in(body, f"{PHONE}.xml")
    told = counter.clients["customs"].get(answer.headers["location"] + "/refused")
    assert told.json()["total"] == 3
    for clear in (NUMBER, PHONE, NAME):
        assert clear not in told.text
        assert clear not in answer.text


@pytest.mark.parametrize(("body", "table"), [(orders("V1")[:-20], "orders"), (b"<a", "unreadable")])
def test_what_cannot_be_read_is_told_too(counter: Counter, body: bytes, table: str) -> None:
    answer = counter.hand_in(body, "broken.xml")
    told = refused(counter, answer.headers["location"])
    assert told["total"] == sum(answer.json()["reasons"].values()) > 0
    assert told["refused"][-1]["table"] == table
    assert told["refused"][-1]["reason"] == "malformed"


def test_the_description_names_it(counter: Counter) -> None:
    paths = counter.clients["none"].get("/api/openapi.json").json()["paths"]
    asked = paths["/api/receipts/{batch}/refused"]["get"]
    schema = asked["responses"]["200"]["content"]["application/json"]["schema"]
    assert schema["$ref"].endswith("/RefusedRows")
    assert {"401", "403", "404", "422"} <= set(asked["responses"])


def test_a_zone_folder_is_not_named(counter: Counter) -> None:
    where = counter.hand_in(orders("W1", freight="x")).headers["location"]
    told = counter.clients["customs"].get(f"{where}/refused").text
    assert str(Path(counter.zone.home.root)) not in told
