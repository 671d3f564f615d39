"""Versions and supersessions in, all tables as known on a day out."""

import hashlib
from dataclasses import fields
from datetime import date, datetime, time, timedelta
from pathlib import Path

import ibis
import pyarrow as pa
import pyarrow.parquet as pq
from duckdb import ColumnExpression, ConstantExpression, DuckDBPyRelation
from ibis.backends.duckdb import Backend
from ibis.expr.operations import DatabaseTable

from domain.errors import NothingKnown
from domain.signals import Signals
from domain.table import SUPERSESSIONS
from domain.tables import TABLES
from storage.engine import signals_of
from storage.home import Home

SUPERSESSIONS_TABLE = "supersessions"
_ROW_GROUP = 122_880
_VERSION = ["document_key", "version"]


class Lake:
    """Append-only Parquet files per table and batch.

    A file is written under a temporary name that no reader lists, then renamed; so a reader
    sees a whole file or none.
    """

    def __init__(self, home: Home, engine: Backend) -> None:
        self.home = home
        self.engine = engine
        self._views: dict[str, ibis.Table] = {}

    def append(self, table: str, rows: pa.Table, batch: str) -> None:
        """Add accepted rows of one table.

        Args:
            table: Table name.
            rows: Rows in lake shape, any column order.
            batch: Receipt they belong to.

        Raises:
            KeyError: A column of the contract is missing.
            ArrowInvalid: A value does not fit the contract's type.
        """
        self._write(table, rows, TABLES[table].lake_schema(), batch)

    def supersede(self, rows: pa.Table, batch: str) -> None:
        """Add supersessions: versions that ceased to be true. Shape: `SUPERSESSIONS`."""
        self._write(SUPERSESSIONS_TABLE, rows, SUPERSESSIONS, batch)

    def versions(self, table: str, keys: pa.Table) -> pa.Table:
        """Every version ever accepted of some documents.

        Args:
            table: Table name.
            keys: One column, `document_key` or `parent_key`, naming the documents or the
                documents whose lines are asked for.

        Returns:
            That column and document_key, version, content_digest, known_at, batch, and
            `superseded_at`: when the version ceased to be true, or null.
        """
        (by,) = keys.column_names
        columns = list(dict.fromkeys((by, *_VERSION, "content_digest", "known_at", "batch")))
        if not self._files(table):
            nothing = TABLES[table].lake_schema().empty_table()
            return nothing.select(columns).append_column("superseded_at", nothing["known_at"])
        rows = self.table(table)[columns].semi_join(ibis.memtable(keys), by)
        gone = self.table(SUPERSESSIONS_TABLE)
        gone = gone.filter(gone.table_name == table)
        gone = gone.group_by(_VERSION).agg(superseded_at=gone.known_at.min())
        both = rows.left_join(gone, _VERSION)
        known: pa.Table = self.engine.to_pyarrow(both.select(*columns, "superseded_at"))
        return known

    def table(self, name: str) -> ibis.Table:
        """All rows ever accepted into a table, as lazy Ibis table; empty where none were."""
        if name == SUPERSESSIONS_TABLE:
            return self._read(name, SUPERSESSIONS)
        return self._read(name, TABLES[name].lake_schema())

    def read_signals(self, as_of: date) -> Signals:
        """Every table, one row per document, as known at the end of `as_of`.

        The one place that cuts time: versions known by then, less those superseded by then.
        The tables and all that is reckoned of them lie in a connection of their own, and go
        with it when the signals do.

        Raises:
            NothingKnown: The lake is empty, or its first row became known later.
        """
        first = self.first_known_on()
        if first is None or first > as_of:
            raise NothingKnown(as_of, first)
        cut = datetime.combine(as_of + timedelta(days=1), time())
        names = [field.name for field in fields(Signals) if field.name in TABLES]
        night = ibis.duckdb.from_connection(self.engine.con.cursor())
        ended = self._superseded(cut)
        known = {
            n: self._known(night, n, cut, superseded=n in ended) for n in names if self._files(n)
        }
        return signals_of(known, as_of, _covered(known), night)

    def first_known_on(self) -> date | None:
        """The first day on which anything was known, or None for an empty lake."""
        files = [path for name in TABLES for path in self._files(name)]
        if not files:
            return None
        rows = self._view("all", files, pa.schema([("known_at", pa.timestamp("us"))]))
        first: datetime | None = self.engine.to_pyarrow(rows.known_at.min()).as_py()
        return None if first is None else first.date()

    def _known(self, night: Backend, name: str, cut: datetime, *, superseded: bool) -> ibis.Table:
        """A table as known before `cut`, as a view that lasts as long as the connection."""
        rows = _before(night.con.view(self.table(name).get_name()), cut)
        if superseded:
            gone = _before(night.con.view(self.table(SUPERSESSIONS_TABLE).get_name()), cut)
            gone = gone.filter(ColumnExpression("table_name") == ConstantExpression(name))
            rows = rows.join(gone.select(*_VERSION), ", ".join(_VERSION), how="anti")
        night.con.execute(f'CREATE TEMPORARY VIEW "{name}" AS {rows.sql_query()}')
        return _named(night, name, TABLES[name].lake_schema())

    def _superseded(self, cut: datetime) -> set[str]:
        """The tables of which a version was superseded before `cut`."""
        gone = self.table(SUPERSESSIONS_TABLE)
        gone = gone.filter(gone.known_at < cut)[["table_name"]].distinct()
        return set(self.engine.to_pyarrow(gone)["table_name"].to_pylist())

    def _files(self, name: str) -> list[Path]:
        return sorted((self.home.lake / name).glob("[!.]*.parquet"))

    def _read(self, name: str, schema: pa.Schema) -> ibis.Table:
        files = self._files(name)
        if not files:
            return ibis.memtable(schema.empty_table())
        return self._view(name, files, schema)

    def _view(self, name: str, files: list[Path], schema: pa.Schema) -> ibis.Table:
        """A view over exactly these files, named by them, so that asking again makes none."""
        listed = [str(path) for path in files]
        digest = hashlib.sha256("\n".join(listed).encode()).hexdigest()[:16]
        view = f"lake_{name}_{digest}"
        if view not in self._views:
            rows = self.engine.con.read_parquet(listed, union_by_name=True)
            rows.select(*(ColumnExpression(column) for column in schema.names)).create_view(view)
            self._views[view] = _named(self.engine, view, schema)
        return self._views[view]

    def _write(self, name: str, rows: pa.Table, schema: pa.Schema, batch: str) -> None:
        if not rows.num_rows:
            return
        folder = self.home.lake / name
        folder.mkdir(parents=True, exist_ok=True)
        part = len(list(folder.glob(f"{batch}-*.parquet")))
        final = folder / f"{batch}-{part:05d}.parquet"
        unfinished = final.with_name(f".{final.name}.tmp")
        shaped = rows.select(schema.names).cast(schema)
        pq.write_table(shaped, unfinished, compression="zstd", row_group_size=_ROW_GROUP)
        unfinished.replace(final)


def _named(engine: Backend, view: str, schema: pa.Schema) -> ibis.Table:
    # engine.table() would ask for a schema that the contract already gives
    return DatabaseTable(view, schema=ibis.Schema.from_pyarrow(schema), source=engine).to_expr()


def _before(rows: DuckDBPyRelation, cut: datetime) -> DuckDBPyRelation:
    return rows.filter(ColumnExpression("known_at") < ConstantExpression(cut))


def _covered(known: dict[str, ibis.Table]) -> dict[str, date]:
    if "coverage" not in known:
        return {}
    rows = known["coverage"]
    ends = rows.group_by("source").agg(covered_to=rows.covered_to.max()).to_pyarrow()
    return dict(sorted(zip(*(ends[name].to_pylist() for name in ends.column_names), strict=True)))
