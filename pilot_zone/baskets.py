"""What is in an order: items, quantities, prices, weights."""

from dataclasses import dataclass

import numpy as np

from pilot_zone.columns import CENT, SCALE
from pilot_zone.demand import Orders
from pilot_zone.plan import Flags, Floats, Ints
from pilot_zone.world import World

B2B = 2
"""Modes from here on (9710, 9810) are between enterprises."""


@dataclass(slots=True)
class Lines:
    """Lines of the month's orders, sorted by order.

    Attributes:
        order: Row of the order.
        number: Line number from 1.
        item: Item.
        quantity: Quantity.
        price: Unit price in the order's currency, 0.00001.
        total: Line total as written, 0.00001.
        listed: Price at the shop's link, CNY.
    """

    order: Ints
    number: Ints
    item: Ints
    quantity: Ints
    price: Ints
    total: Ints
    listed: Floats

    def sums(self, values: Ints, orders: int) -> Ints:
        """Exact sums of a line value by order."""
        out = np.zeros(orders, np.int64)
        np.add.at(out, self.order, values)
        return out


def fill(world: World, orders: Orders, month: int) -> Lines:
    """Draw the lines of all orders."""
    rng = world.plan.rng("baskets", month)
    single = orders.near | _tied(orders)
    extra = rng.random(orders.count)
    lines = 1 + (extra < 0.32).astype(int) + (extra < 0.10) + (extra < 0.03)
    lines = np.where(orders.basket, 1 + orders.merchant % 2, np.where(single, 1, lines))
    order = np.repeat(np.arange(orders.count), lines)
    number = np.arange(order.size) - np.repeat(np.cumsum(lines) - lines, lines) + 1
    merchant, offers = orders.merchant[order], world.goods.offers[orders.merchant[order]]
    popular = (offers * rng.random(order.size) ** 1.7).astype(int)
    place = np.where(orders.basket[order], np.minimum(number, offers) - 1, popular)
    item = world.goods.offered[merchant, place]
    listed, asked = _prices(world, rng, orders, order, item)
    price = np.maximum(np.rint(asked / orders.rate[order] * 100).astype(np.int64), 1) * CENT
    gift = (number > 1) & world.habits.show(rng, "gift", merchant, orders.period[order])
    quantity = _quantities(rng, orders, order, asked)
    price = np.where(gift, 0, price)
    broken = world.habits.show(rng, "line_break", merchant, orders.period[order])
    slip = np.where(broken, rng.integers(1, 400, order.size) * CENT, 0)
    return Lines(order, number, item, quantity, price, price * quantity + slip, listed)


def _tied(orders: Orders) -> Flags:
    """Orders of a split purchase: the later one and the one before it."""
    before = np.zeros(orders.count, bool)
    before[:-1] = orders.split[1:]
    return orders.split | before


def _prices(
    world: World, rng: np.random.Generator, orders: Orders, order: Ints, item: Ints
) -> tuple[Floats, Floats]:
    """Shop price and declared price in CNY; some shop links show more than is declared."""
    merchant, period = orders.merchant[order], orders.period[order]
    shop = world.goods.price[item] * world.roll.price[merchant]
    shop = shop * np.exp(rng.normal(0, 0.05, order.size))
    low = world.habits.show(rng, "low_price", merchant, period)
    high = world.habits.show(rng, "high_price", merchant, period)
    exports = ~orders.imports[order]
    cheap = 0.5 + 0.25 * (merchant * 37 % 101) / 100 + rng.normal(0, 0.03, order.size)
    dear = np.where(exports, 3 + merchant * 29 % 11, 1.5 + 0.1 * (merchant % 7))
    asked = shop * np.where(low, np.clip(cheap, 0.3, 0.9), 1) * np.where(high, dear, 1)
    open_link = world.habits.show(rng, "link_gap", merchant, period)
    listed = np.where(open_link, shop * 1.02, asked)
    return listed, np.where(exports, asked, np.minimum(asked, 4999.0))


def _quantities(rng: np.random.Generator, orders: Orders, order: Ints, price: Floats) -> Ints:
    few = rng.choice((1, 2, 3, 4, 6), order.size, p=(0.66, 0.2, 0.07, 0.04, 0.03))
    many = np.exp(rng.normal(4.0, 0.9, order.size)).astype(np.int64) + 10
    quantity = np.where(orders.mode[order] >= B2B, many, few)
    usual = 1 + orders.merchant[order] % 3
    quantity = np.where(orders.basket[order] & (orders.mode[order] < B2B), usual, quantity)
    fits = np.maximum((4980 / price).astype(np.int64), 1)
    part = np.maximum((rng.uniform(2700, 4900, order.size) / price).astype(np.int64), 1)
    quantity = np.where(orders.near[order], fits, quantity)
    quantity = np.where(_tied(orders)[order], part, quantity)
    return np.where(orders.imports[order], np.minimum(quantity, fits), quantity)


def net_grams(world: World, lines: Lines, orders: int) -> Ints:
    """Net weight of every order, whole grams."""
    grams = np.rint(world.goods.weight[lines.item] * 1000).astype(np.int64)
    return lines.sums(np.maximum(grams, 1) * lines.quantity, orders)


def come_back(world: World, orders: Orders, lines: Lines, month: int) -> tuple[Orders, Lines]:
    """Imports in which exported parcels return to the zone within 90 days.

    Returns:
        The returning orders and their lines, of the same items and quantities.
    """
    rng = world.plan.rng("come back", month)
    parcel = ~orders.imports & (orders.mode < B2B)
    shows = world.habits.show(rng, "reimport", orders.merchant, orders.period)
    rows = np.flatnonzero(parcel & shows)
    back = orders.take(rows)
    back.at = orders.at[rows] + rng.integers(12, 75, rows.size) * 86_400
    ends = int(world.plan.period_starts()[-1]) * 86_400
    here = back.at < ends
    rows, back = rows[here], back.take(np.flatnonzero(here))
    back.number = int(orders.number[-1]) + 1 + np.arange(rows.size) if rows.size else back.number
    back.imports = np.ones(rows.size, bool)
    back.mode = np.zeros(rows.size, np.int64)
    back.currency = np.zeros(rows.size, np.int64)
    platforms = world.roll.services["platform"]
    back.platform = np.where(back.platform < 0, platforms[0], back.platform)
    back.rate = np.ones(rows.size)
    place = np.full(orders.count, -1)
    place[rows] = np.arange(rows.size)
    kept = np.flatnonzero(place[lines.order] >= 0)
    price = np.rint(lines.price[kept] / SCALE * orders.rate[lines.order[kept]] * 100) * CENT
    price = np.minimum(price, 5000 * SCALE).astype(np.int64)
    quantity = lines.quantity[kept]
    return back, Lines(
        place[lines.order[kept]],
        lines.number[kept],
        lines.item[kept],
        quantity,
        price,
        price * quantity,
        lines.listed[kept],
    )
