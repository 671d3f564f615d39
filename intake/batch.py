"""One batch under way: settles rows, writes what came of them, and counts everything."""

from collections import Counter
from collections.abc import Callable, Sequence, Set

import numpy as np
import pyarrow as pa

from intake.delivery import File
from intake.flags import Flags
from intake.gate import Correction, Door
from intake.identifiers import scrub
from intake.memory import Memory
from intake.offered import FILE, POSITION, Offered, Values
from intake.pseudonym import Pseudonymiser
from intake.quarantine import IntakeKeys, Quarantine, Refused
from intake.reasons import HEALABLE, Reason
from intake.receipt import Count, Receipt, ReceivedFile
from intake.register import ALIAS_COLUMNS, ROLL_COLUMNS, Register
from intake.tally import Tally
from intake.unit import Bench, Settled, settle
from storage.lake_batch import LakeBatch
from storage.parquet_files import SUPERSESSIONS_TABLE

UNREADABLE = "unreadable"
_BROKEN_AT_ONCE = 1_000
Originals = Callable[[File, Set[int]], dict[int, bytes]]


def rest_of(sha256: str, place: int) -> bytes:
    """What stands for all of a file from a place on: the kept original holds it."""
    return f"{sha256} from entity {place}".encode()


class Batch:
    """One batch from its first file to its receipt."""

    def __init__(self, kept: LakeBatch, memory: Memory, keys: IntakeKeys, door: Door) -> None:
        self._kept = kept
        self._memory = memory
        self._bench = Bench(kept, _register(kept), Pseudonymiser(keys.pseudonym), door)
        self._flags = Flags(self._bench)
        self._quarantine = Quarantine(kept, keys)
        self._broken: list[Refused] = []
        self._healed: list[tuple[str, int]] = []
        self._refused_any = False
        self._counts: dict[str, Count] = {}
        self._reasons: Counter[str] = Counter()
        self._files: list[ReceivedFile] = []
        self._not_yet_read: Counter[str] = Counter()

    def open(self, file: File, kind: str) -> Tally:
        """Begin a file."""
        return Tally(file, kind, self._memory.of_file(file))

    def take(
        self, offered: Sequence[Offered], tallies: Sequence[Tally], originals: Originals
    ) -> None:
        """Settle rows and write what came of them: refusals, ended versions, new versions.

        Args:
            offered: Tables of rows; their `file` column indexes `tallies`.
            tallies: The files they come from.
            originals: Gives the bytes of entities as they were sent.
        """
        for one, rows in zip(settle(offered, self._bench), offered, strict=True):
            new = self._hold(one, tallies, originals)
            self._count(one, rows, tallies, new)
            self._kept.append(SUPERSESSIONS_TABLE, one.ended)
            self._kept.append(one.judged.table.name, one.accepted)
            self._flags.notice(one)
            self._enter(one)
            # what one table needed is not kept beside what the next one needs
            pa.default_memory_pool().release_unused()

    def pass_over(self, kind: str) -> None:
        """Count a file of a kind that nothing reads."""
        self._not_yet_read[self._scrubbed(kind)] += 1

    def break_off(self, tally: Tally, table: str, reason: Reason) -> None:
        """Refuse the rest of a file that cannot be read further."""
        place = tally.entities + 1
        self.refuse(tally, table, place, reason, rest_of(tally.file.sha256, place))

    def refuse(
        self, tally: Tally, table: str, position: int, reason: Reason, original: bytes
    ) -> None:
        """Refuse what could not be read as a row of a table.

        Args:
            tally: Its file.
            table: Table it was meant for.
            position: Its number in the file.
            reason: Why.
            original: What was sent there.
        """
        refused = Refused(
            file=self._name(tally),
            file_sha256=tally.file.sha256,
            kind=tally.kind,
            table=table,
            position=position,
            document_key="",
            reason=reason,
            column=None,
            original=original,
        )
        self._broken.append(refused)
        tally.offered[table] += 1
        if len(self._broken) >= _BROKEN_AT_ONCE:
            self._hold_broken()

    def close(self, tally: Tally) -> None:
        """End a file whose rows are all taken: what was not looked at again is unchanged."""
        if tally.before is not None:
            for table, rows in tally.before.offered.items():
                rest = rows - tally.offered[table]
                self._add(table, Count(offered=rest, unchanged=rest))
            healed = set(tally.before.retry) - tally.retry
            self._healed += [(tally.file.sha256, position) for position in sorted(healed)]
        memory = tally.memory(self._unknown(tally))
        if memory != tally.before:
            self._memory.keep_file(tally.file.sha256, memory)
        self._files.append(
            ReceivedFile(
                name=self._name(tally),
                sha256=tally.file.sha256,
                kind=tally.kind,
                entities=memory.entities,
                unknown=memory.unknown,
                seen_before=tally.before is not None,
            )
        )

    def receipt(self) -> Receipt:
        """The receipt; it counts with the batch."""
        self._hold_broken()
        self._quarantine.answer(self._healed, self._corrected(), self._bench.door.now)
        receipt = Receipt(
            batch=self._kept.name,
            received_at=self._bench.door.now,
            history=self._bench.door.history,
            files=tuple(self._files),
            tables=dict(sorted(self._counts.items())),
            reasons=dict(sorted(self._reasons.items())),
            not_yet_read=dict(sorted(self._not_yet_read.items())),
            flags=dict(sorted(self._flags.settle().items())),
        )
        self._memory.write(receipt, self._kept)
        return receipt

    def _name(self, tally: Tally) -> str:
        return self._scrubbed(tally.file.path.name)

    def _unknown(self, tally: Tally) -> Counter[str]:
        unknown: Counter[str] = Counter()
        for name, often in tally.unknown.items():
            unknown[self._scrubbed(name)] += often
        return unknown

    def _scrubbed(self, told: str) -> str:
        """What the sender named something, fit for the receipt."""
        return scrub(told, self._bench.pseudonymiser)

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
                    file=self._name(tally),
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

    def _hold_broken(self) -> None:
        for table in sorted({refused.table for refused in self._broken}):
            refused = [one for one in self._broken if one.table == table]
            new = self._hold_all(refused)
            count = len(refused)
            self._add(table, Count(offered=count, unchanged=count - new, quarantined=new))
        self._broken = []

    def _corrected(self) -> Correction | None:
        """The correction received, if all of it is new and nothing of it was refused."""
        seen = any(file.seen_before for file in self._files)
        whole = bool(self._counts) and not seen and not self._refused_any
        return self._bench.door.corrects if whole else None

    def _hold_all(self, refused: Sequence[Refused]) -> int:
        self._refused_any = self._refused_any or bool(refused)
        new = self._quarantine.hold(refused, self._bench.door.now)
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

    def _enter(self, settled: Settled) -> None:
        if settled.judged.table.name == "enterprises":
            self._bench.register.enter(settled.accepted)
        if settled.judged.table.name == "aliases":
            self._bench.register.enter_aliases(_standing_aliases(self._kept))

    def _add(self, table: str, count: Count) -> None:
        self._counts[table] = self._counts.get(table, Count()) + count


def _register(kept: LakeBatch) -> Register:
    register = Register()
    roll = kept.rows("enterprises").order("known_at, version")
    register.enter(roll.select(*ROLL_COLUMNS).to_arrow_table())
    register.enter_aliases(_standing_aliases(kept))
    return register


def _standing_aliases(kept: LakeBatch) -> pa.Table:
    rows = kept.standing("aliases").order("known_at DESC, document_key")
    standing: pa.Table = rows.select(*ALIAS_COLUMNS).to_arrow_table()
    return standing


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
