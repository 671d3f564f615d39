"""The one path of documents into the zone."""

import fcntl
from collections.abc import Iterator, Sequence, Set
from contextlib import contextmanager
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from domain.errors import BadDelivery
from domain.progress import Progress
from domain.table import Table
from intake import tabular
from intake.batch import Batch, Tally
from intake.delivery import File, files_of
from intake.gate import Door
from intake.messages import Messages
from intake.offered import POSITION, Malformed, Offered, Values
from intake.quarantine import IntakeKeys
from intake.receipt import Receipt
from storage.home import Home
from storage.lake import Lake
from storage.sealed import seal


def receive(
    paths: Sequence[Path], lake: Lake, keys: IntakeKeys, door: Door, progress: Progress
) -> Receipt:
    """Receive files: accept, or quarantine with the reason. Receiving twice changes nothing.

    Args:
        paths: Messages (`.xml`), extracts (`.parquet`), or folders of them.
        lake: Where accepted rows go; its home keeps quarantine, evidence and receipts.
        keys: The zone's secrets.
        door: The moment of receiving, and whether senders' times of knowing are believed.
        progress: Told after each file.

    Raises:
        BadDelivery: A path cannot be received at all, or another receipt is under way.
    """
    files = files_of(paths)
    with _alone(lake.home):
        batch = Batch(lake, keys, door)
        messages = Messages(batch)
        for number, file in enumerate(files, start=1):
            if file.is_message:
                _keep_original(file, lake.home, keys)
                messages.read(file)
            else:
                _read_extract(file, batch)
            progress(file.path.name, number / len(files))
        messages.flush()
        return batch.receipt()


@contextmanager
def _alone(home: Home) -> Iterator[None]:
    """Two receipts at once would number versions twice."""
    home.root.mkdir(parents=True, exist_ok=True)
    with (home.root / "receiving.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as taken:
            raise BadDelivery(home.root, "another receipt is under way there.") from taken
        yield


def _keep_original(file: File, home: Home, keys: IntakeKeys) -> None:
    final = home.evidence / file.sha256[:2] / f"{file.sha256}.sealed"
    if final.exists():
        return
    final.parent.mkdir(parents=True, exist_ok=True)
    unfinished = final.with_suffix(".tmp")
    unfinished.write_bytes(seal(file.path.read_bytes(), keys.seal, file.sha256))
    unfinished.replace(final)


def _read_extract(file: File, batch: Batch) -> None:
    table = tabular.table_of(file.path)
    if table is None:
        batch.not_yet_read[file.path.stem] += 1
        return
    tally = batch.open(file, table.name)
    if tally.worth_reading:
        try:
            _settle_extract(table, tally, batch)
        except Malformed:
            batch.break_off(tally, table.name)
    batch.close(tally)


def _settle_extract(table: Table, tally: Tally, batch: Batch) -> None:
    tally.unknown.update(tabular.unknown_columns(tally.file.path, table))
    for rows in tabular.slices(tally.file.path, table):
        tally.entities += rows.rows.num_rows
        wanted = _wanted(rows, tally)

        def as_sent(_: File, positions: Set[int], rows: Offered = rows) -> dict[int, bytes]:
            return tabular.as_sent(rows, positions)

        if wanted.rows.num_rows:
            batch.take([wanted], [tally], as_sent)


def _wanted(offered: Offered, tally: Tally) -> Offered:
    if tally.before is None:
        return offered
    retry: Values = pa.array(tally.before.retry, pa.int64())
    return Offered(offered.table, offered.rows.filter(pc.is_in(offered.rows[POSITION], retry)))
