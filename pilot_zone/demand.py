"""Who trades when: heavy tail, growth, seasons, shopping festivals."""

from dataclasses import dataclass, fields

import numpy as np

from pilot_zone.currency import MARKET_CURRENCY
from pilot_zone.enterprises import Roll
from pilot_zone.habits import Habits
from pilot_zone.plan import DAY, Flags, Floats, Ints, ZonePlan
from pilot_zone.world import World

_IMPORT_SEASON = (0.85, 0.65, 0.95, 0.9, 1.0, 1.35, 0.85, 0.85, 1.0, 1.1, 1.9, 1.25)
_EXPORT_SEASON = (0.85, 0.6, 0.95, 0.95, 1.0, 1.0, 1.05, 1.0, 1.1, 1.2, 1.35, 1.2)
_HOURS = np.array([0, 0, 0, 0, 0, 0, 1, 2, 4, 6, 7, 7, 6, 6, 6, 6, 5, 5, 5, 6, 8, 9, 7, 3], float)


@dataclass(slots=True)
class Orders:
    """Orders of one month, aligned arrays.

    Attributes:
        number: Number of the order in the whole history.
        merchant: Merchant.
        period: Half-month.
        at: When it was placed, seconds since 1970.
        imports: Whether it is an import.
        mode: Index of the supervision mode.
        platform: Platform's index on the roll, or -1.
        currency: Index of its currency.
        rate: CNY for one unit of it.
        near, split, batch, basket: Shows near-limit value, is a split purchase with the order
            before it, was sent in a batch, holds the merchant's usual basket.
    """

    number: Ints
    merchant: Ints
    period: Ints
    at: Ints
    imports: Flags
    mode: Ints
    platform: Ints
    currency: Ints
    rate: Floats
    near: Flags
    split: Flags
    batch: Flags
    basket: Flags

    @property
    def count(self) -> int:
        """Number of orders."""
        return self.number.size

    def take(self, rows: Ints) -> "Orders":
        """The orders at `rows`."""
        return Orders(**{f.name: getattr(self, f.name)[rows] for f in fields(self)})


def schedule(plan: ZonePlan, roll: Roll, habits: Habits) -> Ints:
    """Number of orders of every merchant (rows) in every half-month (columns)."""
    rng = plan.rng("demand")
    starts = plan.period_starts()
    months = np.arange(plan.periods) // 2
    calendar = (plan.month_starts()[:-1].astype("datetime64[D]").astype("datetime64[M]")).astype(
        int
    )
    season = np.array([_EXPORT_SEASON, _IMPORT_SEASON])[:, calendar[months] % 12]
    years = np.arange(plan.periods) / 24
    growth = rng.normal(0.10, 0.25, roll.merchants)[:, None] * years
    noise = rng.normal(0, 1, (roll.merchants, plan.months))
    swing = rng.gamma(1.6, 0.32, roll.merchants)[:, None]
    age = (starts[:-1][None, :] - roll.registered[: roll.merchants, None]) / 120
    weight = roll.size[:, None] * season[roll.imports.astype(int)]
    weight = weight * np.exp(growth + swing * noise[:, months] - swing**2 / 2)
    weight *= np.clip(age, 0, 1) * (starts[:-1][None, :] < roll.dissolved[: roll.merchants, None])
    weight *= np.exp(habits.table("volume")[: roll.merchants])
    counts: Ints = rng.multinomial(plan.orders, (weight / weight.sum()).ravel())
    return counts.reshape(weight.shape)


