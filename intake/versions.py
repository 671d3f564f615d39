"""Which rows are new versions, which change nothing, which end a version.

Documents that come once and were never seen need no thought; they are nearly all. The others
are walked through in order, document by document.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from intake.gate import DELETE, NEW
from intake.offered import KNOWN_AT, OPERATION, Mask, Values
from intake.reasons import Reason

UNCHANGED = 0
DELETED = -1
REFUSED = -2


@dataclass(slots=True)
class _Version:
    number: int
    digest: str
    known_at: datetime
    superseded_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class _Row:
    index: int
    key: str
    operation: str
    digest: str
    known_at: datetime


@dataclass(slots=True)
class _Document:
    """One document while the rows that speak of it are walked through.

    Attributes:
        versions: Its versions, oldest first.
        offered_at: Time of knowing of the last row that this batch offered before, if any.
    """

    versions: list[_Version] = field(default_factory=list)
    offered_at: datetime | None = None

    @property
    def alive(self) -> bool:
        return bool(self.versions) and self.versions[-1].superseded_at is None

    @property
    def last_change(self) -> datetime | None:
        if not self.versions:
            return None
        return self.versions[-1].superseded_at or self.versions[-1].known_at


@dataclass(slots=True)
class Decided:
    """What became of each row.

    Attributes:
        version: The version a row became; or UNCHANGED, DELETED (accepted as the end of a
            version), REFUSED.
        refused: Row -> why.
        superseded: Document key, version and moment of each version that ended.
    """

    version: npt.NDArray[np.int64]
    refused: dict[int, Reason] = field(default_factory=dict)
    superseded: list[tuple[str, int, datetime]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Past:
    """What the lake knows of the documents offered.

    Attributes:
        versions: Rows of `Lake.versions`.
        batch: The batch being received.
        dated: Whether the content holds the sender's own report time, so that content equal
            to an older version is that version sent again, not a return to it.
        asserted: Whether times of knowing are the sender's, so that an equal one is a repeat.
    """

    versions: pa.Table
    batch: str
    dated: bool
    asserted: bool


def decide(rows: pa.Table, past: Past) -> Decided:
    """Decide what becomes of each row.

    Args:
        rows: Columns document_key, content_digest, operation, known_at; in the order sent.
        past: What is known of these documents.
    """
    decided = Decided(np.ones(rows.num_rows, np.int64))
    slow = _needs_thought(rows, past)
    documents = _documents(past)
    for row in _rows(rows, slow):
        document = documents.setdefault(row.key, _Document())
        _walk(document, row, decided, past)
        document.offered_at = row.known_at
    return decided


def _needs_thought(rows: pa.Table, past: Past) -> npt.NDArray[np.int64]:
    """Rows whose key comes twice or is in the lake, and deletions."""
    keys: Values = rows["document_key"].combine_chunks().dictionary_encode()
    codes = keys.indices.to_numpy()
    counts = np.bincount(codes, minlength=len(keys.dictionary))
    seen = np.asarray(pc.is_in(keys.dictionary, past.versions["document_key"].combine_chunks()))
    crowded: Mask = (counts > 1) | seen
    deletes: Mask = np.asarray(pc.equal(rows[OPERATION], pa.scalar(DELETE)))
    needs: npt.NDArray[np.int64] = np.flatnonzero(crowded[codes] | deletes)
    return needs


def _rows(rows: pa.Table, wanted: npt.NDArray[np.int64]) -> Iterator[_Row]:
    """The wanted rows, by time of knowing, as sent within equal times."""
    names = ("document_key", OPERATION, "content_digest", KNOWN_AT)
    indices: Values = pa.array(wanted)
    picked: list[list[Any]] = [rows[name].take(indices).to_pylist() for name in names]
    found = (_Row(int(i), *values) for i, *values in zip(wanted, *picked, strict=True))
    return iter(sorted(found, key=attrgetter("known_at")))


def _documents(past: Past) -> dict[str, _Document]:
    names = ("document_key", "version", "content_digest", "known_at", "superseded_at", "batch")
    columns = [past.versions[name].to_pylist() for name in names]
    rows = sorted(zip(*columns, strict=True), key=lambda row: (row[0], row[1]))
    documents = {}
    for key, its in groupby(rows, key=lambda row: row[0]):
        its_rows = list(its)
        document = _Document([_Version(*row[1:5]) for row in its_rows])
        if its_rows[-1][5] == past.batch:
            document.offered_at = document.last_change
        documents[key] = document
    return documents


def _walk(document: _Document, row: _Row, decided: Decided, past: Past) -> None:
    fate = _fate(document, row, past)
    if isinstance(fate, Reason):
        decided.version[row.index] = REFUSED
        decided.refused[row.index] = fate
        return
    decided.version[row.index] = fate
    if fate == UNCHANGED:
        return
    if document.alive:
        last = document.versions[-1]
        last.superseded_at = row.known_at
        decided.superseded.append((row.key, last.number, row.known_at))
    if fate != DELETED:
        document.versions.append(_Version(fate, row.digest, row.known_at))


def _fate(document: _Document, row: _Row, past: Past) -> int | Reason:
    """The version the row becomes, UNCHANGED, DELETED, or why it is refused."""
    if row.operation == DELETE:
        return _fate_of_deletion(document, row, past)
    last = document.last_change
    if last is None:
        return 1
    if row.operation == NEW and document.alive and row.known_at == document.offered_at:
        return Reason.DUPLICATE
    if _is_known(document, row, past):
        return UNCHANGED
    if row.known_at < last:
        return Reason.OUT_OF_ORDER
    return document.versions[-1].number + 1


def _fate_of_deletion(document: _Document, row: _Row, past: Past) -> int | Reason:
    last = document.last_change
    if last is None:
        return Reason.UNKNOWN_DOCUMENT
    ends = {v.superseded_at for v in document.versions} - {v.known_at for v in document.versions}
    if not document.alive or (past.asserted and row.known_at in ends):
        return UNCHANGED
    return DELETED if row.known_at >= last else Reason.OUT_OF_ORDER


def _is_known(document: _Document, row: _Row, past: Past) -> bool:
    same = [version for version in document.versions if version.digest == row.digest]
    if past.dated or not same:
        return bool(same)
    current = document.alive and same[-1] is document.versions[-1]
    return current or (past.asserted and row.known_at in {v.known_at for v in same})
