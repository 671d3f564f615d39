"""Arrow columns made from NumPy arrays without a loop over rows."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from pilot_zone.plan import Flags, Floats, Ints

if TYPE_CHECKING:
    Column: TypeAlias = pa.Array[Any]
else:
    Column = pa.Array
Bytes = npt.NDArray[np.uint8]
_pa: Any = pa
_compute: Any = pc  # the stubs know fewer types of columns than the functions take
SCALE = 100_000
"""Amounts are held as integers of 0.00001, the last place of DECIMAL(18,5)."""
CENT = SCALE // 100


def picked(column: Column, rows: npt.NDArray[np.integer]) -> Column:
    """The values at `rows`."""
    return column.take(pa.array(rows, pa.int64()))


def either(where: Flags, yes: Column, no: Column) -> Column:
    """`yes` where true, else `no`."""
    chosen: Column = _compute.if_else(pa.array(where), yes, no)
    return chosen


def choose(values: Sequence[str] | Column, codes: npt.NDArray[np.integer]) -> Column:
    """The text of each code; a negative code is null."""
    known = values if isinstance(values, pa.Array) else pa.array(values, pa.string())
    if codes.size and codes.min() < 0:
        return known.take(pa.array(np.maximum(codes, 0), pa.int64(), mask=codes < 0))
    return picked(known, codes)


def repeat(value: str | None, count: int) -> Column:
    """`value` in every row."""
    return pa.repeat(pa.scalar(value, pa.string()), count)


def digits(numbers: Ints, width: int) -> Bytes:
    """Decimal digits as ASCII, one row per number, leading zeros kept."""
    out = np.empty((numbers.size, width), np.uint8)
    rest = numbers
    for place in range(width - 1, -1, -1):
        rest, digit = np.divmod(rest, 10)
        out[:, place] = digit + ord("0")
    return out


def fixed_text(rows: Bytes) -> Column:
    """Text of equal length from a matrix of ASCII bytes."""
    count, width = rows.shape
    offsets = _pa.py_buffer(np.arange(0, (count + 1) * width, width, dtype=np.int32))
    return pa.Array.from_buffers(
        pa.string(), count, [None, offsets, _pa.py_buffer(np.ascontiguousarray(rows))]
    )


def serial(prefix: str, numbers: Ints, width: int) -> Column:
    """`prefix` and the number, padded with zeros to `width` digits."""
    head = np.frombuffer(prefix.encode("ascii"), np.uint8)
    return fixed_text(np.hstack([np.tile(head, (numbers.size, 1)), digits(numbers, width)]))


def joined(*parts: Column | str) -> Column:
    """Texts joined row by row."""
    text: Column = _compute.binary_join_element_wise(*parts, "")
    return text


def amount(scaled: Ints) -> Column:
    """DECIMAL(18,5) from integers of 0.00001."""
    words = np.empty((scaled.size, 2), np.int64)
    words[:, 0] = scaled
    words[:, 1] = scaled >> 63
    return pa.Array.from_buffers(pa.decimal128(18, 5), scaled.size, [None, _pa.py_buffer(words)])


def cents(values: Floats) -> Ints:
    """Amounts rounded to 0.01, as integers of 0.00001."""
    return np.rint(values * 100).astype(np.int64) * CENT


def moment(seconds: Ints) -> Column:
    """Wall-clock moments from seconds since 1970."""
    column: Column = _pa.array(seconds.astype("datetime64[s]").astype("datetime64[us]"))
    return column


def day(numbers: Ints) -> Column:
    """Calendar days from day numbers."""
    return pa.array(numbers.astype("datetime64[D]"), pa.date32())


def only(present: Flags, column: Column) -> Column:
    """`column` where present, else null."""
    if present.all():
        return column
    return either(present, column, pa.nulls(len(column), column.type))
