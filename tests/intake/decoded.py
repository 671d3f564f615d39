"""Every text that any file of a folder holds, however it is packed."""

import gzip
import html
import re
import sqlite3
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from urllib.parse import unquote

import pyarrow as pa
import pyarrow.parquet as pq

SEALED = "sealed"
_PHONE = re.compile(r"(?<![0-9.])1[3-9]\d{9}(?!\d)")
_ID_NUMBER = re.compile(r"(?<!\d)\d{17}[\dXx](?!\d)")
_CHINESE = re.compile(r"[\u4e00-\u9fff·]{2,}")
_ESCAPE = re.compile(r"\\u([0-9a-fA-F]{4})")


@dataclass(frozen=True)
class People:
    """What must not be found: identifiers in clear.

    Attributes:
        names: Looked for inside any run of Chinese characters.
    """

    id_numbers: frozenset[str]
    phones: frozenset[str]
    names: frozenset[str]

    def found(self, text: str) -> set[str]:
        """Those that a text holds."""
        hits = {number.upper() for number in _ID_NUMBER.findall(text)} & self.id_numbers
        hits |= set(_PHONE.findall(text)) & self.phones
        lengths = {len(name) for name in self.names}
        for run in _CHINESE.findall(text):
            parts = {run[i : i + n] for n in lengths for i in range(len(run) - n + 1)}
            hits |= parts & self.names
        return hits


def found_in(root: Path, people: People) -> dict[str, set[str]]:
    """File, by its path in the folder -> identifiers that it holds in clear."""
    hits: dict[str, set[str]] = {}
    for file in sorted(path for path in root.rglob("*") if path.is_file()):
        name = file.relative_to(root).as_posix()
        for text in (name, *texts(file.name, file.read_bytes())):
            if held := people.found(text):
                hits.setdefault(name, set()).update(held)
    return hits


def texts(name: str, raw: bytes) -> Iterator[str]:
    """The texts of a file: unpacked, decoded, and its bytes as they lie there."""
    yield from _plain(raw)
    if raw[:4] == b"PAR1":
        yield from _parquet(raw)
    if raw[:16] == b"SQLite format 3\0":
        yield from _sqlite(raw)
    if raw[:2] == b"\x1f\x8b":
        yield from texts(name, gzip.decompress(raw))
    if raw[:4] == b"PK\x03\x04":
        with zipfile.ZipFile(BytesIO(raw)) as archive:
            for member in archive.namelist():
                yield member
                yield from texts(member, archive.read(member))


def _plain(raw: bytes) -> Iterator[str]:
    text = raw.decode("utf-8", "replace")
    yield text
    if "\\u" in text:
        yield _ESCAPE.sub(lambda escape: chr(int(escape.group(1), 16)), text)
    if "&#" in text:
        yield html.unescape(text)
    if "%" in text:
        yield unquote(text, errors="replace")


def _parquet(raw: bytes) -> Iterator[str]:
    file = pq.ParquetFile(BytesIO(raw))
    for key, value in (file.schema_arrow.metadata or {}).items():
        yield from _plain(key + b" " + value)
    for group in range(file.num_row_groups):
        for number in range(file.metadata.num_columns):
            column = file.metadata.row_group(group).column(number)
            if column.path_in_schema == SEALED or column.statistics is None:
                continue
            yield from _values([column.statistics.min, column.statistics.max])
        rows = file.read_row_group(group)
        for name in rows.column_names:
            if name != SEALED and not _is_number(rows.schema.field(name).type):
                yield from _values(rows[name].unique().to_pylist())


def _sqlite(raw: bytes) -> Iterator[str]:
    base = sqlite3.connect(":memory:")
    base.deserialize(raw[:18] + b"\1\1" + raw[20:])  # read a write-ahead file without its log
    base.text_factory = bytes
    tables = base.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    for (table,) in tables:
        quoted = table.decode().replace('"', '""')
        for row in base.execute(f'SELECT * FROM "{quoted}"'):  # noqa: S608 - its own names
            yield from _values(row)
    base.close()


def _values(values: Iterable[object]) -> Iterator[str]:
    joined = "\n".join(
        value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
        for value in values
    )
    yield from _plain(joined.encode())


def _is_number(kind: pa.DataType) -> bool:
    return bool(
        pa.types.is_floating(kind) or pa.types.is_boolean(kind) or pa.types.is_temporal(kind)
    )
