"""The one path of documents into the zone."""

import fcntl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, replace
from datetime import datetime
from functools import partial
from pathlib import Path

from domain.delivery_errors import DeliveryUnderWay, DoorTaken
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
from storage.journal import DELIVERIES
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
        BadDelivery: A path cannot be received at all.
        DoorTaken: Another receipt is under way.
    """
    with alone(lake.home, door.now):
        return take_in(files_of(paths), lake, keys, door, progress)


@contextmanager
def alone(home: Home, now: datetime, key: str = "") -> Iterator[None]:
    """Receive alone: two receipts at once would number versions twice.

    Args:
        home: Whose door it is.
        now: The door's clock.
        key: Key of the delivery, if it has one.

    Raises:
        DeliveryUnderWay: What is being received is the delivery of that key.
        DoorTaken: Another receipt is under way.
    """
    home.root.mkdir(parents=True, exist_ok=True)
    home.receiving.touch()
    with home.receiving.open("r+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as taken:
            if key and key in lock.read().splitlines():
                raise DeliveryUnderWay from taken
            raise DoorTaken from taken
        # never empty: until it is written, the day of the receipt before stands for this one
        lock.write(f"{now.date().isoformat()}\n{key}")
        lock.truncate()
        yield


def take_in(
    files: Sequence[File], lake: Lake, keys: IntakeKeys, door: Door, progress: Progress
) -> Receipt:
    """Take files in as one batch, alone at the door; see `receive`."""
    memory = Memory(lake.journal, [file.sha256 for file in files], door.now)
    lake.sweep(memory.now)
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
        if door.delivery is not None:
            kept.note(DELIVERIES, [{"batch": receipt.batch, **asdict(door.delivery)}])
    return receipt


def _keep_original(file: File, home: Home, keys: IntakeKeys, kept: LakeBatch) -> None:
    # what a killed batch kept may not be on disk for good yet
    kept.with_file(evidence.keep(file, home, keys.seal))
