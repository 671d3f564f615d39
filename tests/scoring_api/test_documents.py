"""A department's system hands documents in: received once, answered with the receipt."""

import fcntl
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from sqlalchemy import select

from domain.settings import Settings
from intake.gate import Door
from intake.receipt import Receipt
from intake.receive import receive
from scoring_api import documents
from scoring_api.access import now
from scoring_api.app import create_app
from storage.journal import DELIVERIES
from tests.intake.made import KEYS, Zone, offered, order
from tests.scoring_api.conftest import Client
from tests.scoring_api.counter import Counter, make_zone, opened, opened_copy, orders

TOMORROW = now().date() + timedelta(days=1)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_zone(tmp_path_factory.mktemp("made"))


@pytest.fixture
def counter(made: Path, tmp_path: Path) -> Counter:
    return opened_copy(made, tmp_path)


@pytest.fixture(scope="module")
def refusing(made: Path, tmp_path_factory: pytest.TempPathFactory) -> Counter:
    """One that receives nothing in any test."""
    return opened_copy(made, tmp_path_factory.mktemp("refusing"))


def lake_of(zone: Zone) -> dict[str, list[str]]:
    """Every row of the lake but for the names and times of batches."""
    told = {"batch", "known_at", "received_at", "sealed"}
    return {
        name: sorted(
            repr({k: v for k, v in row.items() if k not in told})
            for file in files
            for row in pq.read_table(file).to_pylist()
        )
        for name, files in zone.lake.journal.files().items()
    }


def test_a_document_handed_in_is_received_and_read(counter: Counter) -> None:
    answer = counter.hand_in(orders("O1", "O2"))
    assert answer.status_code == 201
    receipt = Receipt.model_validate(answer.json())
    assert receipt.total.accepted == receipt.total.offered == 6
    assert not receipt.history
    again = counter.clients["customs"].get(answer.headers["location"])
    assert (again.status_code, again.content) == (200, answer.content)
    alive = counter.zone.alive("orders", TOMORROW)
    assert {row["order_no"] for row in alive.values()} == {"O1", "O2"}
    assert counter.spooled() == []


def test_it_comes_to_what_the_command_comes_to(made: Path, tmp_path: Path) -> None:
    by_http, by_command = (opened_copy(made, tmp_path / name) for name in ("http", "command"))
    zone = by_command.zone
    bad = orders("O3", goodsValue="x") + orders("O4")
    rows = [order("X1"), order("X2", merchant_code="91320300MA0000009X")]
    extract = zone.extract("orders", offered("orders", rows).append_column("more", [["a", "b"]]))
    sent = [
        zone.message(orders("O1", "O2")),
        zone.message(orders("O2", appType="2", appTime="20260502100000", freight="3"), "2.xml"),
        zone.message(bad, "3.xml"),
        extract,
    ]
    for path in sent:
        posted = by_http.hand_in(path.read_bytes(), path.name).json()
        receipt = receive([path], zone.lake, KEYS, Door(now()), lambda *_: None)
        for told in ("tables", "reasons", "flags", "files", "not_yet_read"):
            assert posted[told] == receipt.model_dump(mode="json")[told]
    assert lake_of(by_http.zone) == lake_of(zone)
    assert len(lake_of(zone)["quarantine"]) > 1


def test_the_same_key_and_bytes_get_the_same_receipt_and_add_nothing(counter: Counter) -> None:
    first = counter.hand_in(orders("O1"), key="k")
    kept, receipts = counter.zone.listing(), counter.receipts()
    again = counter.hand_in(orders("O1"), key="k")
    after_a_restart = opened(counter.zone).hand_in(orders("O1"), key="k")
    assert (first.status_code, again.status_code, after_a_restart.status_code) == (201, 200, 200)
    assert first.content == again.content == after_a_restart.content
    assert first.headers["location"] == again.headers["location"]
    assert (counter.zone.listing(), counter.receipts()) == (kept, receipts)
    unkeyed = counter.hand_in(orders("O1"), key="another")
    assert unkeyed.status_code == 201
    assert unkeyed.json()["tables"]["orders"]["unchanged"] == 1


