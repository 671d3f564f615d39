"""Documents prepared for features: what several files read.

Every view has the columns `enterprise`, `table`, `document_key` and `happened_at`.
"""

from datetime import date, timedelta

import ibis
from ibis.expr import types as ir

from domain.signals import Signals
from domain.table import Source
from features.ops import EXACT, exact, month_of, product, since, trailing

COMMON = ["enterprise", "table", "document_key", "happened_at"]
WINDOW = 180
YEAR = 365
CNY = "142"
USD = "502"
CHINA = "142"


def speaking(rows: ir.Table, name: str, enterprise: str) -> ir.Table:
    """Rows of one table with the columns that every view has."""
    return rows.mutate(enterprise=rows[enterprise], table=ibis.literal(name))


def complete_to(signals: Signals, source: Source) -> date:
    """The last day for which nothing of a source means that there was none."""
    return min(signals.covered.get(source, signals.as_of), signals.as_of)


def monthly_rates(signals: Signals) -> ir.Table:
    """CNY for one unit by `currency` and `month`; the last known rate holds on to as_of."""
    rates = signals.exchange_rates
    window = ibis.window(group_by="currency", order_by="month")
    end = (signals.as_of.replace(day=1) + timedelta(days=32)).replace(day=1)
    until = rates.month.lead().over(window).coalesce(ibis.literal(end))
    months = ibis.range(
        rates.month.cast("timestamp"), until.cast("timestamp"), ibis.interval(months=1)
    )
    spread = rates.select("currency", rate="cny_per_unit", month=months.unnest())
    return spread.mutate(month=month_of(spread.month))


def with_cny(signals: Signals, rows: ir.Table, **amounts: str) -> ir.Table:
    """Rows with each amount in CNY, at the rate of the month in which it happened.

    Args:
        signals: Whose exchange rates are used.
        rows: Rows with `currency` and `happened_at`.
        amounts: New column = name of the column in `currency`; null where no rate is known.
    """
    dated = rows.mutate(rate_month=month_of(rows.happened_at))
    rates = monthly_rates(signals)
    priced = dated.left_join(
        rates, [dated.currency == rates.currency, dated.rate_month == rates.month]
    )
    rate = ibis.ifelse(priced.currency == CNY, exact("1"), priced.rate)
    return priced.select(
        *rows.columns, **{new: product(priced[old], rate) for new, old in amounts.items()}
    )


def declared_lines(signals: Signals, days: int) -> ir.Table:
    """Declaration lines of the trailing days with `value_cny` and `chapter`."""
    lines = trailing(signals.declaration_lines, signals.as_of, days)
    lines = with_cny(signals, lines, value_cny="total_price", price_cny="price")
    lines = lines.mutate(chapter=lines.hs_code[:2])
    return speaking(lines, "declaration_lines", "merchant_code")


def directed_lines(signals: Signals, days: int) -> ir.Table:
    """The same lines with the `direction` of their declaration."""
    lines = declared_lines(signals, days)
    heads = signals.declarations.select("direction", parent_key="document_key")
    return lines.inner_join(heads, "parent_key")


def declared(signals: Signals, days: int) -> ir.Table:
    """Declarations of the trailing days with the value of their lines, `value_cny`."""
    heads = trailing(signals.declarations, signals.as_of, days)
    lines = declared_lines(signals, days)
    values = lines.group_by("parent_key").agg(value_cny=lines.value_cny.sum().cast(EXACT))
    valued = heads.left_join(values, heads.document_key == values.parent_key).drop("parent_key")
    return speaking(valued, "declarations", "merchant_code")


def answers(signals: Signals, days: int) -> ir.Table:
    """What customs answered to each declaration (agent_code, cop_no) of the trailing days."""
    rows = trailing(signals.customs_returns, signals.as_of, days)
    status = rows.return_status
    return rows.group_by("agent_code", "cop_no").agg(
        rejected=(status == "100").any(),
        manual=(status == "300").any(),
        inspected=(status == "500").any(),
        detained=status.isin(["501", "502", "503", "599"]).any(),
        released_at=rows.returned_at.min(where=status == "800"),
    )


def every(rows: ir.Table) -> ir.BooleanValue:
    """Evidence predicate of a feature for which every row of the view speaks."""
    return rows.document_key.notnull()


def recent_orders(signals: Signals) -> ir.Table:
    """Orders of 180 days with the price of their goods in CNY, `value_cny`."""
    return orders_since(signals, signals.as_of - timedelta(days=WINDOW - 1))


def orders_since(signals: Signals, first: date) -> ir.Table:
    """Orders from `first` on with the price of their goods in CNY, `value_cny`."""
    orders = with_cny(signals, since(signals.orders, first, signals.as_of), value_cny="goods_value")
    return speaking(orders, "orders", "merchant_code")
