"""Rules over money: money and goods apart (T10), and the laundering compartment (T8, T9)."""

import pandas as pd

from domain.results import Layer, Words
from risk_rules.rule import Rule, z_of
from risk_rules.thresholds import Limits

_LAUNDERING_NORM = "银办发〔2021〕16号；反洗钱法（2024年修订）"


def receipts_fall_short_of_exports(rows: pd.DataFrame, limits: Limits) -> pd.Series:
    """Much less was received for exports than was declared."""
    return rows["receipt_to_export_ratio"] <= limits["receipt_to_export_low"]


def funds_and_goods_apart(rows: pd.DataFrame, limits: Limits) -> pd.Series:
    """The year's money and goods differ by more than the usual check would let pass."""
    return rows["fund_goods_gap"] >= limits["fund_goods_gap"]


def total_difference_is_large(rows: pd.DataFrame, limits: Limits) -> pd.Series:
    """The year's total difference of the foreign exchange check is a large part of the total."""
    return rows["total_difference_ratio"] >= limits["total_difference_ratio"]


def money_passes_through(rows: pd.DataFrame, limits: Limits) -> pd.Series:
    """Nearly all money that comes in leaves again within 72 hours."""
    return rows["pass_through_ratio"] >= limits["pass_through_ratio"]


def scattered_in_gathered_out(rows: pd.DataFrame, limits: Limits) -> pd.Series:
    """Money comes from far more counterparties than it goes to, and more so than with peers."""
    far = rows[z_of("counterparties_in_per_out")] >= limits["peer_z"]
    return far & (rows["counterparties_in_per_out"] >= limits["counterparties_in_per_out"])


def paid_from_third_countries(rows: pd.DataFrame, limits: Limits) -> pd.Series:
    """Receipts come from countries to which nothing was exported."""
    return rows["third_country_receipt_share"] >= limits["third_country_receipt_share"]


def round_amounts(rows: pd.DataFrame, limits: Limits) -> pd.Series:
    """Round amounts are moved far more often than with peers."""
    far = rows[z_of("round_amount_share")] >= limits["peer_z"]
    return far & (rows["round_amount_share"] >= limits["round_amount_share"])


def received_without_exports(rows: pd.DataFrame, limits: Limits) -> pd.Series:
    """Foreign receipts past the large-amount line stand behind no export at all."""
    return rows["receipts_without_exports_cny"] >= limits["large_transfer_cny"]


def money_moves_in_circles(rows: pd.DataFrame, limits: Limits) -> pd.Series:
    """A good part of the money that leaves comes back through at most three others."""
    return rows["money_cycle_share"] >= limits["money_cycle_share"]


MONEY_RULES: tuple[Rule, ...] = (
    Rule(
        receipts_fall_short_of_exports,
        "T10",
        Layer.RULE,
        {"receipt_to_export_ratio": "receipt_to_export_low"},
        Words(zh="出口收汇率偏低", en="Receipts fall short of exports"),
        "经常项目外汇业务指引（2020年版）：总量核查；限值为示例",
        {"declaration_count": "least_declarations"},
    ),
    Rule(
        funds_and_goods_apart,
        "T10",
        Layer.RULE,
        {"fund_goods_gap": "fund_goods_gap"},
        Words(zh="资金货物比偏离", en="Funds and goods are apart"),
        "经常项目外汇业务指引（2020年版）：资金货物比率；限值为示例",
        {"declaration_count": "least_declarations"},
    ),
    Rule(
        total_difference_is_large,
        "T10",
        Layer.RULE,
        {"total_difference_ratio": "total_difference_ratio"},
        Words(zh="总量差额率过大", en="Large total difference"),
        "经常项目外汇业务指引（2020年版）：总量差额率；限值为示例",
    ),
    Rule(
        money_passes_through,
        "T9",
        Layer.RULE,
        {"pass_through_ratio": "pass_through_ratio"},
        Words(zh="资金快进快出", en="Money passes straight through"),
        _LAUNDERING_NORM,
    ),
    Rule(
        scattered_in_gathered_out,
        "T9",
        Layer.ANOMALY,
        {"counterparties_in_per_out": "counterparties_in_per_out"},
        Words(zh="分散转入、集中转出", en="Scattered in, gathered out"),
        _LAUNDERING_NORM,
        peers=("counterparties_in_per_out",),
    ),
    Rule(
        paid_from_third_countries,
        "T9",
        Layer.RULE,
        {"third_country_receipt_share": "third_country_receipt_share"},
        Words(zh="第三国付款", en="Paid from third countries"),
        _LAUNDERING_NORM,
        {"annual_fx_to_exemption": "some_receipts"},
    ),
    Rule(
        round_amounts,
        "T9",
        Layer.ANOMALY,
        {"round_amount_share": "round_amount_share"},
        Words(zh="整数金额占比显著高于同类", en="More round amounts than peers"),
        _LAUNDERING_NORM,
        peers=("round_amount_share",),
    ),
    Rule(
        received_without_exports,
        "T8",
        Layer.RULE,
        {"receipts_without_exports_cny": "large_transfer_cny"},
        Words(zh="大额收汇无出口背景", en="Large receipts without any export"),
        "中国人民银行令〔2016〕第3号：大额交易报告",
    ),
    Rule(
        money_moves_in_circles,
        "T8",
        Layer.NETWORK,
        {"money_cycle_share": "money_cycle_share"},
        Words(zh="资金循环回流", en="Money moves in circles"),
        _LAUNDERING_NORM,
    ),
)