@pytest.mark.parametrize(("body", "name"), [(orders("O2"), "orders.xml"), (orders("O1"), "o.xml")])
def test_the_same_key_for_something_else_is_refused(
    counter: Counter, body: bytes, name: str
) -> None:
    counter.hand_in(orders("O1"), key="k")
    receipts = counter.receipts()
    answer = counter.hand_in(body, name, key="k")
    assert answer.status_code == 422
    assert answer.json()["type"] == "urn:sandan:key-reused"
    assert counter.receipts() == receipts
    alive = counter.zone.alive("orders", TOMORROW)
    assert [row["order_no"] for row in alive.values()] == ["O1"]


def test_keys_and_receipts_are_each_senders_own(counter: Counter) -> None:
    first = counter.hand_in(orders("O1"), key="k")
    other = counter.hand_in(orders("O2"), key="k", officer="tax")
    assert (first.status_code, other.status_code) == (201, 201)
    where = first.headers["location"]
    assert counter.clients["tax"].get(where).status_code == 404
    assert counter.clients["customs"].get("/api/receipts/nothing").status_code == 404
    by_command = counter.zone.receive(counter.zone.message(orders("O3")))
    assert counter.clients["customs"].get(f"/api/receipts/{by_command.batch}").status_code == 404
    noted = counter.zone.lake.journal.ask(select(DELIVERIES).order_by(DELIVERIES.c.batch))
    assert [row["officer"] for row in noted] == ["customs", "tax"]


def test_many_at_once_under_one_key_are_one_batch(counter: Counter) -> None:
    receipts = counter.receipts()
    body = orders(*(f"O{n}" for n in range(200)))
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda _: counter.hand_in(body, key="k"), range(6)))
    statuses = sorted(answer.status_code for answer in answers)
    assert statuses.count(201) == 1
    assert set(statuses) <= {200, 201, 409}
    assert counter.receipts() == receipts + 1
    assert len({answer.content for answer in answers if answer.status_code < 300}) == 1


def test_many_at_once_are_received_one_after_the_other(counter: Counter) -> None:
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda n: counter.hand_in(orders(f"O{n}")), range(8)))
    assert [answer.status_code for answer in answers] == [201] * 8
    assert len({answer.json()["batch"] for answer in answers}) == 8
    assert len(counter.zone.alive("orders", TOMORROW)) == 8


def test_while_it_is_received_it_is_said_so(
    counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(documents, "PATIENCE", 0.2)
    counter.hand_in(orders("O1"), key="k")
    with counter.zone.home.receiving.open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        same, other = (counter.hand_in(orders("O1"), key=key) for key in ("k", "another"))
    assert (same.status_code, other.status_code) == (409, 503)
    assert same.json()["type"] == "urn:sandan:delivery-under-way"
    assert other.json()["type"] == "urn:sandan:door-taken"
    assert int(same.headers["retry-after"]) == int(other.headers["retry-after"]) > 0
    assert counter.spooled() == []
    assert counter.hand_in(orders("O1"), key="k").status_code == 200


def test_only_the_right_to_deliver_delivers(counter: Counter) -> None:
    answer = counter.hand_in(orders("O1"))
    for officer, status in (("others", 403), ("none", 401)):
        assert counter.hand_in(orders("O2"), officer=officer).status_code == status
        assert counter.clients[officer].get(answer.headers["location"]).status_code == status
    for path in ("nights", "alerts", "enterprises?q=a", "laundering"):
        assert counter.clients["customs"].get(f"/api/{path}").status_code == 403
    assert counter.clients["customs"].post("/api/score", {"code": "x"}).status_code == 403


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("../orders.xml", "without folders"),
        ("%2e%2e%2forders.xml", "without folders"),
        ("a\\orders.xml", "without folders"),
        (".orders.xml", "without folders"),
        ("a%00.xml", "without folders"),
        ("a%0a.xml", "without folders"),
        ("%ff.xml", "not in UTF-8"),
        ("a" * 300 + ".xml", "200 bytes"),
        ("orders.zip", "ends in none of"),
        ("orders", "ends in none of"),
        ("secrets-1.parquet", "named after its table"),
    ],
)
def test_a_name_that_is_none_is_refused(refusing: Counter, name: str, why: str) -> None:
    answer = refusing.hand_in(orders("O1"), name)
    assert answer.status_code == 422
    assert answer.json()["type"] == "urn:sandan:bad-delivery"
    assert why in answer.json()["detail"]
    assert str(refusing.zone.home.root) not in answer.text
    assert refusing.receipts() == 1