def draw_orders(world: World, counts: Ints, month: int, first_number: int) -> Orders:
    """The orders of one month, sorted by merchant and time.

    Args:
        world: The zone.
        counts: What `schedule` gave.
        month: Month of the history.
        first_number: Number of the month's first order.
    """
    rng = world.plan.rng("orders", month)
    roll, merchants = world.roll, np.arange(world.roll.merchants)
    both = counts[:, 2 * month : 2 * month + 2]
    merchant = np.repeat(np.repeat(merchants, 2), both.ravel())
    period = np.repeat(np.tile([2 * month, 2 * month + 1], merchants.size), both.ravel())
    count = merchant.size
    shows = {
        name: world.habits.show(rng, name, merchant, period)
        for name in ("near_limit", "split", "same_second", "same_basket", "night")
    }
    imports = roll.imports[merchant] ^ (roll.both[merchant] & (rng.random(count) < 0.3))
    currency = np.where(imports, 0, MARKET_CURRENCY[roll.market[merchant]])
    orders = Orders(
        number=np.zeros(count, np.int64),
        merchant=merchant,
        period=period,
        at=_times(world, rng, merchant, period, (shows["night"], shows["same_second"])),
        imports=imports,
        mode=_modes(rng, roll, merchant, imports),
        platform=_platforms(rng, roll, merchant, imports),
        currency=currency,
        rate=world.parity[month, currency],
        near=shows["near_limit"] & imports,
        split=np.zeros(count, bool),
        batch=shows["same_second"],
        basket=shows["same_basket"],
    )
    orders = orders.take(np.lexsort((orders.at, merchant)))
    orders.number = first_number + np.arange(count)
    _split(orders, shows["split"])
    return orders


def _times(
    world: World,
    rng: np.random.Generator,
    merchant: Ints,
    period: Ints,
    shows: tuple[Flags, Flags],
) -> Ints:
    night, batch = shows
    starts = world.plan.period_starts()
    count = merchant.size
    day = starts[period] + (rng.random(count) * (starts[period + 1] - starts[period])).astype(int)
    day = _festivals(rng, day)
    evening = rng.choice(24, count, p=_HOURS / _HOURS.sum())
    hour = np.where(night, rng.integers(0, 6, count), evening)
    second = rng.integers(0, 3600, count)
    slot = merchant * 613 % 3600
    hour = np.where(batch, np.where(night, 0, 10 + merchant % 8), hour)
    day = np.where(batch, starts[period] + (day - starts[period]) // 5 * 5, day)
    moments: Ints = day * DAY + hour * 3600 + np.where(batch, slot, second)
    return moments


def _festivals(rng: np.random.Generator, day: Ints) -> Ints:
    """Part of November's first half falls on 11.11, of June's second half on 18 June."""
    dates = day.astype("datetime64[D]")
    month = dates.astype("datetime64[M]")
    of_month = (dates - month.astype("datetime64[D]")).astype(int)
    calendar = month.astype(int) % 12
    drawn = rng.random(day.size) < 0.35
    double_eleven = drawn & (calendar == 10) & (of_month < 15)
    june = drawn & (calendar == 5) & (of_month >= 15)
    return day + np.where(double_eleven, 10 - of_month, np.where(june, 17 - of_month, 0))


def _modes(rng: np.random.Generator, roll: Roll, merchant: Ints, imports: Flags) -> Ints:
    other = np.where(imports, rng.integers(0, 2, merchant.size), 0)
    wrong = (imports & (roll.mode[merchant] > 1)) | (imports != roll.imports[merchant])
    return np.where(wrong | (rng.random(merchant.size) < 0.12), other, roll.mode[merchant])


def _platforms(rng: np.random.Generator, roll: Roll, merchant: Ints, imports: Flags) -> Ints:
    second = rng.random(merchant.size) < 0.15
    all_platforms = roll.services["platform"]
    other = all_platforms[(roll.platform[merchant] + merchant) % all_platforms.size]
    own = ~imports & (merchant % 7 == 0)
    return np.where(own, -1, np.where(second, other, roll.platform[merchant]))


def _split(orders: Orders, shows: Flags) -> None:
    """Tie an order to the one before it of the same merchant: same day, minutes apart."""
    rows = np.flatnonzero(shows & orders.imports)
    rows = rows[rows > 0]
    rows = rows[(orders.merchant[rows - 1] == orders.merchant[rows]) & orders.imports[rows - 1]]
    orders.split[rows] = True
    place = np.arange(orders.count)
    first = np.maximum.accumulate(np.where(orders.split, 0, place))
    orders.at = orders.at[first] + (place - first) * 240
    orders.near[rows] = False
    orders.near[rows - 1] = False
