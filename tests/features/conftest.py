"""Rows with few words, and the numbers that features make of them.

A row names only what its feature reads; `make_signals` fills the rest. AS_OF is a Monday.
"""

import math
import random
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pytest

from domain.signals import Signals
from domain.table import Column, Kind, Role
from domain.tables import TABLES
from features.build import by_view, read_roll, view_values
from features.feature import Feature

Rows = Sequence[Mapping[str, Any]]
Numbers = dict[str, float | None]
CountedBy = Callable[..., Numbers]
AS_OF = date(2025, 6, 30)


@pytest.fixture(scope="session")
def number_of(make_signals: Callable[..., Signals]) -> CountedBy:
    """A function `(features, enterprise="A", **tables)` that gives each feature's number.

    Enterprises A, B and C are on the roll as merchants unless `enterprises` is given.
    """

    def count(features: Sequence[Feature], enterprise: str = "A", **tables: Rows) -> Numbers:
        whole = {"enterprises": [firm(code) for code in "ABC"], **tables}
        signals = make_signals(AS_OF, **whole)
        roll = read_roll(signals)
        numbers: Numbers = {}
        for group in by_view(features).values():
            row = view_values(signals, group, roll).loc[enterprise].to_dict()
            for name, number in row.items():
                numbers[str(name)] = None if math.isnan(number) else round(float(number), 9)
        return numbers

    return count


def firm(code: str, **given: object) -> dict[str, Any]:
    """A merchant on the roll."""
    return {"credit_code": code, "name": code, "is_merchant": True, **given}


ZONE_TABLES = tuple(name for name in TABLES if name not in {"enterprises", "coverage"})
Zone = dict[str, list[dict[str, Any]]]


@pytest.fixture(scope="session")
def random_zone() -> Callable[..., Zone]:
    """A function `(seed, mark)` that draws rows of all tables which meet in their keys.

    Two zones of different marks have no enterprise, person or document in common.
    """

    def draw(seed: int, mark: str = "") -> Zone:
        rng = random.Random(seed)  # noqa: S311 - chance, not secrecy
        firms = [firm(f"{mark}{n}") | _row(rng, "enterprises", n, mark) for n in range(8)]
        zone = {"enterprises": [{**row, "is_merchant": n < 7} for n, row in enumerate(firms)]}
        for name in ZONE_TABLES:
            rows = [_row(rng, name, rng.randrange(60), mark) for _ in range(120)]
            keys = TABLES[name].key
            zone[name] = list({tuple(str(row[k]) for k in keys): row for row in rows}.values())
        return zone

    return draw


_CENTS = ((1, 500_000), (400_000, 500_000))  # the second lies under the single limit
_TEXTS = {
    "currency": ("142", "142", "142", "502"),
    "country": ("142", "502"),
    "return_status": ("100", "300", "500", "502", "800", "800"),
    "status": ("S", "S", "R"),
    "grade": ("A", "B", "常规"),
    "unit": ("011",),
    "hs_code": ("3304000000", "8500000000"),
    "bar_code": ("69001", "69002", "无"),
    "item_no": ("lamp", "cup", "pen"),
}


def _row(rng: random.Random, name: str, trade: int, mark: str) -> dict[str, Any]:
    """One row; `trade` decides order, parcel and merchant, so that papers meet."""
    row = {c.name: _value(rng, c, trade, mark) for c in TABLES[name].lake_columns()}
    kept = {k: v for k, v in row.items() if k not in {"document_key", "parent_key"}}
    happened = row[TABLES[name].happened]
    if isinstance(happened, datetime):
        kept["happened_at"] = kept["known_at"] = happened
    else:
        del kept["happened_at"], kept["known_at"]
    return {**kept, "version": rng.choice((1, 1, 2)), "asserted": False}


def _value(rng: random.Random, column: Column, trade: int, mark: str) -> object:
    empty = 0.7 if column.name in {"valid_to", "ends_on", "dissolved_on"} else 0.1
    if not column.required and column.role is None and rng.random() < empty:
        return None
    day = AS_OF - timedelta(days=rng.randrange(300))
    if column.name in {"month", "quarter"}:
        day = day.replace(day=1)
    drawn: dict[Kind, object] = {
        Kind.AMOUNT: Decimal(rng.randrange(*rng.choice(_CENTS))) / 100,
        Kind.COUNT: rng.randrange(1, 4),
        Kind.DATE: day,
        Kind.MOMENT: datetime.combine(day, time(rng.randrange(24), rng.randrange(60))),
        Kind.FLAG: rng.random() < 0.3,
        Kind.TEXT: _text(rng, column, trade, mark),
    }
    return drawn[column.kind]


def _text(rng: random.Random, column: Column, trade: int, mark: str) -> str:
    if column.codes or column.name in _TEXTS:
        return rng.choice(column.codes or _TEXTS[column.name])
    if column.name in {"merchant_code", "enterprise_code", "buyer_code", "credit_code"}:
        return f"{mark}{trade % 8}"
    if column.role in {Role.ENTERPRISE, Role.OWNER}:
        return f"{mark}{rng.randrange(9)}"
    if column.role is not None or column.name in {"order_no", "waybill_no", "cop_no"}:
        return f"{mark}{trade if column.role is None else column.role}"
    return f"{mark}{rng.randrange(12)}"
