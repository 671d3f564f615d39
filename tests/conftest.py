"""Fixtures for all rooms.

Policy: build the smallest thing that has what the test needs. Tables that a person can count
come from `make_signals`; a whole small zone is simulated once per run and never written to.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

import ibis
import pyarrow as pa
import pytest

from domain.signals import Signals
from domain.table import Column, Kind, Table
from domain.tables import KEPT_TABLES
from storage.engine import signals_of

Rows = Sequence[Mapping[str, Any]]
MakeSignals = Callable[..., Signals]

_DEFAULTS: dict[Kind, object] = {
    Kind.TEXT: "x",
    Kind.AMOUNT: Decimal(0),
    Kind.COUNT: 0,
    Kind.DATE: date(2020, 1, 1),
    Kind.MOMENT: datetime(2020, 1, 1),  # noqa: DTZ001 - China wall clock has no zone here
    Kind.FLAG: False,
}
ALL_COVERED = ("customs", "logistics", "payment", "tax", "market_supervision", "platform")


def _moment(value: object) -> datetime:
    if isinstance(value, datetime):
        return value
    assert isinstance(value, date)
    return datetime.combine(value, time())


def lake_row(table: Table, given: Mapping[str, Any]) -> dict[str, Any]:
    """One lake row: what is given, defaults for required columns, null for the rest."""

    def value(column: Column) -> object:
        if column.name in given:
            return given[column.name]
        return _DEFAULTS[column.kind] if column.required else None

    row = {column.name: value(column) for column in table.lake_columns()}
    keys = ["" if row[k] is None else str(row[k]) for k in table.key if k in row]
    row["document_key"] = given.get("document_key", "|".join(keys))
    if table.line is not None:
        row["parent_key"] = given.get("parent_key", "|".join(keys[:-1]))
    happened = _moment(row.get(table.happened) or _DEFAULTS[Kind.DATE])
    defaults = {"version": 1, "happened_at": happened, "known_at": happened, "asserted": False}
    row.update({name: given.get(name, default) for name, default in defaults.items()})
    return row


def lake_table(name: str, rows: Rows) -> pa.Table:
    """Lake-shaped Arrow table of `rows`, each as `lake_row` completes it."""
    table = KEPT_TABLES[name]
    return pa.Table.from_pylist([lake_row(table, row) for row in rows], table.lake_schema())


@pytest.fixture(scope="session")
def make_signals() -> MakeSignals:
    """A function `(as_of, covered=..., **tables)` that makes Signals from literal rows.

    Every source covers `as_of` unless `covered` says otherwise.
    """

    def make(as_of: date, covered: dict[str, date] | None = None, **tables: Rows) -> Signals:
        lazy = {name: ibis.memtable(lake_table(name, rows)) for name, rows in tables.items()}
        known = dict.fromkeys(ALL_COVERED, as_of) if covered is None else covered
        return signals_of(lazy, as_of, known)

    return make
