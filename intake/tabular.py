"""Parquet extracts of one table each, read slice by slice, whatever types they bring."""

import json
from collections.abc import Iterator, Set
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from domain.table import Table
from domain.tables import TABLES
from intake.offered import ENVELOPE, FILE, POSITION, Malformed, Offered, Values

_SLICE_ROWS = 262_144


def table_of(path: Path) -> Table | None:
    """The table an extract is named for: `<table>.parquet` or `<table>-<part>.parquet`."""
    return TABLES.get(path.stem.split("-")[0])


def unknown_columns(path: Path, table: Table) -> list[str]:
    """Columns of an extract that the contract does not know.

    Raises:
        Malformed: It is not a Parquet file.
    """
    try:
        names = pq.read_schema(path).names
    except (pa.ArrowInvalid, OSError) as broken:
        raise Malformed(str(broken)) from broken
    return sorted(set(names) - set(table.offered_schema().names) - set(ENVELOPE))


def slices(path: Path, table: Table) -> Iterator[Offered]:
    """The rows of an extract, a slice at a time; positions count from 1.

    Raises:
        Malformed: The file breaks off; the slices before that have been given.
    """
    position = 1
    try:
        for batch in pq.ParquetFile(path).iter_batches(batch_size=_SLICE_ROWS):
            rows = pa.Table.from_batches([batch])
            yield Offered(table, _with_place(rows, position))
            position += rows.num_rows
    except (pa.ArrowInvalid, OSError) as broken:
        raise Malformed(str(broken)) from broken


def _with_place(rows: pa.Table, first: int) -> pa.Table:
    files: Values = pa.nulls(rows.num_rows, pa.int32()).fill_null(0)
    positions: Values = pa.array(range(first, first + rows.num_rows), pa.int64())
    rows = rows.drop_columns([name for name in (FILE, POSITION) if name in rows.column_names])
    return rows.append_column(FILE, files).append_column(POSITION, positions)


def as_sent(offered: Offered, positions: Set[int]) -> dict[int, bytes]:
    """Some rows as JSON, by position, in whatever types they came."""
    wanted: Values = pa.array(sorted(positions), pa.int64())
    rows = offered.rows.filter(pc.is_in(offered.rows[POSITION], wanted))
    names = [name for name in rows.column_names if name not in {FILE, POSITION}]
    columns = [_plain(rows[name]) for name in names]
    places = rows[POSITION].to_pylist()
    return {
        place: json.dumps(dict(zip(names, row, strict=True)), default=str).encode()
        for place, *row in zip(places, *columns, strict=True)
    }


def _plain(values: Values) -> list[object]:
    """Python values; texts that are not UTF-8 keep their bytes as escapes."""
    if not (pa.types.is_string(values.type) or pa.types.is_large_string(values.type)):
        listed: list[object] = values.to_pylist()
        return listed
    raw = values.cast(pa.large_binary()).to_pylist()
    return [None if one is None else one.decode("utf-8", "backslashreplace") for one in raw]
