"""Orders and payments as their senders report them, one batch of rows per table."""

import numpy as np
import pyarrow as pa

from pilot_zone.columns import (
    SCALE,
    Column,
    amount,
    cents,
    choose,
    either,
    joined,
    moment,
    only,
    picked,
    repeat,
    serial,
)
from pilot_zone.currency import CURRENCIES, MARKETS
from pilot_zone.delivery import Batch, prompt
from pilot_zone.plan import DAY, Ints
from pilot_zone.trade import Trade
from pilot_zone.world import World

ORDER_TYPES = ("E", "E", "B", "W")


def order_numbers(trade: Trade, rows: Ints) -> Column:
    """Platform order numbers."""
    return serial("DD", trade.orders.number[rows], 10)


def parties(world: World, trade: Trade, rows: Ints) -> dict[str, Column]:
    """Merchant and platform of orders; the platform is null for a merchant's own shop."""
    codes = world.roll.codes
    return {
        "platform_code": choose(codes, trade.orders.platform[rows]),
        "merchant_code": choose(codes, trade.orders.merchant[rows]),
        "order_no": order_numbers(trade, rows),
    }


def flags(trade: Trade, rows: Ints) -> Column:
    """I or E."""
    return choose(("E", "I"), trade.orders.imports[rows].astype(np.int64))


def markets(world: World, trade: Trade, rows: Ints) -> Column:
    """Where exports go."""
    return choose(MARKETS, world.roll.market[trade.orders.merchant[rows]])


def currencies(trade: Trade, rows: Ints) -> Column:
    """Currency of the documents of orders."""
    return choose(CURRENCIES, trade.orders.currency[rows])


def write_orders(world: World, trade: Trade, month: int) -> list[Batch]:
    """Orders and their lines."""
    rng = world.plan.rng("write orders", month)
    orders, rows = trade.orders, np.arange(trade.orders.count)
    columns = parties(world, trade, rows) | _order_money(trade) | _order_people(world, trade)
    kinds = np.where(orders.imports, 4, orders.mode)
    columns |= {
        "direction": flags(trade, rows),
        "order_type": choose((*ORDER_TYPES, "I"), kinds),
        "currency": currencies(trade, rows),
        "reported_at": moment(orders.at),
    }
    known = orders.at + prompt(rng, rows.size)
    return [
        Batch("orders", columns, known, rows),
        Batch(
            "order_lines", _order_lines(world, trade), known[trade.lines.order], trade.lines.order
        ),
    ]


def _order_money(trade: Trade) -> dict[str, Column]:
    sums, imports = trade.sums, trade.orders.imports
    return {
        "goods_value": amount(sums.goods),
        "freight": amount(sums.freight),
        "discount": only(imports, amount(sums.discount)),
        "tax_total": only(imports, amount(sums.tax)),
        "actual_paid": only(imports, amount(sums.paid)),
    }


def _order_people(world: World, trade: Trade) -> dict[str, Column]:
    people, buyers, imports = world.people, trade.buyers, trade.orders.imports
    firm = world.roll.payment_firm[trade.orders.merchant]
    given = {
        "buyer_account": serial("U", buyers.account, 9),
        "buyer_name": picked(people.names, buyers.buyer),
        "buyer_id_number": people.id_numbers(buyers.buyer, buyers.wrong_id),
        "buyer_phone": people.phone_numbers(buyers.phone),
        "payment_firm_code": choose(world.roll.codes, firm),
        "transaction_no": serial("P", trade.orders.number, 12),
        "consignee_name": picked(people.names, buyers.consignee),
        "consignee_phone": people.phone_numbers(buyers.phone),
        "consignee_address": picked(people.addresses, buyers.address),
        "consignee_division": people.division_codes(buyers.address),
    }
    return {name: only(imports, column) for name, column in given.items()}


def _order_lines(world: World, trade: Trade) -> dict[str, Column]:
    lines, goods = trade.lines, world.goods
    origin = goods.origins(lines.item)
    foreign = markets(world, trade, lines.order)
    abroad = trade.orders.imports[lines.order]
    return parties(world, trade, lines.order) | {
        "line_no": pa.array(lines.number),
        "item_no": choose(goods.item_numbers, lines.item),
        "item_name": choose(goods.names, lines.item),
        "bar_code": choose(goods.bar_codes, lines.item),
        "unit": goods.units(lines.item),
        "quantity": amount(lines.quantity * SCALE),
        "price": amount(lines.price),
        "total_price": amount(lines.total),
        "currency": currencies(trade, lines.order),
        "country": either(abroad, origin, foreign),
        "reported_at": moment(trade.orders.at[lines.order]),
    }


