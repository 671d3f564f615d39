"""The engine that runs the feature expressions: DuckDB in this process."""

from collections.abc import Mapping
from dataclasses import fields
from datetime import date

import ibis
from ibis.backends.duckdb import Backend

from domain.signals import Signals
from domain.tables import TABLES
from storage.home import Home


def connect(home: Home, *, threads: int, memory_limit_mb: int) -> Backend:
    """An engine with bounded memory that spills into the home folder.

    Args:
        home: Whose spill folder is used.
        threads: Engine threads; results do not depend on it.
        memory_limit_mb: Memory before spilling, MB.
    """
    home.spill.mkdir(parents=True, exist_ok=True)
    return ibis.duckdb.connect(
        threads=threads,
        memory_limit=f"{memory_limit_mb}MB",
        preserve_insertion_order=False,
        temp_directory=str(home.spill),
    )


def signals_of(tables: Mapping[str, ibis.Table], as_of: date, covered: dict[str, date]) -> Signals:
    """Signals over `tables`, already cut; a table that is not named is empty."""
    names = [field.name for field in fields(Signals) if field.name in TABLES]
    whole = {name: tables[name] if name in tables else _empty(name) for name in names}
    return Signals(as_of=as_of, covered=covered, **whole)


def _empty(name: str) -> ibis.Table:
    return ibis.memtable(TABLES[name].lake_schema().empty_table())
