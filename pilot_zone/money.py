"""Bank flows: settlements and receipts in, suppliers and services out, and what hides there."""

from dataclasses import dataclass

import numpy as np

from pilot_zone.books import Books
from pilot_zone.columns import amount, cents, choose, moment, serial
from pilot_zone.currency import MARKETS
from pilot_zone.delivery import Delivery, within
from pilot_zone.patterns import Members
from pilot_zone.plan import DAY, Flags, Floats, Ints
from pilot_zone.world import World

HOME = len(MARKETS)
"""Index of China among the countries of flows."""
_COUNTRIES = (*MARKETS, "142", "110", "132", "429")
_PURPOSES = ("goods", "service", "settlement", "other")


@dataclass(frozen=True, slots=True)
class Flows:
    """Bank flows, aligned arrays; `other` is the counterparty's index on the roll or -1."""

    firm: Ints
    inward: Flags
    other: Ints
    account: Ints
    country: Ints
    cny: Floats
    purpose: Ints
    at: Ints


def write_bank_flows(world: World, books: Books, members: Members, delivery: Delivery) -> Flows:
    """Draw and write all bank flows, and give them for the tally."""
    parts = [
        _receipts(world, books),
        _settlements(world, books),
        _suppliers(world, books),
        _services(world, books),
        *_passing(world, books),
        *_circles(world, books, members),
    ]
    joined = {
        name: np.concatenate([getattr(part, name) for part in parts])
        for name in Flows.__dataclass_fields__
    }
    flows = Flows(**joined)
    order = np.lexsort((flows.at, flows.firm))
    flows = Flows(**{name: column[order] for name, column in joined.items()})
    _write(world, flows, delivery)
    return flows


def _write(world: World, flows: Flows, delivery: Delivery) -> None:
    rng = world.plan.rng("write flows")
    count = flows.firm.size
    columns = {
        "enterprise_code": choose(world.roll.codes, flows.firm),
        "flow_no": serial("BK", np.arange(count), 10),
        "direction": choose(("out", "in"), flows.inward.astype(int)),
        "own_account": serial("6217", flows.firm, 12),
        "counterparty_account": serial("6228", flows.account, 12),
        "counterparty_code": choose(world.roll.codes, flows.other),
        "country": choose(_COUNTRIES, flows.country),
        "amount_cny": amount(cents(flows.cny)),
        "purpose": choose(_PURPOSES, flows.purpose),
        "booked_at": moment(flows.at),
    }
    begun = flows.at >= world.plan.first_day * DAY
    known = flows.at + within(rng, count, 0, 2)
    delivery.write("bank_flows", columns, np.where(begun, known, 10**11))


def _grid(
    world: World, total: Floats, pieces: Floats, name: str
) -> tuple[Ints, Ints, Floats, Ints]:
    """Split monthly totals into flows: firm, month, amount, time."""
    rng = world.plan.rng(f"flows {name}")
    firm, month = np.nonzero(total > 1)
    count = 1 + rng.poisson(np.minimum(pieces[firm, month], 30))
    row = np.repeat(np.arange(firm.size), count)
    weight = rng.gamma(2.0, 1.0, row.size)
    share = weight / np.bincount(row, weights=weight, minlength=firm.size)[row]
    starts = world.plan.month_starts()
    firm, month = firm[row], month[row]
    cny = total[firm, month] * share
    span = starts[month + 1] - starts[month]
    at = ((starts[month] + rng.random(row.size) * span) * DAY).astype(np.int64)
    return firm, month, cny, at


def _shows(world: World, rng: np.random.Generator, name: str, firm: Ints, month: Ints) -> Flags:
    return world.habits.show(rng, name, firm, month * 2)


def _receipts(world: World, books: Books) -> Flows:
    """Export money from abroad, some of it without any export behind it."""
    rng = world.plan.rng("receipts")
    months = 2 * np.arange(world.plan.months)
    merchants = world.roll.merchants
    idle = world.habits.table("idle_receipt")[:merchants, months]
    scattered = world.habits.table("scattered")[:merchants, months]
    usual = books.exported.mean(axis=1, keepdims=True)
    extra = np.where(rng.random(idle.shape) < 0.5, idle * 1.2, 0) * usual
    total = books.received + np.where(usual > 0, extra, 0)
    firm, month, cny, at = _grid(world, total, 0.6 + 9 * scattered, "receipts")
    third = _shows(world, rng, "third_country", firm, month)
    country = np.where(third, rng.integers(0, len(_COUNTRIES), firm.size), world.roll.market[firm])
    rounded = _shows(world, rng, "round_amount", firm, month) & (cny > 2000)
    unit = np.where(cny > 40_000, 10_000, 1000)
    cny = np.where(rounded, np.maximum(np.round(cny / unit), 1) * unit, cny)
    payer = firm * 50 + (rng.random(firm.size) * (2 + 30 * scattered[firm, month])).astype(int)
    return Flows(
        firm,
        np.ones(firm.size, bool),
        np.full(firm.size, -1),
        payer,
        country,
        cny,
        np.zeros(firm.size, np.int64),
        at,
    )


