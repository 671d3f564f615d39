"""Features of the rhythm and the amounts of orders (CEB311, CEB303)."""

from datetime import timedelta
from functools import partial

import ibis
from ibis.expr import types as ir

from domain.officer import Department
from domain.results import Words
from domain.signals import Signals
from domain.table import Role, Source
from features.feature import Feature, Use
from features.ops import (
    count_where,
    day,
    distinct_where,
    exact,
    found,
    product,
    ratio,
    share,
    total_where,
)
from features.views import COMMON, WINDOW, every, order_lines, orders_since, recent_orders

SINGLE = "5000"  # CNY, 财关税〔2018〕49号
YEARLY = "26000"
BURST = 30
QUIET = 90
BASKET = ["kinds", "pieces", "first_item", "last_item"]


def baskets(signals: Signals) -> ir.Table:
    """What lies in each order of 180 days: two orders are alike if all columns are equal."""
    lines = signals.once(order_lines)
    item = lines.item_no.fill_null(lines.item_name)
    return lines.group_by(order_key="parent_key").agg(
        kinds=lines.count(),
        pieces=lines.quantity.sum(),
        first_item=item.min(),
        last_item=item.max(),
    )


def orders(signals: Signals) -> ir.Table:
    """Orders of 180 days, each marked by its hour, its second, its amount, its basket and buyer."""
    rows = recent_orders(signals)
    contents = baskets(signals)
    rows = rows.left_join(contents, rows.document_key == contents.order_key)
    rows = rows.left_join(near_quota(signals), "buyer_hash").drop("buyer_hash_right")
    rows = rows.mutate(second=rows.happened_at.truncate("s"), on=rows.happened_at.date())
    at_once = ibis.window(group_by=["enterprise", "second"])
    alike = rows.kinds.count().over(ibis.window(group_by=["enterprise", *BASKET]))
    buyer_day = ibis.window(group_by=["enterprise", "direction", "buyer_hash", "on"])
    value = rows.value_cny
    split = (value.count().over(buyer_day) > 1) & (value.sum().over(buyer_day) > exact(SINGLE))
    marked = rows.select(
        *COMMON,
        "buyer_hash",
        at_night=rows.happened_at.hour() < 6,
        same_second=rows.count().over(at_once) > 1,
        near_limit=ibis.ifelse(
            (rows.direction == "I") & value.between(exact("4000"), exact(SINGLE)),
            value >= exact("4500"),
            None,
        ),
        split=found(
            (rows.direction == "I")
            & rows.buyer_hash.notnull()
            & split
            & (value.max().over(buyer_day) <= exact(SINGLE))
        ),
        near_quota=ibis.ifelse(rows.direction == "I", found(rows.near_quota), None),
        alike=ibis.ifelse(alike > 1, alike, 0),
        filled=rows.kinds.notnull(),
    )
    own = ibis.window(group_by="enterprise")
    return marked.mutate(
        in_top_basket=(marked.alike > 0) & (marked.alike == marked.alike.max().over(own))
    )


def near_quota(signals: Signals) -> ir.Table:
    """Buyers whose imports of the calendar year, at all merchants, reach 95 % of the limit."""
    year = orders_since(signals, signals.as_of.replace(month=1, day=1))
    spent = year.filter(year.direction == "I", year.buyer_hash.notnull())
    spent = spent.group_by("buyer_hash").agg(spent=spent.value_cny.sum())
    near = spent.filter(product(exact(YEARLY), exact("0.95")) <= spent.spent)
    return near.select("buyer_hash", near_quota=ibis.literal(value=True))


def trend(signals: Signals) -> ir.Table:
    """Orders of 210 days: the last 30, and whether among the 90 before them."""
    as_of = signals.as_of
    rows = orders_since(signals, as_of - timedelta(days=BURST + WINDOW - 1))
    recent = rows.happened_at >= day(as_of - timedelta(days=BURST - 1))
    quiet = ~recent & (rows.happened_at >= day(as_of - timedelta(days=BURST + QUIET - 1)))
    return rows.select(
        *COMMON,
        "value_cny",
        recent=recent,
        quiet=quiet,
    )


def order_count(orders: ir.Table) -> ir.Value:
    """Orders of the merchant reported in the last 180 days."""
    return orders.count()


