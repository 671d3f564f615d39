"""Plain counts per enterprise and month that anyone could make from the delivered documents."""

from dataclasses import dataclass

import numpy as np

from pilot_zone.books import Books, accumulate
from pilot_zone.columns import SCALE
from pilot_zone.conduct import Life
from pilot_zone.customs import owners
from pilot_zone.money import HOME, Flows
from pilot_zone.parcels import Parcels
from pilot_zone.plan import DAY, Flags, Floats, Ints
from pilot_zone.trade import Trade
from pilot_zone.world import World

_WEEK = 7 * DAY
_LATE = 15 * DAY


@dataclass(slots=True)
class _Count:
    part: Floats
    whole: Floats | None


class Tally:
    """Counts by merchants and months; a count with a whole is read as a share."""

    def __init__(self, world: World) -> None:
        self._shape = (world.roll.merchants, world.plan.months)
        self._counts: dict[str, _Count] = {}

    def share(self, name: str, firm: Ints, month: int | Ints, value: Flags | Floats) -> None:
        """Count documents (`firm`), and of them those with `value`."""
        count = self._at(name, shared=True)
        accumulate(count.part, (firm, month), value)
        if count.whole is not None:
            accumulate(count.whole, (firm, month), 1.0)

    def total(self, name: str, table: Floats) -> None:
        """Take a whole monthly table."""
        self._at(name, shared=False).part += table

    def ratio(self, name: str, part: Floats, whole: Floats) -> None:
        """Take two monthly tables to be divided."""
        self._counts[name] = _Count(part.astype(float), whole.astype(float))

    def windows(self, ends: Ints, width: int) -> dict[str, Floats]:
        """Each count over the `width` months before each end: merchants by ends."""
        return {name: self._window(count, ends, width) for name, count in self._counts.items()}

    def _at(self, name: str, *, shared: bool) -> _Count:
        if name not in self._counts:
            whole = np.zeros(self._shape) if shared else None
            self._counts[name] = _Count(np.zeros(self._shape), whole)
        return self._counts[name]

    @staticmethod
    def _window(count: _Count, ends: Ints, width: int) -> Floats:
        def summed(table: Floats) -> Floats:
            run = np.cumsum(np.hstack([np.zeros((len(table), 1)), table]), axis=1)
            return np.asarray(run[:, ends] - run[:, ends - width])

        part = summed(count.part)
        if count.whole is None:
            return part
        whole = summed(count.whole)
        return np.divide(part, whole, out=np.full_like(part, np.nan), where=whole > 0)


def tally_trade(tally: Tally, world: World, trade: Trade, parcels: Parcels, month: int) -> None:
    """Count what the documents of one month show."""
    _orders(tally, trade, month)
    _persons(tally, world, trade, month)
    _prices(tally, world, trade, month)
    _payments(tally, trade, month)
    _parcels(tally, trade, parcels, month)
    _shipping(tally, trade, parcels, month)
    firm = trade.orders.merchant
    exports = np.flatnonzero(~trade.orders.imports)
    _, unseen = owners(world, trade)
    tally.share("unseen_owner", firm[exports], month, unseen[exports])


def _orders(tally: Tally, trade: Trade, month: int) -> None:
    orders, sums = trade.orders, trade.sums
    firm, imports = orders.merchant, orders.imports
    tally.share("import_share", firm, month, imports)
    tally.share("night", firm, month, orders.at % DAY < 6 * 3600)
    tally.share("same_second", firm, month, _repeated(firm, orders.at))
    rows = np.flatnonzero(imports)
    goods = sums.goods[rows]
    near = (goods > 4500 * SCALE) & (goods <= 5000 * SCALE)
    tally.share("near_limit", firm[rows], month, near)
    tally.share("mean_value", firm, month, trade.cny(sums.goods) / SCALE)
    tally.share("coupon", firm[rows], month, sums.discount[rows] > 0)
    tally.share("same_value", firm, month, _repeated(firm, sums.goods))
    tally.share("same_basket", firm, month, _repeated(firm, _baskets(trade)))


def _baskets(trade: Trade) -> Ints:
    """A number that orders of the same items and quantities have in common."""
    lines = trade.lines
    return lines.sums((lines.item + 7) ** 3 % 1_000_003 * lines.quantity, trade.orders.count)


