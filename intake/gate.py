"""What each row is refused for, column by column over all rows at once."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from domain.identity import normal_code
from domain.table import ARROW_TYPES, Column, Kind, Table
from intake.customs_codes import numeric
from intake.offered import FILE, KNOWN_AT, OPERATION, POSITION, Mask, Offered, Values
from intake.reasons import Reason
from intake.register import Register
from intake.typed import mask_of, typed

NEW, CHANGE, DELETE = "1", "2", "3"
_OPERATION = Column(OPERATION, Kind.TEXT, "new, change, delete", codes=(NEW, CHANGE, DELETE))
_KNOWN_AT = Column(KNOWN_AT, Kind.MOMENT, "Asserted time of knowing", required=True)
_EARLIEST = datetime(1990, 1, 1)  # noqa: DTZ001 - China wall clock has no zone here
_GRACE = timedelta(days=1)
_REASONS = tuple(Reason)
Mark: TypeAlias = Callable[[Mask, Reason, Column], None]


@dataclass(frozen=True, slots=True)
class Correction:
    """Whose correction a delivery is.

    Attributes:
        entries: The quarantined entries that it puts right.
        officer: Who corrected them.
    """

    entries: tuple[str, ...]
    officer: str


@dataclass(frozen=True, slots=True)
class Delivery:
    """A delivery under a key, as the journal remembers it.

    Attributes:
        key: Keyed hash of who handed it in and the key they chose for it.
        content: Keyed hash of the names and digests of its files.
        officer: Who handed it in; None where files were dropped into a folder.
    """

    key: str
    content: str
    officer: str | None


@dataclass(frozen=True, slots=True)
class Door:
    """What the door knows of the moment of receiving.

    Attributes:
        now: The door's clock, China wall-clock time.
        history: Whether the senders' times of knowing are believed, and marked as asserted.
        corrects: The correction that is received, if it is one.
        delivery: The delivery that is received, if it has a key.
    """

    now: datetime
    history: bool = False
    corrects: Correction | None = None
    delivery: Delivery | None = None


class Problems:
    """The first thing wrong with each row."""

    def __init__(self, count: int) -> None:
        self._reason: npt.NDArray[np.int8] = np.full(count, -1, np.int8)
        self._field: npt.NDArray[np.int16] = np.full(count, -1, np.int16)
        self._fields: list[Column] = []

    def mark(self, rows: Mask, reason: Reason, column: Column | None = None) -> None:
        """Mark `rows` as refused, save those that something else was wrong with before."""
        fresh = rows & (self._reason < 0)
        if not fresh.any():
            return
        self._reason[fresh] = _REASONS.index(reason)
        if column is not None:
            self._field[fresh] = len(self._fields)
            self._fields.append(column)

    def sparing(self, rows: Mask) -> Mark:
        """A `mark` that lets `rows` pass: a deletion need not fill what it deletes."""

        def mark(marked: Mask, reason: Reason, column: Column) -> None:
            self.mark(marked & ~rows, reason, column)

        return mark

    def any(self) -> Mask:
        """The refused rows."""
        refused: Mask = self._reason >= 0
        return refused

    def of(self, row: int) -> tuple[Reason, Column | None]:
        """Why a refused row was refused, and for which column."""
        field = self._field[row]
        return _REASONS[self._reason[row]], self._fields[field] if field >= 0 else None


@dataclass(frozen=True, slots=True)
class Judged:
    """Rows in the contract's types, with what is wrong with each.

    Attributes:
        table: The contract.
        rows: The contract's offered columns in its types, codes resolved, and the envelope:
            operation filled, known_at by the door.
        problems: What is wrong.
    """

    table: Table
    rows: pa.Table
    problems: Problems


def judge(offered: Offered, register: Register, door: Door) -> Judged:
    """Judge rows one by one: types, mandatory fields, codes, dates, the enterprise on the roll."""
    problems = Problems(offered.rows.num_rows)
    columns = {_OPERATION.name: _column(offered, _OPERATION, problems.mark, door)}
    operation = pc.fill_null(columns[OPERATION], NEW)
    deletes = mask_of(pc.equal(operation, pa.scalar(DELETE)))
    for column in offered.table.columns:
        needed = column.name in offered.table.key or column.name == offered.table.subject
        mark = problems.mark if needed else problems.sparing(deletes)
        columns[column.name] = _column(offered, column, mark, door)
    known_at = _known_at(offered, problems, door)
    for name in offered.table.role_columns():
        columns[name] = _resolve(offered.table, name, columns, register, problems)
    columns |= _own_codes(offered.table, columns)
    envelope = {OPERATION: operation, KNOWN_AT: known_at}
    envelope |= {name: offered.rows[name] for name in (FILE, POSITION)}
    return Judged(offered.table, pa.table({**columns, **envelope}), problems)


def _column(offered: Offered, column: Column, mark: Mark, door: Door) -> Values:
    if column.name not in offered.rows.column_names:
        absent: Values = pa.nulls(offered.rows.num_rows)
        values: Values = pa.chunked_array([absent.cast(ARROW_TYPES[column.kind])])
    else:
        read = typed(offered.rows[column.name], column.kind)
        values = numeric(column.name, read.values)
        for reason, rows in read.bad.items():
            mark(rows, reason, column)
    if column.required:
        mark(mask_of(values.is_null()), Reason.MISSING, column)
    if column.codes:
        strange = pc.invert(pc.is_in(values, pa.array(column.codes, pa.string())))
        mark(mask_of(pc.and_(strange, values.is_valid())), Reason.UNKNOWN_CODE, column)
    if column.kind in {Kind.DATE, Kind.MOMENT}:
        _bound(values, column, mark, _latest(offered.table, column, door))
    return values


def _latest(table: Table, column: Column, door: Door) -> datetime | None:
    """The last moment a value may name; a day may lie ahead unless it is the row's own."""
    if column.kind is Kind.MOMENT or column.name == table.happened:
        return door.now + _GRACE
    return None


