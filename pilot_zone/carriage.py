"""Waybills, delivery status, arrivals and departures, as carriers report them."""

import numpy as np
import pyarrow as pa

from pilot_zone.columns import Column, amount, choose, moment, only, picked
from pilot_zone.customs import carriage
from pilot_zone.delivery import Batch, prompt
from pilot_zone.documents import currencies, flags, order_numbers, parties
from pilot_zone.parcels import HOUR, Parcels
from pilot_zone.plan import DAY, Ints
from pilot_zone.trade import Trade
from pilot_zone.world import World


def write_waybills(world: World, trade: Trade, parcels: Parcels, month: int) -> list[Batch]:
    """Waybills, and for imports where the parcel has got to."""
    rng = world.plan.rng("write waybills", month)
    rows = np.flatnonzero(parcels.has_waybill)
    order = parcels.order[rows]
    imports = trade.orders.imports[order]
    named = rng.random(rows.size) < 0.5
    merchant = parties(world, trade, order)["merchant_code"]
    at = parcels.way_at[rows]
    columns = carriage(world, parcels, rows) | _consignees(world, trade, order)
    columns |= {
        "direction": flags(trade, order),
        "order_no": only(imports, order_numbers(trade, order)),
        "merchant_code": only(~imports & named, merchant),
        "freight": amount(trade.sums.freight[order] // parcels.parts[rows]),
        "insured_fee": amount(np.zeros(rows.size, np.int64)),
        "currency": currencies(trade, order),
        "gross_weight": amount(parcels.carried[rows]),
        "pieces": pa.array(np.ones(rows.size, np.int64)),
        "goods_info": world.goods.customs_names(_first_items(trade)[order]),
        "reported_at": moment(at),
    }
    whole = Batch("waybills", columns, at + prompt(rng, rows.size), order)
    return [whole, *_status(world, trade, parcels, rng)]


def _first_items(trade: Trade) -> Ints:
    first = np.zeros(trade.orders.count, np.int64)
    rows = trade.lines.number == 1
    first[trade.lines.order[rows]] = trade.lines.item[rows]
    return first


def _consignees(world: World, trade: Trade, order: Ints) -> dict[str, Column]:
    imports, buyers, people = trade.orders.imports[order], trade.buyers, world.people
    stranger = (buyers.consignee[order] + 2 * (order + 1)) % people.count
    other = buyers.other_name[order]
    person = np.where(other, stranger, buyers.consignee[order])
    phone = np.where(other, stranger, buyers.phone[order])
    given = {
        "consignee_name": picked(people.names, person),
        "consignee_phone": people.phone_numbers(phone),
        "consignee_address": picked(people.addresses, buyers.address[order]),
    }
    return {name: only(imports, column) for name, column in given.items()}


def _status(world: World, trade: Trade, parcels: Parcels, rng: np.random.Generator) -> list[Batch]:
    imports = trade.orders.imports[parcels.order] & parcels.has_waybill
    out = np.flatnonzero(imports & (rng.random(parcels.count) < 0.3))
    signed = np.flatnonzero(imports & parcels.is_signed & ~parcels.detained)
    steps = (
        ("R", out, parcels.released_at[out] + rng.integers(HOUR, 12 * HOUR, out.size)),
        ("S", signed, parcels.signed_at[signed]),
    )
    batches = []
    for status, rows, at in steps:
        reported = at + rng.integers(60, 2 * HOUR, rows.size)
        columns = carriage(world, parcels, rows) | {
            "status": pa.repeat(status, rows.size),
            "status_at": moment(at),
            "reported_at": moment(reported),
        }
        known = reported + prompt(rng, rows.size)
        batches.append(Batch("waybill_status", columns, known, parcels.order[rows]))
    return batches


def write_passage(world: World, trade: Trade, parcels: Parcels, month: int) -> list[Batch]:
    """Arrivals of export parcels at the supervised site, and departures from the country."""
    rng = world.plan.rng("write passage", month)
    exports = ~trade.orders.imports[parcels.order] & parcels.has_declaration
    came = np.flatnonzero(exports & (rng.random(parcels.count) < 0.99))
    left = np.flatnonzero(exports & parcels.has_left & ~parcels.detained & ~parcels.cancelled)
    batches = []
    for table, rows, at in (
        ("arrivals", came, parcels.arrived_at[came]),
        ("departures", left, parcels.left_at[left]),
    ):
        district = choose(("2311", "2302"), rows % 2)
        reported = at + rng.integers(600, DAY // 2, rows.size)
        columns = carriage(world, parcels, rows) | {
            "customs_code": district,
            "left_at": moment(at),
            "reported_at": moment(reported),
        }
        known = reported + prompt(rng, rows.size)
        batches.append(Batch(table, columns, known, parcels.order[rows]))
    return batches
