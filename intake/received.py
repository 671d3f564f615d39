"""What all receipts of a home say together."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from pydantic import TypeAdapter
from sqlalchemy import func, select

from intake.receipt import Count
from storage.journal import RECEIPTS, Journal

_COUNTS: Final = TypeAdapter(dict[str, Count])
_NUMBERS: Final = TypeAdapter(dict[str, int])
_NUMBERED: Final = ("reasons", "flags", "not_yet_read")


@dataclass(frozen=True, slots=True)
class Received:
    """All receipts, added up.

    Attributes:
        receipts: How many there are.
        last_at: When the last was given, China wall clock.
        tables: Table -> counts of its rows, as in a receipt.
        reasons: Reason -> rows quarantined.
        flags: Check -> accepted documents in which it was noticed not to hold.
        not_yet_read: Kind of document -> files of it, which nothing reads yet.
    """

    receipts: int
    last_at: datetime
    tables: dict[str, Count]
    reasons: dict[str, int]
    flags: dict[str, int]
    not_yet_read: dict[str, int]

    @property
    def total(self) -> Count:
        """All rows together."""
        return sum(self.tables.values(), start=Count())


def received(journal: Journal) -> Received | None:
    """What was ever received, or None where nothing was."""
    # a receipt names all its files; only its counts are asked for
    parts = ("tables", *_NUMBERED)
    told = (func.json_extract(RECEIPTS.c.content, f"$.{part}").label(part) for part in parts)
    rows = journal.ask(select(RECEIPTS.c.received_at, *told))
    if not rows:
        return None
    tables: dict[str, Count] = {}
    for row in rows:
        for name, count in _COUNTS.validate_json(row["tables"]).items():
            tables[name] = tables.get(name, Count()) + count
    numbers = {
        part: sum(
            (Counter(_NUMBERS.validate_json(row[part] or "{}")) for row in rows), Counter[str]()
        )
        for part in _NUMBERED
    }
    return Received(
        receipts=len(rows),
        last_at=max(row["received_at"] for row in rows),
        tables=dict(sorted(tables.items())),
        **{part: dict(sorted(its.items())) for part, its in numbers.items()},
    )
