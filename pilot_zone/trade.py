"""One month of trade: what was ordered, paid, carried and declared, before it is written down."""

from dataclasses import dataclass, fields
from typing import TypeVar

import numpy as np

from pilot_zone.baskets import B2B, Lines, come_back, fill, net_grams
from pilot_zone.buyers import Buyers, meet
from pilot_zone.columns import CENT, SCALE
from pilot_zone.demand import Orders, draw_orders
from pilot_zone.plan import DAY, Flags, Ints
from pilot_zone.world import World

TAX = 0.091
"""Composite rate of goods with 13 % value-added tax and no consumption tax, at 70 %."""


@dataclass(slots=True)
class Sums:
    """Money of the month's orders in their currency, 0.00001; aligned with orders.

    `received` is the payment (import) or the money that came in (export); `paid_at` is its time.
    """

    goods: Ints
    freight: Ints
    discount: Ints
    tax: Ints
    paid: Ints
    received: Ints
    paid_at: Ints
    has_payment: Flags


@dataclass(slots=True)
class Trade:
    """One month of trade."""

    orders: Orders
    lines: Lines
    buyers: Buyers
    sums: Sums
    grams: Ints

    def cny(self, values: Ints) -> Ints:
        """Order values in CNY, 0.00001, rounded to 0.01."""
        return np.rint(values / SCALE * self.orders.rate * 100).astype(np.int64) * CENT


def draw_trade(world: World, counts: Ints, month: int, first_number: int) -> Trade:
    """Draw one month.

    Args:
        world: The zone.
        counts: Orders of merchants by half-months.
        month: Month of the history.
        first_number: Number of its first order.
    """
    orders = draw_orders(world, counts, month, first_number)
    lines = fill(world, orders, month)
    back, back_lines = come_back(world, orders, lines, month)
    back_lines.order += orders.count
    orders, lines = _together(orders, back), _together(lines, back_lines)
    buyers = meet(world, orders, month)
    grams = net_grams(world, lines, orders.count)
    return Trade(orders, lines, buyers, _sums(world, orders, lines, month), grams)


_Arrays = TypeVar("_Arrays", Orders, Lines)


def _together(one: _Arrays, two: _Arrays) -> _Arrays:
    parts = {
        f.name: np.concatenate([getattr(one, f.name), getattr(two, f.name)]) for f in fields(one)
    }
    return type(one)(**parts)


def _sums(world: World, orders: Orders, lines: Lines, month: int) -> Sums:
    rng = world.plan.rng("sums", month)
    count, imports = orders.count, orders.imports

    def shows(name: str) -> Flags:
        return world.habits.show(rng, name, orders.merchant, orders.period)

    clean = np.minimum(lines.total, lines.price * lines.quantity)
    goods = lines.sums(clean, count)
    freight = _freight(rng, orders)
    coupon = np.where(shows("coupon") & imports, rng.uniform(0.03, 0.15, count), 0)
    discount = np.rint(goods / CENT * coupon).astype(np.int64) * CENT
    tax = np.where(imports, np.rint((goods + freight) / CENT * TAX), 0).astype(np.int64) * CENT
    paid = goods + freight + tax - discount
    slip = rng.integers(-300, 300, count) * CENT
    paid = np.where(shows("identity_break"), np.maximum(paid + slip, CENT), paid)
    gap = np.where(shows("paid_gap"), rng.uniform(0.8, 0.99, count), 1)
    asked = np.rint(paid / CENT * gap).astype(np.int64) * CENT
    received, came = _receipts(world, rng, orders, goods + freight)
    early = np.where(shows("early_payment"), -rng.integers(600, 90_000, count), 0)
    soon = rng.integers(5, 900, count) + early
    return Sums(
        goods=goods,
        freight=freight,
        discount=discount,
        tax=tax,
        paid=paid,
        received=np.where(imports, asked, received),
        paid_at=orders.at + np.where(imports, soon, _lag(world, rng, orders)),
        has_payment=np.where(imports, ~shows("unpaid"), came),
    )


def _freight(rng: np.random.Generator, orders: Orders) -> Ints:
    free = orders.imports & (rng.random(orders.count) < 0.6)
    most = np.where(orders.mode >= B2B, 40_000, np.where(orders.imports, 3000, 1500))
    fee = (rng.random(orders.count) * most).astype(np.int64) + 200
    return np.where(free, 0, fee) * CENT


def _receipts(
    world: World, rng: np.random.Generator, orders: Orders, due: Ints
) -> tuple[Ints, Flags]:
    """What comes in for exports: fees off, and short or over by the enterprise's habit."""
    habit = world.habits.at("receipts_log", orders.merchant, orders.period)
    part = np.exp(habit / 2) * rng.uniform(0.97, 1.0, orders.count)
    came = rng.random(orders.count) < np.minimum(np.exp(habit / 2), 1) * 0.99
    return np.rint(due / CENT * part).astype(np.int64) * CENT, came


def _lag(world: World, rng: np.random.Generator, orders: Orders) -> Ints:
    """Seconds until an export's money is credited; overseas warehouses sell much later."""
    shortest = np.array([3, 5, 8, 25])[orders.mode]
    longest = np.array([25, 30, 50, 95])[orders.mode]
    more = world.habits.at("receipt_lag", orders.merchant, orders.period)
    days = rng.uniform(shortest, longest) + more * rng.uniform(0.4, 1, orders.count)
    return (days * DAY).astype(np.int64)
