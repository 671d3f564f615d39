"""Messages read into pools, so that many small files are judged together."""

from collections.abc import Set
from dataclasses import dataclass, field

from intake import ceb
from intake.batch import UNREADABLE, Batch, Tally
from intake.ceb import Pool, Root
from intake.ceb_fields import MESSAGES
from intake.delivery import File
from intake.offered import Malformed

_POOL_ENTITIES = 50_000


@dataclass(slots=True)
class Messages:
    """Reads messages into a batch; `flush` after the last one.

    Attributes:
        batch: Where their rows are settled.
        most: Business entities that are pooled.
    """

    batch: Batch
    most: int = _POOL_ENTITIES
    _pool: Pool = field(default_factory=Pool)
    _tallies: list[Tally] = field(default_factory=list)

    def read(self, file: File) -> None:
        """Read one file. What breaks off is refused from there on; other kinds are named."""
        try:
            root = ceb.root_of(file.path)
        except Malformed:
            self._refuse(file)
            return
        if root.kind not in MESSAGES:
            self.batch.not_yet_read[root.kind] += 1
            return
        tally = self.batch.open(file, root.kind)
        self._tallies.append(tally)
        if tally.worth_reading:
            self._read(root, tally)
        if self._pool.entities >= self.most:
            self.flush()

    def flush(self) -> None:
        """Settle what is pooled and end the files that are read to their end."""
        self._settle()
        for tally in self._tallies:
            self.batch.close(tally)
        self._tallies = []

    def _refuse(self, file: File) -> None:
        tally = self.batch.open(file, UNREADABLE)
        if tally.worth_reading:
            self.batch.break_off(tally, UNREADABLE)
        self.batch.close(tally)

    def _read(self, root: Root, tally: Tally) -> None:
        take = self._pool.reader(root, len(self._tallies) - 1)
        try:
            for position, entity in ceb.entities(tally.file.path, root):
                tally.entities = position
                if not tally.wants(position):
                    continue
                take(position, entity)
                if self._pool.entities >= 2 * self.most:
                    self._settle()
                    take = self._pool.reader(root, len(self._tallies) - 1)
        except Malformed:
            self.batch.break_off(tally, MESSAGES[root.kind].document_table())

    def _settle(self) -> None:
        if self._pool.entities:
            offered = list(self._pool.offered().values())
            self.batch.take(offered, self._tallies, _as_sent)
        for file, unknown in self._pool.unknown.items():
            self._tallies[file].unknown.update(unknown)
        self._pool = Pool()


def _as_sent(file: File, positions: Set[int]) -> dict[int, bytes]:
    return ceb.as_sent(file.path, positions)
