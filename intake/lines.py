"""Lines that vanish when a message changes or deletes its document."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from intake.gate import DELETE
from intake.offered import KNOWN_AT, OPERATION, Values

DECIDED_BY = ("document_key", "content_digest", OPERATION, KNOWN_AT)
_Order = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Sent:
    """One accepted sending of a document by a message.

    Attributes:
        entity: Number of the business entity in the unit.
        key: The document.
        operation: New, change, delete.
        known_at: When it became known.
        version: The version it became; a later one than 1 may lose lines.
    """

    entity: int
    key: str
    operation: str
    known_at: datetime
    version: int


def changed(sendings: Iterable[Sent]) -> list[Sent]:
    """The sendings of documents that were changed or deleted, in order of knowing."""
    listed = sorted(sendings, key=lambda sent: (sent.known_at, sent.entity))
    keys = {sent.key for sent in listed if sent.version > 1 or sent.operation == DELETE}
    return [sent for sent in listed if sent.key in keys]


def vanished(
    sendings: Iterable[Sent], own: Mapping[int, set[str]], known: Mapping[str, set[str]]
) -> list[tuple[int, str, datetime]]:
    """Lines that end because a later sending of their document no longer has them.

    Args:
        sendings: Of `changed`.
        own: Entity -> the lines it brings.
        known: Document -> its lines in the lake that still stand.

    Returns:
        Entity that ends it, document_key of the line, time of knowing.
    """
    standing = {key: set(lines) for key, lines in known.items()}
    ended = []
    for sent in sendings:
        brought = own.get(sent.entity, set())
        gone = sorted(standing.get(sent.key, set()) - brought)
        ended += [(sent.entity, line, sent.known_at) for line in gone]
        standing[sent.key] = set() if sent.operation == DELETE else brought
    return ended


def with_ends(
    rows: pa.Table, entities: _Order, ended: list[tuple[int, str, datetime]]
) -> tuple[pa.Table, _Order]:
    """Rows to decide on, the ends of lines before the rows of the entity that ends them.

    Returns:
        The rows, and for each the index it had in `rows`, or -1 for an end.
    """
    numbers, keys, moments = zip(*ended, strict=True)
    columns: dict[str, Values] = {
        "document_key": pa.array(keys, pa.string()),
        "content_digest": pa.array([""] * len(keys)),
        OPERATION: pa.array([DELETE] * len(keys)),
        KNOWN_AT: pa.array(moments, pa.timestamp("us")),
    }
    both = pa.concat_tables([pa.table(columns), rows.select(list(DECIDED_BY))])
    whose = np.concatenate([np.array(numbers, np.int64), entities])
    origin = np.concatenate([np.full(len(keys), -1), np.arange(rows.num_rows)])
    order = np.argsort(whose, kind="stable")
    picked: Values = pa.array(order)
    return both.take(picked), origin[order]
