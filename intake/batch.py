"""One batch under way: settles rows, writes what came of them, and counts everything."""

from collections import Counter
from collections.abc import Callable, Sequence, Set
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from domain.table import SUPERSESSIONS
from intake.delivery import File
from intake.gate import Door
from intake.memory import FileMemory, Memory
from intake.offered import FILE, POSITION, Offered, Values
from intake.pseudonym import Pseudonymiser
from intake.quarantine import IntakeKeys, Quarantine, Refused
from intake.reasons import HEALABLE, Reason
from intake.receipt import Count, Receipt, ReceivedFile
from intake.register import Register
from intake.unit import Bench, Settled, settle
from storage.lake import Lake

UNREADABLE = "unreadable"
Originals = Callable[[File, Set[int]], dict[int, bytes]]


@dataclass(slots=True)
class Tally:
    """What one file brought so far, in this batch.

    Attributes:
        file: The file.
        kind: CEBnnn, or the table of an extract.
        before: What is remembered of the same bytes, if they came before.
        offered: Table -> rows read.
        retry: Entities whose refusal may pass later.
        entities: Entities read.
        unknown: Elements or columns that the contract does not know.
    """

    file: File
    kind: str
    before: FileMemory | None
    offered: Counter[str] = field(default_factory=Counter)
    retry: set[int] = field(default_factory=set)
    entities: int = 0
    unknown: Counter[str] = field(default_factory=Counter)

    @property
    def worth_reading(self) -> bool:
        """Whether anything in the file may still be settled."""
        return self.before is None or bool(self.before.retry)

    def wants(self, position: int) -> bool:
        """Whether a row or business entity is still to be settled."""
        return self.before is None or position in self.before.retry

    def memory(self) -> FileMemory:
        """What to remember of the file when it comes again."""
        retry = tuple(sorted(self.retry))
        if self.before is not None:
            return self.before.model_copy(update={"retry": retry})
        return FileMemory(
            offered=dict(self.offered),
            retry=retry,
            entities=self.entities,
            unknown=dict(self.unknown),
        )


