"""Small files are merged: the same rows, fewer files, and nobody loses what they were reading."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from storage import compaction, parquet_files
from storage.engine import connect
from storage.home import Home
from storage.journal import RECEIPTS, Journal
from storage.lake import Lake
from storage.parquet_files import SUPERSESSIONS_TABLE
from tests.conftest import lake_table
from tests.storage.pieces import MIDNIGHT, ended, known, row

MANY = 5


@pytest.fixture
def lake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Lake:
    monkeypatch.setattr(compaction, "AT_ONCE", MANY)
    home = Home(tmp_path / "zone")
    return Lake(home, connect(home, threads=1, memory_limit_mb=256))


def add(lake: Lake, number: int, *rows: dict[str, Any]) -> None:
    name = f"{number:06d}-early"
    at = MIDNIGHT + timedelta(days=number)
    head = {"number": number, "batch": name, "received_at": at, "content": "{}"}
    with lake.batch(name) as batch:
        batch.append("orders", lake_table("orders", list(rows)))
        batch.note(RECEIPTS, [head])


def on_disk(lake: Lake) -> list[Path]:
    return sorted((lake.home.lake / "orders").iterdir())


def test_many_small_files_become_one_that_says_the_same(lake: Lake) -> None:
    for number in range(1, MANY):
        add(lake, number, row(f"O{number}"))
    assert len(lake.journal.files()["orders"]) == MANY - 1
    before = lake.journal.files()["orders"]
    add(lake, MANY, row(f"O{MANY}"), row("P"))
    (merged,) = lake.journal.files()["orders"]
    keys = pq.ParquetFile(merged).read(["document_key"])["document_key"].to_pylist()
    assert keys == [*(f"O{number}" for number in range(1, MANY + 1)), "P"]
    assert known(lake, MIDNIGHT.date()) == [(key, 1) for key in keys]
    # those that others may be reading stay, this batch's own do not
    assert on_disk(lake) == sorted([*before, merged])
    assert pq.ParquetFile(merged).schema_arrow.equals(pq.ParquetFile(before[0]).schema_arrow)


def test_versions_that_ended_stay_ended(lake: Lake) -> None:
    for number in range(1, MANY):
        add(lake, number, row(f"O{number}"))
    with lake.batch("000005-early") as batch:
        batch.append(SUPERSESSIONS_TABLE, ended("O1", 1, MIDNIGHT))
        batch.append("orders", lake_table("orders", [row("O1", 2)]))
    assert known(lake, MIDNIGHT.date()) == [("O1", 2), *((f"O{n}", 1) for n in range(2, MANY))]


def test_large_files_are_left_alone(lake: Lake, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compaction, "SMALL_BYTES", 1)
    for number in range(1, MANY + 2):
        add(lake, number, row(f"O{number}"))
    assert len(lake.journal.files()["orders"]) == MANY + 1


def test_a_merge_that_is_cut_off_changes_nothing(
    lake: Lake, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(1, MANY):
        add(lake, number, row(f"O{number}"))
    files, lying = lake.journal.files(), on_disk(lake)

    def cut_off(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Journal, "commit", cut_off)
        with pytest.raises(KeyboardInterrupt):
            add(lake, MANY, row("P"))
    assert (lake.journal.files(), on_disk(lake)) == (files, lying)
    add(lake, MANY, row("P"))
    assert len(lake.journal.files()["orders"]) == 1


def test_replaced_files_go_when_nobody_reads_them_any_more(lake: Lake) -> None:
    for number in range(1, MANY + 1):
        add(lake, number, row(f"O{number}"))
    merged_at = MIDNIGHT + timedelta(days=MANY)
    lake.sweep(merged_at + compaction.KEPT_FOR)
    assert len(on_disk(lake)) == MANY
    lake.sweep(merged_at + compaction.KEPT_FOR + timedelta(seconds=1))
    assert on_disk(lake) == lake.journal.files()["orders"]
    lake.sweep(merged_at + compaction.KEPT_FOR + timedelta(days=1))
    assert len(known(lake, MIDNIGHT.date())) == MANY


def test_a_sweep_that_was_cut_off_is_ended_by_the_next(lake: Lake) -> None:
    for number in range(1, MANY + 1):
        add(lake, number, row(f"O{number}"))
    later = MIDNIGHT + timedelta(days=MANY + 1) + compaction.KEPT_FOR
    gone = lake.journal.replaced_before(later)
    assert len(gone) == MANY - 1
    gone[0].unlink()
    lake.sweep(later)
    assert on_disk(lake) == lake.journal.files()["orders"]
    assert lake.journal.replaced_before(later) == []


def test_rows_are_gathered_into_whole_row_groups(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parquet_files, "_ROW_GROUP", 4)
    parts = [tmp_path / f"{part}.parquet" for part in range(3)]
    for number, part in enumerate(parts):
        rows = [row(f"O{number}{each}") for each in range(3)]
        parquet_files.write(lake_table("orders", rows), "orders", part)
    parquet_files.merge(parts, "orders", tmp_path / "merged.parquet")
    merged = pq.ParquetFile(tmp_path / "merged.parquet")
    groups = [merged.metadata.row_group(each).num_rows for each in range(merged.num_row_groups)]
    assert sum(groups) == 9
    assert max(groups) == 4
    assert len(groups) < 5
