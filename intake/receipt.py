"""What a batch brought: the receipt that the sender gets and the home keeps."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime

from pydantic import BaseModel, ConfigDict, model_validator


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Count(_Frozen):
    """Rows of one table; every offered row is in exactly one of the others."""

    offered: int = 0
    accepted: int = 0
    unchanged: int = 0
    quarantined: int = 0

    @model_validator(mode="after")
    def _nothing_vanishes(self) -> "Count":
        if self.offered != self.accepted + self.unchanged + self.quarantined:
            message = f"counts do not add up: {self!r}"
            raise ValueError(message)
        return self

    def __add__(self, other: "Count") -> "Count":
        """Both together."""
        return Count(
            offered=self.offered + other.offered,
            accepted=self.accepted + other.accepted,
            unchanged=self.unchanged + other.unchanged,
            quarantined=self.quarantined + other.quarantined,
        )


class ReceivedFile(_Frozen):
    """One file of a batch.

    Attributes:
        name: File name, without folders.
        sha256: Digest of its bytes; a message's sealed original is kept under it.
        kind: CEBnnn, or the table of an extract.
        entities: Business entities (message) or rows (extract) found.
        unknown: Elements or columns that the contract does not know, and how often. Those of a
            message stay in its sealed original; those of an extract are not kept.
        seen_before: The same bytes were received earlier.
    """

    name: str
    sha256: str
    kind: str
    entities: int
    unknown: dict[str, int]
    seen_before: bool = False


class Receipt(_Frozen):
    """One batch.

    Attributes:
        batch: Its number and time.
        received_at: The door's time, China wall clock; known_at of what is not asserted.
        history: Whether senders' times were believed.
        files: The files that were read.
        tables: Table -> counts of its rows. What could not be read as rows of a table is
            counted under `unreadable`.
        reasons: Reason -> rows quarantined.
        not_yet_read: Kind of document -> files of it, which nothing reads yet.
        flags: Check -> accepted documents in which it was noticed not to hold.
    """

    batch: str
    received_at: datetime
    history: bool
    files: tuple[ReceivedFile, ...]
    tables: dict[str, Count]
    reasons: dict[str, int]
    not_yet_read: dict[str, int]
    flags: dict[str, int] = {}

    @model_validator(mode="after")
    def _every_refusal_has_a_reason(self) -> "Receipt":
        if self.total.quarantined != sum(self.reasons.values()):
            message = f"refusals without a reason in batch {self.batch}"
            raise ValueError(message)
        return self

    @property
    def total(self) -> Count:
        """All rows together."""
        return sum(self.tables.values(), start=Count())

    @property
    def unknown(self) -> Counter[str]:
        """Elements or columns of all files that the contract does not know, and how often."""
        return sum((Counter(file.unknown) for file in self.files), start=Counter())

    def lines(self) -> Iterator[str]:
        """What else there is to say of it than counts by table, a line each."""
        for reason, rows in self.reasons.items():
            yield f"quarantined, {reason}: {rows:,} rows"
        for check, documents in self.flags.items():
            yield f"accepted and flagged, {check}: {documents:,} documents"
        for name, often in sorted(self.unknown.items()):
            yield f"kept aside, nothing reads {name}: {often:,} times"
        for kind, files in self.not_yet_read.items():
            yield f"not read, nothing reads {kind}: {files:,} files"
