"""What becomes of quarantined entries: listed, counted, opened, corrected, discarded.

An entry is never changed and never deleted. What is done about it is added to the journal; the
act that closed it says how it stands.
"""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import ibis
import pyarrow as pa
from ibis.expr import types as ir
from sqlalchemy import select

from domain.errors import EntryClosed, NoEntry, WhyMissing
from domain.officer import Officer, Right
from domain.results import Words
from domain.tables import TABLES
from intake.batch import UNREADABLE
from intake.entries import Act, Counted, Done, Entry, State, Wanted
from intake.gate import Correction, Door
from intake.quarantine import IntakeKeys
from intake.receipt import Receipt
from intake.receive import receive
from storage.journal import ACTS
from storage.lake import Lake
from storage.parquet_files import QUARANTINE_TABLE
from storage.sealed import unseal

_CLOSING: Final = {Act.RESUBMITTED: State.RESUBMITTED, Act.DISCARDED: State.DISCARDED}
_ENTITY: Final = ["batch", "file_sha256", "position"]
_STATES: Final = pa.schema([pa.field("entry_id", pa.string()), pa.field("state", pa.string())])


class Workbench:
    """The quarantine of a home, to work on."""

    def __init__(self, lake: Lake, keys: IntakeKeys) -> None:
        self._lake = lake
        self._keys = keys

    def counts(self) -> list[Counted]:
        """All entries ever refused, by source, reason, day and state."""
        by = ["source", "reason", "day", "state"]
        rows = self._entries()
        rows = rows.mutate(day=rows.received_at.date())
        counted = rows.group_by(by).agg(entries=rows.count()).order_by(by)
        return [Counted(**row | {"state": State(row["state"])}) for row in self._rows(counted)]

    def entries(self, wanted: Wanted) -> list[Entry]:
        """The entries asked for, latest first."""
        rows = self._entries()
        equal = {"source": wanted.source, "reason": wanted.reason, "state": wanted.state}
        for column, value in equal.items():
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

    def done(self, entry_id: str) -> list[Done]:
        """What was done about an entry, in order: who opened it, who closed it, and why."""
        chosen = select(ACTS).where(ACTS.c.entry_id == entry_id).order_by(ACTS.c.number)
        return [
            Done(Act(row["act"]), row["officer"], row["at"], row["batch"], row["why"])
            for row in self._lake.journal.ask(chosen)
        ]

    def open(self, entry_id: str, officer: Officer, why: str, at: datetime) -> bytes:
        """What was sent, in clear, for correcting it; who opens it is written down before.

        Args:
            entry_id: Which entry.
            officer: Who opens it.
            why: For what purpose.
            at: The door's clock.

        Raises:
            RightMissing: The officer may not unseal.
            NoEntry: There is none of that name.
            WhyMissing: No purpose is given.
            SealBroken: The bytes were changed, or sealed with another key.
        """
        officer.require(Right.UNSEAL)
        self._found([entry_id])
        self._add([entry_id], Act.OPENED, officer, why, at)
        rows = self._lake.table(QUARANTINE_TABLE)
        its = rows.filter(rows.entry_id == entry_id)[_ENTITY]
        sealed = rows.filter(rows.sealed.notnull()).semi_join(its, _ENTITY)
        first = self._rows(sealed.order_by("entry_id").limit(1))[0]
        return unseal(first["sealed"], self._keys.seal, first["entry_id"])

    def discard(self, entry_ids: Sequence[str], officer: Officer, why: str, at: datetime) -> None:
        """Close entries that need no correction; they stay listed as discarded.

        Raises:
            RightMissing: The officer may not unseal, which judging an entry needs.
            NoEntry: There is none of that name.
            EntryClosed: One was resubmitted or discarded before.
            WhyMissing: No reason is given.
        """
        officer.require(Right.UNSEAL)
        self._refuse_closed(entry_ids)
        self._add(entry_ids, Act.DISCARDED, officer, why, at)

    def resubmit(
        self, entry_ids: Sequence[str], corrected: Sequence[Path], officer: Officer, door: Door
    ) -> Receipt:
        """Receive corrected files as all files are received.

        The entries are closed with the receipt if nothing of these files is refused; otherwise
        they stay open, beside new ones.

        Raises:
            RightMissing: The officer may not unseal, which judging an entry needs.
            NoEntry: There is none of that name.
            EntryClosed: One was resubmitted or discarded before.
            BadDelivery: A file cannot be received at all, or another receipt is under way.
        """
        officer.require(Right.UNSEAL)
        self._refuse_closed(entry_ids)
        correction = Correction(tuple(entry_ids), officer.name)
        at = Door(door.now, history=door.history, corrects=correction)
        return receive(corrected, self._lake, self._keys, at, lambda *_: None)

    def _refuse_closed(self, entry_ids: Sequence[str]) -> None:
        for entry in self._found(entry_ids):
            if entry.state is not State.OPEN:
                raise EntryClosed(entry.entry_id, entry.state)

    def _found(self, entry_ids: Sequence[str]) -> list[Entry]:
        rows = self._entries()
        found = [_entry(row) for row in self._rows(rows.filter(rows.entry_id.isin(entry_ids)))]
        lacking = set(entry_ids) - {entry.entry_id for entry in found}
        if lacking or not entry_ids:
            raise NoEntry(min(lacking, default=""))
        return found

    def _add(
        self, entry_ids: Sequence[str], act: Act, officer: Officer, why: str, at: datetime
    ) -> None:
        if not why.strip():
            raise WhyMissing
        same = {"act": act, "officer": officer.name, "at": at, "batch": None, "why": why.strip()}
        self._lake.journal.add(ACTS, [{"entry_id": one, **same} for one in entry_ids])

    def _entries(self) -> ir.Table:
        rows = self._lake.table(QUARANTINE_TABLE)
        sources = [(name, str(table.source)) for name, table in TABLES.items()]
        rows = rows.mutate(source=rows.table_name.cases(*sources, else_=UNREADABLE))
        rows = rows.left_join(ibis.memtable(self._closed()), "entry_id").drop("entry_id_right")
        return rows.mutate(state=rows.state.fill_null(str(State.OPEN))).drop("sealed")

    def _closed(self) -> pa.Table:
        chosen = select(ACTS.c.entry_id, ACTS.c.act).where(ACTS.c.act.in_(list(_CLOSING)))
        closed = {
            row["entry_id"]: str(_CLOSING[Act(row["act"])])
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
