"""What the home remembers of files and batches, so that receiving again changes nothing."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from pydantic import BaseModel, ConfigDict
from sqlalchemy import select

from intake.delivery import File
from intake.receipt import Receipt
from storage.journal import RECEIPTS, RECEIVED, Journal
from storage.lake_batch import LakeBatch

_ASKED_AT_ONCE: Final = 5_000


class FileMemory(BaseModel):
    """What a received file held.

    Attributes:
        offered: Table -> rows it offered.
        retry: Numbers of the rows or business entities that were refused for want of something
            that may have come since. All others need not be looked at again.
        entities: Rows or business entities found.
        unknown: Elements or columns that the contract does not know.
        read_as: What its name made of it: under another it is read again.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    offered: dict[str, int]
    retry: tuple[int, ...]
    entities: int
    unknown: dict[str, int]
    read_as: str = ""


class Memory:
    """What is remembered of the files of one delivery, and the number it gets."""

    def __init__(self, journal: Journal, digests: Sequence[str], clock: datetime) -> None:
        last = latest_receipt(journal)
        self.number = 1 if last is None else int(last.batch.partition("-")[0]) + 1
        self.now = clock if last is None else max(clock, last.received_at)
        self._files = _remembered(journal, digests)
        self._new: dict[str, FileMemory] = {}

    @property
    def batch(self) -> str:
        """Name of the batch: its number and its time."""
        return f"{self.number:06d}-{self.now:%Y%m%dT%H%M%S}"

    def of_file(self, file: File) -> FileMemory | None:
        """What is remembered of these bytes, if they were received and read in the same way."""
        known = self._new.get(file.sha256) or self._files.get(file.sha256)
        return known if known is not None and known.read_as == file.read_as else None

    def keep_file(self, sha256: str, memory: FileMemory) -> None:
        """Remember a file whose rows are all settled."""
        self._new[sha256] = memory

    def write(self, receipt: Receipt, kept: LakeBatch) -> None:
        """Have the receipt and what is new of its files count with its batch."""
        head = {"number": self.number, "batch": receipt.batch, "received_at": receipt.received_at}
        kept.note(RECEIPTS, [head | {"content": receipt.model_dump_json()}])
        files = (
            {"sha256": digest, "number": self.number, "content": memory.model_dump_json()}
            for digest, memory in self._new.items()
        )
        kept.note(RECEIVED, files)


def latest_receipt(journal: Journal) -> Receipt | None:
    """The receipt of the last batch, or None where nothing was received."""
    chosen = select(RECEIPTS.c.content).order_by(RECEIPTS.c.number.desc()).limit(1)
    rows = journal.ask(chosen)
    return Receipt.model_validate_json(rows[0]["content"]) if rows else None


def _remembered(journal: Journal, digests: Sequence[str]) -> dict[str, FileMemory]:
    files: dict[str, FileMemory] = {}
    for first in range(0, len(digests), _ASKED_AT_ONCE):
        asked = RECEIVED.c.sha256.in_(digests[first : first + _ASKED_AT_ONCE])
        for row in journal.ask(select(RECEIVED).where(asked).order_by(RECEIVED.c.number)):
            files[row["sha256"]] = FileMemory.model_validate_json(row["content"])
    return files
