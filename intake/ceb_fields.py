"""The table of CEB message fields, `ceb_fields.csv`: what each element of each message becomes.

One row says: in this message, the element of this part of the business entity goes to this
column of this table; without a table it is kept aside in the sealed original. An element may
have several rows. An element written `=X` is the constant X. The columns `operation` and
`known_at` are the envelope's. A new message or edition is new rows here.
"""

import csv
from dataclasses import dataclass
from importlib.resources import files
from itertools import groupby
from operator import itemgetter

from domain.tables import TABLES


@dataclass(frozen=True, slots=True)
class Target:
    """Where one column of a table is read from.

    Attributes:
        column: Column of the contract, or of the envelope.
        part: Element under the business entity that holds it; empty where the entity is flat.
        element: The leaf's name, or `=` and a constant.
    """

    column: str
    part: str
    element: str


@dataclass(frozen=True, slots=True)
class Message:
    """What is known of one kind of message.

    Attributes:
        kind: CEBnnn; the root element is named so, with `Message` after it.
        entity: Name of the business entity, a child of the root.
        tables: Table -> its columns; the table of the document first, then that of its lines.
        elements: Part -> all elements the field table knows in it.
    """

    kind: str
    entity: str
    tables: dict[str, tuple[Target, ...]]
    elements: dict[str, frozenset[str]]

    def document_table(self) -> str:
        """The table that gets one row per business entity."""
        return next(iter(self.tables))

    def repeated_part(self, table: str) -> str | None:
        """The part that makes one row each time it occurs, for a table of lines."""
        if TABLES[table].line is None:
            return None
        return next(t.part for t in self.tables[table] if t.column == TABLES[table].line)


def _message(kind: str, rows: list[dict[str, str]]) -> Message:
    tables: dict[str, list[Target]] = {}
    elements: dict[str, set[str]] = {}
    for row in rows:
        if not row["element"].startswith("="):
            elements.setdefault(row["part"], set()).add(row["element"])
        if row["table"]:
            target = Target(row["column"], row["part"], row["element"])
            tables.setdefault(row["table"], []).append(target)
    return Message(
        kind=kind,
        entity=rows[0]["entity"],
        tables={name: tuple(targets) for name, targets in tables.items()},
        elements={part: frozenset(names) for part, names in elements.items()},
    )


def _read() -> dict[str, Message]:
    text = (files("intake") / "ceb_fields.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(text.splitlines())
    return {kind: _message(kind, list(its)) for kind, its in groupby(rows, itemgetter("message"))}


MESSAGES: dict[str, Message] = _read()
"""Kind -> message, for every kind that is read."""
