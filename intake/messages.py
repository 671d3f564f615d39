"""Messages read into pools, so that many small files are judged together."""

from collections.abc import Set
from dataclasses import dataclass, field

from intake import payment179
from intake.batch import UNREADABLE, Batch
from intake.ceb import Letter, as_sent
from intake.ceb_fields import PAYMENT
from intake.delivery import File
from intake.envelope import opened
from intake.offered import Malformed
from intake.payment179 import Payload
from intake.pool import Pool
from intake.reasons import Reason
from intake.tally import Tally

_POOL_ROWS = 40_000


@dataclass(slots=True)
class Messages:
    """Reads messages into a batch; `flush` after the last one.

    Attributes:
        batch: Where their rows are settled.
        most: Rows that are pooled.
    """

    batch: Batch
    most: int = _POOL_ROWS
    _pool: Pool = field(default_factory=Pool)
    _tallies: list[Tally] = field(default_factory=list)

    def read(self, file: File) -> None:
        """Read one file. What breaks off is refused from there on; other kinds are named."""
        if file.is_json:
            self._read_payments(file)
        else:
            self._read_message(file)
        if self._pool.count >= self.most:
            self.flush()

    def _read_message(self, file: File) -> None:
        try:
            with opened(file.path) as (source, form, strange):
                if form.message is None:
                    self.batch.pass_over(form.kind)
                    return
                tally = self.batch.open(file, form.kind)
                self._tallies.append(tally)
                if tally.worth_reading:
                    place = len(self._tallies) - 1
                    self._pool.note(place, strange)
                    self._read(Letter(source, form, form.message, self._pool, place), tally)
        except Malformed as broken:
            self._refuse(file, broken.reason)

    def _read_payments(self, file: File) -> None:
        tally = self.batch.open(file, PAYMENT.kind)
        self._tallies.append(tally)
        if not tally.worth_reading:
            return
        table, place = PAYMENT.document_table(), len(self._tallies) - 1
        try:
            with file.path.open("rb") as source:
                for payload in payment179.payloads(source):
                    tally.entities += 1
                    self._take_payment(payload, tally, place)
        except Malformed as broken:
            self.batch.break_off(tally, table, broken.reason)

    def _take_payment(self, payload: Payload, tally: Tally, place: int) -> None:
        position = tally.entities
        if not tally.wants(position):
            return
        if isinstance(payload.content, Malformed):
            table, reason = PAYMENT.document_table(), payload.content.reason
            self.batch.refuse(tally, table, position, reason, payload.raw)
            return
        payment179.take(payload.content, self._pool, place, position)
        if self._pool.count >= 2 * self.most:
            self._settle()

    def flush(self) -> None:
        """Settle what is pooled and end the files that are read to their end."""
        self._settle()
        for tally in self._tallies:
            self.batch.close(tally)
        self._tallies = []

    def _refuse(self, file: File, reason: Reason) -> None:
        tally = self.batch.open(file, UNREADABLE)
        if tally.worth_reading:
            self.batch.break_off(tally, UNREADABLE, reason)
        self.batch.close(tally)

    def _read(self, letter: Letter, tally: Tally) -> None:
        try:
            for entities in letter.windows():
                first = tally.entities + 1
                tally.entities += len(entities)
                listed = range(first, tally.entities + 1)
                wanted = [(e, n) for e, n in zip(entities, listed, strict=True) if tally.wants(n)]
                letter.take([entity for entity, _ in wanted], [number for _, number in wanted])
                if self._pool.count >= 2 * self.most:
                    self._settle()
                    letter.pool = self._pool
        except Malformed as broken:
            table = letter.message.document_table()
            self.batch.break_off(tally, table, broken.reason)

    def _settle(self) -> None:
        if self._pool.count:
            self.batch.take(self._pool.offered(), self._tallies, _as_sent)
        for file, unknown in self._pool.unknown.items():
            self._tallies[file].unknown.update(unknown)
        self._pool = Pool()


def _as_sent(file: File, positions: Set[int]) -> dict[int, bytes]:
    if file.is_json:
        with file.path.open("rb") as source:
            return payment179.as_sent(source, positions)
    with opened(file.path) as (source, _, _):
        return as_sent(source, positions)