class Batch:
    """One batch from its first file to its receipt."""

    def __init__(self, lake: Lake, keys: IntakeKeys, door: Door) -> None:
        self._memory = Memory(lake.home)
        name, now = self._memory.next_batch(door.now)
        pseudonymiser = Pseudonymiser(keys.pseudonym)
        at = Door(now, history=door.history)
        self._bench = Bench(lake, _register(lake), pseudonymiser, at, name)
        self._quarantine = Quarantine(lake.home, keys)
        self._counts: dict[str, Count] = {}
        self._reasons: Counter[str] = Counter()
        self._files: list[ReceivedFile] = []
        self.not_yet_read: Counter[str] = Counter()

    def open(self, file: File, kind: str) -> Tally:
        """Begin a file."""
        return Tally(file, kind, self._memory.of_file(file.sha256))

    def take(
        self, offered: Sequence[Offered], tallies: Sequence[Tally], originals: Originals
    ) -> None:
        """Settle rows and write what came of them: refusals, ended versions, new versions.

        Args:
            offered: Tables of rows; their `file` column indexes `tallies`.
            tallies: The files they come from.
            originals: Gives the bytes of entities as they were sent.
        """
        settled = settle(offered, self._bench)
        for one, rows in zip(settled, offered, strict=True):
            new = self._hold(one, tallies, originals)
            self._count(one, rows, tallies, new)
        lake, batch = self._bench.lake, self._bench.batch
        for one in settled:
            lake.supersede(_supersessions(one), batch)
        for one in settled:
            lake.append(one.judged.table.name, one.accepted, batch)
            if one.judged.table.name == "enterprises":
                _enter(self._bench.register, one.accepted)

    def break_off(self, tally: Tally, table: str) -> None:
        """Refuse the rest of a file that cannot be read further."""
        position = tally.entities + 1
        refused = Refused(
            file=tally.file.path.name,
            file_sha256=tally.file.sha256,
            kind=tally.kind,
            table=table,
            position=position,
            document_key="",
            reason=Reason.MALFORMED,
            column=None,
            original=f"{tally.file.sha256} from entity {position}".encode(),
        )
        new = self._hold_all([refused])
        self._add(table, Count(offered=1, unchanged=1 - new, quarantined=new))
        tally.offered[table] += 1

    def close(self, tally: Tally) -> None:
        """End a file whose rows are all taken: what was not looked at again is unchanged."""
        if tally.before is not None:
            for table, rows in tally.before.offered.items():
                rest = rows - tally.offered[table]
                self._add(table, Count(offered=rest, unchanged=rest))
        memory = tally.memory()
        if memory != tally.before:
            self._memory.keep_file(tally.file.sha256, memory)
        self._files.append(
            ReceivedFile(
                name=tally.file.path.name,
                sha256=tally.file.sha256,
                kind=tally.kind,
                entities=memory.entities,
                unknown=memory.unknown,
                seen_before=tally.before is not None,
            )
        )

    def receipt(self) -> Receipt:
        """The receipt, kept and given."""
        receipt = Receipt(
            batch=self._bench.batch,
            received_at=self._bench.door.now,
            history=self._bench.door.history,
            files=tuple(self._files),
            tables=dict(sorted(self._counts.items())),
            reasons=dict(sorted(self._reasons.items())),
            not_yet_read=dict(sorted(self.not_yet_read.items())),
        )
        self._memory.keep_receipt(receipt)
        return receipt

    def _hold(self, settled: Settled, tallies: Sequence[Tally], originals: Originals) -> int:
        """Quarantine the refused rows; how many of them were not held before."""
        judged = settled.judged
        places = np.flatnonzero(judged.problems.any())
        picked: Values = pa.array(places)
        rows = judged.rows.select([FILE, POSITION, "document_key"]).take(picked)
        listed = [tuple(row.values()) for row in rows.to_pylist()]
        sent = _originals(listed, tallies, originals)
        refused = []
        for place, (index, position, key) in zip(places, listed, strict=True):
            reason, column = judged.problems.of(int(place))
            tally = tallies[index]
            if reason in HEALABLE:
                tally.retry.add(position)
            refused.append(
                Refused(
                    file=tally.file.path.name,
                    file_sha256=tally.file.sha256,
                    kind=tally.kind,
                    table=judged.table.name,
                    position=position,
                    document_key=key,
                    reason=reason,
                    column=column,
                    original=sent[index, position],
                )
            )
        return self._hold_all(refused)

    def _hold_all(self, refused: Sequence[Refused]) -> int:
        new = self._quarantine.hold(refused, self._bench.batch, self._bench.door.now)
        self._reasons.update(row.reason for row, fresh in zip(refused, new, strict=True) if fresh)
        return sum(new)

    def _count(self, settled: Settled, rows: Offered, tallies: Sequence[Tally], new: int) -> None:
        name = settled.judged.table.name
        held_before = int(settled.judged.problems.any().sum()) - new
        count = Count(
            offered=rows.rows.num_rows,
            accepted=settled.accepted_rows,
            unchanged=settled.unchanged_rows + held_before,
            quarantined=new,
        )
        self._add(name, count)
        per_file = np.bincount(rows.rows[FILE].to_numpy(), minlength=len(tallies))
        for tally, number in zip(tallies, per_file.tolist(), strict=True):
            tally.offered[name] += number

    def _add(self, table: str, count: Count) -> None:
        self._counts[table] = self._counts.get(table, Count()) + count


def _register(lake: Lake) -> Register:
    register = Register()
    rows = lake.table("enterprises").order_by("known_at", "version")
    _enter(register, lake.engine.to_pyarrow(rows[["credit_code", "customs_code"]]))
    return register


def _enter(register: Register, rows: pa.Table) -> None:
    codes: list[Values] = [rows[name].to_pylist() for name in ("credit_code", "customs_code")]
    register.enter(*codes)


def _supersessions(settled: Settled) -> pa.Table:
    table = settled.judged.table.name
    return pa.Table.from_pylist(
        [
            {"table_name": table, "document_key": key, "version": version, "known_at": at}
            for key, version, at in settled.superseded
        ],
        SUPERSESSIONS,
    )


def _originals(
    listed: Sequence[tuple[int, int, str]], tallies: Sequence[Tally], originals: Originals
) -> dict[tuple[int, int], bytes]:
    """(Index of file, position) -> what was sent there."""
    wanted: dict[int, set[int]] = {}
    for index, position, _ in listed:
        wanted.setdefault(index, set()).add(position)
    return {
        (index, position): sent
        for index, positions in wanted.items()
        for position, sent in originals(tallies[index].file, positions).items()
    }
