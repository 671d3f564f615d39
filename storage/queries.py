"""What can be asked of the ledger's rows, as SQLAlchemy expressions."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, ColumnElement, Select, and_, func, or_, select, true

from domain.identity import folded, normal_code
from domain.officer import Department
from storage.schema import ALERTS, HEADS, SCANS


@dataclass(frozen=True, slots=True)
class AlertFilter:
    """Which alerts are asked for; None and () leave all.

    Attributes:
        regions: GB/T 2260 prefixes of the enterprise's division.
        limit: How many at most, the first by rank.
    """

    colour: str | None = None
    typology: str | None = None
    department: Department | None = None
    regions: tuple[str, ...] = ()
    limit: int = 100


@dataclass(frozen=True, slots=True)
class HeadFilter:
    """Which heads of a night are asked for; None leaves all.

    Attributes:
        after: Only codes after this one.
        limit: How many at most, by code.
    """

    tier: str | None = None
    after: str = ""
    limit: int | None = None


def in_force() -> Select[tuple[int]]:
    """Sequence of the scan in force, for each night."""
    return select(func.max(SCANS.c.sequence)).group_by(SCANS.c.as_of)


def within(division: Column[Any], regions: tuple[str, ...]) -> ColumnElement[bool]:
    """Whether a division lies in `regions`; everything does when there are none."""
    inside = [division.startswith(prefix, autoescape=True) for prefix in regions]
    return or_(*inside) if inside else true()


def of_enterprise(code: str, regions: tuple[str, ...]) -> Select[Any]:
    """Heads in force of the enterprise of a credit or customs code, with its night's digest."""
    named = or_(HEADS.c.code == normal_code(code), HEADS.c.customs_code == normal_code(code))
    return (
        select(HEADS, SCANS.c.digest)
        .join(SCANS)
        .where(named, HEADS.c.sequence.in_(in_force()), within(HEADS.c.division, regions))
    )


def of_night(sequence: int, regions: tuple[str, ...]) -> Select[Any]:
    """Heads of one scan."""
    return select(HEADS).where(HEADS.c.sequence == sequence, within(HEADS.c.division, regions))


def listed(sequence: int, regions: tuple[str, ...], asked: HeadFilter) -> Select[Any]:
    """The heads of one scan that are asked for, by code."""
    chosen = of_night(sequence, regions).where(HEADS.c.code > asked.after)
    chosen = chosen if asked.tier is None else chosen.where(HEADS.c.tier == asked.tier)
    return chosen.order_by(HEADS.c.code).limit(asked.limit)


def named_like(text: str) -> ColumnElement[bool]:
    """Whether a head's name contains `text`, or one of its codes starts with it."""
    sought, start = folded(text), normal_code(text)
    return or_(
        HEADS.c.folded_name.contains(sought, autoescape=True),
        HEADS.c.code.startswith(start, autoescape=True),
        HEADS.c.customs_code.startswith(start, autoescape=True),
    )


def positions(sequence: int, asked: AlertFilter) -> Select[tuple[int]]:
    """Positions of the alerts that are asked for, by rank."""
    wanted = {ALERTS.c.colour: asked.colour, ALERTS.c.typology: asked.typology}
    equal = [column == value for column, value in wanted.items() if value is not None]
    if asked.department is not None:
        equal.append(ALERTS.c.departments.contains(f",{asked.department},", autoescape=True))
    seen = and_(ALERTS.c.sequence == sequence, within(ALERTS.c.division, asked.regions), *equal)
    chosen = select(ALERTS.c.position).where(seen)
    return chosen.order_by(ALERTS.c.position).limit(asked.limit)


def ranked(sequence: int, regions: tuple[str, ...]) -> Select[tuple[str]]:
    """Ids of the alerts of one scan, by rank."""
    seen = and_(ALERTS.c.sequence == sequence, within(ALERTS.c.division, regions))
    return select(ALERTS.c.alert_id).where(seen).order_by(ALERTS.c.position)


def fraud_place(sequence: int, regions: tuple[str, ...], own: float) -> Select[int, int]:
    """How many of one scan the fraud model finds likelier than `own`, and how many it scored."""
    seen = and_(HEADS.c.sequence == sequence, within(HEADS.c.division, regions))
    likelier = func.count().filter(HEADS.c.fraud_probability > own)
    return select(likelier, func.count(HEADS.c.fraud_probability)).where(seen)


def counted(column: Column[Any], sequence: int, regions: tuple[str, ...]) -> Select[Any]:
    """How many rows of one scan hold each value of `column`."""
    table = column.table
    seen = and_(table.c.sequence == sequence, within(table.c.division, regions))
    return select(column, func.count()).where(seen).group_by(column).order_by(column)
