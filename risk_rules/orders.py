"""Rules over orders and payments: pushed orders (T2), splitting (T3), unnatural hours (T15)."""

import pandas as pd

from domain.results import Layer, Words
from risk_rules.rule import Rule, z_of
from risk_rules.thresholds import Limits

_ENOUGH_ORDERS = {"order_count": "least_orders"}


def orders_in_the_same_second(rows: pd.DataFrame, limits: Limits) -> pd.Series:
    """Orders arrive in the same second far more often than with peers: a machine's rhythm."""
    far = rows[z_of("same_second_order_share")] >= limits["peer_z"]
    return far & (rows["same_second_order_share"] >= limits["same_second_order_share"])


def paid_before_ordered(rows: pd.DataFrame, limits: Limits) -> pd.Series:
    """Payments carry a time before their order was made."""
    return rows["payment_before_order_share"] >= limits["payment_before_order_share"]


def orders_without_payment(rows: pd.DataFrame, limits: Limits) -> pd.Series:
    """Orders have no payment among the three documents."""
    return rows["order_without_payment_share"] >= limits["order_without_payment_share"]


def paid_amount_differs(rows: pd.DataFrame, limits: Limits) -> pd.Series:
    """The amount paid by the payment document is not the amount paid by the order."""
    return rows["paid_amount_gap_share"] >= limits["paid_amount_gap_share"]


def order_amounts_do_not_add_up(rows: pd.DataFrame, limits: Limits) -> pd.Series:
    """Goods, freight and tax less discount are not what the order says was paid."""
    return rows["amount_identity_break_share"] >= limits["amount_identity_break_share"]


def order_lines_do_not_add_up(rows: pd.DataFrame, limits: Limits) -> pd.Series:
    """The lines of orders do not sum to the goods' value."""
    return rows["line_sum_break_share"] >= limits["line_sum_break_share"]


def orders_split_under_the_limit(rows: pd.DataFrame, limits: Limits) -> pd.Series:
    """One buyer's orders of one day each keep to the single limit and together exceed it."""
    return rows["split_order_count"] >= limits["split_orders"]


def orders_hug_the_single_limit(rows: pd.DataFrame, limits: Limits) -> pd.Series:
    """Import orders crowd just below the single limit far more than with peers."""
    far = rows[z_of("near_limit_order_share")] >= limits["peer_z"]
    return far & (rows["near_limit_order_share"] >= limits["near_limit_order_share"])


def buyers_hug_the_yearly_quota(rows: pd.DataFrame, limits: Limits) -> pd.Series:
    """Buyers have nearly used up their yearly quota."""
    return rows["near_quota_buyer_share"] >= limits["near_quota_buyer_share"]


def receipts_hug_the_directory_exemption(rows: pd.DataFrame, limits: Limits) -> pd.Series:
    """The year's foreign receipts lie in the watched band just below the exemption line."""
    watched = rows["annual_fx_to_exemption"] >= limits["exemption_watch_from"]
    return watched & (rows["annual_fx_to_exemption"] < limits["exemption_line"])


def orders_at_night(rows: pd.DataFrame, limits: Limits) -> pd.Series:
    """Orders are made between midnight and six far more than with peers; supportive only."""
    far = rows[z_of("night_order_share")] >= limits["peer_z"]
    return far & (rows["night_order_share"] >= limits["night_order_share"])


ORDER_RULES: tuple[Rule, ...] = (
    Rule(
        orders_in_the_same_second,
        "T2",
        Layer.ANOMALY,
        {"same_second_order_share": "same_second_order_share"},
        Words(zh="同秒下单占比显著高于同类", en="More orders in the same second than peers"),
        "同类企业稳健偏离（惯例，非法定标准）",
        _ENOUGH_ORDERS,
        peers=("same_second_order_share",),
    ),
    Rule(
        paid_before_ordered,
        "T2",
        Layer.RULE,
        {"payment_before_order_share": "payment_before_order_share"},
        Words(zh="支付时间早于下单时间", en="Paid before ordered"),
        "海关总署公告2018年第165号：支付原始数据应当真实",
        _ENOUGH_ORDERS,
    ),
    Rule(
        orders_without_payment,
        "T2",
        Layer.RULE,
        {"order_without_payment_share": "order_without_payment_share"},
        Words(zh="订单无对应支付单", en="Orders without a payment"),
        "商财发〔2018〕486号：交易、支付、物流三单信息",
        _ENOUGH_ORDERS,
    ),
    Rule(
        paid_amount_differs,
        "T2",
        Layer.RULE,
        {"paid_amount_gap_share": "paid_amount_gap_share"},
        Words(zh="支付金额与订单实付不一致", en="Payment and order differ in the amount paid"),
        "海关跨境统一版报文规范：订单实际支付金额应等于支付金额",
        _ENOUGH_ORDERS,
    ),
    Rule(
        order_amounts_do_not_add_up,
        "T20",
        Layer.RULE,
        {"amount_identity_break_share": "amount_identity_break_share"},
        Words(zh="订单金额勾稽不符", en="Amounts of orders do not add up"),
        "海关跨境统一版报文规范：实付 = 商品价格 + 运杂费 + 代扣税款 − 非现金抵扣",
        _ENOUGH_ORDERS,
    ),
    Rule(
        order_lines_do_not_add_up,
        "T20",
        Layer.RULE,
        {"line_sum_break_share": "line_sum_break_share"},
        Words(zh="订单明细合计不符", en="Lines of orders do not add up"),
        "海关跨境统一版报文规范：总价 = 单价 × 数量",
        _ENOUGH_ORDERS,
    ),
    Rule(
        orders_split_under_the_limit,
        "T3",
        Layer.RULE,
        {"split_order_count": "split_orders"},
        Words(zh="同一订购人同日拆单避限", en="Orders split under the single limit"),
        "财关税〔2018〕49号：单次交易限值人民币5000元",
    ),
    Rule(
        orders_hug_the_single_limit,
        "T3",
        Layer.ANOMALY,
        {"near_limit_order_share": "near_limit_order_share"},
        Words(zh="订单金额贴近单次限值", en="Orders crowd below the single limit"),
        "财关税〔2018〕49号：单次交易限值人民币5000元",
        _ENOUGH_ORDERS,
        peers=("near_limit_order_share",),
    ),
    Rule(
        buyers_hug_the_yearly_quota,
        "T3",
        Layer.RULE,
        {"near_quota_buyer_share": "near_quota_buyer_share"},
        Words(zh="订购人年度额度接近用尽", en="Buyers near the end of their yearly quota"),
        "财关税〔2018〕49号：年度交易限值人民币26000元",
        _ENOUGH_ORDERS,
    ),
    Rule(
        receipts_hug_the_directory_exemption,
        "T3",
        Layer.RULE,
        {"annual_fx_to_exemption": "exemption_watch_from"},
        Words(zh="年收汇额贴近免登记额度", en="Yearly receipts just below the exemption line"),
        "经常项目外汇业务指引（2020年版）第一条；汇发〔2020〕11号",
        further=("exemption_line",),
    ),
    Rule(
        orders_at_night,
        "T15",
        Layer.ANOMALY,
        {"night_order_share": "night_order_share"},
        Words(zh="凌晨下单占比显著高于同类", en="More orders at night than peers"),
        "同类企业稳健偏离（惯例，非法定标准）",
        _ENOUGH_ORDERS,
        peers=("night_order_share",),
    ),
)
