"""Rows as they were handed in, of one table, with where each came from."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from domain.table import Table
from intake.reasons import Reason

OPERATION = "operation"
KNOWN_AT = "known_at"
FILE = "file"
POSITION = "position"
ENVELOPE = (OPERATION, KNOWN_AT, FILE, POSITION)
"""What goes with each row: new, change or delete; asserted time; index of its file in the
unit; number of its row (extract) or business entity (message) in the file, from 1."""

Mask: TypeAlias = npt.NDArray[np.bool_]
Values: TypeAlias = Any
"""A column: pyarrow's ChunkedArray. Its stubs promise an Array from most of pyarrow.compute."""
_ENTITY_BITS = 40


class Malformed(Exception):
    """A file cannot be read from here on; what was read before stands.

    Attributes:
        reason: The kind of refusal.
    """

    def __init__(self, problem: str, reason: Reason = Reason.MALFORMED) -> None:
        super().__init__(problem)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Offered:
    """Rows of one table before any judgement.

    Attributes:
        table: The contract they are offered under.
        rows: The contract's offered columns, of any type, and the envelope.
    """

    table: Table
    rows: pa.Table


def entity_numbers(rows: pa.Table) -> npt.NDArray[np.int64]:
    """A number per row, equal for rows of the same business entity of the same file."""
    files = rows[FILE].to_numpy().astype(np.int64)
    numbers: npt.NDArray[np.int64] = (files << _ENTITY_BITS) + rows[POSITION].to_numpy()
    return numbers


def each_text(texts: Values, change: Callable[[str], str]) -> Values:
    """Texts changed one by one, a text that comes again only once."""
    encoded = texts.combine_chunks().dictionary_encode()
    changed = [change(text) for text in encoded.dictionary.to_pylist()]
    rows: Values = pa.array(changed, pa.string()).take(encoded.indices)
    return pa.chunked_array([rows])
