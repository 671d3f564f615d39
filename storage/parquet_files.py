"""Parquet files of the tables that are kept, as they lie on disk."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import ibis
import pyarrow as pa
import pyarrow.parquet as pq
from duckdb import ColumnExpression, DuckDBPyConnection, DuckDBPyRelation
from ibis.backends.duckdb import Backend
from ibis.expr.operations import DatabaseTable

from domain.quarantine import QUARANTINE
from domain.table import SUPERSESSIONS
from domain.tables import KEPT_TABLES

SUPERSESSIONS_TABLE: Final = "supersessions"
QUARANTINE_TABLE: Final = "quarantine"
_OWN: Final = {SUPERSESSIONS_TABLE: SUPERSESSIONS, QUARANTINE_TABLE: QUARANTINE}
_ROW_GROUP: Final = 122_880


def schema_of(name: str) -> pa.Schema:
    """The columns that are kept of a table."""
    return _OWN[name] if name in _OWN else KEPT_TABLES[name].lake_schema()


def write(rows: pa.Table, name: str, file: Path) -> None:
    """Write rows of one table, in any column order, to a new file.

    Raises:
        FileExistsError: There is such a file.
        KeyError: A column of the contract is missing.
        ArrowInvalid: A value does not fit the contract's type.
    """
    schema = schema_of(name)
    shaped = rows.select(schema.names).cast(schema)
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("xb") as sink:
        pq.write_table(shaped, sink, compression="zstd", row_group_size=_ROW_GROUP)


def read(connection: DuckDBPyConnection, name: str, files: Sequence[Path]) -> DuckDBPyRelation:
    """The rows of a table in some files, at least one."""
    rows = connection.read_parquet([str(path) for path in files], union_by_name=True)
    return rows.select(*(ColumnExpression(column) for column in schema_of(name).names))


def named(engine: Backend, view: str, schema: pa.Schema) -> ibis.Table:
    """A view of the engine as a lazy table, without asking for the schema that is known."""
    return DatabaseTable(view, schema=ibis.Schema.from_pyarrow(schema), source=engine).to_expr()