def _repeated(firm: Ints, value: Ints) -> Flags:
    """Whether another row of the same merchant has the same value."""
    order = np.lexsort((value, firm))
    same = (firm[order][1:] == firm[order][:-1]) & (value[order][1:] == value[order][:-1])
    out = np.zeros(firm.size, bool)
    out[order[1:]] |= same
    out[order[:-1]] |= same
    return out


def _persons(tally: Tally, world: World, trade: Trade, month: int) -> None:
    rows = np.flatnonzero(trade.orders.imports)
    firm, buyers, people = trade.orders.merchant[rows], trade.buyers, world.people
    buyer, address = buyers.buyer[rows], buyers.address[rows]
    tally.share("payer_other", firm, month, buyers.payer[rows] != buyer)
    tally.share("wrong_id", firm, month, buyers.wrong_id[rows])
    tally.share("odd_age", firm, month, np.isin(buyer, people.odd))
    tally.share("virtual_phone", firm, month, np.isin(buyers.phone[rows], people.virtual))
    opened = trade.orders.at[rows] - buyers.opened[rows]
    tally.share("new_account", firm, month, opened <= _WEEK)
    tally.share("repeat_buyer", firm, month, _repeated(firm, buyer))
    tally.share("repeat_phone", firm, month, _repeated(firm, buyers.phone[rows]))
    day = trade.orders.at[rows] // DAY
    tally.share("split", firm, month, _repeated(firm, buyer * 100_000 + day))
    pairs = np.unique(np.column_stack([firm, address, buyer]), axis=0)
    crowd = _repeated(pairs[:, 0], pairs[:, 1])
    tally.share("shared_address", pairs[:, 0], month, crowd)
    pairs = np.unique(np.column_stack([firm, buyers.phone[rows], buyer]), axis=0)
    tally.share("shared_phone", pairs[:, 0], month, _repeated(pairs[:, 0], pairs[:, 1]))


def _prices(tally: Tally, world: World, trade: Trade, month: int) -> None:
    lines = trade.lines
    rows = np.flatnonzero(lines.price > 0)
    order, item = lines.order[rows], lines.item[rows]
    firm = trade.orders.merchant[order]
    asked = lines.price[rows] / SCALE * trade.orders.rate[order]
    ratio = np.log(asked / world.goods.price[item])
    tally.share("price_level", firm, month, ratio)
    tally.share("low_price", firm, month, ratio < -0.25)
    tally.share("high_price", firm, month, ratio > 0.5)
    tally.share("price_spread", firm, month, np.abs(ratio))
    tally.share("link_gap", firm, month, lines.listed[rows] > 1.1 * asked)
    gift = lines.price == 0
    tally.share("gift", trade.orders.merchant[lines.order], month, gift)


def _payments(tally: Tally, trade: Trade, month: int) -> None:
    sums, orders = trade.sums, trade.orders
    rows = np.flatnonzero(orders.imports)
    firm, has = orders.merchant[rows], sums.has_payment[rows]
    paid = sums.paid[rows]
    tally.share("unpaid", firm, month, ~has)
    tally.share("paid_gap", firm[has], month, (sums.received[rows] != paid)[has])
    due = sums.goods + sums.freight + sums.tax - sums.discount
    tally.share("identity_break", firm, month, paid != due[rows])
    tally.share("early_payment", firm[has], month, (sums.paid_at < orders.at)[rows][has])
    broken = trade.lines.total != trade.lines.price * trade.lines.quantity
    tally.share("line_break", orders.merchant[trade.lines.order], month, broken)


def _parcels(tally: Tally, trade: Trade, parcels: Parcels, month: int) -> None:
    firm = trade.orders.merchant[parcels.order]
    tally.share("no_waybill", firm, month, parcels.has_declaration & ~parcels.has_waybill)
    gap = np.abs(parcels.carried - parcels.gross) > 0.1 * parcels.gross
    tally.share("weight_gap", firm, month, gap)
    tally.share("same_weight", firm, month, _repeated(firm, parcels.gross))
    for name in ("rejected", "manual", "inspected", "detained", "cancelled", "amended"):
        tally.share(name, firm, month, getattr(parcels, name))
    other = trade.buyers.other_name[parcels.order]
    rows = np.flatnonzero(trade.orders.imports[parcels.order])
    tally.share("consignee_other", firm[rows], month, other[rows])
    tally.share("returned", firm[rows], month, parcels.returned[rows])


