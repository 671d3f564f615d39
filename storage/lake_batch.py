"""Rows on their way into the lake: all of a batch become visible at once, or none ever."""

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Final

import pyarrow as pa
from duckdb import ColumnExpression, ConstantExpression, DuckDBPyRelation
from ibis.backends.duckdb import Backend
from sqlalchemy import Table

from storage.compaction import due
from storage.home import Home
from storage.journal import Journal, Rows
from storage.parquet_files import (
    QUARANTINE_TABLE,
    SUPERSESSIONS_TABLE,
    merge,
    read,
    schema_of,
    write,
)

_VERSION: Final = ("document_key", "version")
_TOLD: Final = ("content_digest", "known_at", "batch")


class LakeBatch:
    """One batch under way. It sees its own rows; readers see them once it is committed.

    One at a time per home: whoever opens a batch holds the home's receiving lock.

    Attributes:
        name: Receipt its rows belong to.
    """

    def __init__(self, home: Home, journal: Journal, engine: Backend, name: str) -> None:
        self.name = name
        self._home = home
        self._journal = journal
        self._connection = engine.con.cursor()
        self._before = journal.files()
        self._files: dict[str, list[Path]] = {}
        self._others: list[Path] = []
        self._notes: list[tuple[Table, Rows]] = []
        self.clear()

    def append(self, table: str, rows: pa.Table) -> None:
        """Add rows of one table, in its shape and any column order.

        Accepted rows are in lake shape. `SUPERSESSIONS_TABLE` takes versions that ceased to be
        true, `QUARANTINE_TABLE` what was refused.

        Raises:
            KeyError: A column of the contract is missing.
            ArrowInvalid: A value does not fit the contract's type.
        """
        if not rows.num_rows:
            return
        file = self._next(table)
        write(rows, table, file)
        self._files[table].append(file)

    def note(self, table: Table, rows: Rows) -> None:
        """Add rows of the journal that are to count with the batch."""
        self._notes.append((table, rows))

    def with_file(self, file: Path) -> None:
        """Have a file on disk for good before the batch counts."""
        self._others.append(file)

    def rows(self, name: str) -> DuckDBPyRelation:
        """All rows of a table, those of this batch too."""
        return self._read(name, [*self._before.get(name, []), *self._files.get(name, [])])

    def fresh(self, name: str) -> DuckDBPyRelation:
        """The rows of a table that this batch brings."""
        return self._read(name, self._files.get(name, []))

    def holds(self, name: str) -> bool:
        """Whether a table has any row, those of this batch too."""
        return name in self._before or name in self._files

    def among(self, name: str, keys: pa.Table) -> DuckDBPyRelation:
        """The rows of a table that agree with some row of `keys` in all of its columns."""
        asked = self._connection.from_arrow(keys)
        columns = ", ".join(f'"{column}"' for column in keys.column_names)
        return self.rows(name).join(asked, columns, how="semi")

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
        columns = dict.fromkeys((*keys.column_names, *_VERSION, *_TOLD))
        rows = self.among(table, keys).select(*columns)
        both = rows.join(self.ends(table), ", ".join(_VERSION), how="left")
        known: pa.Table = both.to_arrow_table()
        return known

    def standing(self, table: str) -> DuckDBPyRelation:
        """The versions of a table that did not cease to be true."""
        return self.rows(table).join(self.ends(table), ", ".join(_VERSION), how="anti")

    def ends(self, table: str) -> DuckDBPyRelation:
        """document_key, version and `superseded_at` of versions that ceased to be true."""
        gone = self.rows(SUPERSESSIONS_TABLE)
        gone = gone.filter(ColumnExpression("table_name") == ConstantExpression(table))
        return gone.aggregate("document_key, version, min(known_at) AS superseded_at")

    def commit(self) -> None:
        """Make everything added so far count, at once."""
        replaced = self._merged()
        files = [*self._others, *(path for paths in self._files.values() for path in paths)]
        folders = {folder for path in files for folder in path.parents[:2]}
        for path in (*files, *folders):
            _to_disk(path)
        self._journal.commit(self.name, self._files, self._notes, replaced)

    def clear(self) -> None:
        """Delete what a batch of this number left that was not committed."""
        number = self.name.partition("-")[0]
        counted = {path for paths in self._journal.files().values() for path in paths}
        for path in self._left_by(number):
            if path not in counted:
                path.unlink()

    def _merged(self) -> list[Path]:
        """Merge small files of the tables added to, where they are many; gives those merged."""
        listed = {name: [*self._before.get(name, []), *own] for name, own in self._files.items()}
        replaced = []
        for name, small in due(listed).items():
            file = self._next(name)
            merge(small, name, file)
            self._files[name] = [path for path in self._files[name] if path not in small] + [file]
            replaced += small
        return replaced

    def _next(self, table: str) -> Path:
        own = self._files.setdefault(table, [])
        return self._folder(table) / f"{self.name}-{len(own):05d}.parquet"

    def _read(self, name: str, files: list[Path]) -> DuckDBPyRelation:
        if files:
            return read(self._connection, name, files)
        nothing: DuckDBPyRelation = self._connection.from_arrow(schema_of(name).empty_table())
        return nothing

    def _left_by(self, number: str) -> Iterable[Path]:
        pattern = f"{number}-*.parquet"
        yield from self._home.lake.glob(f"*/{pattern}")
        yield from self._home.quarantine.glob(pattern)

    def _folder(self, table: str) -> Path:
        return self._home.quarantine if table == QUARANTINE_TABLE else self._home.lake / table


def _to_disk(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
