"""Features of order, payment, waybill and declaration held against each other (三单对碰)."""

from functools import partial

import ibis
from ibis.expr import types as ir

from domain.officer import Department
from domain.results import Words
from domain.signals import Signals
from domain.table import Role, Source
from features.feature import Feature, Use
from features.ops import ratio, share, total_where, trailing
from features.papers import paid_orders, parcels
from features.views import COMMON, WINDOW, declared, speaking, with_cny


def exports_and_receipts(signals: Signals) -> ir.Table:
    """Export declarations and receipts of money (CEB403) of 180 days, in CNY."""
    exports = declared(signals, WINDOW)
    exports = exports.filter(exports.direction == "E")
    receipts = trailing(signals.payments, signals.as_of, WINDOW)
    receipts = with_cny(signals, receipts.filter(receipts.direction == "E"), value_cny="amount")
    receipts = speaking(receipts, "payments", "merchant_code")
    return ibis.union(
        exports.select(*COMMON, "value_cny", is_export=ibis.literal(value=True)),
        receipts.select(*COMMON, "value_cny", is_export=ibis.literal(value=False)),
    )


def order_without_payment_share(paid_orders: ir.Table) -> ir.Value:
    """Share of import orders without a payment document a week later, 180 days (三单 K2; T2)."""
    return share(paid_orders.unpaid)


def paid_amount_gap_share(paid_orders: ir.Table) -> ir.Value:
    """Share of paid import orders whose payments are not the amount paid, 180 days (三单 A2)."""
    return share(paid_orders.paid_gap)


def amount_identity_break_share(paid_orders: ir.Table) -> ir.Value:
    """Share of import orders of 180 days whose amounts do not add up (三单 A1).

    Paid is to be goods + freight + tax - discount, to the cent.
    """
    return share(paid_orders.identity_break)


def line_sum_break_share(paid_orders: ir.Table) -> ir.Value:
    """Share of import orders of 180 days whose lines are not their goods value (三单 A3).

    Each line is to be price times quantity, and their sum the goods value, to the cent.
    """
    return share(paid_orders.line_break)


def payment_before_order_share(paid_orders: ir.Table) -> ir.Value:
    """Share of paid import orders of 180 days paid before they were ordered (三单 T1; T2)."""
    return share(paid_orders.paid_before)


def declaration_without_waybill_share(parcels: ir.Table) -> ir.Value:
    """Share of declarations of 180 days without a waybill a week later (三单 K3; T12)."""
    return share(parcels.no_waybill)


def weight_gap_share(parcels: ir.Table) -> ir.Value:
    """Share of declarations of 180 days over 10 % off their waybill's weight (三单 W1; T12)."""
    return share(parcels.weight_gap)


def consignee_mismatch_share(parcels: ir.Table) -> ir.Value:
    """Share of imports of 180 days delivered to another than the order says (三单 P3; T1).

    Name, phone or address of the consignee differ between order and waybill.
    """
    return share(parcels.elsewhere)


def receipt_to_export_ratio(exports_and_receipts: ir.Table) -> ir.Value:
    """Export money received over export value declared, CNY, 180 days (出口收汇率; T6, T10)."""
    rows = exports_and_receipts
    exported = total_where(rows.value_cny, rows.is_export)
    return ratio(total_where(rows.value_cny, ~rows.is_export), exported)


_reconciled = partial(Feature, role=Role.MERCHANT, use=Use.SUSPICION, unit="ratio")
_order = partial(
    _reconciled,
    view=paid_orders,
    risk="up",
    sources=(Source.CUSTOMS,),
    departments=(Department.CUSTOMS,),
)
_payment = partial(
    _reconciled,
    view=paid_orders,
    risk="up",
    sources=(Source.CUSTOMS, Source.PAYMENT),
    departments=(Department.CUSTOMS, Department.PAYMENT),
)
_parcel = partial(
    _reconciled,
    view=parcels,
    risk="up",
    sources=(Source.CUSTOMS, Source.LOGISTICS),
    departments=(Department.CUSTOMS, Department.LOGISTICS),
)

RECONCILIATION_FEATURES = (
    _payment(
        order_without_payment_share,
        label=Words(zh="无支付单订单占比", en="Share of orders without payment"),
        evidence=lambda rows: rows.unpaid,
    ),
    _payment(
        paid_amount_gap_share,
        label=Words(zh="支付金额不符占比", en="Share of orders paid another amount"),
        evidence=lambda rows: rows.paid_gap,
    ),
    _order(
        amount_identity_break_share,
        label=Words(zh="订单金额不平占比", en="Share of orders whose amounts do not add up"),
        evidence=lambda rows: rows.identity_break,
    ),
    _order(
        line_sum_break_share,
        label=Words(zh="订单明细不平占比", en="Share of orders whose lines do not add up"),
        evidence=lambda rows: rows.line_break,
    ),
    _payment(
        payment_before_order_share,
        label=Words(zh="先付后订占比", en="Share of orders paid before ordered"),
        evidence=lambda rows: rows.paid_before,
    ),
    _parcel(
        declaration_without_waybill_share,
        label=Words(zh="无运单清单占比", en="Share of declarations without waybill"),
        evidence=lambda rows: rows.no_waybill,
    ),
    _parcel(
        weight_gap_share,
        label=Words(zh="重量不符占比", en="Share of declarations with a weight gap"),
        evidence=lambda rows: rows.weight_gap,
    ),
    _parcel(
        consignee_mismatch_share,
        label=Words(zh="收货人不符占比", en="Share delivered to another consignee"),
        evidence=lambda rows: rows.elsewhere,
    ),
    _reconciled(
        receipt_to_export_ratio,
        view=exports_and_receipts,
        label=Words(zh="出口收汇率", en="Receipts over exports"),
        risk="down",
        sources=(Source.CUSTOMS, Source.PAYMENT),
        departments=(Department.CUSTOMS, Department.PAYMENT),
        evidence=lambda rows: rows.is_export,
    ),
)
