"""Features of declared prices beside those of the same goods at other merchants."""

from functools import partial

import ibis
from ibis.expr import types as ir

from domain.officer import Department
from domain.results import Words
from domain.signals import Signals
from domain.table import Role, Source
from features.feature import Feature, Use
from features.ops import (
    exact,
    log_ratio,
    product,
    quantile,
    quotient,
    ratio,
    share,
    trailing,
)
from features.papers import GRACE
from features.views import (
    COMMON,
    WINDOW,
    declared,
    declared_lines,
    directed_lines,
    every,
    order_lines,
    recent_orders,
)

MERCHANTS = 3
LOW, HIGH = "0.75", "2"
DENSE = "10"
NO_BAR_CODE = "无"


def priced_lines(signals: Signals) -> ir.Table:
    """Declared lines of 180 days beside the median price of the same goods, 180 days.

    The same goods: one bar code, else one HS code, unit and country; in one direction, and
    sold by three merchants or more.
    """
    lines = directed_lines(signals)
    lines = lines.filter(lines.price > 0)
    lines = lines.mutate(bar_code=lines.bar_code.nullif(NO_BAR_CODE))
    by_code = ["direction", "unit", "bar_code"]
    by_kind = ["direction", "unit", "hs_code", "country"]
    rows = _beside(lines, by_code, "price_cny", code="1", code_low=LOW, code_high=HIGH)
    rows = _beside(rows, by_kind, "price_cny", kind="1", kind_low=LOW, kind_high=HIGH)
    return rows.select(
        *COMMON,
        log_price=log_ratio(rows.price_cny, rows.code.coalesce(rows.kind)),
        is_low=rows.price_cny < rows.code_low.coalesce(rows.kind_low),
        is_high=rows.price_cny > rows.code_high.coalesce(rows.kind_high),
    )


def _beside(rows: ir.Table, group: list[str], value: str, **times: str) -> ir.Table:
    """Rows with multiples of the median of `value` in their group, null under three merchants."""
    medians = rows.group_by(group).agg(
        median=quantile(rows[value], 0.5).cast("decimal(18,5)"), sellers=rows.enterprise.nunique()
    )
    medians = medians.filter(medians.sellers >= MERCHANTS)
    medians = medians.select(
        *group, **{name: product(medians.median, exact(by)) for name, by in times.items()}
    )
    return rows.left_join(medians, group).drop(*[f"{column}_right" for column in group])


def dense_exports(signals: Signals) -> ir.Table:
    """Export declarations of 180 days with their value per kg beside that of the HS code."""
    heads = declared(signals, WINDOW)
    first = declared_lines(signals)
    first = first.group_by(first_key=first.parent_key).agg(hs_code=first.hs_code.min())
    rows = heads.filter(heads.direction == "E")
    rows = rows.inner_join(first, rows.document_key == first.first_key)
    rows = rows.mutate(cny_per_kg=quotient(rows.value_cny, rows.net_weight))
    rows = _beside(rows, ["hs_code"], "cny_per_kg", dense=DENSE)
    return rows.select(*COMMON, is_dense=rows.cny_per_kg > rows.dense)


def linked_prices(signals: Signals) -> ir.Table:
    """First lines of import orders of 180 days beside the price at the goods link (No. 179)."""
    orders = recent_orders(signals)
    lines = signals.once(order_lines)
    lines = lines.filter(lines.line_no == 1, lines.price > 0)
    lines = lines.select("price", order_key="parent_key")
    raw = trailing(signals.platform_payments, signals.as_of, WINDOW + GRACE)
    raw = raw.group_by("platform_code", "order_no").agg(link_price=ibis._.link_price.max())
    rows = orders.filter(orders.direction == "I")
    rows = rows.inner_join(lines, rows.document_key == lines.order_key)
    rows = rows.inner_join(raw, ["platform_code", "order_no"])
    return rows.select(
        *COMMON,
        of_link=ratio(rows.price, rows.link_price),
        under_link=rows.price < product(rows.link_price, exact(LOW)),
    )


def median_price_log_ratio(priced_lines: ir.Table) -> ir.Value:
    """Median of ln(declared price / median price of the same goods), 180 days (低报/高报, T4)."""
    return quantile(priced_lines.log_price, 0.5)


def low_price_line_share(priced_lines: ir.Table) -> ir.Value:
    """Share of declared lines of 180 days under 0.75 of the usual price (低报, T4)."""
    return share(priced_lines.is_low)


def high_price_line_share(priced_lines: ir.Table) -> ir.Value:
    """Share of declared lines of 180 days over twice the usual price (高报, T4, T6)."""
    return share(priced_lines.is_high)


def price_log_spread(priced_lines: ir.Table) -> ir.Value:
    """Quartile distance of ln(price / usual price), 180 days: none if all are cut alike (T4)."""
    return quantile(priced_lines.log_price, 0.75) - quantile(priced_lines.log_price, 0.25)


def high_value_density_share(dense_exports: ir.Table) -> ir.Value:
    """Share of export declarations of 180 days over ten times the HS code's CNY per kg (T6)."""
    return share(dense_exports.is_dense)


def median_declared_to_link_price(linked_prices: ir.Table) -> ir.Value:
    """Median of the ordered price over the price at the goods link, 180 days (两个链接, T4).

    From the payment data that platforms must hand out untouched (GACC 2018 No. 179).
    """
    return quantile(linked_prices.of_link, 0.5)


_price = partial(
    Feature,
    view=priced_lines,
    unit="ratio",
    role=Role.MERCHANT,
    sources=(Source.CUSTOMS,),
    departments=(Department.CUSTOMS,),
    use=Use.SUSPICION,
    risk="up",
)

PRICE_FEATURES = (
    _price(
        median_price_log_ratio,
        label=Words(zh="价格对数偏离中位数", en="Median log price against the same goods"),
        unit="log ratio",
        risk="none",
        evidence=every,
    ),
    _price(
        low_price_line_share,
        label=Words(zh="低价商品行占比", en="Share of lines priced low"),
        evidence=lambda rows: rows.is_low,
    ),
    _price(
        high_price_line_share,
        label=Words(zh="高价商品行占比", en="Share of lines priced high"),
        evidence=lambda rows: rows.is_high,
    ),
    _price(
        price_log_spread,
        label=Words(zh="价格偏离离散度", en="Spread of log prices"),
        unit="log ratio",
        risk="down",
        evidence=every,
    ),
    _price(
        high_value_density_share,
        view=dense_exports,
        label=Words(zh="高单位价值出口占比", en="Share of exports of high value per kg"),
        evidence=lambda rows: rows.is_dense,
    ),
    _price(
        median_declared_to_link_price,
        view=linked_prices,
        label=Words(zh="申报价与链接价之比", en="Ordered price over link price"),
        risk="down",
        sources=(Source.CUSTOMS, Source.PLATFORM),
        evidence=lambda rows: rows.under_link,
    ),
)