def night_order_share(orders: ir.Table) -> ir.Value:
    """Share of orders of 180 days reported between 0 and 6 o'clock, China time (T15)."""
    return share(orders.at_night)


def same_second_order_share(orders: ir.Table) -> ir.Value:
    """Share of orders of 180 days reported in one second with another of the merchant (T2)."""
    return share(orders.same_second)


def near_limit_order_share(orders: ir.Table) -> ir.Value:
    """Import orders of CNY 4,500-5,000 among those of 4,000-5,000, 180 days.

    A pile-up just under the single limit of CNY 5,000 (财关税〔2018〕49号; T3).
    """
    return share(orders.near_limit)


def split_order_count(orders: ir.Table) -> ir.Value:
    """Import orders of 180 days that together pass CNY 5,000 for one buyer on one day.

    At least two orders, none above the single limit by itself (财关税〔2018〕49号; T3).
    """
    return count_where(orders.split)


def near_quota_buyer_share(orders: ir.Table) -> ir.Value:
    """Share of import buyers of 180 days whose year's imports reach 95 % of CNY 26,000.

    The sum is over all merchants and the calendar year (财关税〔2018〕49号; T1, T3).
    """
    buyers = distinct_where(orders.buyer_hash, orders.near_quota.notnull())
    return ratio(distinct_where(orders.buyer_hash, orders.near_quota), buyers)


def identical_basket_share(orders: ir.Table) -> ir.Value:
    """Share of orders of 180 days with the merchant's commonest basket, 0 if none repeats (T1).

    The same items and number of pieces.
    """
    return ratio(orders.alike.max(), count_where(orders.filled))


def value_burst(trend: ir.Table) -> ir.Value:
    """Order value of the last 30 days over the monthly mean of the 180 days before (T14)."""
    before = total_where(trend.value_cny, ~trend.recent)
    return ratio(total_where(trend.value_cny, trend.recent) * (WINDOW // BURST), before)


def dormant_then_burst(trend: ir.Table) -> ir.Value:
    """Order value of the last 30 days, CNY, if there was none in the 90 days before, else 0.

    A dormant or new merchant that suddenly trades (T14).
    """
    asleep = count_where(trend.quiet) == 0
    return ibis.ifelse(asleep, total_where(trend.value_cny, trend.recent), exact("0"))


_orders = partial(
    Feature,
    view=orders,
    role=Role.MERCHANT,
    sources=(Source.CUSTOMS,),
    departments=(Department.CUSTOMS,),
)
_suspect = partial(_orders, use=Use.SUSPICION, risk="up")

ORDER_FEATURES = (
    _orders(
        order_count,
        label=Words(zh="订单数", en="Orders"),
        unit="count",
        use=Use.CREDIT,
        risk="none",
        evidence=every,
    ),
    _suspect(
        night_order_share,
        label=Words(zh="夜间订单占比", en="Share of orders at night"),
        unit="ratio",
        evidence=lambda rows: rows.at_night,
    ),
    _suspect(
        same_second_order_share,
        label=Words(zh="同秒订单占比", en="Share of orders in the same second"),
        unit="ratio",
        evidence=lambda rows: rows.same_second,
    ),
    _suspect(
        near_limit_order_share,
        label=Words(zh="临近单次限额订单占比", en="Share of orders just under the single limit"),
        unit="ratio",
        evidence=lambda rows: rows.near_limit,
    ),
    _suspect(
        split_order_count,
        label=Words(zh="疑似拆单数", en="Orders split under the single limit"),
        unit="count",
        evidence=lambda rows: rows.split,
    ),
    _suspect(
        near_quota_buyer_share,
        label=Words(zh="临近年度额度购买人占比", en="Share of buyers near the yearly limit"),
        unit="ratio",
        evidence=lambda rows: rows.near_quota,
    ),
    _suspect(
        identical_basket_share,
        label=Words(zh="相同购物篮占比", en="Share of identical baskets"),
        unit="ratio",
        evidence=lambda rows: rows.in_top_basket,
    ),
    _suspect(
        value_burst,
        view=trend,
        label=Words(zh="交易额突增倍数", en="Burst of order value"),
        unit="ratio",
        evidence=lambda rows: rows.recent,
    ),
    _suspect(
        dormant_then_burst,
        view=trend,
        label=Words(zh="休眠后突增金额", en="Burst after dormancy"),
        unit="CNY",
        evidence=lambda rows: rows.recent,
    ),
)
