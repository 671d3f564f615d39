"""Rules over prices and codes of goods: valuation (T4), misdeclared codes (T5)."""

import pandas as pd

from domain.results import Layer, Words
from risk_rules.rule import Rule, z_of
from risk_rules.thresholds import Limits

_ENOUGH_DECLARATIONS = {"declaration_count": "least_declarations"}


def prices_far_below_peers(rows: pd.DataFrame, limits: Limits) -> pd.Series:
    """Lines priced far below the same goods elsewhere are far more frequent than with peers."""
    far = rows[z_of("low_price_line_share")] >= limits["peer_z"]
    return far & (rows["low_price_line_share"] >= limits["low_price_line_share"])


def prices_far_above_peers(rows: pd.DataFrame, limits: Limits) -> pd.Series:
    """Lines priced far above the same goods elsewhere are far more frequent than with peers."""
    far = rows[z_of("high_price_line_share")] >= limits["peer_z"]
    return far & (rows["high_price_line_share"] >= limits["high_price_line_share"])


def one_factor_on_all_prices(rows: pd.DataFrame, limits: Limits) -> pd.Series:
    """All prices stand off the usual ones by one and the same factor, as a formula would do."""
    shifted = rows["median_price_log_ratio"] <= limits["price_log_shift"]
    return shifted & (rows["price_log_spread"] <= limits["price_log_spread"])


def declared_below_the_shop_link(rows: pd.DataFrame, limits: Limits) -> pd.Series:
    """Declared prices stay below those shown behind the goods' links."""
    return rows["median_declared_to_link_price"] <= limits["declared_to_link_price"]


def one_item_under_many_codes(rows: pd.DataFrame, limits: Limits) -> pd.Series:
    """One and the same item is declared under several HS codes."""
    return rows["hs_codes_per_item"] >= limits["hs_codes_per_item"]


PRICE_RULES: tuple[Rule, ...] = (
    Rule(
        prices_far_below_peers,
        "T4",
        Layer.ANOMALY,
        {"low_price_line_share": "low_price_line_share"},
        Words(zh="明显低价商品占比显著高于同类", en="More far-too-low prices than peers"),
        "海关审定进出口货物完税价格办法：价格质疑",
        _ENOUGH_DECLARATIONS,
        peers=("low_price_line_share",),
    ),
    Rule(
        prices_far_above_peers,
        "T4",
        Layer.ANOMALY,
        {"high_price_line_share": "high_price_line_share"},
        Words(zh="明显高价商品占比显著高于同类", en="More far-too-high prices than peers"),
        "海关审定进出口货物完税价格办法：价格质疑",
        _ENOUGH_DECLARATIONS,
        peers=("high_price_line_share",),
    ),
    Rule(
        one_factor_on_all_prices,
        "T4",
        Layer.ANOMALY,
        {"median_price_log_ratio": "price_log_shift", "price_log_spread": "price_log_spread"},
        Words(zh="全部商品按同一比例低报", en="All prices lowered by one factor"),
        "公开案例：申报价为真实价的七成",
        _ENOUGH_DECLARATIONS,
    ),
    Rule(
        declared_below_the_shop_link,
        "T4",
        Layer.RULE,
        {"median_declared_to_link_price": "declared_to_link_price"},
        Words(zh="申报价低于商品链接售价", en="Declared below the price in the shop"),
        "海关总署公告2018年第165号：商品展示链接",
        _ENOUGH_DECLARATIONS,
    ),
    Rule(
        one_item_under_many_codes,
        "T5",
        Layer.RULE,
        {"hs_codes_per_item": "hs_codes_per_item"},
        Words(zh="同一商品使用多个税号", en="One item under several HS codes"),
        "海关法：如实申报商品编码",
        _ENOUGH_DECLARATIONS,
    ),
)
