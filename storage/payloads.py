"""Bulky nouns as canonical JSON, many in one Parquet file, one of them read alone."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import groupby, islice
from pathlib import Path
from typing import Final

import orjson
import pyarrow as pa
import pyarrow.parquet as pq
from pydantic import BaseModel

_GROUP: Final = 16
"""Payloads in a row group: what has to be unpacked to read one."""

_SCHEMA: Final = pa.schema([pa.field("payload", pa.binary(), nullable=False)])


def canonical(noun: BaseModel) -> bytes:
    """The one JSON of `noun`: keys sorted, so equal nouns have equal bytes."""
    return orjson.dumps(noun.model_dump(mode="json"), option=orjson.OPT_SORT_KEYS)


def sha256(data: bytes) -> str:
    """Hex digest of `data`."""
    return hashlib.sha256(data).hexdigest()


def _table_digest(table: pa.Table) -> str:
    """Digest of the names and values of `table`, whatever file holds it."""
    digest = hashlib.sha256(orjson.dumps(table.column_names))
    for column in table.columns:
        digest.update(orjson.dumps(column.to_pylist(), default=str))
    return digest.hexdigest()


def night_digest(
    as_of: date, payloads: Mapping[str, Sequence[str]], frames: Mapping[str, pa.Table]
) -> str:
    """Digest of everything a night issues; equal results have equal digests.

    Args:
        as_of: The night.
        payloads: Kind of payload -> digests in their order.
        frames: Name -> table.
    """
    content = {
        "as_of": as_of,
        "payloads": dict(payloads),
        "frames": {name: _table_digest(frame) for name, frame in frames.items()},
    }
    return sha256(orjson.dumps(content, option=orjson.OPT_SORT_KEYS))


def write_payloads(path: Path, payloads: Iterable[bytes]) -> None:
    """Write `payloads` in their order; a payload's position is how it is found again."""
    waiting = iter(payloads)
    with pq.ParquetWriter(
        path, _SCHEMA, compression="zstd", use_dictionary=False, write_statistics=False
    ) as writer:
        while group := list(islice(waiting, _GROUP)):
            writer.write_table(pa.table([pa.array(group, pa.binary())], schema=_SCHEMA))


def read_payloads(path: Path, positions: Sequence[int]) -> Iterator[bytes]:
    """The payloads at `positions`, in that order; neighbours are unpacked once."""
    with pq.ParquetFile(path) as file:
        for group, wanted in groupby(positions, key=lambda position: position // _GROUP):
            column = file.read_row_group(group).column("payload")
            yield from (column[position % _GROUP].as_py() for position in wanted)


def reranked(payload: bytes, ranks: Mapping[str, int]) -> bytes:
    """An alert, or what holds alerts, with other ranks than were issued.

    Args:
        payload: Canonical JSON.
        ranks: Alert id -> rank.
    """
    noun = orjson.loads(payload)
    for alert in noun.get("alerts", [noun]):
        alert["rank"] = ranks[alert["alert_id"]]
    return orjson.dumps(noun, option=orjson.OPT_SORT_KEYS)


def all_payloads(path: Path) -> Iterator[bytes]:
    """Every payload in its order, holding one row group at a time."""
    with pq.ParquetFile(path) as file:
        for group in range(file.num_row_groups):
            for value in file.read_row_group(group).column("payload"):
                yield value.as_py()
