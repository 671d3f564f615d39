"""What the home remembers of files and batches, so that receiving again changes nothing."""

from datetime import datetime
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from intake.receipt import Receipt
from storage.home import Home


class FileMemory(BaseModel):
    """What a received file held.

    Attributes:
        offered: Table -> rows it offered.
        retry: Numbers of the rows or business entities that were refused for want of something
            that may have come since. All others need not be looked at again.
        entities: Rows or business entities found.
        unknown: Elements or columns that the contract does not know.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    offered: dict[str, int]
    retry: tuple[int, ...]
    entities: int
    unknown: dict[str, int]


class Memory:
    """The receipts of a home, and one small file per received file."""

    def __init__(self, home: Home) -> None:
        self._receipts = home.receipts
        self._files = home.receipts / "files"

    def of_file(self, sha256: str) -> FileMemory | None:
        """What is remembered of a file with this digest, if it was received."""
        path = self._files / f"{sha256}.json"
        return FileMemory.model_validate_json(path.read_bytes()) if path.exists() else None

    def keep_file(self, sha256: str, memory: FileMemory) -> None:
        """Remember a file whose rows are all settled and written."""
        _write(self._files / f"{sha256}.json", memory)

    def keep_receipt(self, receipt: Receipt) -> None:
        """Keep a receipt."""
        _write(self._receipts / f"{receipt.batch}.json", receipt)

    def next_batch(self, now: datetime) -> tuple[str, datetime]:
        """The next batch's name, and its time: the clock, or the last receipt's if later."""
        earlier = sorted(self._receipts.glob("*.json"))
        if earlier:
            last = Receipt.model_validate_json(earlier[-1].read_bytes())
            now = max(now, last.received_at)
        return f"{len(earlier) + 1:06d}-{now:%Y%m%dT%H%M%S}", now


def _write(final: Path, content: BaseModel) -> None:
    final.parent.mkdir(parents=True, exist_ok=True)
    unfinished = final.with_suffix(".tmp")
    unfinished.write_text(content.model_dump_json(indent=1), encoding="utf-8")
    unfinished.replace(final)
