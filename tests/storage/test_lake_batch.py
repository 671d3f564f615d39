"""Batches: all of one counts at once or none ever; files are on disk before they count."""

import os
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from storage.engine import connect
from storage.home import Home
from storage.journal import RECEIPTS, Journal
from storage.lake import Lake
from storage.parquet_files import SUPERSESSIONS_TABLE
from tests.conftest import lake_table
from tests.storage.pieces import MIDNIGHT, add, ended, known, row


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    home = Home(tmp_path / "zone")
    return Lake(home, connect(home, threads=1, memory_limit_mb=256))


def test_a_batch_is_seen_by_itself_alone_until_it_is_committed(lake: Lake) -> None:
    add(lake, "orders", lake_table("orders", [row("O1")]), "b1")
    keys = pa.table({"document_key": ["O1", "O2"]})
    with lake.batch("b2") as batch:
        batch.append("orders", lake_table("orders", [row("O2")]))
        batch.append(SUPERSESSIONS_TABLE, ended("O1", 1, MIDNIGHT))
        assert known(lake, MIDNIGHT.date()) == [("O1", 1)]
        seen = {one["document_key"]: one for one in batch.versions("orders", keys).to_pylist()}
        assert seen["O1"]["superseded_at"] == MIDNIGHT
        assert seen["O2"]["superseded_at"] is None
    assert known(lake, MIDNIGHT.date()) == [("O2", 1)]


def test_a_batch_that_fails_leaves_nothing(lake: Lake) -> None:
    def fail() -> None:
        with lake.batch("b2") as batch:
            batch.append("orders", lake_table("orders", [row("O2")]))
            batch.append("orders", lake_table("orders", [row("O3")]).drop_columns(["currency"]))

    add(lake, "orders", lake_table("orders", [row("O1")]), "b1")
    before = sorted(lake.home.lake.rglob("*"))
    with pytest.raises(KeyError):
        fail()
    assert sorted(lake.home.lake.rglob("*")) == before
    assert known(lake, MIDNIGHT.date()) == [("O1", 1)]


def test_what_a_killed_batch_left_goes_with_the_next_of_its_number(lake: Lake) -> None:
    add(lake, "orders", lake_table("orders", [row("O1")]), "000001-early")
    left = lake.home.lake / "orders" / "000002-early-00000.parquet"
    left.write_bytes(b"half a file")
    assert known(lake, MIDNIGHT.date()) == [("O1", 1)]
    add(lake, "payments", lake_table("payments", [{}]), "000002-later")
    assert not left.exists()
    assert [file.name for file in (lake.home.lake / "orders").iterdir()] == [
        "000001-early-00000.parquet"
    ]


def test_of_a_batch_the_journal_takes_all_or_nothing(lake: Lake) -> None:
    receipt = {"number": 1, "batch": "b1", "received_at": MIDNIGHT, "content": "{}"}

    def fail() -> None:
        with lake.batch("b1") as batch:
            batch.append("orders", lake_table("orders", [row("O1")]))
            batch.note(RECEIPTS, [receipt, receipt])

    with pytest.raises(IntegrityError):
        fail()
    assert lake.journal.files() == {}
    assert lake.journal.ask(select(RECEIPTS)) == []


def test_files_are_on_disk_before_they_count(lake: Lake, monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []
    commit = Journal.commit

    def counted(journal: Journal, *given: Any) -> None:  # noqa: ANN401 - passed on as it is
        done.append("counted")
        commit(journal, *given)

    def synced(handle: int) -> None:
        done.append(Path(f"/proc/self/fd/{handle}").resolve().name)

    monkeypatch.setattr(Journal, "commit", counted)
    monkeypatch.setattr(os, "fsync", synced)
    original = lake.home.root / "original.sealed"
    original.touch()
    with lake.batch("b1") as batch:
        batch.append("orders", lake_table("orders", [row("O1")]))
        batch.with_file(original)
    assert done[-1] == "counted"
    assert {"b1-00000.parquet", "orders", "original.sealed"} <= set(done[:-1])


def test_what_a_killed_batch_left_is_gone_before_the_next_begins(lake: Lake) -> None:
    add(lake, "orders", lake_table("orders", [row("O1")]), "000001-early")
    left = [
        folder / "000002-early-00001.parquet"
        for folder in (lake.home.lake / "orders", lake.home.quarantine)
    ]
    for file in left:
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(b"half a file")
    with lake.batch("000002-later"):
        assert not any(file.exists() for file in left)
