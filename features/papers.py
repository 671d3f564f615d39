"""The papers of one trade beside each other: order, payment, waybill, declaration (三单)."""

from datetime import timedelta

import ibis
from ibis.expr import types as ir

from domain.signals import Signals
from domain.table import Source
from features.ops import day, differ, exact, found, product, trailing
from features.views import (
    COMMON,
    WINDOW,
    answers,
    complete_to,
    declared,
    order_lines,
    recent_orders,
)

GRACE = 7  # days for a paper to follow another
WAIT = 15  # days for a parcel to arrive
ALIKE = 3
CENT = "0.01"  # CNY
WEIGHT_TOLERANCE = "0.1"
WAYBILL = ["carrier_code", "waybill_no"]


def paid_orders(signals: Signals) -> ir.Table:
    """Import orders of 180 days with what does not agree within order, lines and payments.

    That no payment came is null while it may still be on its way.
    """
    orders = recent_orders(signals)
    orders = orders.filter(orders.direction == "I")
    orders = orders.mutate(platform=orders.platform_code.fill_null(""))
    rows = orders.left_join(_payments(signals), ["platform", "order_no"])
    lines = _line_sums(signals)
    rows = rows.left_join(lines, rows.document_key == lines.order_key)
    settled = day(complete_to(signals, Source.PAYMENT) - timedelta(days=GRACE))
    due = rows.goods_value + rows.freight + rows.tax_total - rows.discount
    another = (rows.payer_first != rows.buyer_hash) | (rows.payer_last != rows.buyer_hash)
    return rows.select(
        *COMMON,
        unpaid=ibis.ifelse(rows.happened_at < settled, rows.paid.isnull(), None),
        paid_gap=differ(rows.paid, rows.actual_paid, CENT),
        paid_before=rows.paid_at < rows.happened_at,
        payer_not_buyer=another,
        identity_break=differ(due, rows.actual_paid, CENT),
        line_break=rows.line_broken | differ(rows.lines_total, rows.goods_value, CENT),
    )


def parcels(signals: Signals) -> ir.Table:
    """Declarations of 180 days with how their parcel went and whether its papers agree.

    What is missing is null while it may still be on its way.
    """
    rows = _joined(signals)
    complete = complete_to(signals, Source.LOGISTICS)
    ready, waited = (day(complete - timedelta(days=n)) for n in (GRACE, WAIT - 1))
    is_import, carried = rows.direction == "I", rows.way_at.notnull()
    # what windows have to carry along is dear, so all else is told before
    told = rows.select(
        *COMMON,
        *WAYBILL,
        "way_weight",
        "value_cny",
        carried=carried,
        no_waybill=ibis.ifelse(rows.happened_at < ready, ~carried, None),
        weight_gap=(rows.way_weight - rows.gross_weight).abs()
        > product(rows.gross_weight, exact(WEIGHT_TOLERANCE)),
        elsewhere=ibis.ifelse(is_import & carried & rows.ordered, _elsewhere(rows), None),
        unsigned=ibis.ifelse(is_import & (rows.way_at < waited), rows.signed_at.isnull(), None),
        signed_early=ibis.ifelse(is_import, rows.signed_at < rows.released_at, None),
        undeparted=ibis.ifelse(
            ~is_import & (rows.released_at < waited), rows.left_at.isnull(), None
        ),
    )
    alike = ibis.window(group_by=["enterprise", "way_weight"])
    value = told.value_cny
    same = (told.count().over(alike) >= ALIKE) & (value.min().over(alike) < value.max().over(alike))
    return told.mutate(
        reused=told.count().over(ibis.window(group_by=WAYBILL)) > 1,
        same_weight=ibis.ifelse(told.carried, same, None),
    ).drop(*WAYBILL, "way_weight", "value_cny", "carried")


def _elsewhere(rows: ir.Table) -> ir.BooleanValue:
    return (
        found(rows.to_name != rows.way_name)
        | found(rows.to_phone != rows.way_phone)
        | found(rows.to_address != rows.way_address)
    )


def _joined(signals: Signals) -> ir.Table:
    """Declarations beside answers, waybill, delivery status, departure and order."""
    rows = declared(signals, WINDOW)
    rows = rows.mutate(
        way_order=ibis.ifelse(rows.direction == "I", rows.order_no, ""),
        platform=rows.platform_code.fill_null(""),
    )
    signed = trailing(signals.waybill_status, signals.as_of, WINDOW)
    signed = signed.filter(signed.status == "S").group_by(WAYBILL)
    left = trailing(signals.departures, signals.as_of, WINDOW)
    beside = [
        (["agent_code", "cop_no"], signals.once(answers)),
        ([*WAYBILL, "way_order"], _waybills(signals)),
        (WAYBILL, signed.agg(signed_at=ibis._.status_at.min())),
        (WAYBILL, left.select(*WAYBILL, "left_at")),
        (["platform", "merchant_code", "order_no"], _consignees(signals)),
    ]
    for keys, papers in beside:
        rows = rows.left_join(papers, keys).drop(*[f"{key}_right" for key in keys])
    return rows


def _payments(signals: Signals) -> ir.Table:
    """Import payments summed per order: an order may be paid in several."""
    rows = trailing(signals.payments, signals.as_of, WINDOW + GRACE)
    rows = rows.filter(rows.direction == "I")
    return rows.group_by("order_no", platform=rows.platform_code.fill_null("")).agg(
        paid=rows.amount.sum(),
        paid_at=rows.paid_at.min(),
        payer_first=rows.payer_hash.min(),
        payer_last=rows.payer_hash.max(),
    )


def _line_sums(signals: Signals) -> ir.Table:
    """Order lines summed per order, and whether one is not price times quantity."""
    lines = signals.once(order_lines)
    broken = differ(product(lines.price, lines.quantity), lines.total_price, CENT)
    return lines.group_by(order_key=lines.parent_key).agg(
        lines_total=lines.total_price.sum(), line_broken=broken.any()
    )


def _waybills(signals: Signals) -> ir.Table:
    """Waybills (CEB511, CEB505); an export waybill has no order number, so none is its key."""
    rows = trailing(signals.waybills, signals.as_of, WINDOW + GRACE)
    return rows.select(
        *WAYBILL,
        way_order=rows.order_no.fill_null(""),
        way_weight=rows.gross_weight,
        way_at=rows.reported_at,
        way_name=rows.consignee_name_hash,
        way_phone=rows.consignee_phone_hash,
        way_address=rows.consignee_address_hash,
    )


def _consignees(signals: Signals) -> ir.Table:
    """To whom each order is to go."""
    rows = trailing(signals.orders, signals.as_of, WINDOW + GRACE)
    return rows.select(
        "merchant_code",
        "order_no",
        platform=rows.platform_code.fill_null(""),
        ordered=ibis.literal(value=True),
        to_name=rows.consignee_name_hash,
        to_phone=rows.consignee_phone_hash,
        to_address=rows.consignee_address_hash,
    )
