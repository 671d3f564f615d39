"""Parquet files of the tables that are kept, as they lie on disk."""

from collections.abc import Iterator, Sequence
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


def merge(paths: Sequence[Path], name: str, file: Path) -> None:
    """Write the rows of some files of one table, in their order, to a new file.

    Raises:
        FileExistsError: There is such a file.
    """
    with (
        file.open("xb") as sink,
        pq.ParquetWriter(sink, schema_of(name), compression="zstd") as writer,
    ):
        for rows in _row_groups(paths, schema_of(name)):
            writer.write_table(rows, row_group_size=_ROW_GROUP)


def _row_groups(paths: Sequence[Path], schema: pa.Schema) -> Iterator[pa.Table]:
    """The rows of some files, gathered to what is worth a row group."""
    gathered = schema.empty_table()
    for path in paths:
        for rows in pq.ParquetFile(path).iter_batches(_ROW_GROUP, columns=schema.names):
            gathered = pa.concat_tables([gathered, pa.Table.from_batches([rows]).cast(schema)])
            if gathered.num_rows >= _ROW_GROUP:
                yield gathered
                gathered = schema.empty_table()
    yield gathered


def read(connection: DuckDBPyConnection, name: str, files: Sequence[Path]) -> DuckDBPyRelation:
    """The rows of a table in some files, at least one."""
    rows = connection.read_parquet([str(path) for path in files], union_by_name=True)
    return rows.select(*(ColumnExpression(column) for column in schema_of(name).names))


def named(engine: Backend, view: str, schema: pa.Schema) -> ibis.Table:
    """A view of the engine as a lazy table, without asking for the schema that is known."""
    return DatabaseTable(view, schema=ibis.Schema.from_pyarrow(schema), source=engine).to_expr()
