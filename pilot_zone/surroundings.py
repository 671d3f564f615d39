"""What surrounds trade: coverage, rates, measures, outages, platforms' reports, bonded stock."""

import numpy as np
import pyarrow as pa

from domain.table import Source
from pilot_zone.books import Books
from pilot_zone.columns import SCALE, Column, amount, cents, choose, day, moment, only, serial
from pilot_zone.currency import CURRENCIES
from pilot_zone.delivery import Delivery, within
from pilot_zone.plan import DAY, Ints
from pilot_zone.registry import since_start
from pilot_zone.world import World

_LAG_DAYS = {
    Source.CUSTOMS: 0,
    Source.LOGISTICS: 1,
    Source.PAYMENT: 1,
    Source.PLATFORM: 1,
    Source.MARKET_SUPERVISION: 2,
    Source.TAX: 4,
}
_MEASURES = (
    ("8711", "304", "anti_dumping"),
    ("8711", "305", "anti_dumping"),
    ("6403", "304", "extra_duty"),
    ("8517", "344", "ban"),
    ("8518", "344", "licence"),
    ("9503", "502", "extra_duty"),
    ("6109", "502", "extra_duty"),
    ("6204", "502", "extra_duty"),
    ("1901", "601", "licence"),
    ("2204", "601", "anti_dumping"),
    ("7323", "303", "anti_dumping"),
    ("8509", "344", "licence"),
)


def write_surroundings(world: World, books: Books, delivery: Delivery) -> None:
    """Write the tables that speak of no single enterprise's conduct."""
    _write_coverage(world, delivery)
    _write_rates(world, delivery)
    _write_measures(world, delivery)
    _write_outages(world, delivery)
    _write_platform_income(world, books, delivery)
    _write_stock(world, books, delivery)


def _write_coverage(world: World, delivery: Delivery) -> None:
    """Every source says every day up to which day it is complete."""
    days = np.arange(world.plan.first_day, world.plan.last_day + 1)
    for source, lag in _LAG_DAYS.items():
        columns = {
            "source": pa.repeat(str(source), days.size),
            "covered_from": day(np.full(days.size, world.plan.first_day)),
            "covered_to": day(days),
        }
        delivery.write("coverage", columns, (days + lag) * DAY + 23 * 3600)


def _write_rates(world: World, delivery: Delivery) -> None:
    months = world.plan.month_starts()[:-1]
    for place, currency in enumerate(CURRENCIES):
        columns = {
            "currency": pa.repeat(currency, months.size),
            "month": day(months),
            "cny_per_unit": amount(np.rint(world.parity[:, place] * SCALE).astype(np.int64)),
        }
        delivery.write("exchange_rates", columns, months * DAY + 3600)


def _write_measures(world: World, delivery: Delivery) -> None:
    count = len(_MEASURES)
    rng = world.plan.rng("measures")
    since = world.plan.first_day - 200 + rng.integers(0, 900, count)
    codes, countries, kinds = zip(*_MEASURES, strict=True)
    columns = {
        "measure_no": serial("TM", np.arange(count), 4),
        "hs_prefix": pa.array(codes),
        "country": pa.array(countries),
        "kind": pa.array(kinds),
        "valid_from": day(since),
        "reference": pa.repeat("贸易措施公告", count),
    }
    delivery.write("trade_measures", columns, since_start(world, since * DAY))


def _write_outages(world: World, delivery: Delivery) -> None:
    """Outages of senders, each followed by a resend."""
    rng = world.plan.rng("outages")
    senders = np.concatenate([world.roll.services[k] for k in ("platform", "carrier")])
    count = 2 * world.plan.months
    sender = senders[rng.integers(0, senders.size, count)]
    span = world.plan.last_day - world.plan.first_day
    start = world.plan.first_day * DAY + (rng.random(count) * span * DAY).astype(np.int64)
    end = start + rng.integers(1800, 12 * 3600, count)
    for kind, begin, until in (("outage", start, end), ("batch_resend", end, end + 3600)):
        columns = {
            "sender_code": choose(world.roll.codes, sender),
            "kind": pa.repeat(kind, count),
            "started_at": moment(begin),
            "ended_at": moment(until),
        }
        delivery.write("interface_events", columns, until + within(rng, count, 0, 2))


def _write_platform_income(world: World, books: Books, delivery: Delivery) -> None:
    """Platforms report their sellers' income every quarter (State Council Decree 810)."""
    rng = world.plan.rng("platform income")
    starts, first = world.plan.month_starts(), world.roll.services["platform"][0]
    for month in range(0, world.plan.months - 2, 3):
        span = slice(month, month + 3)
        income = books.platform_income[:, :, span].sum(axis=2)
        platform, merchant = np.nonzero(income)
        orders = books.platform_orders[:, :, span].sum(axis=2)[platform, merchant]
        value = income[platform, merchant] * rng.uniform(0.97, 1.02, platform.size)
        columns = {
            "platform_code": choose(world.roll.codes, platform + first),
            "merchant_code": choose(world.roll.codes, merchant),
            "quarter": day(np.full(platform.size, starts[month])),
            "income": amount(cents(value)),
            "orders": pa.array(orders.astype(np.int64)),
        }
        known = starts[month + 3] * DAY + within(rng, platform.size, 5, 28)
        delivery.write("platform_income", columns, known)


def _write_stock(world: World, books: Books, delivery: Delivery) -> None:
    """Account books: what came in covers what goes out, small counting differences."""
    rng = world.plan.rng("stock")
    starts = world.plan.month_starts()
    keys = np.unique(np.concatenate([key for key, _ in books.stock]))
    level = rng.integers(20, 200, keys.size)
    for month, (key, out) in enumerate(books.stock):
        place = np.searchsorted(keys, key)
        opening = level[place].copy()
        inbound = np.maximum(out + rng.integers(-5, 30, key.size) - opening // 4, 0)
        inbound = np.maximum(inbound, out - opening)
        level[place] = opening + inbound - out
        drift = np.where(rng.random(key.size) < 0.03, rng.integers(-3, 3, key.size), 0)
        counted = np.maximum(level[place] + drift, 0)
        columns = _stock_columns(world, key, (opening, inbound, out, counted))
        columns["counted"] = only(rng.random(key.size) < 0.4, columns["counted"])
        columns["month"] = day(np.full(key.size, starts[month]))
        known = starts[month + 1] * DAY + within(rng, key.size, 1, 9)
        delivery.write("bonded_stock", columns, known)


def _stock_columns(world: World, key: Ints, held: tuple[Ints, ...]) -> dict[str, Column]:
    warehouse, item = key // 100_000, key % 100_000
    names = ("opening", "inbound", "outbound", "counted")
    quantities = {name: amount(value * SCALE) for name, value in zip(names, held, strict=True)}
    return quantities | {
        "warehouse_code": choose(world.roll.codes, warehouse),
        "account_book_no": serial("T2311W", warehouse, 6),
        "item_record_no": choose(world.goods.item_numbers, item),
    }
