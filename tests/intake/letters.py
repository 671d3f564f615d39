"""Messages made from the field table: every element of every part, each with its own text."""

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from domain.table import Column, Kind, Personal
from domain.tables import TABLES
from intake.ceb_fields import Message
from intake.offered import KNOWN_AT, OPERATION
from tests.intake.made import FIRM, FIRM_CUSTOMS, NAMESPACE

EXPORTS = ("CEB2", "CEB30", "CEB40", "CEB505", "CEB506", "CEB507", "CEB508", "CEB509", "CEB510")
_TEXTS = {
    Kind.AMOUNT: "12.5",
    Kind.COUNT: "3",
    Kind.DATE: "20260501",
    Kind.MOMENT: "20260501100000",
}
_PERSONS = {Personal.ID_NUMBER: "11010519491231002X", Personal.PHONE: "13900000000"}
_READ: dict[Kind, Any] = {
    Kind.AMOUNT: Decimal("12.5"),
    Kind.COUNT: 3,
    Kind.DATE: date(2026, 5, 1),
    Kind.MOMENT: datetime.fromisoformat("2026-05-01 10:00"),
}


def letter(message: Message, text_of: Callable[[str, str], str] | None = None) -> str:
    """A whole message with one entity; a part that may occur many times occurs once."""
    parts = []
    for part, elements in message.parts.items():
        leaves = "".join(
            f"<ceb:{e}>{(text_of or (lambda p, n: text(message, p, n)))(part, e)}</ceb:{e}>"
            for e in sorted(elements)
        )
        parts.append(f"<ceb:{part}>{leaves}</ceb:{part}>" if part else leaves)
    entity = f"<ceb:{message.entity}>{''.join(parts)}</ceb:{message.entity}>"
    return wrapped(entity, f"{message.kind}Message")


def wrapped(inside: str, root: str) -> str:
    """A root element of the customs' namespace around something."""
    head = '<?xml version="1.0" encoding="UTF-8"?>'
    return f'{head}<ceb:{root} xmlns:ceb="{NAMESPACE}" guid="g">{inside}</ceb:{root}>'


def text(message: Message, part: str, element: str) -> str:
    """What a message made here says in an element."""
    column = _column(message, part, element)
    if column is None:
        return "1" if element == "appType" else f"{part}.{element}"
    if column.codes:
        exported = message.kind.startswith(EXPORTS) or message.kind[3:] in {"603", "604"}
        return "E" if "E" in column.codes and exported else column.codes[0]
    if column.role:
        return FIRM_CUSTOMS
    if column.personal in _PERSONS:
        return _PERSONS[column.personal]
    return _TEXTS.get(column.kind, f"{part}.{element}")


def read(message: Message, part: str, element: str, column: Column) -> object:
    """What the lake holds of it."""
    if column.role:
        return FIRM
    return _READ.get(column.kind, text(message, part, element))


def _column(message: Message, part: str, element: str) -> Column | None:
    for table, targets in message.tables.items():
        for target in targets:
            same = (target.part, target.element) == (part, element)
            if same and target.column not in {OPERATION, KNOWN_AT}:
                return next(c for c in TABLES[table].columns if c.name == target.column)
    return None
