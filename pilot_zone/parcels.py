"""Parcels of the month's orders: carriers, weights, times, and what customs answers."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from pilot_zone.columns import SCALE
from pilot_zone.plan import DAY, Flags, Floats, Ints
from pilot_zone.trade import Trade
from pilot_zone.world import World

HOUR = 3600
GRAM = SCALE // 1000


@dataclass(slots=True)
class Parcels:
    """Parcels, aligned arrays; most orders have one, a few have two.

    Attributes:
        order: Row of the order.
        part, parts: Which part of how many.
        carrier, agent: Indexes on the roll.
        number: Number of the parcel in the whole history.
        waybill: Number on the waybill; a reused one repeats an earlier parcel's.
        net, gross, carried: Net and gross weight declared, weight on the waybill; 0.00001 kg.
        way_at, declared_at, released_at, signed_at, arrived_at, left_at: Seconds since 1970.
        has_waybill, has_declaration, is_signed, has_left: Whether the document exists.
        rejected, manual, inspected, detained, cancelled, returned, amended, other_name: Traits.
    """

    order: Ints
    part: Ints
    parts: Ints
    carrier: Ints
    agent: Ints
    number: Ints
    waybill: Ints
    net: Ints
    gross: Ints
    carried: Ints
    way_at: Ints
    declared_at: Ints
    released_at: Ints
    signed_at: Ints
    arrived_at: Ints
    left_at: Ints
    has_waybill: Flags
    has_declaration: Flags
    is_signed: Flags
    has_left: Flags
    rejected: Flags
    manual: Flags
    inspected: Flags
    detained: Flags
    cancelled: Flags
    returned: Flags
    amended: Flags

    @property
    def count(self) -> int:
        """Number of parcels."""
        return self.order.size

    @property
    def released(self) -> Flags:
        """Parcels that customs let go."""
        return self.has_declaration & ~self.detained


def pack(world: World, trade: Trade, month: int) -> Parcels:
    """Draw the parcels of one month."""
    rng = world.plan.rng("parcels", month)
    orders = trade.orders
    several = np.bincount(trade.lines.order, minlength=orders.count) > 1
    parts = 1 + (several & (rng.random(orders.count) < 0.02))
    order = np.repeat(np.arange(orders.count), parts)
    part = np.arange(order.size) - np.repeat(np.cumsum(parts) - parts, parts)
    shows = _Shows(world, rng, orders.merchant[order], orders.period[order])
    merchant = orders.merchant[order]
    carriers = world.roll.services["carrier"]
    second = rng.random(order.size) < 0.15
    other = carriers[(world.roll.carrier[merchant] + 1) % carriers.size]
    number = orders.number[order] * 2 + part
    carrier = np.where(second, other, world.roll.carrier[merchant])
    waybill, carrier = _reuse(
        merchant, number, carrier, shows("reused_waybill") & orders.imports[order]
    )
    times = _times(rng, trade, order, shows)
    return Parcels(
        order=order,
        part=part,
        parts=parts[order],
        carrier=carrier,
        agent=world.identities.agent[merchant],
        number=number,
        waybill=waybill,
        **_weights(rng, trade, order, parts, shows),
        **times,
        has_waybill=~shows("no_waybill"),
        has_declaration=rng.random(order.size) > 0.012,
        rejected=shows("rejected"),
        detained=shows("detained"),
        cancelled=shows("cancelled"),
        returned=shows("returned") & orders.imports[order],
        amended=shows("amended"),
    )


class _Shows:
    """Draws traits for the parcels at hand."""

    def __init__(self, world: World, rng: np.random.Generator, firms: Ints, periods: Ints) -> None:
        self._world, self._rng, self._firms, self._periods = world, rng, firms, periods

    def __call__(self, name: str) -> Flags:
        return self._world.habits.show(self._rng, name, self._firms, self._periods)


def _reuse(merchant: Ints, number: Ints, carrier: Ints, shows: Flags) -> tuple[Ints, Ints]:
    """Reused waybills carry the number of one of the merchant's parcels shortly before."""
    earlier = np.maximum(np.arange(number.size) - 2, 0)
    again = shows & (merchant[earlier] == merchant) & ~shows[earlier]
    source = np.where(again, earlier, np.arange(number.size))
    return number[source], carrier[source]


def _weights(
    rng: np.random.Generator, trade: Trade, order: Ints, parts: Ints, shows: _Shows
) -> dict[str, Any]:
    merchant = trade.orders.merchant[order]
    same = shows("same_weight") & (trade.orders.mode[order] < 2)
    net = trade.grams[order] // parts[order]
    gross = (net * rng.uniform(1.03, 1.15, order.size)).astype(np.int64) + 40
    fixed = 300 + merchant % 12 * 50
    net, gross = np.where(same, fixed, net), np.where(same, fixed + 50, gross)
    drift = rng.uniform(0.985, 1.015, order.size)
    wide = np.where(rng.random(order.size) < 0.5, rng.uniform(0.55, 0.88, order.size), 1.45)
    off: Floats = np.where(shows("weight_gap"), wide, np.where(same, 1, drift))
    carried = np.rint(gross * off).astype(np.int64)
    return {"net": net * GRAM, "gross": gross * GRAM, "carried": carried * GRAM}


def _times(rng: np.random.Generator, trade: Trade, order: Ints, shows: _Shows) -> dict[str, Any]:
    count, at, imports = order.size, trade.orders.at[order], trade.orders.imports[order]
    way = at + rng.integers(2 * HOUR, 40 * HOUR, count)
    declared = way + rng.integers(HOUR // 2, 12 * HOUR, count)
    manual, inspected = shows("manual"), shows("inspected")
    checks = np.where(manual | inspected, rng.integers(DAY, 4 * DAY, count), 0)
    released = declared + rng.integers(HOUR // 2, 8 * HOUR, count) + checks
    late = shows("unsigned")
    days = np.where(late, rng.uniform(16, 45, count), rng.lognormal(1.0, 0.45, count) + 0.5)
    before = shows("early_sign")
    signed = released + np.where(before, -rng.integers(HOUR, 20 * HOUR, count), days * DAY)
    never = (late & (rng.random(count) < 0.5)) | (rng.random(count) < 0.004)
    stuck = shows("undeparted")
    left = released + rng.integers(DAY, 5 * DAY, count) + np.where(stuck, 35 * DAY, 0)
    return {
        "way_at": way,
        "declared_at": declared,
        "released_at": released,
        "signed_at": signed.astype(np.int64),
        "arrived_at": declared + rng.integers(600, 2 * HOUR, count),
        "left_at": left,
        "is_signed": imports & ~never,
        "has_left": ~imports & ~(stuck & (rng.random(count) < 0.6)),
        "manual": manual,
        "inspected": inspected,
    }