def _bound(values: Values, column: Column, mark: Mark, latest: datetime | None) -> None:
    moments: Values = values.cast(ARROW_TYPES[Kind.MOMENT])
    type_ = ARROW_TYPES[Kind.MOMENT]
    outside = mask_of(pc.less(moments, pa.scalar(_EARLIEST, type_)))
    if latest is not None:
        outside |= mask_of(pc.greater(moments, pa.scalar(latest, type_)))
    mark(outside, Reason.IMPOSSIBLE_DATE, column)


def _known_at(offered: Offered, problems: Problems, door: Door) -> Values:
    if door.history:
        return _column(offered, _KNOWN_AT, problems.mark, door)
    now: Values = pa.scalar(door.now, ARROW_TYPES[Kind.MOMENT])
    return pa.chunked_array([pa.repeat(now, offered.rows.num_rows)])


def _resolve(
    table: Table, name: str, columns: dict[str, Values], register: Register, problems: Problems
) -> Values:
    resolved = register.resolve(columns[name], columns[table.happened])
    if name == table.subject:
        column = next(column for column in table.columns if column.name == name)
        problems.mark(resolved.unknown, Reason.UNKNOWN_ENTERPRISE, column)
    return resolved.codes


def _own_codes(table: Table, columns: dict[str, Values]) -> dict[str, Values]:
    """The codes that the register itself states, in normal form; a name stays as it is."""
    names = {"enterprises": ("credit_code", "customs_code"), "aliases": ("alias",)}
    return {name: _normal(columns, name) for name in names.get(table.name, ())}


def _normal(columns: dict[str, Values], name: str) -> Values:
    values: list[str | None] = columns[name].to_pylist()
    kinds = columns["kind"].to_pylist() if name == "alias" else [None] * len(values)
    codes = [
        code if code is None or kind == "name" else normal_code(code)
        for code, kind in zip(values, kinds, strict=True)
    ]
    return pa.array(codes, pa.string())
