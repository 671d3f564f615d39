"""Versions and supersessions in, all tables as known on a day out."""

import fcntl
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import fields
from datetime import date, datetime, time, timedelta
from pathlib import Path

import ibis
from ibis.backends.duckdb import Backend

from domain.coverage import complete_to, spans_by_source
from domain.errors import NothingKnown, ReceiptUnderWay
from domain.signals import Signals
from domain.tables import KEPT_TABLES
from storage.compaction import KEPT_FOR
from storage.cut import Cut
from storage.engine import signals_of
from storage.home import Home
from storage.journal import Journal
from storage.lake_batch import LakeBatch
from storage.parquet_files import named, read, schema_of

_Files = dict[str, list[Path]]


class Lake:
    """Append-only Parquet files per table and batch, of which those count that the journal names.

    A reader asks the journal once and then reads exactly these files, so it sees whole batches.

    Attributes:
        home: Where it lies.
        engine: What it is read with.
        journal: Which files count, and what is remembered of each batch.
    """

    def __init__(self, home: Home, engine: Backend) -> None:
        self.home = home
        self.engine = engine
        self.journal = Journal(home)
        self._views: dict[str, ibis.Table] = {}

    @contextmanager
    def batch(self, name: str) -> Iterator[LakeBatch]:
        """A batch that counts once the block is left, and leaves nothing if it fails."""
        batch = LakeBatch(self.home, self.journal, self.engine, name)
        try:
            yield batch
            batch.commit()
        finally:
            batch.clear()

    def sweep(self, now: datetime) -> None:
        """Delete files that were merged into others so long ago that nobody reads them now."""
        replaced = self.journal.replaced_before(now - KEPT_FOR)
        for path in replaced:
            path.unlink(missing_ok=True)
        self.journal.forget(replaced)

    def table(self, name: str) -> ibis.Table:
        """All rows ever accepted into a table, as lazy Ibis table; empty where none were."""
        files = self.journal.files().get(name, [])
        schema = schema_of(name)
        if not files:
            return ibis.memtable(schema.empty_table())
        listed = "\n".join(map(str, files))
        # a view over exactly these files, named by them, so that asking again makes none
        view = f"lake_{name}_{hashlib.sha256(listed.encode()).hexdigest()[:16]}"
        if view not in self._views:
            read(self.engine.con, name, files).create_view(view)
            self._views[view] = named(self.engine, view, schema)
        return self._views[view]

    def read_signals(self, as_of: date) -> Signals:
        """Every table, one row per document, as known at the end of `as_of`.

        The one place that cuts time: versions known by then, less those superseded by then.
        The tables and all that is reckoned of them lie in a connection of their own, and go
        with it when the signals do.

        Raises:
            NothingKnown: The lake is empty, or its first row became known later.
        """
        files = self.journal.files()
        first = self._first_known_on(files)
        if first is None or first > as_of:
            raise NothingKnown(as_of, first)
        night = ibis.duckdb.from_connection(self.engine.con.cursor())
        cut = Cut(night, files, datetime.combine(as_of + timedelta(days=1), time()))
        names = [field.name for field in fields(Signals) if field.name in KEPT_TABLES]
        known = {name: cut.known(name) for name in names if name in files}
        return signals_of(known, as_of, _covered(known, as_of), night)

    def refuse_unsettled(self, as_of: date) -> None:
        """Go on only if nothing is still being received that will have been known on `as_of`.

        Raises:
            ReceiptUnderWay: A receipt that began by then has not ended.
        """
        if not self.home.receiving.exists():
            return
        with self.home.receiving.open() as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                began = lock.readline().rstrip()
                if began and date.fromisoformat(began) <= as_of:
                    raise ReceiptUnderWay(as_of, began) from None

    def first_known_on(self) -> date | None:
        """The first day on which anything was known, or None for an empty lake."""
        return self._first_known_on(self.journal.files())

    def _first_known_on(self, files: _Files) -> date | None:
        listed = [str(path) for name in KEPT_TABLES for path in files.get(name, [])]
        if not listed:
            return None
        rows = self.engine.con.read_parquet(listed, union_by_name=True)
        first: datetime | None = rows.min("known_at").fetchall()[0][0]
        return None if first is None else first.date()


def _covered(known: dict[str, ibis.Table], as_of: date) -> dict[str, date]:
    """Source -> the last day to which it is complete, as known that night."""
    if "coverage" not in known:
        return {}
    spans = sorted(spans_by_source(known["coverage"]).items())
    ends = {source: complete_to(its, as_of) for source, its in spans}
    return {source: end for source, end in ends.items() if end is not None}
