"""The engine that runs the feature expressions: DuckDB in this process."""

from collections.abc import Mapping
from dataclasses import fields
from datetime import date
from functools import partial
from warnings import catch_warnings

import ibis
from ibis.backends.duckdb import Backend
from ibis.util import gen_name

from domain.signals import Signals
from domain.tables import KEPT_TABLES
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


def signals_of(
    tables: Mapping[str, ibis.Table],
    as_of: date,
    covered: dict[str, date],
    engine: Backend | None = None,
) -> Signals:
    """Signals over `tables`, already cut; a table that is not named is empty.

    Args:
        tables: Lazy tables by name.
        as_of: The night.
        covered: Source -> last complete day.
        engine: What `tables` lie in; an own one for tables in memory.
    """
    names = [field.name for field in fields(Signals) if field.name in KEPT_TABLES]
    whole = {name: tables[name] if name in tables else _empty(name) for name in names}
    # temporary tables belong to a connection and go with it
    own = engine or ibis.duckdb.connect()
    return Signals(as_of=as_of, covered=covered, keep=partial(_keep, own), **whole)


def _keep(engine: Backend, rows: ibis.Table) -> ibis.Table:
    # ibis 12 asks the new table for its schema by a method that duckdb 2 deprecates
    with catch_warnings(action="ignore", category=DeprecationWarning):
        return engine.create_table(gen_name("kept"), rows, temp=True)


def _empty(name: str) -> ibis.Table:
    return ibis.memtable(KEPT_TABLES[name].lake_schema().empty_table())
