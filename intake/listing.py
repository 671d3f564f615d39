"""The quarantined entries of a home, for all to look at who may enter it."""

from collections.abc import Sequence
from typing import Any, Final

import ibis
import pyarrow as pa
from ibis.expr import types as ir
from sqlalchemy import select

from domain.errors import EntryAmbiguous, NoEntry, NoSuchChoice
from domain.results import Words
from domain.table import Source
from domain.tables import TABLES
from intake.batch import UNREADABLE
from intake.entries import CLOSING, Act, Counted, Done, Entry, Page, State, Wanted
from intake.reasons import Reason
from intake.receipt import Count
from intake.received import received
from storage.journal import ACTS
from storage.lake import Lake
from storage.parquet_files import QUARANTINE_TABLE

_STATES: Final = pa.schema([pa.field("entry_id", pa.string()), pa.field("state", pa.string())])
_CHOICES: Final = {
    "source": (*map(str, Source), UNREADABLE),
    "reason": tuple(map(str, Reason)),
    "state": tuple(map(str, State)),
}


class Listing:
    """What is in quarantine, and what was done about it. Nothing here opens what was sent."""

    def __init__(self, lake: Lake) -> None:
        self._lake = lake

    def counts(self) -> list[Counted]:
        """All entries ever refused, by source, reason, day and state."""
        by = ["source", "reason", "day", "state"]
        rows = self._entries()
        rows = rows.mutate(day=rows.received_at.date())
        counted = rows.group_by(by).agg(entries=rows.count()).order_by(by)
        return [Counted(**row | {"state": State(row["state"])}) for row in self._rows(counted)]

    def balance(self) -> Count:
        """What all receipts together say: offered = accepted + unchanged + quarantined."""
        told = received(self._lake.journal)
        return Count() if told is None else told.total

    def entries(self, wanted: Wanted) -> list[Entry]:
        """The entries asked for, latest first.

        Raises:
            NoSuchChoice: There is no such source, reason or state.
        """
        rows = self._entries()
        for column, known in _CHOICES.items():
            value = getattr(wanted, column)
            if value is not None and value not in known:
                raise NoSuchChoice(column, value, known)
            rows = rows if value is None else rows.filter(rows[column] == value)
        if wanted.day is not None:
            rows = rows.filter(rows.received_at.date() == wanted.day)
        order = [ibis.desc("received_at"), "file", "position", "entry_id"]
        return [_entry(row) for row in self._rows(rows.order_by(order).limit(wanted.limit))]

    def entry(self, entry_id: str) -> Entry:
        """One entry.

        Raises:
            NoEntry: There is none of that name.
        """
        (entry,) = self._found([entry_id])
        return entry

    def named(self, beginnings: Sequence[str]) -> list[str]:
        """The entries whose names begin so, one for each beginning, in the order given.

        Raises:
            NoEntry: None begins so.
            EntryAmbiguous: Several do.
        """
        rows = self._entries().select("entry_id")
        return list(dict.fromkeys(self._named(rows, beginning) for beginning in beginnings))

    def of_files(self, digests: Sequence[str], page: Page) -> tuple[int, list[Entry]]:
        """What was refused of files, in the order in which it stands in them.

        Args:
            digests: sha256 of their bytes.
            page: Which of the entries are wanted.

        Returns:
            How many there are in all, and those wanted.
        """
        rows = self._entries()
        rows = rows.filter(rows.file_sha256.isin(digests))
        ordered = rows.order_by("file", "file_sha256", "position", "table_name", "entry_id")
        wanted = self._rows(ordered.limit(page.limit, offset=page.skip))
        total: int = self._lake.engine.execute(rows.count())
        return int(total), [_entry(row) for row in wanted]

    def done(self, entry_id: str) -> list[Done]:
        """What was done about an entry, in order: who opened it, who closed it, and why."""
        chosen = select(ACTS).where(ACTS.c.entry_id == entry_id).order_by(ACTS.c.number)
        return [
            Done(Act(row["act"]), row["officer"], row["at"], row["batch"], row["why"])
            for row in self._lake.journal.ask(chosen)
        ]

    def _named(self, rows: ir.Table, beginning: str) -> str:
        found = rows.filter(rows.entry_id.startswith(beginning)).order_by("entry_id").limit(3)
        names = [row["entry_id"] for row in self._rows(found)]
        if not beginning or not names:
            raise NoEntry(beginning)
        if len(names) > 1:
            raise EntryAmbiguous(beginning, names)
        return str(names[0])

    def _found(self, entry_ids: Sequence[str]) -> list[Entry]:
        rows = self._entries()
        found = [_entry(row) for row in self._rows(rows.filter(rows.entry_id.isin(entry_ids)))]
        lacking = set(entry_ids) - {entry.entry_id for entry in found}
        if lacking or not entry_ids:
            raise NoEntry(min(lacking, default=""))
        return found

    def _entries(self) -> ir.Table:
        rows = self._lake.table(QUARANTINE_TABLE)
        sources = [(name, str(table.source)) for name, table in TABLES.items()]
        rows = rows.mutate(source=rows.table_name.cases(*sources, else_=UNREADABLE))
        rows = rows.left_join(ibis.memtable(self._closed()), "entry_id").drop("entry_id_right")
        return rows.mutate(state=rows.state.fill_null(str(State.OPEN))).drop("sealed")

    def _closed(self) -> pa.Table:
        chosen = select(ACTS.c.entry_id, ACTS.c.act).where(ACTS.c.act.in_(list(CLOSING)))
        closed = {
            row["entry_id"]: str(CLOSING[Act(row["act"])])
            for row in self._lake.journal.ask(chosen.order_by(ACTS.c.number.desc()))
        }
        rows = [{"entry_id": entry, "state": state} for entry, state in closed.items()]
        return pa.Table.from_pylist(rows, _STATES)

    def _rows(self, asked: ir.Table) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = self._lake.engine.to_pyarrow(asked).to_pylist()
        return rows


def _entry(row: dict[str, Any]) -> Entry:
    right = Words(zh=row["right_zh"], en=row["right_en"])
    taken = {name: row[name] for name in Entry.__dataclass_fields__ if name in row}
    return Entry(**taken | {"state": State(row["state"]), "right": right})
