"""Extracts of one table each, Parquet or CSV, read slice by slice, whatever types they bring."""

import csv
import json
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from domain.table import Kind
from intake.mapping import Mapping
from intake.offered import FILE, POSITION, Malformed, Offered, Values, each_text
from intake.reasons import Reason

CSV = ".csv"
_PARQUET_ROWS = 262_144
_CSV_ROWS = 65_536
_LARGEST_COLUMN = 512 << 20
_OFFICIAL = {Kind.DATE: "%Y-%m-%d", Kind.MOMENT: "%Y-%m-%d %H:%M:%S.%f"}


@dataclass(frozen=True, slots=True)
class Slice:
    """Some rows of an extract.

    Attributes:
        offered: Those that could be read.
        broken: Number of the row in the file -> a row with more or fewer fields than the head.
    """

    offered: Offered
    broken: dict[int, bytes] = field(default_factory=dict)

    @property
    def count(self) -> int:
        """Rows, the broken ones too."""
        return self.offered.rows.num_rows + len(self.broken)


@dataclass(frozen=True, slots=True)
class Extract:
    """A file of rows of one table.

    Attributes:
        path: Where it lies.
        mapping: How it is read.
    """

    path: Path
    mapping: Mapping

    def unknown(self) -> list[str]:
        """Headers that the contract does not know.

        Raises:
            Malformed: There is no head, or it names a column twice.
        """
        headers = self._headers()
        columns = [self.mapping.column(header) for header in headers]
        if len(set(columns)) < len(columns):
            raise Malformed("a column is named twice", Reason.NAMED_TWICE)
        if not any(map(self.mapping.knows, columns)):
            # the first row of people, perhaps: nothing of it is to be named
            raise Malformed("no column of the table is named")
        return sorted(h for h, c in zip(headers, columns, strict=True) if not self.mapping.knows(c))

    def slices(self) -> Iterator[Slice]:
        """The rows, some at a time; positions count from 1.

        Raises:
            Malformed: The file breaks off; the rows before that have been given.
        """
        yield from self._csv() if self._is_csv else self._parquet()

    @property
    def _is_csv(self) -> bool:
        return self.path.suffix.lower() == CSV

    def _headers(self) -> list[str]:
        if not self._is_csv:
            try:
                return list(pq.read_schema(self.path).names)
            except (pa.ArrowInvalid, OSError) as broken:
                raise Malformed(str(broken)) from broken
        headers = next(self._csv_rows(), [])
        if self.mapping.columns and not self.mapping.columns.keys() & set(headers):
            raise Malformed("no header is one of the mapping's", Reason.WRONG_ENCODING)
        return headers

    def _parquet(self) -> Iterator[Slice]:
        first = 1
        try:
            file = pq.ParquetFile(self.path)
            _refuse_bombs(file.metadata)
            for batch in file.iter_batches(batch_size=_PARQUET_ROWS):
                rows = pa.Table.from_batches([batch])
                yield Slice(self._offered(rows, range(first, first + rows.num_rows)))
                first += rows.num_rows
        except (pa.ArrowException, OSError) as broken:
            raise Malformed(str(broken)) from broken

    def _csv(self) -> Iterator[Slice]:
        rows = self._csv_rows()
        width = len(headers := next(rows, []))
        numbered = enumerate(rows, start=1)
        problem: Malformed | None = None
        while problem is None:
            good: list[tuple[int, list[str]]] = []
            broken: dict[int, bytes] = {}
            try:
                for number, row in islice(numbered, _CSV_ROWS):
                    if len(row) == width:
                        good.append((number, row))
                    else:
                        broken[number] = json.dumps(row, ensure_ascii=False).encode()
            except Malformed as error:
                problem = error
            if good or broken:
                yield Slice(self._texts(headers, good), broken)
            elif problem is None:
                return
        raise problem

    def _csv_rows(self) -> Iterator[list[str]]:
        """The head and the rows; lines without any field are none."""
        try:
            with self.path.open(encoding=self.mapping.encoding, newline="") as text:
                lines = csv.reader(text, delimiter=self.mapping.separator, strict=True)
                yield from (row for row in lines if row)
        except UnicodeDecodeError as wrong:
            raise Malformed(str(wrong), Reason.WRONG_ENCODING) from wrong
        except csv.Error as broken:
            raise Malformed(str(broken)) from broken

    def _texts(self, headers: Sequence[str], rows: Sequence[tuple[int, list[str]]]) -> Offered:
        columns = zip(*(row for _, row in rows), strict=True) if rows else [()] * len(headers)
        arrays = [pa.array(column, pa.string()) for column in columns]
        return self._offered(pa.table(arrays, list(headers)), [number for number, _ in rows])

    def _offered(self, rows: pa.Table, numbers: Sequence[int]) -> Offered:
        rows = rows.rename_columns([self.mapping.column(name) for name in rows.column_names])
        rows = rows.drop_columns([name for name in (FILE, POSITION) if name in rows.column_names])
        for column in self.mapping.table.columns if self.mapping.dates else ():
            if column.kind in _OFFICIAL and column.name in rows.column_names:
                place = rows.column_names.index(column.name)
                dated = _dated(rows[column.name], _OFFICIAL[column.kind], self.mapping.dates)
                rows = rows.set_column(place, column.name, dated)
        files: Values = pa.nulls(rows.num_rows, pa.int32()).fill_null(0)
        positions: Values = pa.array(numbers, pa.int64())
        rows = rows.append_column(FILE, files).append_column(POSITION, positions)
        return Offered(self.mapping.table, rows)


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


def _refuse_bombs(metadata: pq.FileMetaData) -> None:
    for group in (metadata.row_group(number) for number in range(metadata.num_row_groups)):
        for column in (group.column(number) for number in range(group.num_columns)):
            if column.total_uncompressed_size > _LARGEST_COLUMN:
                raise Malformed("a column of a row group holds more than 512 MiB")


def _dated(values: Values, official: str, forms: Sequence[str]) -> Values:
    """Texts in one of the forms, in the official form; others as they are."""
    if not pa.types.is_string(values.type):
        return values
    return each_text(values, lambda text: _in_form(text, official, forms))


def _in_form(text: str, official: str, forms: Sequence[str]) -> str:
    for form in forms:
        try:
            return datetime.strptime(text.strip(), form).strftime(official)  # noqa: DTZ007
        except ValueError:
            continue
    return text
