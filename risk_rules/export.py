"""Rules over exports: fake and circular trade (T6), export-rebate fraud (T7)."""

import pandas as pd

from domain.results import Layer, Words
from risk_rules.rule import Rule, z_of
from risk_rules.thresholds import Limits

_ENOUGH_DECLARATIONS = {"declaration_count": "least_declarations"}


def owners_never_seen(rows: pd.DataFrame, limits: Limits) -> pd.Series:
    """Exports name owners of the goods that are neither the merchant nor on any roll."""
    return rows["unseen_owner_share"] >= limits["unseen_owner_share"]


def goods_come_back(rows: pd.DataFrame, limits: Limits) -> pd.Series:
    """Exported goods are imported again within 90 days."""
    return rows["reimport_match_share"] >= limits["reimport_match_share"]


def traders_money_comes_back(rows: pd.DataFrame, limits: Limits) -> pd.Series:
    """A trader's money returns to it through at most three others, as in circular trade."""
    return rows["money_cycle_share"] >= limits["circular_trade_share"]


def value_density_beyond_the_goods(rows: pd.DataFrame, limits: Limits) -> pd.Series:
    """Exports are worth many times per kilogram what such goods are worth."""
    return rows["high_value_density_share"] >= limits["high_value_density_share"]


def subsidy_carries_the_trade(rows: pd.DataFrame, limits: Limits) -> pd.Series:
    """Subsidies are a large part of the value declared."""
    return rows["subsidy_to_declared_value"] >= limits["subsidy_to_declared_value"]


def rebate_beyond_net_assets(rows: pd.DataFrame, limits: Limits) -> pd.Series:
    """Rebates exceed what the firm's net assets would answer for."""
    return rows["rebate_to_net_assets"] > limits["rebate_to_net_assets"]


def suppliers_are_young(rows: pd.DataFrame, limits: Limits) -> pd.Series:
    """A good part of the purchases comes from suppliers less than a year old."""
    return rows["young_supplier_share"] >= limits["young_supplier_share"]


def suppliers_are_abnormal(rows: pd.DataFrame, limits: Limits) -> pd.Series:
    """Purchases come from suppliers of tax class D or of abnormal status."""
    return rows["abnormal_supplier_share"] >= limits["abnormal_supplier_share"]


def one_supplier_gives_nearly_all(rows: pd.DataFrame, limits: Limits) -> pd.Series:
    """One supplier gives nearly all purchases, and more so than with peers."""
    far = rows[z_of("top_supplier_share")] >= limits["peer_z"]
    return far & (rows["top_supplier_share"] >= limits["top_supplier_share"])


def exports_beyond_the_staff(rows: pd.DataFrame, limits: Limits) -> pd.Series:
    """Exports per insured employee are far beyond the peers'."""
    far = rows[z_of("exports_per_staff")] >= limits["peer_z"]
    return far & (rows["exports_per_staff"] >= limits["exports_per_staff"])


def purchases_exceed_exports(rows: pd.DataFrame, limits: Limits) -> pd.Series:
    """The goods cost more than they were exported for, so that only the rebate pays."""
    return rows["purchase_to_export_ratio"] >= limits["purchase_to_export_ratio"]


EXPORT_RULES: tuple[Rule, ...] = (
    Rule(
        owners_never_seen,
        "T6",
        Layer.NETWORK,
        {"unseen_owner_share": "unseen_owner_share"},
        Words(zh="生产销售单位从未登记", en="Owners of the goods never seen"),
        "国家税务总局公告2025年第17号：代理出口应报送实际委托出口方",
        _ENOUGH_DECLARATIONS,
    ),
    Rule(
        goods_come_back,
        "T6",
        Layer.NETWORK,
        {"reimport_match_share": "reimport_match_share"},
        Words(zh="出口商品九十日内复进口", en="Exported goods come back within 90 days"),
        "公开案例：循环出口、走私回流",
        _ENOUGH_DECLARATIONS,
    ),
    Rule(
        traders_money_comes_back,
        "T6",
        Layer.NETWORK,
        {"money_cycle_share": "circular_trade_share"},
        Words(zh="经营资金循环回流", en="The trader's money comes back"),
        "公开案例：循环出口，关联企业间资金回流",
        _ENOUGH_DECLARATIONS,
    ),
    Rule(
        value_density_beyond_the_goods,
        "T6",
        Layer.ANOMALY,
        {"high_value_density_share": "high_value_density_share"},
        Words(zh="单位重量价值远超同类商品", en="Value per kilogram far beyond such goods"),
        "公开案例：出口单价达其他口岸数百倍",
        _ENOUGH_DECLARATIONS,
    ),
    Rule(
        subsidy_carries_the_trade,
        "T6",
        Layer.RULE,
        {"subsidy_to_declared_value": "subsidy_to_declared_value"},
        Words(zh="补贴占申报额比重过高", en="Subsidies carry the trade"),
        "公开案例：每美元补贴人民币0.03元的空壳骗补",
        _ENOUGH_DECLARATIONS,
    ),
    Rule(
        rebate_beyond_net_assets,
        "T7",
        Layer.RULE,
        {"rebate_to_net_assets": "rebate_to_net_assets"},
        Words(zh="退税额超出净资产承受", en="Rebates beyond net assets"),
        "出口退（免）税企业分类管理办法：一类企业净资产大于上年退税额的60%",
    ),
    Rule(
        suppliers_are_young,
        "T7",
        Layer.RULE,
        {"young_supplier_share": "young_supplier_share"},
        Words(zh="新设供货企业占比过高", en="Suppliers are young"),
        "公开案例：新设空壳企业虚开配票",
    ),
    Rule(
        suppliers_are_abnormal,
        "T7",
        Layer.RULE,
        {"abnormal_supplier_share": "abnormal_supplier_share"},
        Words(zh="供货企业为D级或非正常户", en="Suppliers of class D or abnormal status"),
        "出口退（免）税企业分类管理办法：供货企业纳税信用",
    ),
    Rule(
        one_supplier_gives_nearly_all,
        "T7",
        Layer.ANOMALY,
        {"top_supplier_share": "top_supplier_share"},
        Words(zh="供货高度集中于一家", en="One supplier gives nearly all"),
        "国税发〔1992〕156号：四自三不见",
        peers=("top_supplier_share",),
    ),
    Rule(
        exports_beyond_the_staff,
        "T7",
        Layer.ANOMALY,
        {"exports_per_staff": "exports_per_staff"},
        Words(zh="人均出口额显著高于同类", en="Exports per employee far beyond peers"),
        "出口退（免）税企业分类管理办法：生产能力与退税规模相匹配",
        peers=("exports_per_staff",),
    ),
    Rule(
        purchases_exceed_exports,
        "T7",
        Layer.RULE,
        {"purchase_to_export_ratio": "purchase_to_export_ratio"},
        Words(zh="换汇成本过高", en="Goods cost more than they were exported for"),
        "出口退税管理：换汇成本异常核查；限值为示例",
        _ENOUGH_DECLARATIONS,
    ),
)
