"""Tax filings, invoices, rebates, payroll and subsidies, month by month."""

import numpy as np
import pyarrow as pa

from pilot_zone.books import Books, accumulate
from pilot_zone.columns import amount, cents, choose, day, only, picked, serial
from pilot_zone.conduct import Life
from pilot_zone.delivery import Delivery, within
from pilot_zone.plan import DAY, Flags, Floats, Ints
from pilot_zone.world import World

SUPPLIERS = 8
_REBATE = 0.13


def write_tax(world: World, books: Books, life: Life, delivery: Delivery) -> dict[str, Floats]:
    """Write all tax-side tables; gives monthly tables for the tally."""
    staff, assets = _strength(world, books)
    _write_filings(world, books, life, delivery)
    _write_capacity(world, (staff, assets), delivery)
    invoices = _write_invoices(world, books, delivery)
    rebates = _write_rebates(world, books, assets, delivery)
    subsidies = _write_subsidies(world, books, delivery)
    return {
        "staff": staff,
        "assets": assets,
        "rebates": rebates,
        "subsidies": subsidies,
        **invoices,
    }


def _months(world: World, name: str) -> Floats:
    return world.habits.table(name)[: world.roll.merchants, 2 * np.arange(world.plan.months)]


def _alive(world: World) -> Flags:
    starts = world.plan.month_starts()[:-1][None, :]
    merchants = world.roll.merchants
    registered = world.roll.registered[:merchants, None]
    return (registered <= starts) & (starts < world.roll.dissolved[:merchants, None])


def _strength(world: World, books: Books) -> tuple[Floats, Floats]:
    """Insured staff and net assets, thinner where the habit says so."""
    rng = world.plan.rng("strength")
    usual = books.turnover.mean(axis=1, keepdims=True) + 500
    merchants = world.roll.merchants
    quality = world.roll.quality[:merchants, None]
    size = np.sqrt(usual / 6000) * np.exp(rng.normal(0, 0.5, usual.shape) + 0.15 * quality)
    drift = np.exp(np.cumsum(rng.normal(0, 0.03, books.turnover.shape), axis=1))
    idle = 1 - 0.95 * np.sqrt(_months(world, "idle_staff"))
    staff = np.rint(2.2 * size * drift * idle)
    capital = world.roll.capital[:merchants, None]
    worth = (0.4 * capital + 5 * usual) * np.exp(rng.normal(0, 0.5, usual.shape) + 0.25 * quality)
    thin = 1 - 0.95 * np.sqrt(_months(world, "thin_assets"))
    return staff, np.round(worth * drift * thin, 2)


def _write_filings(world: World, books: Books, life: Life, delivery: Delivery) -> None:
    rng = world.plan.rng("filings")
    firm, month = np.nonzero(_alive(world))
    starts = world.plan.month_starts()
    care = life.quality[firm, month]
    late = rng.random(firm.size) < 1 / (1 + np.exp(3.1 + 0.9 * care))
    never = late & (rng.random(firm.size) < 0.3)
    revenue = (books.turnover[firm, month] * rng.uniform(0.93, 1.05, firm.size)).round(2)
    hidden = rng.random(firm.size) < 0.05 * np.exp(-0.6 * care)
    revenue = np.where(hidden, revenue * rng.uniform(0.4, 0.9, firm.size), revenue)
    payable = revenue * rng.uniform(0.01, 0.035, firm.size)
    short = rng.random(firm.size) < 0.04 * np.exp(-0.8 * care)
    due = starts[month + 1] + 14
    filed = (
        due - rng.integers(0, 10, firm.size) + np.where(late, rng.integers(11, 75, firm.size), 0)
    )
    columns = {
        "enterprise_code": choose(world.roll.codes, firm),
        "month": day(starts[month]),
        "declared_revenue": amount(cents(revenue)),
        "vat_payable": amount(cents(payable)),
        "vat_paid": amount(cents(np.where(short, payable * rng.random(firm.size) * 0.8, payable))),
        "due_on": day(due),
        "filed_on": only(~late, day(filed)),
    }
    first = (np.where(late, due + 1, filed)) * DAY + within(rng, firm.size, 1, 6)
    delivery.write("tax_filings", columns, first)
    cured = np.flatnonzero(late & ~never)
    again = {name: picked(column, cured) for name, column in columns.items()}
    again["filed_on"] = day(filed[cured])
    known = np.maximum(filed[cured] * DAY, first[cured]) + within(rng, cured.size, 1, 4)
    delivery.write("tax_filings", again, known, "2")


def _write_capacity(world: World, strength: tuple[Floats, Floats], delivery: Delivery) -> None:
    rng = world.plan.rng("capacity")
    staff, assets = strength
    firm, month = np.nonzero(_alive(world))
    starts = world.plan.month_starts()
    people = staff[firm, month]
    columns = {
        "enterprise_code": choose(world.roll.codes, firm),
        "month": day(starts[month]),
        "insured_staff": pa.array(people.astype(np.int64)),
        "payroll": amount(cents(people * rng.uniform(5200, 9800, firm.size))),
        "power_kwh": amount(cents((people + 1) * rng.uniform(60, 260, firm.size))),
        "net_assets": amount(cents(assets[firm, month])),
    }
    known = starts[month + 1] * DAY + within(rng, firm.size, 8, 20)
    delivery.write("capacity", columns, known)