def write_payments(world: World, trade: Trade, month: int) -> list[Batch]:
    """Import payments and export receipts, as payment firms or merchants report them."""
    rng = world.plan.rng("write payments", month)
    rows = np.flatnonzero(trade.sums.has_payment)
    imports, buyers, people = trade.orders.imports[rows], trade.buyers, world.people
    firm = world.roll.payment_firm[trade.orders.merchant[rows]]
    reported = trade.sums.paid_at[rows] + rng.integers(60, 7200, rows.size)
    whole = parties(world, trade, rows)
    payer = {
        "payer_id_number": people.id_numbers(
            buyers.payer[rows], buyers.wrong_id[rows] & (buyers.payer == buyers.buyer)[rows]
        ),
        "payer_name": picked(people.names, buyers.payer[rows]),
        "payer_phone": people.phone_numbers(buyers.payer[rows]),
    }
    columns = {name: only(imports, column) for name, column in payer.items()} | {
        "direction": flags(trade, rows),
        "payment_firm_code": choose(world.roll.codes, firm),
        "transaction_no": serial("P", trade.orders.number[rows], 12),
        "order_no": whole["order_no"],
        "platform_code": whole["platform_code"],
        "merchant_code": only(~imports, whole["merchant_code"]),
        "amount": amount(trade.sums.received[rows]),
        "currency": currencies(trade, rows),
        "paid_at": moment(trade.sums.paid_at[rows]),
        "reported_at": moment(reported),
    }
    return [Batch("payments", columns, reported + prompt(rng, rows.size), rows)]


def write_platform_payments(world: World, trade: Trade, month: int) -> list[Batch]:
    """Raw payment data of the import orders that customs picked (GACC 2018 No. 179)."""
    rng = world.plan.rng("write platform", month)
    count = trade.orders.count
    picked = trade.orders.imports & trade.sums.has_payment & (rng.random(count) < 0.35)
    rows = np.flatnonzero(picked)
    firm = world.roll.payment_firm[trade.orders.merchant[rows]]
    asked = trade.sums.paid_at[rows] + rng.integers(3600, 20 * DAY, rows.size)
    listed = np.zeros(count)
    first = np.flatnonzero(trade.lines.number == 1)
    listed[trade.lines.order[first]] = trade.lines.listed[first]
    whole = parties(world, trade, rows)
    columns = {
        "platform_code": whole["platform_code"],
        "order_no": whole["order_no"],
        "merchant_code": whole["merchant_code"],
        "payment_firm_code": choose(world.roll.codes, firm),
        "transaction_no": serial("P", trade.orders.number[rows], 12),
        "total_amount": amount(trade.sums.received[rows]),
        "verifying_body": choose(("1", "2", "3"), rng.choice(3, rows.size, p=(0.3, 0.65, 0.05))),
        "payee_account": serial("6299", trade.orders.merchant[rows], 12),
        "payee_code": whole["merchant_code"],
        "link_price": amount(cents(listed[rows])),
        "traded_at": moment(trade.sums.paid_at[rows]),
    }
    return [Batch("platform_payments", columns, asked, rows)]


class Accounts:
    """Buyers' accounts, each reported once, when its first order is seen."""

    def __init__(self) -> None:
        self._seen = np.empty(0, np.int64)

    def write(self, world: World, trade: Trade, month: int) -> list[Batch]:
        """Accounts first seen this month."""
        rng = world.plan.rng("write accounts", month)
        rows = np.flatnonzero(trade.orders.imports & (trade.orders.platform >= 0))
        key = trade.buyers.account[rows] * 10_000 + trade.orders.platform[rows]
        order = np.lexsort((trade.orders.at[rows], key))
        keys, first = np.unique(key[order], return_index=True)
        new = ~np.isin(keys, self._seen, assume_unique=True)
        self._seen = np.union1d(self._seen, keys[new])
        rows = rows[order[first[new]]]
        people = trade.buyers.buyer[rows]
        account = trade.buyers.account[rows]
        codes = choose(world.roll.codes, trade.orders.platform[rows])
        columns = {
            "platform_code": codes,
            "account_no": serial("U", account, 9),
            "buyer_account": serial("U", account, 9),
            "login_device": joined(repeat("dev-", rows.size), serial("", people // 3 * 2, 9)),
            "opened_at": moment(trade.buyers.opened[rows]),
        }
        known = trade.orders.at[rows] + prompt(rng, rows.size)
        return [Batch("platform_accounts", columns, known, rows)]
