"""Documents prepared for features: what several files read.

Every view has the columns `enterprise`, `table`, `document_key` and `happened_at`.
"""

from datetime import date, timedelta

import ibis
from ibis.expr import types as ir

from domain.signals import Signals
from domain.table import Source
from features.ops import EXACT, month_of, product, since, trailing

COMMON = ["enterprise", "table", "document_key", "happened_at"]
WINDOW = 180
YEAR = 365
CNY = "142"
USD = "502"
CHINA = "142"


def speaking(rows: ir.Table, name: str, enterprise: str) -> ir.Table:
    """Rows of one table with the columns that every view has."""
    return rows.mutate(enterprise=rows[enterprise], table=ibis.literal(name))


def unrepaired(signals: Signals, records: ir.Table, number: str) -> ir.Table:
    """Records that no repair known by as_of has ended.

    Args:
        signals: Whose repairs are read.
        records: Rows with `enterprise_code`.
        number: Column of the number by which a repair names a record of the same enterprise;
            authorities number alike.
    """
    repairs = signals.registry_events.filter(signals.registry_events.kind == "repair")
    ended = repairs.select("enterprise_code", **{number: "repairs_no"})
    return records.anti_join(ended, ["enterprise_code", number])


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
    rates = signals.once(monthly_rates)
    priced = dated.left_join(
        rates, [dated.currency == rates.currency, dated.rate_month == rates.month]
    )

    def in_cny(amount: ir.NumericValue) -> ir.Value:
        # exact multiplication is dear, and most amounts are in CNY
        return ibis.ifelse(priced.currency == CNY, amount, product(amount, priced.rate))

    return priced.select(
        *rows.columns, **{new: in_cny(priced[old]) for new, old in amounts.items()}
    )


def of_documents(lines: ir.Table, documents: ir.Table) -> ir.Table:
    """Lines with the `direction` and the date of their document: amended, it is the later one.

    A line whose document is unknown keeps its own date and has no direction.
    """
    known = documents.select("direction", parent_key="document_key", document_at="happened_at")
    rows = lines.left_join(known, "parent_key").drop("parent_key_right")
    return rows.mutate(happened_at=rows.document_at.coalesce(rows.happened_at))


def order_lines(signals: Signals) -> ir.Table:
    """Lines of the orders of 180 days."""
    lines = of_documents(signals.order_lines, signals.orders)
    return trailing(lines, signals.as_of, WINDOW).select(
        *["parent_key", "line_no", "item_no", "item_name"],
        *["quantity", "price", "total_price"],
    )


def lines_in_a_year(signals: Signals) -> ir.Table:
    """Declaration lines of 365 days with `value_cny`, `chapter` and their head's `direction`."""
    lines = of_documents(signals.declaration_lines, signals.declarations)
    lines = trailing(lines, signals.as_of, YEAR)
    lines = with_cny(signals, lines, value_cny="total_price", price_cny="price")
    rows = speaking(lines, "declaration_lines", "merchant_code")
    return rows.select(
        *COMMON,
        *["parent_key", "direction", "hs_code", "item_no", "bar_code", "country", "unit"],
        *["quantity", "price", "price_cny", "value_cny"],
        chapter=rows.hs_code[:2],
    )


def declared_lines(signals: Signals) -> ir.Table:
    """Those of the lines of 180 days."""
    return trailing(signals.once(lines_in_a_year), signals.as_of, WINDOW)


def directed_lines(signals: Signals) -> ir.Table:
    """Those of them whose declaration is known."""
    return declared_lines(signals).drop_null("direction")


def declared(signals: Signals, days: int) -> ir.Table:
    """Declarations of 180 or 365 days with the value of their lines."""
    return trailing(signals.once(declared_in_a_year), signals.as_of, days)


def declared_in_a_year(signals: Signals) -> ir.Table:
    """Declarations of 365 days with the value of their lines."""
    heads = trailing(signals.declarations, signals.as_of, YEAR)
    lines = signals.once(lines_in_a_year)
    values = lines.group_by("parent_key").agg(value_cny=lines.value_cny.sum().cast(EXACT))
    valued = heads.left_join(values, heads.document_key == values.parent_key).drop("parent_key")
    rows = speaking(valued, "declarations", "merchant_code")
    return rows.select(
        *COMMON,
        *["value_cny", "version", "direction", "declaration_no", "order_no", "waybill_no"],
        *["merchant_code", "platform_code", "agent_code", "carrier_code", "owner_code", "cop_no"],
        *["gross_weight", "net_weight"],
    )


def answers(signals: Signals) -> ir.Table:
    """What customs answered to each declaration (agent_code, cop_no) of 180 days."""
    rows = trailing(signals.customs_returns, signals.as_of, WINDOW)
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
    """Orders from `first` on, a year ago at most, with the price of their goods in CNY."""
    return since(signals.once(priced_orders), first, signals.as_of)


def priced_orders(signals: Signals) -> ir.Table:
    """Orders of a year, a leap year's last day too, with their goods in CNY, `value_cny`."""
    orders = trailing(signals.orders, signals.as_of, YEAR + 1)
    orders = speaking(orders, "orders", "merchant_code")
    return with_cny(signals, orders, value_cny="goods_value").select(
        *COMMON,
        *["value_cny", "direction", "order_no", "platform_code"],
        *["goods_value", "freight", "tax_total", "discount", "actual_paid"],
        *["buyer_hash", "buyer_id_valid", "buyer_birth_year", "buyer_phone_segment"],
        *["buyer_account_hash", "consignee_address_hash", "consignee_phone_hash"],
    )
