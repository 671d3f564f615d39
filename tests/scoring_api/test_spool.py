"""What is handed in lies in clear while it is received, and not a moment longer."""

import tracemalloc
from collections.abc import AsyncIterator, MutableMapping
from pathlib import Path
from typing import Any

import anyio
import pytest

from scoring_api import spool
from scoring_api.app import LARGEST_BODY, create_app
from tests.intake.decoded import People, found_in
from tests.scoring_api.counter import (
    NAME,
    NUMBER,
    PHONE,
    Counter,
    make_zone,
    opened_copy,
    orders,
    settings_of,
)

SECRETS = People(frozenset({NUMBER}), frozenset({PHONE}), frozenset({NAME}))
HEADERS = {"X-File-Name": "orders.xml", "Idempotency-Key": "k"}
_MB = 1 << 20


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_zone(tmp_path_factory.mktemp("made"))


@pytest.fixture
def counter(made: Path, tmp_path: Path) -> Counter:
    return opened_copy(made, tmp_path)


async def chunks(number: int) -> AsyncIterator[bytes]:
    """A message that breaks off in a very long text."""
    yield orders("O1")[:-30]
    for _ in range(number):
        yield b" " * 65_536


def test_a_large_body_is_flat_in_memory(counter: Counter) -> None:
    counter.hand_in(orders("O1"))
    tracemalloc.start()
    try:
        answer = counter.hand_in(chunks(50 * 16))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert answer.status_code == 201
    assert answer.json()["reasons"] == {"malformed": 1}
    assert peak < 25 * _MB
    assert counter.spooled() == []


def test_it_may_be_larger_than_other_requests(counter: Counter) -> None:
    assert spool.LARGEST_DOCUMENT > 1000 * LARGEST_BODY
    assert counter.hand_in(chunks(2 * LARGEST_BODY // 65_536)).status_code == 201


@pytest.mark.parametrize("said", [{}, {"Content-Length": str(1 << 40)}, {"Content-Length": "9"}])
def test_what_is_too_large_is_refused_as_soon_as_that_is_known(
    counter: Counter, monkeypatch: pytest.MonkeyPatch, said: dict[str, str]
) -> None:
    monkeypatch.setattr(spool, "LARGEST_DOCUMENT", 2 * _MB)
    read = 0

    async def counted() -> AsyncIterator[bytes]:
        nonlocal read
        async for chunk in chunks(100):
            read += len(chunk)
            yield chunk

    answer = counter.post(counted(), {**HEADERS, **said})
    assert (answer.status_code, answer.json()["type"]) == (413, "urn:sandan:document-too-large")
    assert "at most 2 MiB" in answer.json()["detail"]
    assert read < 3 * _MB
    assert counter.spooled() == []
    assert counter.receipts() == 1


def test_it_lies_where_only_the_owner_enters_and_only_while_it_is_read(counter: Counter) -> None:
    seen: list[Path] = []

    async def looking() -> AsyncIterator[bytes]:
        for half in (orders("O1")[:500], orders("O1")[500:]):
            seen.extend(counter.spooled())
            yield half

    assert counter.hand_in(looking()).status_code == 201
    folders = {path for path in seen if path.is_dir()} | {counter.zone.home.spool}
    assert [path.name for path in seen if path not in folders]
    assert counter.zone.home.spool.stat().st_mode & 0o077 == 0
    assert counter.spooled() == []


def test_a_sender_who_goes_away_leaves_nothing(counter: Counter) -> None:
    messages: list[dict[str, Any]] = [
        {"type": "http.request", "body": orders("O1")[:300], "more_body": True},
        {"type": "http.disconnect"},
    ]
    before = counter.receipts()
    sent = ask(counter, messages)
    assert sent[0]["status"] == 400
    assert counter.spooled() == []
    assert counter.receipts() == before


def test_a_sender_who_falls_silent_is_not_waited_for(
    counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spool, "LONGEST_PAUSE", 0.1)

    async def halting() -> AsyncIterator[bytes]:
        yield orders("O1")[:300]
        await anyio.sleep(5)

    before = counter.receipts()
    answer = counter.post(halting(), HEADERS)
    assert (answer.status_code, answer.json()["status"]) == (408, 408)
    assert counter.spooled() == []
    assert counter.receipts() == before
    assert counter.post(orders("O1"), HEADERS).status_code == 201


def ask(counter: Counter, messages: list[dict[str, Any]]) -> list[MutableMapping[str, Any]]:
    """What the application answers to the raw messages of a request."""
    client, sent = counter.clients["customs"], list[MutableMapping[str, Any]]()
    headers = {**HEADERS, "X-API-Key": client.key}
    scope = {
        "type": "http",
        "method": "POST",
        "path": "/api/documents",
        "raw_path": b"/api/documents",
        "query_string": b"",
        "headers": [(k.lower().encode(), v.encode()) for k, v in headers.items()],
    }

    async def receive() -> dict[str, Any]:
        return messages.pop(0)

    async def send(message: MutableMapping[str, Any]) -> None:
        sent.append(message)

    anyio.run(client.app, scope, receive, send)
    return sent


def test_no_file_of_the_home_names_anyone(counter: Counter) -> None:
    names = (f"{PHONE}.xml", f"{NUMBER}.json", f"orders-{PHONE}.csv", f"{PHONE}.zip")
    bodies = (orders("O1"), b"{", b"a,b\n1,2\n", orders("O2"))
    for name, body in zip(names, bodies, strict=True):
        for _ in range(2):
            counter.hand_in(body, name, key=NUMBER + name[-4:])
    assert counter.receipts() == 4
    assert found_in(counter.zone.home.root, SECRETS) == {}
    line = (counter.zone.home.logs / "access.jsonl").read_text().splitlines()[0]
    assert '"officer":"customs"' in line
    assert '"path":"/api/documents"' in line


def test_what_a_killed_process_left_goes_at_the_next_start(counter: Counter) -> None:
    left = counter.zone.home.spool / "left" / "orders.xml"
    left.parent.mkdir(parents=True)
    left.write_bytes(orders("O9"))
    kept: list[Path] = []

    async def starting() -> AsyncIterator[bytes]:
        yield orders("O1")
        create_app(settings_of(counter.zone.home))
        kept.extend(counter.spooled())

    assert counter.hand_in(starting()).status_code == 201
    assert left in kept
    assert len(kept) == 4
    create_app(settings_of(counter.zone.home))
    assert counter.spooled() == []
