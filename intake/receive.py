"""The one path of documents into the zone."""

import fcntl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TextIO

from domain.errors import BadDelivery
from domain.progress import Progress
from intake import evidence
from intake.batch import Batch
from intake.delivery import File, files_of
from intake.extracts import Extracts
from intake.gate import Door
from intake.memory import Memory
from intake.messages import Messages
from intake.quarantine import IntakeKeys
from intake.receipt import Receipt
from storage.home import Home
from storage.lake import Lake
from storage.lake_batch import LakeBatch


def receive(
    paths: Sequence[Path], lake: Lake, keys: IntakeKeys, door: Door, progress: Progress
) -> Receipt:
    """Receive files: accept, or quarantine with the reason. Receiving twice changes nothing.

    Args:
        paths: Messages (`.xml`, `.json`), extracts (`.parquet`, `.csv`), or folders of them.
        lake: Where accepted rows go; its home keeps quarantine, evidence and receipts.
        keys: The zone's secrets.
        door: The moment of receiving, and whether senders' times of knowing are believed.
        progress: Told after each file.

    Raises:
        BadDelivery: A path cannot be received at all, or another receipt is under way.
    """
    files = files_of(paths)
    with _alone(lake.home) as lock:
        memory = Memory(lake.journal, [file.sha256 for file in files], door.now)
        lock.write(memory.now.date().isoformat())
        lock.flush()
        with lake.batch(memory.batch) as kept:
            batch = Batch(kept, memory, keys, replace(door, now=memory.now))
            keep = partial(_keep_original, home=lake.home, keys=keys, kept=kept)
            messages, extracts = Messages(batch), Extracts(batch, keep)
            for number, file in enumerate(files, start=1):
                if file.is_message:
                    keep(file)
                    messages.read(file)
                else:
                    extracts.read(file)
                progress(file.path.name, number / len(files))
            messages.flush()
            receipt = batch.receipt()
    return receipt


@contextmanager
def _alone(home: Home) -> Iterator[TextIO]:
    """Two receipts at once would number versions twice."""
    home.root.mkdir(parents=True, exist_ok=True)
    with home.receiving.open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as taken:
            raise BadDelivery(home.root, "another receipt is under way there.") from taken
        lock.truncate(0)
        yield lock


def _keep_original(file: File, home: Home, keys: IntakeKeys, kept: LakeBatch) -> None:
    final = evidence.keep(file, home, keys.seal)
    if final is not None:
        kept.with_file(final)