def _shipping(tally: Tally, trade: Trade, parcels: Parcels, month: int) -> None:
    firm = trade.orders.merchant[parcels.order]
    imports = trade.orders.imports[parcels.order]
    rows, out = np.flatnonzero(imports), np.flatnonzero(~imports)
    late = ~parcels.is_signed | (parcels.signed_at > parcels.way_at + _LATE)
    tally.share("unsigned", firm[rows], month, late[rows])
    tally.share("reused", firm[rows], month, (parcels.waybill != parcels.number)[rows])
    tally.share("early_sign", firm[rows], month, (parcels.signed_at < parcels.released_at)[rows])
    slow = ~parcels.has_left | (parcels.left_at > parcels.declared_at + 20 * DAY)
    tally.share("undeparted", firm[out], month, slow[out])
    tally.share("b2b", firm[out], month, (trade.orders.mode >= 2)[parcels.order][out])


def tally_flows(tally: Tally, world: World, books: Books, flows: Flows) -> None:
    """Count what bank flows show."""
    starts = world.plan.month_starts()
    month = np.searchsorted(starts, flows.at // DAY, side="right") - 1
    known = (month >= 0) & (month < world.plan.months) & (flows.firm < world.roll.merchants)
    rows = np.flatnonzero(known & (flows.cny > 0))
    firm, month, cny, inward = flows.firm[rows], month[rows], flows.cny[rows], flows.inward[rows]
    abroad = inward & (flows.country[rows] != HOME)
    third = flows.country[rows] != world.roll.market[firm]
    tally.share("third_country", firm[abroad], month[abroad], third[abroad])
    tally.share("round_amount", firm, month, np.rint(cny * 100) % 100_000 == 0)
    tally.share(
        "friends",
        firm,
        month,
        (flows.other[rows] >= 0) & (flows.other[rows] < world.roll.merchants),
    )
    tally.share("inward", firm, month, inward)
    came = np.zeros_like(books.exported)
    accumulate(came, (firm[abroad], month[abroad]), cny[abroad])
    tally.ratio("receipts_to_exports", came, books.exported)
    quick = _quick(firm, flows.at[rows], cny, inward)
    tally.share("passing", firm[inward], month[inward], quick[inward])
    everything = np.zeros_like(came)
    accumulate(everything, (firm, month), cny)
    tally.ratio("flows_to_trade", everything, books.turnover)


def _quick(firm: Ints, at: Ints, cny: Floats, inward: Flags) -> Flags:
    """Inflows that nearly the same amount follows out within three days."""
    out = np.flatnonzero(~inward)
    if not out.size:
        return np.zeros(firm.size, bool)
    key = firm * 10**11 + at
    order = out[np.argsort(key[out], kind="stable")]
    found = np.zeros(firm.size, bool)
    for step in range(3):
        place = np.minimum(np.searchsorted(key[order], key) + step, order.size - 1)
        other = order[place]
        soon = (firm[other] == firm) & (at[other] >= at) & (at[other] <= at + 3 * DAY)
        found |= soon & (np.abs(cny[other] / cny - 0.97) < 0.04)
    return found


def tally_registers(
    tally: Tally, world: World, books: Books, life: Life, tax: dict[str, Floats]
) -> None:
    """Count what tax and registries show."""
    merchants = world.roll.merchants
    for name in ("young", "bad", "top"):
        tally.ratio(f"{name}_supplier", tax[name], tax["invoices"])
    tally.ratio("rebate_to_assets", tax["rebates"], tax["assets"])
    tally.ratio("trade_per_staff", books.turnover, tax["staff"] + 0.5)
    tally.ratio("subsidy_to_exports", tax["subsidies"], books.exported)
    tally.total("assets", tax["assets"])
    tally.total("staff", tax["staff"])
    tally.total("value", books.turnover)
    tally.total("identity_complaints", life.complaints["identity_used"][:merchants].astype(float))
    every = np.sum([counts[:merchants] for counts in life.complaints.values()], axis=0)
    tally.total("complaints", every.astype(float))
    before = np.roll(books.turnover, 6, axis=1)
    tally.ratio("growth", books.turnover, before + 1)
    still = np.ones_like(books.turnover)
    who = world.identities
    for name in ("representative", "office", "phone", "email", "finance"):
        value = getattr(who, name)[:merchants]
        holders = np.bincount(value)[value]
        tally.total(f"sharing_{name}", still * np.where(holders > 15, 1, holders)[:, None])
    tally.total("capital", still * world.roll.capital[:merchants, None])
    tally.total("age", still * world.roll.registered[:merchants, None])
