"""Rules over buyers' identities: borrowed (T1) and poor (T17)."""

import pandas as pd

from domain.results import Layer, Words
from risk_rules.rule import Rule, z_of
from risk_rules.thresholds import Limits

_ENOUGH_ORDERS = {"order_count": "least_orders"}


def many_identities_at_one_address(rows: pd.DataFrame, limits: Limits) -> pd.Series:
    """Many buyers' identities order to one room, and a good part of all orders goes there."""
    many = rows["ids_at_top_address"] >= limits["ids_at_address"]
    return many & (rows["top_address_share"] >= limits["address_share"])


def few_addresses_for_many_identities(rows: pd.DataFrame, limits: Limits) -> pd.Series:
    """Addresses serve more identities on average than with peers."""
    far = rows[z_of("ids_per_address")] >= limits["peer_z"]
    return far & (rows["ids_per_address"] >= limits["ids_per_address"])


def phones_shared_by_identities(rows: pd.DataFrame, limits: Limits) -> pd.Series:
    """Phone numbers stand for more identities on average than with peers."""
    far = rows[z_of("ids_per_phone")] >= limits["peer_z"]
    return far & (rows["ids_per_phone"] >= limits["ids_per_phone"])


def payer_is_not_the_buyer(rows: pd.DataFrame, limits: Limits) -> pd.Series:
    """Someone else than the buyer pays a good part of the orders."""
    return rows["payer_not_buyer_share"] >= limits["payer_not_buyer_share"]


def new_accounts_order(rows: pd.DataFrame, limits: Limits) -> pd.Series:
    """Freshly opened accounts place far more of the orders than with peers."""
    far = rows[z_of("new_account_order_share")] >= limits["peer_z"]
    return far & (rows["new_account_order_share"] >= limits["new_account_order_share"])


def identical_baskets(rows: pd.DataFrame, limits: Limits) -> pd.Series:
    """Orders repeat the same basket far more than with peers."""
    far = rows[z_of("identical_basket_share")] >= limits["peer_z"]
    return far & (rows["identical_basket_share"] >= limits["identical_basket_share"])


def people_say_their_quota_was_used(rows: pd.DataFrame, limits: Limits) -> pd.Series:
    """People complain that their yearly quota was used by others, and it is not yet decided."""
    return rows["open_identity_complaint_count"] >= limits["identity_complaints"]


def invalid_identities(rows: pd.DataFrame, limits: Limits) -> pd.Series:
    """ID numbers fail their check character or birth date."""
    return rows["invalid_id_share"] >= limits["invalid_id_share"]


def implausible_ages(rows: pd.DataFrame, limits: Limits) -> pd.Series:
    """Buyers are younger than 16 or older than 90 by their ID numbers."""
    return rows["implausible_age_share"] >= limits["implausible_age_share"]


def virtual_phones(rows: pd.DataFrame, limits: Limits) -> pd.Series:
    """Buyers' phones lie in virtual operators' segments far more than with peers."""
    far = rows[z_of("virtual_phone_share")] >= limits["peer_z"]
    return far & (rows["virtual_phone_share"] >= limits["virtual_phone_share"])


IDENTITY_RULES: tuple[Rule, ...] = (
    Rule(
        many_identities_at_one_address,
        "T1",
        Layer.RULE,
        {"ids_at_top_address": "ids_at_address", "top_address_share": "address_share"},
        Words(zh="大量身份集中于同一收货地址", en="Many identities at one delivery address"),
        "商财发〔2018〕486号：仅限个人自用，不得二次销售",
        _ENOUGH_ORDERS,
    ),
    Rule(
        few_addresses_for_many_identities,
        "T1",
        Layer.ANOMALY,
        {"ids_per_address": "ids_per_address"},
        Words(zh="每个地址对应的身份数显著高于同类", en="More identities per address than peers"),
        "同类企业稳健偏离（惯例，非法定标准）",
        _ENOUGH_ORDERS,
        peers=("ids_per_address",),
    ),
    Rule(
        phones_shared_by_identities,
        "T1",
        Layer.ANOMALY,
        {"ids_per_phone": "ids_per_phone"},
        Words(zh="每个电话对应的身份数显著高于同类", en="More identities per phone than peers"),
        "海关总署公告2018年第113号：订购人电话应当真实",
        _ENOUGH_ORDERS,
        peers=("ids_per_phone",),
    ),
    Rule(
        payer_is_not_the_buyer,
        "T1",
        Layer.RULE,
        {"payer_not_buyer_share": "payer_not_buyer_share"},
        Words(zh="支付人与订购人不一致", en="The payer is not the buyer"),
        "海关总署公告2018年第194号：支付人应与订购人一致，身份已核验的除外",
        _ENOUGH_ORDERS,
    ),
    Rule(
        new_accounts_order,
        "T1",
        Layer.ANOMALY,
        {"new_account_order_share": "new_account_order_share"},
        Words(zh="新注册账户下单占比显著高于同类", en="More orders from new accounts than peers"),
        "同类企业稳健偏离（惯例，非法定标准）",
        _ENOUGH_ORDERS,
        peers=("new_account_order_share",),
    ),
    Rule(
        identical_baskets,
        "T1",
        Layer.ANOMALY,
        {"identical_basket_share": "identical_basket_share"},
        Words(zh="相同购物篮占比显著高于同类", en="More identical baskets than peers"),
        "同类企业稳健偏离（惯例，非法定标准）",
        _ENOUGH_ORDERS,
        peers=("identical_basket_share",),
    ),
    Rule(
        people_say_their_quota_was_used,
        "T1",
        Layer.RULE,
        {"open_identity_complaint_count": "identity_complaints"},
        Words(zh="有人投诉年度额度被冒用", en="People say their yearly quota was used by others"),
        "财关税〔2018〕49号：个人年度交易限值",
    ),
    Rule(
        invalid_identities,
        "T17",
        Layer.RULE,
        {"invalid_id_share": "invalid_id_share"},
        Words(zh="身份证号校验不通过", en="ID numbers fail their check"),
        "GB 11643—1999 公民身份号码",
        _ENOUGH_ORDERS,
    ),
    Rule(
        implausible_ages,
        "T17",
        Layer.RULE,
        {"implausible_age_share": "implausible_age_share"},
        Words(zh="订购人年龄不合常理", en="Buyers of an implausible age"),
        "GB 11643—1999 公民身份号码中的出生日期",
        _ENOUGH_ORDERS,
    ),
    Rule(
        virtual_phones,
        "T17",
        Layer.ANOMALY,
        {"virtual_phone_share": "virtual_phone_share"},
        Words(zh="虚拟号段电话占比显著高于同类", en="More virtual-operator phones than peers"),
        "海关总署公告2018年第113号：订购人电话应当真实",
        _ENOUGH_ORDERS,
        peers=("virtual_phone_share",),
    ),
)
