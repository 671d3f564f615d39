"""The delivery folder: one Parquet extract per table, with the day each row became known."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from domain.table import Table
from domain.tables import TABLES
from pilot_zone.columns import Column, moment
from pilot_zone.plan import DAY, Flags, Ints

Columns = Mapping[str, Column]


@dataclass(frozen=True, slots=True)
class Batch:
    """Rows of one table from one month of trade.

    Attributes:
        table: Table.
        columns: Offered columns.
        known: When each row became known, seconds since 1970.
        order: Row of the order that each row belongs to.
        operation: 1 new, 2 change.
        parcel: Row of the parcel, in tables of declarations.
    """

    table: str
    columns: dict[str, Column]
    known: Ints
    order: Ints
    operation: str = "1"
    parcel: Ints | None = None

    @property
    def documents(self) -> Ints:
        """What heads and lines of one document have in common."""
        return self.order if self.parcel is None else self.parcel


class Delivery:
    """Writes extracts part by part, and keeps back what was not yet known at the end.

    Attributes:
        folder: The folder `extracts`.
        counts: Rows written so far, by table.
    """

    def __init__(self, folder: Path, last_day: int) -> None:
        self.folder = folder
        self.counts = dict.fromkeys(TABLES, 0)
        self._end = (last_day + 1) * DAY
        self._writers: dict[str, pq.ParquetWriter] = {}
        folder.mkdir(parents=True)

    def write(self, name: str, columns: Columns, known: Ints, operation: str = "1") -> None:
        """Append rows of one table; columns that are not given are null.

        Args:
            name: Table.
            columns: Offered columns.
            known: When each row became known, seconds since 1970.
            operation: 1 new, 2 change.
        """
        self._append(name, columns, (known, operation), known < self._end)

    def deliver(self, batch: Batch, kept: Flags) -> None:
        """Append the rows of a batch that are to be kept and were known by the end."""
        what = (batch.known, batch.operation)
        self._append(batch.table, batch.columns, what, kept & (batch.known < self._end))

    def _append(self, name: str, columns: Columns, what: tuple[Ints, str], keep: Flags) -> None:
        known, operation = what
        rows = rows_of(TABLES[name], columns, known.size)
        rows = rows.append_column("operation", pa.repeat(operation, known.size))
        rows = rows.append_column("known_at", moment(known))
        kept = rows if keep.all() else rows.filter(pa.array(keep))
        if name not in self._writers:
            self._writers[name] = self._writer(name, kept.schema)
        if kept.num_rows:
            self._writers[name].write_table(kept)
            self.counts[name] += kept.num_rows

    def close(self) -> None:
        """Finish all files."""
        for writer in self._writers.values():
            writer.close()

    def _writer(self, name: str, schema: pa.Schema) -> pq.ParquetWriter:
        return pq.ParquetWriter(
            self.folder / f"{name}.parquet",
            schema,
            compression="zstd",
            compression_level=1,
            store_decimal_as_integer=True,
        )


def rows_of(table: Table, columns: Columns, count: int) -> pa.Table:
    """The offered shape of a table: its columns in order, null where not given."""
    schema = table.offered_schema()
    arrays = [columns.get(f.name, pa.nulls(count, f.type)) for f in schema]
    return pa.table(arrays, schema=schema)


def prompt(rng: np.random.Generator, count: int) -> Ints:
    """Seconds until a document becomes known: mostly hours, a few weeks."""
    kind = rng.random(count)
    late = rng.exponential(4 * DAY, count) + 2 * DAY
    hours = np.where(kind < 0.75, rng.random(count) * 6, 6 + rng.random(count) * 40) * 3600
    return np.where(kind > 0.985, np.minimum(late, 60 * DAY), hours).astype(np.int64)


def within(rng: np.random.Generator, count: int, first: int, last: int) -> Ints:
    """Seconds until a row becomes known, evenly between two numbers of days."""
    return rng.integers(first * DAY, last * DAY, count)