def _write_invoices(world: World, books: Books, delivery: Delivery) -> dict[str, Floats]:
    """Purchases of exporters, each from one of a few suppliers."""
    rng = world.plan.rng("invoices")
    firm, month = np.nonzero(books.exported > 1)
    count = 1 + rng.poisson(np.clip(np.log1p(books.exported[firm, month] / 20_000), 0, 6))
    row = np.repeat(np.arange(firm.size), count)
    firm, month = firm[row], month[row]
    periods = 2 * month
    young = world.habits.show(rng, "young_supplier", firm, periods)
    bad = world.habits.show(rng, "abnormal_supplier", firm, periods)
    top = world.habits.show(rng, "top_supplier", firm, periods)
    place = np.where(top, 0, rng.integers(1, SUPPLIERS, firm.size)) + np.where(young, SUPPLIERS, 0)
    starts = world.plan.month_starts()
    issued = starts[month] + rng.integers(0, 28, firm.size)
    cost = books.exported[firm, month] / count[row] * rng.uniform(0.6, 0.9, firm.size) / 1.13
    born = np.where(young, issued - rng.integers(40, 340, firm.size), 13_000 + firm * 17 % 5000)
    columns = {
        "invoice_no": serial("INV", np.arange(firm.size), 12),
        "buyer_code": choose(world.roll.codes, firm),
        "seller_code": serial("91999998Y", firm * 20 + place, 9),
        "seller_registered_on": day(born),
        "seller_division": choose(("990301", "990601", "990901"), rng.integers(0, 3, firm.size)),
        "seller_abnormal": pa.array(bad),
        "amount": amount(cents(cost)),
        "issued_on": day(issued),
    }
    delivery.write("invoices", columns, issued * DAY + within(rng, firm.size, 1, 12))
    shape = books.exported.shape
    return {
        "invoices": _count(shape, firm, month, np.ones(firm.size)),
        "young": _count(shape, firm, month, young),
        "bad": _count(shape, firm, month, bad),
        "top": _count(shape, firm, month, top),
    }


def _count(shape: tuple[int, ...], firm: Ints, month: Ints, value: Floats | Flags) -> Floats:
    out = np.zeros(shape)
    accumulate(out, (firm, month), value)
    return out


def _write_rebates(world: World, books: Books, assets: Floats, delivery: Delivery) -> Floats:
    rng = world.plan.rng("rebates")
    stretch = _months(world, "rebate_stretch")
    applies = rng.random(world.roll.merchants) < 0.5 + 1.5 * stretch.max(axis=1)
    firm, month = np.nonzero((books.exported > 2000) & applies[:, None])
    share = rng.uniform(0.35, 0.95, firm.size) * (1 + 0.9 * stretch[firm, month])
    value = books.exported[firm, month] * np.minimum(share, 1.4)
    ceiling = 1 - 0.55 * stretch[firm, month]
    cost = value * rng.uniform(0.66, 0.84, firm.size) / np.maximum(ceiling, 0.5) ** 0.5
    rebate = cost / 1.13 * _REBATE
    starts = world.plan.month_starts()
    applied = starts[month + 1] + rng.integers(2, 25, firm.size)
    columns = {
        "enterprise_code": choose(world.roll.codes, firm),
        "rebate_no": serial("TS", np.arange(firm.size), 10),
        "export_value": amount(cents(value)),
        "purchase_cost": amount(cents(cost)),
        "rebate_amount": amount(cents(rebate)),
        "applied_on": day(applied),
    }
    delivery.write("rebates", columns, applied * DAY + within(rng, firm.size, 1, 6))
    return _count(assets.shape, firm, month, rebate)


def _write_subsidies(world: World, books: Books, delivery: Delivery) -> Floats:
    """Quarterly subsidies for exports; who asks for more gets more."""
    rng = world.plan.rng("subsidies")
    quarter = np.arange(2, world.plan.months, 3)
    total = np.add.reduceat(books.exported, quarter - 2, axis=1)[:, : quarter.size]
    level = _months(world, "subsidy")[:, quarter]
    asks = (rng.random(total.shape) < 0.25 + 0.7 * level) & (total > 5000)
    firm, place = np.nonzero(asks)
    rate = rng.uniform(0.002, 0.006, firm.size) * (1 + 5 * level[firm, place])
    value = total[firm, place] * rate
    starts = world.plan.month_starts()
    paid = starts[quarter[place] + 1] + rng.integers(10, 60, firm.size)
    columns = {
        "enterprise_code": choose(world.roll.codes, firm),
        "subsidy_no": serial("BT", np.arange(firm.size), 8),
        "programme": choose(("跨境电商出口扶持", "海外仓专项"), firm % 2),
        "amount": amount(cents(value)),
        "paid_on": day(paid),
    }
    delivery.write("subsidies", columns, paid * DAY + within(rng, firm.size, 2, 15))
    return _count(books.exported.shape, firm, quarter[place], value)
