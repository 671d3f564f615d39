"""Rules over the firm itself: clusters (T11), bursts (T14), thin firms (T19), untrue data (T20)."""

import pandas as pd

from domain.results import Layer, Words
from risk_rules.rule import Rule, z_of
from risk_rules.thresholds import Limits

_A_CLUSTER = {"shared_identity_cluster_size": "cluster_members"}


def shares_identity_with_many(rows: pd.DataFrame, limits: Limits) -> pd.Series:
    """Rare persons, rooms, phones or e-mails are shared with several other firms."""
    strong = rows["shared_identity_weight"] >= limits["shared_identity_weight"]
    return strong & (rows["shared_identity_cluster_size"] >= limits["large_cluster_members"])


def cluster_dissolves(rows: pd.DataFrame, limits: Limits) -> pd.Series:
    """Members of the firm's identity cluster are already dissolved."""
    return rows["cluster_dissolved_share"] >= limits["cluster_dissolved_share"]


def cluster_registered_together(rows: pd.DataFrame, limits: Limits) -> pd.Series:
    """Members of the firm's identity cluster were registered within a month."""
    together = rows["cluster_registered_together_share"]
    return together >= limits["cluster_registered_together_share"]


def wakes_from_dormancy(rows: pd.DataFrame, limits: Limits) -> pd.Series:
    """After 90 days of nothing the firm trades a large sum within 30 days."""
    return rows["dormant_then_burst"] >= limits["dormant_burst_cny"]


def trade_bursts(rows: pd.DataFrame, limits: Limits) -> pd.Series:
    """The last 30 days' value is many times the usual month's, far more than with peers."""
    far = rows[z_of("value_burst")] >= limits["peer_z"]
    return far & (rows["value_burst"] >= limits["value_burst"])


def new_firm_trades_at_once(rows: pd.DataFrame, limits: Limits) -> pd.Series:
    """A firm within the 90 days of watching already trades a large sum."""
    new = rows["enterprise_age_days"] <= limits["new_firm_days"]
    return new & (rows["declared_value_cny"] >= limits["new_firm_value_cny"])


def listed_as_abnormal(rows: pd.DataFrame, limits: Limits) -> pd.Series:
    """The firm trades while it stands in the list of abnormal operations."""
    return rows["active_abnormal_listing_count"] >= limits["abnormal_listings"]


def trades_without_staff(rows: pd.DataFrame, limits: Limits) -> pd.Series:
    """No insured employee stands behind a large trade."""
    empty = rows["insured_staff"] <= limits["thin_staff"]
    return empty & (rows["declared_value_cny"] >= limits["thin_value_cny"])


def representative_changes_often(rows: pd.DataFrame, limits: Limits) -> pd.Series:
    """The legal representative changed more often than a stable firm's does."""
    return rows["representative_change_count"] > limits["representative_changes"]


def taxes_not_filed(rows: pd.DataFrame, limits: Limits) -> pd.Series:
    """Tax returns of several months are missing while the firm trades."""
    return rows["unfiled_month_count"] >= limits["unfiled_months"]


def income_filed_below_the_platforms(rows: pd.DataFrame, limits: Limits) -> pd.Series:
    """Revenue filed for tax is well below the income that platforms report."""
    return rows["revenue_to_platform_income"] <= limits["revenue_to_platform_income"]


SUBJECT_RULES: tuple[Rule, ...] = (
    Rule(
        shares_identity_with_many,
        "T11",
        Layer.NETWORK,
        {
            "shared_identity_cluster_size": "large_cluster_members",
            "shared_identity_weight": "shared_identity_weight",
        },
        Words(
            zh="与多家企业共用人员、地址或联系方式", en="Shares persons, rooms or phones with many"
        ),
        "公开案例：28至195家关联企业群",
    ),
    Rule(
        cluster_dissolves,
        "T11",
        Layer.NETWORK,
        {"cluster_dissolved_share": "cluster_dissolved_share"},
        Words(zh="关联企业群多已注销", en="Much of its cluster is already dissolved"),
        "公开案例：领补后集中注销的空壳企业",
        _A_CLUSTER,
    ),
    Rule(
        cluster_registered_together,
        "T11",
        Layer.NETWORK,
        {"cluster_registered_together_share": "cluster_registered_together_share"},
        Words(zh="关联企业群集中设立", en="Its cluster was registered together"),
        "公开案例：批量设立的空壳企业",
        _A_CLUSTER,
    ),
    Rule(
        wakes_from_dormancy,
        "T14",
        Layer.RULE,
        {"dormant_then_burst": "dormant_burst_cny"},
        Words(zh="休眠后突然大额交易", en="Wakes from dormancy with large trade"),
        "可疑交易特征：长期闲置账户突然启用",
    ),
    Rule(
        trade_bursts,
        "T14",
        Layer.ANOMALY,
        {"value_burst": "value_burst"},
        Words(zh="近三十日交易额突增", en="The last 30 days burst"),
        "同类企业稳健偏离（惯例，非法定标准）",
        {"order_count": "least_orders"},
        ("value_burst",),
    ),
    Rule(
        new_firm_trades_at_once,
        "T14",
        Layer.RULE,
        {"enterprise_age_days": "new_firm_days", "declared_value_cny": "new_firm_value_cny"},
        Words(zh="新设企业即大额交易", en="A new firm trades large sums at once"),
        "经常项目外汇业务指引（2020年版）：新名录企业90天辅导期",
    ),
    Rule(
        listed_as_abnormal,
        "T19",
        Layer.RULE,
        {"active_abnormal_listing_count": "abnormal_listings"},
        Words(zh="列入经营异常名录仍在交易", en="Trades while listed as abnormal"),
        "企业信息公示暂行条例；企业经营异常名录管理暂行办法",
        {"declaration_count": "least_declarations"},
    ),
    Rule(
        trades_without_staff,
        "T19",
        Layer.RULE,
        {"insured_staff": "thin_staff", "declared_value_cny": "thin_value_cny"},
        Words(zh="无参保人员却大额交易", en="Large trade without insured staff"),
        "银办发〔2021〕16号：规模与资本、场所、人员不符",
    ),
    Rule(
        representative_changes_often,
        "T19",
        Layer.RULE,
        {"representative_change_count": "representative_changes"},
        Words(zh="频繁变更法定代表人", en="The legal representative changes often"),
        "限值为可调默认值",
    ),
    Rule(
        taxes_not_filed,
        "T19",
        Layer.RULE,
        {"unfiled_month_count": "unfiled_months"},
        Words(zh="经营期间未申报纳税", en="Taxes not filed while trading"),
        "税收征收管理法：纳税申报；非正常户认定",
        {"declaration_count": "least_declarations"},
    ),
    Rule(
        income_filed_below_the_platforms,
        "T20",
        Layer.RULE,
        {"revenue_to_platform_income": "revenue_to_platform_income"},
        Words(zh="申报收入低于平台报送收入", en="Filed revenue below the platforms' reports"),
        "国务院令第810号；国家税务总局公告2025年第15号",
    ),
)
