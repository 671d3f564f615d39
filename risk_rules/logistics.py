"""Rules over parcels and receipts: logistics (T12), returns (T13), customs receipts (T18)."""

import pandas as pd

from domain.results import Layer, Words
from risk_rules.rule import Rule, z_of
from risk_rules.thresholds import Limits

_ENOUGH_DECLARATIONS = {"declaration_count": "least_declarations"}


def parcels_never_signed_for(rows: pd.DataFrame, limits: Limits) -> pd.Series:
    """Import parcels have no sign-off long after their waybill."""
    return rows["unsigned_waybill_share"] >= limits["unsigned_waybill_share"]


def waybill_numbers_reused(rows: pd.DataFrame, limits: Limits) -> pd.Series:
    """Waybill numbers stand on more than one parcel within six months."""
    return rows["reused_waybill_count"] >= limits["reused_waybills"]


def signed_before_released(rows: pd.DataFrame, limits: Limits) -> pd.Series:
    """Parcels are signed for before customs released them."""
    return rows["signed_before_release_share"] >= limits["signed_before_release_share"]


def identical_weights(rows: pd.DataFrame, limits: Limits) -> pd.Series:
    """Parcels with different contents weigh exactly the same far more than with peers."""
    far = rows[z_of("identical_weight_share")] >= limits["peer_z"]
    return far & (rows["identical_weight_share"] >= limits["identical_weight_share"])


def weights_do_not_match(rows: pd.DataFrame, limits: Limits) -> pd.Series:
    """Waybill and declaration differ in the parcel's weight."""
    return rows["weight_gap_share"] >= limits["weight_gap_share"]


def declared_without_waybill(rows: pd.DataFrame, limits: Limits) -> pd.Series:
    """Declarations name a waybill that no carrier reported."""
    return rows["declaration_without_waybill_share"] >= limits["declaration_without_waybill_share"]


def consignees_do_not_match(rows: pd.DataFrame, limits: Limits) -> pd.Series:
    """Order and waybill name different consignees."""
    return rows["consignee_mismatch_share"] >= limits["consignee_mismatch_share"]


def exports_never_left(rows: pd.DataFrame, limits: Limits) -> pd.Series:
    """Declared exports have no departure."""
    return rows["undeparted_export_share"] >= limits["undeparted_export_share"]


def returns_pile_up(rows: pd.DataFrame, limits: Limits) -> pd.Series:
    """Goods are returned far more than with peers."""
    far = rows[z_of("return_share")] >= limits["peer_z"]
    return far & (rows["return_share"] >= limits["return_share"])


def cancellations_pile_up(rows: pd.DataFrame, limits: Limits) -> pd.Series:
    """Declarations are cancelled far more than with peers."""
    far = rows[z_of("cancellation_share")] >= limits["peer_z"]
    return far & (rows["cancellation_share"] >= limits["cancellation_share"])


def declarations_rejected(rows: pd.DataFrame, limits: Limits) -> pd.Series:
    """Customs rejects declarations far more than with peers."""
    far = rows[z_of("rejected_return_share")] >= limits["peer_z"]
    return far & (rows["rejected_return_share"] >= limits["rejected_return_share"])


def declarations_reviewed_by_hand(rows: pd.DataFrame, limits: Limits) -> pd.Series:
    """Customs sends declarations to manual review far more than with peers."""
    far = rows[z_of("manual_review_share")] >= limits["peer_z"]
    return far & (rows["manual_review_share"] >= limits["manual_review_share"])


def goods_detained(rows: pd.DataFrame, limits: Limits) -> pd.Series:
    """Customs detained goods."""
    return rows["detained_count"] >= limits["detained"]


