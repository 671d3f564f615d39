"""Declarations and customs' answers, cancellations, returns and tax bills."""

import numpy as np
import pyarrow as pa

from pilot_zone.columns import (
    SCALE,
    Column,
    amount,
    choose,
    day,
    either,
    fixed_text,
    joined,
    moment,
    only,
    picked,
    serial,
)
from pilot_zone.columns import digits as ascii_digits
from pilot_zone.delivery import Batch, prompt
from pilot_zone.documents import currencies, flags, markets, order_numbers, parties
from pilot_zone.enterprises import MODES, credit_codes
from pilot_zone.parcels import HOUR, Parcels
from pilot_zone.plan import DAY, Flags, Ints
from pilot_zone.trade import Trade
from pilot_zone.world import World

_DISTRICTS = ("2311", "2302")
_PORTS = ("2311", "2302", "2233")
_ANSWERS = ("退单", "入库成功", "人工审核", "查验", "扣留移送缉私", "放行", "结关")


def numbers(trade: Trade, parcels: Parcels, rows: Ints) -> dict[str, Column]:
    """The numbers of declarations: own, pre-entry, inventory."""
    year = parcels.declared_at[rows].astype("datetime64[s]").astype("datetime64[Y]").astype(int)
    number = parcels.number[rows]
    letter = np.where(trade.orders.imports[parcels.order[rows]], ord("I"), ord("E"))
    head = np.frombuffer(b"2311", np.uint8)
    inventory = np.hstack(
        [
            np.tile(head, (rows.size, 1)),
            ascii_digits(year + 1970, 4),
            letter.astype(np.uint8)[:, None],
            ascii_digits(number, 9),
        ]
    )
    return {
        "cop_no": serial("COP", number, 12),
        "pre_no": serial("B", number, 17),
        "declaration_no": fixed_text(inventory),
    }


def carriage(world: World, parcels: Parcels, rows: Ints) -> dict[str, Column]:
    """Carrier and waybill number of parcels."""
    return {
        "carrier_code": choose(world.roll.codes, parcels.carrier[rows]),
        "waybill_no": serial("YT", parcels.waybill[rows], 12),
    }


def agents(world: World, parcels: Parcels, rows: Ints) -> Column:
    """Declaring agents."""
    return choose(world.roll.codes, parcels.agent[rows])


def write_declarations(world: World, trade: Trade, parcels: Parcels, month: int) -> list[Batch]:
    """Declarations, their later corrections, and their lines."""
    rng = world.plan.rng("write declarations", month)
    rows = np.flatnonzero(parcels.has_declaration)
    known = np.zeros(parcels.count, np.int64)
    known[rows] = parcels.declared_at[rows] + prompt(rng, rows.size)
    fixed = np.flatnonzero(parcels.has_declaration & parcels.amended)
    later = rng.integers(4 * HOUR, 5 * DAY, fixed.size)
    columns = _heads(world, trade, parcels, rows)
    corrected = _heads(world, trade, parcels, fixed)
    weight = parcels.gross[fixed] * rng.integers(85, 115, fixed.size) // 100
    corrected["gross_weight"] = amount(np.maximum(weight, parcels.net[fixed]))
    corrected["reported_at"] = moment(parcels.declared_at[fixed] + later)
    return [
        Batch("declarations", columns, known[rows], parcels.order[rows], "1", rows),
        Batch("declarations", corrected, known[fixed] + later, parcels.order[fixed], "2", fixed),
        _lines(world, trade, parcels, known),
    ]


