"""Extracts read into a batch, slice by slice."""

from collections.abc import Callable, Set
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from intake import tabular
from intake.batch import Batch
from intake.delivery import File
from intake.offered import POSITION, Malformed, Offered, Values
from intake.reasons import Reason
from intake.tabular import Extract
from intake.tally import Tally


@dataclass(frozen=True, slots=True)
class Extracts:
    """Reads extracts into a batch.

    Attributes:
        batch: Where their rows are settled.
        keep: Keeps the original of a file that the rows accepted do not wholly say.
    """

    batch: Batch
    keep: Callable[[File], None]

    def read(self, file: File) -> None:
        """Read one file. What breaks off is refused from there on; other kinds are named."""
        if file.mapping is None:
            self.batch.pass_over(file.path.stem)
            return
        table = file.mapping.table.name
        tally = self.batch.open(file, table)
        if tally.worth_reading:
            try:
                self._read(Extract(file.path, file.mapping), tally)
            except Malformed as broken:
                self.keep(file)
                self.batch.break_off(tally, table, broken.reason)
        self.batch.close(tally)

    def _read(self, extract: Extract, tally: Tally) -> None:
        tally.unknown.update(extract.unknown())
        if tally.unknown:
            self.keep(tally.file)
        for some in extract.slices():
            tally.entities += some.count
            for position, sent in some.broken.items():
                if tally.wants(position):
                    table = extract.mapping.table.name
                    self.batch.refuse(tally, table, position, Reason.MALFORMED, sent)
            wanted = _wanted(some.offered, tally)

            def as_sent(_: File, positions: Set[int], rows: Offered = wanted) -> dict[int, bytes]:
                return tabular.as_sent(rows, positions)

            if wanted.rows.num_rows:
                self.batch.take([wanted], [tally], as_sent)


def _wanted(offered: Offered, tally: Tally) -> Offered:
    if tally.before is None:
        return offered
    retry: Values = pa.array(tally.before.retry, pa.int64())
    return Offered(offered.table, offered.rows.filter(pc.is_in(offered.rows[POSITION], retry)))
