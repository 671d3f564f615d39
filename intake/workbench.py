"""What an officer does about quarantined entries: open, correct and resubmit, discard.

An entry is never changed and never deleted. What is done about it is added to the journal; the
act that closed it says how it stands.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Final

from domain.errors import EntryClosed, WhyMissing
from domain.officer import Officer, Right
from intake import evidence
from intake.batch import rest_of
from intake.correctable import correctable
from intake.entries import Act, State
from intake.gate import Correction, Door
from intake.listing import Listing
from intake.quarantine import IntakeKeys
from intake.receipt import Receipt
from intake.receive import receive
from storage.journal import ACTS
from storage.lake import Lake
from storage.parquet_files import QUARANTINE_TABLE
from storage.sealed import unseal

_ENTITY: Final = ["batch", "file_sha256", "position"]


class Workbench(Listing):
    """The quarantine of a home, to work on."""

    def __init__(self, lake: Lake, keys: IntakeKeys) -> None:
        super().__init__(lake)
        self._keys = keys

    def open(self, entry_id: str, officer: Officer, why: str, at: datetime) -> Iterator[bytes]:
        """What was sent, in clear, for correcting it; who opens it is written down before.

        An entity of a message is given as a message, a row of an extract as a CSV of its table:
        corrected, it can be received as it is. Of a file that could not be read on, the whole
        file is given.

        Args:
            entry_id: Which entry.
            officer: Who opens it.
            why: For what purpose.
            at: The door's clock.

        Returns:
            Its bytes, block by block.

        Raises:
            RightMissing: The officer may not unseal.
            NoEntry: There is none of that name.
            WhyMissing: No purpose is given.
            SealBroken: The bytes were changed, or sealed with another key.
        """
        officer.require(Right.UNSEAL)
        (entry,) = self._found([entry_id])
        self._add([entry_id], Act.OPENED, officer, why, at)
        rows = self._lake.table(QUARANTINE_TABLE)
        its = rows.filter(rows.entry_id == entry_id)[_ENTITY]
        sealed = rows.filter(rows.sealed.notnull()).semi_join(its, _ENTITY)
        first = self._rows(sealed.order_by("entry_id").limit(1))[0]
        sent = unseal(first["sealed"], self._keys.seal, first["entry_id"])
        if sent == rest_of(first["file_sha256"], first["position"]):
            return evidence.original(first["file_sha256"], self._lake.home, self._keys.seal)
        return iter((correctable(sent, entry.kind),))

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

    def _add(
        self, entry_ids: Sequence[str], act: Act, officer: Officer, why: str, at: datetime
    ) -> None:
        if not why.strip():
            raise WhyMissing
        same = {"act": act, "officer": officer.name, "at": at, "batch": None, "why": why.strip()}
        self._lake.journal.add(ACTS, [{"entry_id": one, **same} for one in entry_ids])