def _heads(world: World, trade: Trade, parcels: Parcels, rows: Ints) -> dict[str, Column]:
    order = parcels.order[rows]
    imports, mode = trade.orders.imports[order], trade.orders.mode[order]
    warehouse = world.roll.warehouse[trade.orders.merchant[order]]
    bonded = mode == 1
    columns = parties(world, trade, order) | carriage(world, parcels, rows)
    columns |= numbers(trade, parcels, rows) | _cargo(trade, parcels, rows)
    columns |= _declared_people(world, trade, order)
    return columns | {
        "direction": flags(trade, order),
        "agent_code": agents(world, parcels, rows),
        "owner_code": only(~imports, _owner_codes(world, trade, order)),
        "guarantor_code": only(imports, agents(world, parcels, rows)),
        "warehouse_code": only(bonded, choose(world.roll.codes, warehouse)),
        "account_book_no": only(bonded, serial("T2311W", warehouse, 6)),
        "declared_on": day(parcels.declared_at[rows] // DAY),
        "trade_mode": choose(MODES, mode),
        "customs_code": choose(_DISTRICTS, world.roll.division[trade.orders.merchant[order]] % 2),
        "port_code": choose(_PORTS, trade.orders.merchant[order] % 3),
        "country": _countries(world, trade, order),
        "statistics_flag": only(~imports, choose(("A", "B"), (mode >= 2).astype(int))),
        "currency": currencies(trade, order),
        "reported_at": moment(parcels.declared_at[rows]),
    }


def _cargo(trade: Trade, parcels: Parcels, rows: Ints) -> dict[str, Column]:
    order = parcels.order[rows]
    freight = trade.sums.freight[order] // parcels.parts[rows]
    batch = parcels.declared_at[rows] // DAY * 100 + parcels.carrier[rows] % 100
    return {
        "transport_mode": choose(("5", "2", "4"), trade.orders.merchant[order] % 3),
        "bill_no": serial("784", batch, 9),
        "freight": amount(freight),
        "insured_fee": amount(np.zeros(rows.size, np.int64)),
        "pieces": pa.array(np.ones(rows.size, np.int64)),
        "gross_weight": amount(parcels.gross[rows]),
        "net_weight": amount(parcels.net[rows]),
    }


def _declared_people(world: World, trade: Trade, order: Ints) -> dict[str, Column]:
    imports, buyers, people = trade.orders.imports[order], trade.buyers, world.people
    given = {
        "buyer_name": picked(people.names, buyers.buyer[order]),
        "buyer_id_number": people.id_numbers(buyers.buyer[order], buyers.wrong_id[order]),
        "buyer_phone": people.phone_numbers(buyers.phone[order]),
        "consignee_address": picked(people.addresses, buyers.address[order]),
    }
    return {name: only(imports, column) for name, column in given.items()}


def _countries(world: World, trade: Trade, order: Ints) -> Column:
    first = np.zeros(trade.orders.count, np.int64)
    rows = trade.lines.number == 1
    first[trade.lines.order[rows]] = trade.lines.item[rows]
    origin = world.goods.origins(first[order])
    return either(trade.orders.imports[order], origin, markets(world, trade, order))


def owners(world: World, trade: Trade) -> tuple[Ints, Flags]:
    """Who made or sold the goods of each order: an enterprise, or one never on the roll."""
    orders, roll = trade.orders, world.roll
    rng = world.plan.rng("owners", *orders.number[:1].tolist())
    unseen = world.habits.show(rng, "unseen_owner", orders.merchant, orders.period)
    named = world.habits.show(rng, "disclosed_owner", orders.merchant, orders.period)
    other = (orders.merchant * 53 + rng.integers(0, 6, orders.count)) % roll.merchants
    return np.where(named, other, orders.merchant), unseen


def _owner_codes(world: World, trade: Trade, order: Ints) -> Column:
    owner, unseen = owners(world, trade)
    stranger = trade.orders.merchant[order] * 8 + trade.orders.number[order] % 5
    numbers = world.roll.count + np.where(unseen[order], stranger, 0)
    distinct, place = np.unique(numbers, return_inverse=True)
    return either(
        unseen[order],
        choose(credit_codes(distinct), place),
        choose(world.roll.codes, owner[order]),
    )


def _lines(world: World, trade: Trade, parcels: Parcels, known: Ints) -> Batch:
    first = np.searchsorted(parcels.order, np.arange(trade.orders.count))
    lines, goods = trade.lines, world.goods
    parcel = first[lines.order]
    parcel = parcel + (lines.number - 1) % parcels.parts[parcel]
    kept = np.flatnonzero(parcels.has_declaration[parcel])
    parcel, item, order = parcel[kept], lines.item[kept], lines.order[kept]
    quantity = lines.quantity[kept]
    weight = np.rint(goods.weight[item] * 1000).astype(np.int64) * quantity * (SCALE // 1000)
    bonded = trade.orders.mode[order] == 1
    origin, imports = goods.origins(item), trade.orders.imports[order]
    columns = parties(world, trade, order) | carriage(world, parcels, parcel)
    columns |= {
        "line_no": pa.array(lines.number[kept]),
        "item_no": choose(goods.item_numbers, item),
        "item_record_no": only(bonded, choose(goods.item_numbers, item)),
        "bar_code": choose(goods.bar_codes, item),
        "hs_code": goods.hs_codes(item),
        "goods_name": choose(goods.names, item),
        "country": either(imports, origin, markets(world, trade, order)),
        "quantity": amount(quantity * SCALE),
        "unit": goods.units(item),
        "legal_quantity": amount(np.where(goods.by_weight(item), weight, quantity * SCALE)),
        "legal_unit": goods.legal_units(item),
        "price": amount(lines.price[kept]),
        "total_price": amount(lines.price[kept] * quantity),
        "currency": currencies(trade, order),
        "reported_at": moment(parcels.declared_at[parcel]),
    }
    return Batch("declaration_lines", columns, known[parcel], order, "1", parcel)


def write_returns(world: World, trade: Trade, parcels: Parcels, month: int) -> list[Batch]:
    """What customs answers to each declaration, in order of time."""
    rng = world.plan.rng("write answers", month)
    declared, released = parcels.declared_at, parcels.released_at
    half = (released - declared) // 2
    steps: tuple[tuple[str, str, Flags, Ints], ...] = (
        ("100", _ANSWERS[0], parcels.rejected, declared + 120),
        ("120", _ANSWERS[1], np.ones(parcels.count, bool), declared + 600),
        ("300", _ANSWERS[2], parcels.manual, declared + half),
        ("500", _ANSWERS[3], parcels.inspected, declared + half + 300),
        ("502", _ANSWERS[4], parcels.detained, released),
        ("800", _ANSWERS[5], ~parcels.detained, released),
    )
    batches = []
    for status, words, shown, at in steps:
        rows = np.flatnonzero(parcels.has_declaration & shown)
        columns = _answer(world, trade, parcels, rows)
        columns["return_status"] = pa.repeat(status, rows.size)
        columns["return_info"] = pa.repeat(words, rows.size)
        columns["returned_at"] = moment(at[rows])
        known = at[rows] + prompt(rng, rows.size)
        batches.append(Batch("customs_returns", columns, known, parcels.order[rows]))
    return batches


def _answer(world: World, trade: Trade, parcels: Parcels, rows: Ints) -> dict[str, Column]:
    order = parcels.order[rows]
    whole = parties(world, trade, order) | numbers(trade, parcels, rows)
    whole["direction"] = flags(trade, order)
    whole["agent_code"] = agents(world, parcels, rows)
    whole["order_no"] = only(~trade.orders.imports[order], whole["order_no"])
    return whole


def write_reversals(world: World, trade: Trade, parcels: Parcels, month: int) -> list[Batch]:
    """Applications to cancel, and to return imported goods; tax bills of what was released."""
    rng = world.plan.rng("write reversals", month)
    gone = np.flatnonzero(parcels.has_declaration & parcels.cancelled)
    back = np.flatnonzero(parcels.released & parcels.returned & ~parcels.cancelled)
    taxed = np.flatnonzero(parcels.released & trade.orders.imports[parcels.order])
    at = parcels.declared_at[gone] + rng.integers(HOUR, 10 * DAY, gone.size)
    returned = parcels.released_at[back] + rng.integers(2 * DAY, 28 * DAY, back.size)
    issued = parcels.released_at[taxed] + rng.integers(DAY, 20 * DAY, taxed.size)
    cancel = _answer(world, trade, parcels, gone) | {"reported_at": moment(at)}
    cancel["reason"] = choose(("订购人取消", "申报信息有误"), gone % 2)
    refund = _answer(world, trade, parcels, back) | {"reported_at": moment(returned)}
    refund["order_no"] = order_numbers(trade, parcels.order[back])
    refund["reason"] = choose(("七天无理由", "商品破损", "错发"), back % 3)
    bill = _answer(world, trade, parcels, taxed) | _duties(trade, parcels, taxed)
    bill["issued_at"] = moment(issued)
    return [
        Batch("cancellations", cancel, at + prompt(rng, gone.size), parcels.order[gone]),
        Batch("returns", refund, returned + prompt(rng, back.size), parcels.order[back]),
        Batch("tax_bills", bill, issued + prompt(rng, taxed.size), parcels.order[taxed]),
    ]


def _duties(trade: Trade, parcels: Parcels, rows: Ints) -> dict[str, Column]:
    tax = trade.sums.tax[parcels.order[rows]] // parcels.parts[rows]
    nothing = np.zeros(rows.size, np.int64)
    return {
        "tax_no": joined("TX", serial("", parcels.number[rows], 12)),
        "customs_duty": amount(nothing),
        "value_added_tax": amount(tax),
        "consumption_tax": amount(nothing),
        "status": choose(("2", "1"), (parcels.number[rows] % 29 == 0).astype(int)),
    }
