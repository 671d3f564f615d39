"""Refused entities: why and what would be right for all to read, what was sent only sealed."""

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import pyarrow as pa
import pyarrow.parquet as pq

from domain.results import Words
from domain.table import Column
from intake.offered import Values
from intake.pseudonym import Pseudonymiser
from intake.reasons import Reason, what_would_be_right
from storage.home import Home
from storage.sealed import seal

_TEXTS = (
    "entry_id",
    "batch",
    "file",
    "file_sha256",
    "kind",
    "table_name",
    "document_key",
    "field",
    "reason",
    "right_zh",
    "right_en",
)
_FIELDS: list[Values] = [
    *(pa.field(name, pa.string()) for name in _TEXTS),
    pa.field("position", pa.int64()),
    pa.field("received_at", pa.timestamp("us")),
    pa.field("sealed", pa.binary()),
]
SCHEMA = pa.schema(_FIELDS)
"""No column holds what was sent in clear, but for the business key."""


@dataclass(frozen=True, slots=True)
class Refused:
    """One refused row.

    Attributes:
        file: Name of the file.
        file_sha256: Digest of the file.
        kind: CEBnnn, or the table of an extract.
        table: Table the row was meant for.
        position: Number of the row or business entity in the file, from 1.
        document_key: Its business key, as far as it could be read.
        reason: Why.
        column: Which field, if one.
        original: The row or business entity as it was sent.
    """

    file: str
    file_sha256: str
    kind: str
    table: str
    position: int
    document_key: str
    reason: Reason
    column: Column | None
    original: bytes

    @property
    def right(self) -> Words:
        """What would be right."""
        return what_would_be_right(self.reason, self.column)


@dataclass(frozen=True, slots=True)
class IntakeKeys:
    """The zone's secrets that receiving needs.

    Attributes:
        pseudonym: HMAC key of the identifier hashes.
        seal: AES-256 key of sealed bytes.
    """

    pseudonym: bytes
    seal: bytes


class Quarantine:
    """The refused entities of a home, each once, however often it is sent."""

    def __init__(self, home: Home, keys: IntakeKeys) -> None:
        self._folder = home.quarantine
        self._seal_key = keys.seal
        self._pseudonymiser = Pseudonymiser(keys.pseudonym)
        self._occurrences: Counter[str] = Counter()
        files = sorted(self._folder.glob("[!.]*.parquet"))
        held = [pq.read_table(file, columns=["entry_id"])["entry_id"] for file in files]
        self._held = {entry for ids in held for entry in ids.to_pylist()}

    def hold(self, refused: Sequence[Refused], batch: str, received_at: datetime) -> list[bool]:
        """Keep refused rows that are not held yet.

        Returns:
            For each row whether it is new here.
        """
        ids = [self._entry_id(row) for row in refused]
        fresh = [entry not in self._held for entry in ids]
        sealed_at: set[tuple[str, int]] = set()
        entries = []
        for row, entry, new in zip(refused, ids, fresh, strict=True):
            if not new:
                continue
            first = (row.file_sha256, row.position) not in sealed_at
            sealed_at.add((row.file_sha256, row.position))
            head = {"entry_id": entry, "batch": batch, "received_at": received_at}
            entries.append(head | self._entry(row, entry if first else None))
        self._held.update(ids)
        self._write(entries, batch)
        return fresh

    def _entry(self, row: Refused, sealed_as: str | None) -> dict[str, object]:
        """One line; the entity's bytes lie sealed with the first of its refused rows."""
        return {
            "file": row.file,
            "file_sha256": row.file_sha256,
            "kind": row.kind,
            "table_name": row.table,
            "position": row.position,
            "document_key": row.document_key,
            "field": row.column.name if row.column else None,
            "reason": row.reason.value,
            "right_zh": row.right.zh,
            "right_en": row.right.en,
            "sealed": seal(row.original, self._seal_key, sealed_as) if sealed_as else None,
        }

    def _entry_id(self, row: Refused) -> str:
        """The same for the same content and refusal, so that sending it again adds nothing."""
        field = row.column.name if row.column else ""
        content = hashlib.sha256(row.original).hexdigest()
        same = "|".join((row.table, row.document_key, row.reason, field, content))
        self._occurrences[same] += 1
        return self._pseudonymiser.hash("quarantine", f"{same}|{self._occurrences[same]}")

    def _write(self, entries: list[dict[str, object]], batch: str) -> None:
        if not entries:
            return
        self._folder.mkdir(parents=True, exist_ok=True)
        part = len(list(self._folder.glob(f"{batch}-*.parquet")))
        final = self._folder / f"{batch}-{part:05d}.parquet"
        unfinished = final.with_name(f".{final.name}.tmp")
        pq.write_table(pa.Table.from_pylist(entries, SCHEMA), unfinished, compression="zstd")
        unfinished.replace(final)
