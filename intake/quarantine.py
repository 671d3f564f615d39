"""Refused entities: why and what would be right for all to read, what was sent only sealed."""

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import pyarrow as pa

from domain.quarantine import QUARANTINE
from domain.results import Words
from domain.table import Column
from intake.entries import Act
from intake.gate import Correction
from intake.pseudonym import Pseudonymiser
from intake.reasons import Reason, what_would_be_right
from storage.journal import ACTS
from storage.lake_batch import LakeBatch
from storage.parquet_files import QUARANTINE_TABLE
from storage.sealed import seal


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

    def __init__(self, kept: LakeBatch, keys: IntakeKeys) -> None:
        self._kept = kept
        self._seal_key = keys.seal
        self._pseudonymiser = Pseudonymiser(keys.pseudonym)
        self._occurrences: Counter[bytes] = Counter()
        self._sealed: set[tuple[str, int]] = set()

    def hold(self, refused: Sequence[Refused], received_at: datetime) -> list[bool]:
        """Keep refused rows that are not held yet.

        Returns:
            For each row whether it is new here.
        """
        if not refused:
            return []
        ids = [self._entry_id(row) for row in refused]
        held = self._held(ids)
        fresh = [entry not in held for entry in ids]
        entries = []
        for row, entry, new in zip(refused, ids, fresh, strict=True):
            if not new:
                continue
            first = (row.file_sha256, row.position) not in self._sealed
            self._sealed.add((row.file_sha256, row.position))
            head = {"entry_id": entry, "batch": self._kept.name, "received_at": received_at}
            entries.append(head | self._entry(row, entry if first else None))
        self._kept.append(QUARANTINE_TABLE, pa.Table.from_pylist(entries, QUARANTINE))
        return fresh

    def answer(
        self, healed: Sequence[tuple[str, int]], corrected: Correction | None, at: datetime
    ) -> None:
        """Close entries with this batch.

        Args:
            healed: Digest of file and position of entities that were refused and no longer are.
            corrected: The correction that this batch takes in whole.
            at: The door's clock.
        """
        closed = dict.fromkeys(self._entries_of(healed))
        closed |= dict.fromkeys(corrected.entries, corrected.officer) if corrected else {}
        same = {"act": Act.RESUBMITTED, "at": at, "batch": self._kept.name, "why": None}
        rows = [{"entry_id": entry, "officer": who, **same} for entry, who in closed.items()]
        self._kept.note(ACTS, rows)

    def _entries_of(self, entities: Sequence[tuple[str, int]]) -> list[str]:
        if not entities:
            return []
        digests, positions = zip(*entities, strict=True)
        asked = pa.table({"file_sha256": digests, "position": pa.array(positions, pa.int64())})
        rows = self._kept.among(QUARANTINE_TABLE, asked).select("entry_id", "batch").fetchall()
        return [entry for entry, batch in rows if batch != self._kept.name]

    def _held(self, ids: Sequence[str]) -> set[str]:
        asked = pa.table({"entry_id": pa.array(ids, pa.string())})
        rows = self._kept.among(QUARANTINE_TABLE, asked).select("entry_id").fetchall()
        return {entry for (entry,) in rows}

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
        short = hashlib.blake2b(same.encode(), digest_size=16).digest()
        self._occurrences[short] += 1
        return self._pseudonymiser.hash("quarantine", f"{same}|{self._occurrences[short]}")