def _settlements(world: World, books: Books) -> Flows:
    """Import sales, paid out by payment firms."""
    total = books.imported * 0.98
    firm, _, cny, at = _grid(world, total, np.full(total.shape, 1.0), "settlements")
    payer = world.roll.payment_firm[firm]
    return Flows(
        firm,
        np.ones(firm.size, bool),
        payer,
        payer,
        np.full(firm.size, HOME),
        cny,
        np.full(firm.size, 2),
        at + 2 * DAY,
    )


def _suppliers(world: World, books: Books) -> Flows:
    """What importers pay abroad and exporters pay at home."""
    rng = world.plan.rng("suppliers")
    margin = rng.uniform(0.62, 0.92, (world.roll.merchants, 1))
    abroad = books.imported * (margin + 0.06)
    total = abroad + books.exported * margin
    firm, month, cny, at = _grid(world, total, np.full(total.shape, 1.2), "suppliers")
    foreign = rng.random(firm.size) < (abroad / np.maximum(total, 1))[firm, month]
    country = np.where(foreign, world.roll.market[firm], HOME)
    return Flows(
        firm,
        np.zeros(firm.size, bool),
        np.full(firm.size, -1),
        firm * 9 + month % 5 + 10**6,
        country,
        cny,
        np.zeros(firm.size, np.int64),
        at,
    )


def _services(world: World, books: Books) -> Flows:
    """Fees of agents and carriers."""
    rng = world.plan.rng("services")
    total = books.turnover * 0.03
    firm, _, cny, at = _grid(world, total, np.full(total.shape, 0.4), "services")
    other = np.where(
        rng.random(firm.size) < 0.5, world.roll.carrier[firm], world.identities.agent[firm]
    )
    return Flows(
        firm,
        np.zeros(firm.size, bool),
        other,
        other,
        np.full(firm.size, HOME),
        cny,
        np.ones(firm.size, np.int64),
        at,
    )


def _passing(world: World, books: Books) -> list[Flows]:
    """Money that comes in and leaves again within three days."""
    rng = world.plan.rng("passing")
    months = 2 * np.arange(world.plan.months)
    level = world.habits.table("pass_through")[: world.roll.merchants, months]
    usual = books.turnover.mean(axis=1, keepdims=True)
    drawn = rng.random(level.shape) < np.minimum(1.5 * level, 0.9)
    total = np.where(drawn & (books.turnover > 0), level * usual * 1.3, 0)
    firm, month, cny, at = _grid(world, total, 2 * level, "passing")
    third = _shows(world, rng, "third_country", firm, month)
    country = np.where(third, rng.integers(0, len(_COUNTRIES), firm.size), world.roll.market[firm])
    nobody, count = np.full(firm.size, -1), firm.size
    account = firm * 50 + rng.integers(0, 25, count)
    come = Flows(firm, np.ones(count, bool), nobody, account, country, cny, np.full(count, 3), at)
    later = at + rng.integers(4 * 3600, 64 * 3600, count)
    kept = cny * rng.uniform(0.95, 1, count)
    out = firm * 7 + 2 * 10**6
    home = np.full(count, HOME)
    return [come, Flows(firm, ~come.inward, nobody, out, home, kept, np.full(count, 3), later)]


def _circles(world: World, books: Books, members: Members) -> list[Flows]:
    """Money that goes round among enterprises of the roll."""
    rng = world.plan.rng("circles")
    merchants = world.roll.merchants
    follower = _followers(merchants, members)
    level = world.habits.table("cycle")[:merchants, 2 * np.arange(world.plan.months)]
    alive = books.turnover > 0
    firm, month = np.nonzero(alive & (rng.random(level.shape) < level))
    usual = books.turnover.mean(axis=1)
    cny = usual[firm] * rng.uniform(0.2, 0.9, firm.size)
    starts = world.plan.month_starts()
    at = ((starts[month] + rng.random(firm.size) * 18) * DAY).astype(np.int64)
    parts, giver = [], firm
    closing = np.where(rng.random(firm.size) < 0.6, 2, 1)
    for step in range(3):
        taker = np.where(closing <= step, firm, follower[giver])
        done = closing < step
        parts += _transfer(giver[~done], taker[~done], cny[~done], at[~done])
        giver, cny = taker, cny * rng.uniform(0.96, 1, firm.size)
        at = at + rng.integers(6 * 3600, 4 * DAY, firm.size)
    return parts


def _followers(merchants: int, members: Members) -> Ints:
    """To whom each merchant passes money on: the next of its case, or any business friend."""
    follower = (np.arange(merchants) * 37 + 11) % merchants
    for case in np.unique(members.case):
        firms = members.firm[members.case == case]
        if firms.size > 1:
            follower[firms] = np.roll(firms, -1)
    return follower


def _transfer(giver: Ints, taker: Ints, cny: Floats, at: Ints) -> list[Flows]:
    kept = giver != taker
    giver, taker, cny, at = giver[kept], taker[kept], cny[kept], at[kept]
    count = giver.size
    home, purpose = np.full(count, HOME), np.zeros(count, np.int64)
    out = np.zeros(count, bool)
    return [
        Flows(giver, out, taker, taker, home, cny, purpose, at),
        Flows(taker, ~out, giver, giver, home, cny, purpose, at + 60),
    ]
