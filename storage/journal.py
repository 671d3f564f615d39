"""What was received, whole batches only: the database that names every file of the lake.

Files are complete before the journal names them, and one transaction names all files of a batch
together with what is remembered of it. A kill at any moment leaves the batch out or in; files
that the journal does not name are read by nobody and go with the next batch of that number.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from sqlalchemy import (
    Column,
    Connection,
    DateTime,
    Engine,
    Integer,
    MetaData,
    RowMapping,
    Select,
    Table,
    Text,
    create_engine,
    delete,
    event,
    insert,
    select,
    update,
)
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry
from sqlalchemy.schema import CreateIndex, CreateTable

from storage.home import Home

_METADATA: Final = MetaData()
_PATIENCE: Final = 60
"""Seconds to wait for another writer's commit."""
_AT_ONCE: Final = 10_000

FILES = Table(
    "files",
    _METADATA,
    Column("path", Text, primary_key=True),
    Column("table_name", Text, nullable=False),
    Column("batch", Text, nullable=False, index=True),
    Column("replaced_by", Text),
)
"""Every Parquet file that counts, by its path in the home folder; one that was merged into
another is named with the batch that did so, and counts no more."""

RECEIPTS = Table(
    "receipts",
    _METADATA,
    Column("number", Integer, primary_key=True),
    Column("batch", Text, nullable=False, unique=True),
    Column("received_at", DateTime, nullable=False),
    Column("content", Text, nullable=False),
)
"""What each batch brought, as JSON."""

RECEIVED = Table(
    "received",
    _METADATA,
    Column("sha256", Text, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("content", Text, nullable=False),
)
"""What is remembered of a received file, as JSON; of one file the latest number is in force."""

ACTS = Table(
    "acts",
    _METADATA,
    Column("number", Integer, primary_key=True),
    Column("entry_id", Text, nullable=False, index=True),
    Column("act", Text, nullable=False),
    Column("officer", Text),
    Column("at", DateTime, nullable=False),
    Column("batch", Text),
    Column("why", Text),
)
"""What was done about quarantined entries, in order; who opened sealed bytes stands here."""

DELIVERIES = Table(
    "deliveries",
    _METADATA,
    Column("key", Text, primary_key=True),
    Column("content", Text, nullable=False),
    Column("batch", Text, nullable=False, index=True),
    Column("officer", Text),
)
"""Deliveries under a key: keyed hashes of sender and key and of what was handed in, and by whom."""

Rows = Iterable[dict[str, Any]]


class Journal:
    """The journal of one home.

    Attributes:
        engine: Its database.
    """

    def __init__(self, home: Home) -> None:
        home.receipts.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._root = home.root
        url = f"sqlite:///{home.receipts / 'journal.db'}"
        self.engine: Engine = create_engine(url, connect_args={"timeout": _PATIENCE})
        event.listen(self.engine, "connect", _write_ahead)
        with self.engine.begin() as connection:
            _create(connection)

    def files(self) -> dict[str, list[Path]]:
        """Table name -> the files that count, in the order of their names."""
        chosen = select(FILES.c.table_name, FILES.c.path).where(FILES.c.replaced_by.is_(None))
        chosen = chosen.order_by(FILES.c.path)
        listed: dict[str, list[Path]] = {}
        for row in self.ask(chosen):
            listed.setdefault(row["table_name"], []).append(self._root / row["path"])
        return listed

    def ask(self, chosen: Select[Any]) -> Sequence[RowMapping]:
        """The rows of a query."""
        with self.engine.connect() as connection:
            return connection.execute(chosen).mappings().all()

    def commit(
        self,
        batch: str,
        files: Mapping[str, Sequence[Path]],
        notes: Iterable[tuple[Table, Rows]],
        replaced: Sequence[Path] = (),
    ) -> None:
        """Make a batch count: its files, and what else is to be noted of it, or nothing at all.

        Args:
            batch: Its name.
            files: Table name -> its files.
            notes: Rows of the journal's tables.
            replaced: Files that count no more, since those of the batch hold their rows.
        """
        named = [
            {"path": self._place(path), "table_name": name, "batch": batch}
            for name, paths in files.items()
            for path in paths
        ]
        with self.engine.begin() as connection:
            for table, rows in ((FILES, named), *notes):
                _insert(connection, table, list(rows))
            for path in replaced:
                gone = update(FILES).where(FILES.c.path == self._place(path))
                connection.execute(gone.values(replaced_by=batch))

    def replaced_before(self, moment: datetime) -> list[Path]:
        """The files that count no more since a batch that was received before a moment."""
        chosen = select(FILES.c.path).join(RECEIPTS, RECEIPTS.c.batch == FILES.c.replaced_by)
        rows = self.ask(chosen.where(RECEIPTS.c.received_at < moment))
        return [self._root / row["path"] for row in rows]

    def forget(self, paths: Iterable[Path]) -> None:
        """Name files no more that were deleted."""
        with self.engine.begin() as connection:
            for path in paths:
                connection.execute(delete(FILES).where(FILES.c.path == self._place(path)))

    def add(self, table: Table, rows: Rows) -> None:
        """Add rows apart from any batch."""
        with self.engine.begin() as connection:
            _insert(connection, table, list(rows))

    def _place(self, path: Path) -> str:
        return path.relative_to(self._root).as_posix()


def _insert(connection: Connection, table: Table, rows: list[dict[str, Any]]) -> None:
    for first in range(0, len(rows), _AT_ONCE):
        connection.execute(insert(table), rows[first : first + _AT_ONCE])


def _create(connection: Connection) -> None:
    """Make what is missing; two processes may do so at once."""
    for table in _METADATA.sorted_tables:
        connection.execute(CreateTable(table, if_not_exists=True))
        for index in table.indexes:
            connection.execute(CreateIndex(index, if_not_exists=True))


def _write_ahead(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
    """Readers never wait for a writer."""
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.close()
