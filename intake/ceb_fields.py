"""The table of message fields, `ceb_fields.csv`: what each element of each message becomes.

One row says: in this message, the element of this part of the business entity goes to this
column of this table; without a table it is kept aside in the sealed original. An element may
have several rows. An element written `=X` is the constant X. A part written `X*` may occur many
times, and a table that takes elements of it gets a row for each. The columns `operation` and
`known_at` are the envelope's. A new message or edition is new rows here.

Message `CEB` holds what stands beside the entities of every message, `DXP` the transport
envelope, `PAY179` the platforms' payment data (GACC 2018 No. 179).
"""

import csv
from dataclasses import dataclass
from importlib.resources import files
from itertools import groupby
from operator import itemgetter
from typing import TypeAlias

from domain.results import Words

BESIDE, ENVELOPE, PAYMENT_DATA = "CEB", "DXP", "PAY179"
_MANY = "*"
Path: TypeAlias = tuple[str, str]
"""A part of an entity, and a leaf in it."""


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
        parts: Part -> all elements the field table knows in it.
        repeated: The parts that may occur many times.
    """

    kind: str
    entity: str
    tables: dict[str, tuple[Target, ...]]
    parts: dict[str, frozenset[str]]
    repeated: frozenset[str]

    @property
    def flat(self) -> bool:
        """Whether the entity holds its leaves itself, without parts."""
        return "" in self.parts

    def document_table(self) -> str:
        """The table that gets one row per business entity, or per parcel or list it names."""
        return next(iter(self.tables))

    def rows_of(self, table: str) -> str | None:
        """The part that makes one row of `table` each time it occurs, or None: one row in all."""
        parts = {target.part for target in self.tables[table]}
        return next(iter(parts & self.repeated), None)

    def paths(self) -> frozenset[Path]:
        """All leaves of the entity, each with its part; empty where the entity is flat."""
        return frozenset((part, name) for part, names in self.parts.items() for name in names)

    def wanted(self, part: str) -> frozenset[str]:
        """The elements of a part that go to a table."""
        targets = (target for its in self.tables.values() for target in its)
        return frozenset(target.element for target in targets if target.part == part)


def _message(kind: str, rows: list[dict[str, str]]) -> Message:
    tables: dict[str, list[Target]] = {}
    parts: dict[str, set[str]] = {}
    for row in rows:
        part = row["part"].removesuffix(_MANY)
        if not row["element"].startswith("="):
            parts.setdefault(part, set()).add(row["element"])
        if row["table"]:
            target = Target(row["column"], part, row["element"])
            tables.setdefault(row["table"], []).append(target)
    return Message(
        kind=kind,
        entity=rows[0]["entity"],
        tables={name: tuple(targets) for name, targets in tables.items()},
        parts={part: frozenset(names) for part, names in parts.items()},
        repeated=frozenset(
            p.removesuffix(_MANY) for row in rows if (p := row["part"])[-1:] == _MANY
        ),
    )


def _read() -> dict[str, list[dict[str, str]]]:
    text = (files("intake") / "ceb_fields.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(text.splitlines())
    return {kind: list(its) for kind, its in groupby(rows, itemgetter("message"))}


def _elements(rows: list[dict[str, str]]) -> dict[str, frozenset[str]]:
    """Entity -> its elements, and its parts with theirs."""
    found: dict[str, set[str]] = {}
    for row in rows:
        found.setdefault(row["part"] or row["entity"], set()).add(row["element"])
        found.setdefault(row["entity"], set()).add(row["part"] or row["element"])
    return {name: frozenset(elements) for name, elements in found.items()}


_ROWS = _read()
MESSAGES: dict[str, Message] = {
    kind: _message(kind, rows)
    for kind, rows in _ROWS.items()
    if kind not in {BESIDE, ENVELOPE, PAYMENT_DATA}
}
"""Kind -> message, for every customs message."""

PAYMENT: Message = _message(PAYMENT_DATA, _ROWS[PAYMENT_DATA])
"""The platforms' payment data."""

KEPT_ASIDE: dict[str, frozenset[str]] = _elements(_ROWS[BESIDE])
"""Children of the root that are no business entities -> their elements."""

TRANSPORT: dict[str, frozenset[str]] = _elements(_ROWS[ENVELOPE])
"""Elements of the transport envelope -> their elements."""


def _names() -> dict[str, Words]:
    text = (files("intake") / "ceb_names.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(text.splitlines())
    return {row["message"]: Words(zh=row["zh"], en=row["en"]) for row in rows}


MESSAGE_WORDS: dict[str, Words] = _names()
"""Kind -> what the message is, for people."""