LOGISTICS_RULES: tuple[Rule, ...] = (
    Rule(
        parcels_never_signed_for,
        "T12",
        Layer.RULE,
        {"unsigned_waybill_share": "unsigned_waybill_share"},
        Words(zh="运单长期无签收", en="Parcels never signed for"),
        "海关总署公告2018年第194号：物流企业传输签收信息",
        _ENOUGH_DECLARATIONS,
    ),
    Rule(
        waybill_numbers_reused,
        "T12",
        Layer.RULE,
        {"reused_waybill_count": "reused_waybills"},
        Words(zh="六个月内重复使用运单号", en="Waybill numbers reused within six months"),
        "海关跨境统一版报文规范：物流运单编号六个月内不得重复",
    ),
    Rule(
        signed_before_released,
        "T12",
        Layer.RULE,
        {"signed_before_release_share": "signed_before_release_share"},
        Words(zh="放行前已签收", en="Signed for before release"),
        "海关法：海关监管货物未经放行不得交付",
        _ENOUGH_DECLARATIONS,
    ),
    Rule(
        identical_weights,
        "T12",
        Layer.ANOMALY,
        {"identical_weight_share": "identical_weight_share"},
        Words(zh="不同商品重量完全相同", en="Different goods of exactly the same weight"),
        "同类企业稳健偏离（惯例，非法定标准）",
        _ENOUGH_DECLARATIONS,
        peers=("identical_weight_share",),
    ),
    Rule(
        weights_do_not_match,
        "T12",
        Layer.RULE,
        {"weight_gap_share": "weight_gap_share"},
        Words(zh="运单与清单重量不符", en="Waybill and declaration differ in weight"),
        "商财发〔2018〕486号：三单信息与清单一致",
        _ENOUGH_DECLARATIONS,
    ),
    Rule(
        declared_without_waybill,
        "T12",
        Layer.RULE,
        {"declaration_without_waybill_share": "declaration_without_waybill_share"},
        Words(zh="清单无对应运单", en="Declarations without a waybill"),
        "商财发〔2018〕486号：交易、支付、物流三单信息",
        _ENOUGH_DECLARATIONS,
    ),
    Rule(
        consignees_do_not_match,
        "T12",
        Layer.RULE,
        {"consignee_mismatch_share": "consignee_mismatch_share"},
        Words(zh="订单与运单收货人不符", en="Order and waybill name different consignees"),
        "海关跨境统一版报文规范：收货人信息",
        _ENOUGH_DECLARATIONS,
    ),
    Rule(
        exports_never_left,
        "T6",
        Layer.RULE,
        {"undeparted_export_share": "undeparted_export_share"},
        Words(zh="已申报出口无离境", en="Declared exports never left"),
        "海关跨境统一版报文规范：离境单",
        _ENOUGH_DECLARATIONS,
    ),
    Rule(
        returns_pile_up,
        "T13",
        Layer.ANOMALY,
        {"return_share": "return_share"},
        Words(zh="退货率显著高于同类", en="More returns than peers"),
        "海关总署公告2020年第45号：退货监管",
        _ENOUGH_DECLARATIONS,
        peers=("return_share",),
    ),
    Rule(
        cancellations_pile_up,
        "T13",
        Layer.ANOMALY,
        {"cancellation_share": "cancellation_share"},
        Words(zh="撤单率显著高于同类", en="More cancellations than peers"),
        "同类企业稳健偏离（惯例，非法定标准）",
        _ENOUGH_DECLARATIONS,
        peers=("cancellation_share",),
    ),
    Rule(
        declarations_rejected,
        "T18",
        Layer.ANOMALY,
        {"rejected_return_share": "rejected_return_share"},
        Words(zh="退单率显著高于同类", en="More rejected declarations than peers"),
        "海关回执代码100（退单）",
        _ENOUGH_DECLARATIONS,
        peers=("rejected_return_share",),
    ),
    Rule(
        declarations_reviewed_by_hand,
        "T18",
        Layer.ANOMALY,
        {"manual_review_share": "manual_review_share"},
        Words(zh="人工审核率显著高于同类", en="More manual reviews than peers"),
        "海关回执代码300（人工审核）",
        _ENOUGH_DECLARATIONS,
        peers=("manual_review_share",),
    ),
    Rule(
        goods_detained,
        "T18",
        Layer.RULE,
        {"detained_count": "detained"},
        Words(zh="货物被海关扣留", en="Goods detained by customs"),
        "海关回执代码501至599（扣留）",
    ),
)