@pytest.mark.parametrize(
    "headers",
    [
        {"X-File-Name": "a.xml"},
        {"Idempotency-Key": "k"},
        {"X-File-Name": "a.xml", "Idempotency-Key": ""},
        {"X-File-Name": "a.xml", "Idempotency-Key": "a b"},
        {"X-File-Name": "a.xml", "Idempotency-Key": "k" * 201},
        {"X-File-Name": "", "Idempotency-Key": "k"},
    ],
)
def test_name_and_key_are_needed(refusing: Counter, headers: dict[str, str]) -> None:
    answer = refusing.post(orders("O1"), headers)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert refusing.receipts() == 1


def test_an_empty_body_is_refused(refusing: Counter) -> None:
    answer = refusing.hand_in(b"")
    assert (answer.status_code, answer.json()["type"]) == (422, "urn:sandan:bad-delivery")
    assert "it is empty" in answer.json()["detail"]
    assert refusing.spooled() == []


@pytest.mark.parametrize("wrong", ["orders.json", "orders.csv", "orders-1.parquet"])
def test_misnamed_it_is_received_once_it_bears_its_name(counter: Counter, wrong: str) -> None:
    first = Receipt.model_validate(counter.hand_in(orders("O1"), wrong).json())
    assert first.reasons == {"malformed": 1}
    again = Receipt.model_validate(counter.hand_in(orders("O1")).json())
    assert not again.files[0].seen_before
    assert again.total.accepted == again.total.offered == 3
    assert Receipt.model_validate(counter.hand_in(orders("O1")).json()).files[0].seen_before


def test_what_is_packed_for_the_way_is_refused(refusing: Counter) -> None:
    headers = {"X-File-Name": "a.xml", "Idempotency-Key": "k"}
    answer = refusing.post(orders("O1"), headers | {"Content-Encoding": "gzip"})
    assert (answer.status_code, answer.json()["status"]) == (415, 415)
    assert refusing.receipts() == 1
    assert refusing.spooled() == []


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("a.xml", b"\x00\xff no message"),
        ("a.xml", b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'),
        ("a.xml", orders("O1")[:-20]),
        ("a.json", b'{"payload": '),
        ("orders.parquet", b"PAR1 not really"),
        ("orders.csv", b"a,a\n1,2\n"),
    ],
)
def test_what_cannot_be_read_is_quarantined_and_answered(
    counter: Counter, name: str, body: bytes
) -> None:
    answer = counter.hand_in(body, name)
    assert answer.status_code == 201
    receipt = Receipt.model_validate(answer.json())
    assert receipt.total.quarantined >= 1
    assert counter.spooled() == []
    assert counter.clients["customs"].get("/api/health").status_code == 200


def test_without_the_keys_of_the_zone_it_is_said_before_anything_is_read(
    counter: Counter, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)  # away from an `.env` that a demo left
    app = create_app(Settings(home=counter.zone.home.root))
    client = Client(app, counter.clients["customs"].key)
    answer = Counter(counter.zone, {"customs": client}).hand_in(orders("O1"))
    assert (answer.status_code, answer.json()["type"]) == (503, "urn:sandan:key-missing")
    assert "SANDAN_PSEUDONYM_KEY" in answer.json()["detail"]
    assert not counter.zone.home.spool.exists()
    assert client.get("/api/health").status_code == 200


def test_the_description_says_what_is_sent_and_what_is_answered(refusing: Counter) -> None:
    paths = refusing.clients["none"].get("/api/openapi.json").json()["paths"]
    post = paths["/api/documents"]["post"]
    assert {"application/xml", "application/octet-stream"} <= set(post["requestBody"]["content"])
    needed = {each["name"]: each["required"] for each in post["parameters"]}
    assert needed["X-File-Name"]
    assert needed["Idempotency-Key"]
    assert {"200", "201", "401", "403", "409", "413", "422", "503"} <= set(post["responses"])
    assert "Location" in post["responses"]["201"]["headers"]
    for status in ("200", "201"):
        schema = post["responses"][status]["content"]["application/json"]["schema"]
        assert schema["$ref"].endswith("/Receipt")
    assert paths["/api/receipts/{batch}"]["get"]["responses"]["200"]
