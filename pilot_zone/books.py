"""Monthly sums of trade per enterprise, from which money, tax and stock follow."""

import numpy as np

from pilot_zone.columns import SCALE
from pilot_zone.parcels import Parcels
from pilot_zone.plan import DAY, Flags, Floats, Ints
from pilot_zone.trade import Trade
from pilot_zone.world import World


def accumulate(table: Floats, where: tuple[Ints | int, ...], value: Floats | Flags | float) -> None:
    """Add each value to its cell; cells may repeat."""
    flat = np.ravel_multi_index(np.broadcast_arrays(*where), table.shape)
    weights = np.broadcast_to(np.asarray(value, float), flat.shape)
    table += np.bincount(flat, weights=weights, minlength=table.size).reshape(table.shape)


class Books:
    """Sums over the months seen so far, in CNY.

    Attributes:
        imported, exported: Value of orders by merchants (rows) and months.
        received: Export money by the month in which it came in.
        platform_income, platform_orders: By platform, merchant and month.
        stock_keys, stock_out: Per month, warehouse-item keys and the quantity that left.
    """

    def __init__(self, world: World) -> None:
        shape = (world.roll.merchants, world.plan.months)
        platforms = world.roll.services["platform"].size
        self.imported, self.exported = np.zeros(shape), np.zeros(shape)
        self.received = np.zeros(shape)
        self.platform_income = np.zeros((platforms, *shape))
        self.platform_orders = np.zeros((platforms, *shape))
        self.stock: list[tuple[Ints, Ints]] = []
        self._world = world
        self._starts = world.plan.month_starts()

    def enter(self, trade: Trade, parcels: Parcels, month: int) -> None:
        """Add one month of trade."""
        orders, sums = trade.orders, trade.sums
        value = trade.cny(sums.goods) / SCALE
        shape = self.imported.shape
        for table, rows in ((self.imported, orders.imports), (self.exported, ~orders.imports)):
            accumulate(table, (orders.merchant[rows], month), value[rows])
        self._receive(trade, shape)
        first = self._world.roll.services["platform"][0]
        listed = np.flatnonzero(orders.platform >= 0)
        at = (orders.platform[listed] - first, orders.merchant[listed], month)
        accumulate(self.platform_income, at, value[listed])
        accumulate(self.platform_orders, at, 1.0)
        self._stock(trade, parcels)

    def _receive(self, trade: Trade, shape: tuple[int, ...]) -> None:
        came = np.flatnonzero(~trade.orders.imports & trade.sums.has_payment)
        month = np.searchsorted(self._starts, trade.sums.paid_at[came] // DAY, side="right") - 1
        kept = month < shape[1]
        value = trade.cny(trade.sums.received)[came[kept]] / SCALE
        accumulate(self.received, (trade.orders.merchant[came[kept]], month[kept]), value)

    def _stock(self, trade: Trade, parcels: Parcels) -> None:
        declared = np.zeros(trade.orders.count, bool)
        declared[parcels.order[parcels.has_declaration]] = True
        lines = trade.lines
        bonded = declared & (trade.orders.mode == 1) & trade.orders.imports
        rows = np.flatnonzero(bonded[lines.order])
        warehouse = self._world.roll.warehouse[trade.orders.merchant[lines.order[rows]]]
        keys, place = np.unique(warehouse * 100_000 + lines.item[rows], return_inverse=True)
        out = np.bincount(place, weights=lines.quantity[rows], minlength=keys.size)
        self.stock.append((keys, out.astype(np.int64)))

    @property
    def turnover(self) -> Floats:
        """Value of all trade, merchants by months."""
        return self.imported + self.exported
