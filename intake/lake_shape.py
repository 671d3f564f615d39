"""Judged rows into the lake's shape: identifiers hashed, keys joined, content digested."""

import hashlib

import pyarrow as pa
import pyarrow.compute as pc

from domain.table import ARROW_TYPES, Kind, Table
from intake.offered import KNOWN_AT, Values
from intake.pseudonym import Pseudonymiser

_DIGEST_BYTES = 16
_AT_ONCE = 8_192
"""Rows whose whole text is held at a time."""
_FIELD_END, _NULL = "\x1f", "\x1e"
_NO_FRACTION = r"\.0+$"


def with_keys(table: Table, rows: pa.Table) -> pa.Table:
    """The rows with document_key, and parent_key where they are lines."""
    parts = [pc.fill_null(_text(rows[name]), "") for name in table.key]
    rows = rows.append_column("document_key", _joined(parts, "|"))
    if table.line is None:
        return rows
    return rows.append_column("parent_key", _joined(parts[:-1], "|"))


def pseudonymised(table: Table, rows: pa.Table, pseudonymiser: Pseudonymiser) -> pa.Table:
    """The lake columns of rows that have keys, all but version, asserted and batch."""
    columns: dict[str, Values] = {}
    for column in table.columns:
        columns |= pseudonymiser.derive(column, rows[column.name])
    digest = _digest([columns[name] for name in columns])
    happened: Values = rows[table.happened].cast(ARROW_TYPES[Kind.MOMENT])
    keys = [name for name in ("document_key", "parent_key") if name in rows.column_names]
    columns |= {name: rows[name] for name in keys}
    columns |= {"happened_at": happened, KNOWN_AT: rows[KNOWN_AT], "content_digest": digest}
    return pa.table(columns)


def _digest(columns: list[Values]) -> Values:
    """BLAKE2b of each row's values; null differs from every text."""
    digests: list[str] = []
    blake = hashlib.blake2b
    for first in range(0, len(columns[0]), _AT_ONCE):
        some = [column.slice(first, _AT_ONCE) for column in columns]
        joined = _joined([pc.fill_null(_text(column), _NULL) for column in some], _FIELD_END)
        rows = joined.cast(pa.large_binary()).to_pylist()
        digests += [blake(row, digest_size=_DIGEST_BYTES).hexdigest() for row in rows]
    return pa.array(digests, pa.string())


def _joined(texts: list[Values], separator: str) -> Values:
    joined: Values = pc.binary_join_element_wise(*texts, pa.scalar(separator))
    return joined


def _text(values: Values) -> Values:
    if pa.types.is_string(values.type):
        return values
    text = values.cast(pa.string())
    if pa.types.is_timestamp(values.type):
        return pc.replace_substring_regex(text, _NO_FRACTION, "")
    return text
