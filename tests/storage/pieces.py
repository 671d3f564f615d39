"""A small lake, and ways to fill and read it."""

from datetime import date, datetime

import pyarrow as pa

from domain.table import SUPERSESSIONS
from storage.lake import Lake

DAY = date.fromisoformat("2026-03-10")
MIDNIGHT = datetime.fromisoformat("2026-03-11")


def row(order_no: str, version: int = 1, known: datetime = MIDNIGHT) -> dict[str, object]:
    given = {"version": version, "known_at": known, "document_key": order_no}
    return {"order_no": order_no, "reported_at": MIDNIGHT, **given}


def ended(order_no: str, version: int, known: datetime) -> pa.Table:
    one = {"table_name": "orders", "document_key": order_no, "version": version, "known_at": known}
    return pa.Table.from_pylist([one], SUPERSESSIONS)


def add(lake: Lake, table: str, rows: pa.Table, name: str) -> None:
    """A batch of one table; of one name there may be several."""
    with lake.batch(name) as batch:
        batch.append(table, rows)


def known(lake: Lake, as_of: date = DAY) -> list[tuple[str, int]]:
    orders = lake.read_signals(as_of).orders
    rows = orders[["document_key", "version"]].to_pyarrow().to_pylist()
    return sorted((one["document_key"], one["version"]) for one in rows)
