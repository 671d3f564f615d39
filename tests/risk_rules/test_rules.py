"""Every rule has a hitting, a clear and an unknown example, and says what it reads."""

from collections.abc import Iterator
from datetime import date

import pandas as pd
import pytest

from domain.results import Layer
from features.catalogue import FEATURE
from risk_rules.catalogue import RULE, RULES
from risk_rules.rule import Rule, z_of
from risk_rules.thresholds import Limits, limits_as_of, thresholds
from risk_rules.typologies import TYPOLOGIES, TYPOLOGY

AS_OF = date(2026, 6, 30)
LIMITS = limits_as_of(AS_OF)
ENOUGH = {
    "order_count": 100,
    "declaration_count": 100,
    "shared_identity_cluster_size": 9,
    "annual_fx_to_exemption": 3,
}

HIT_AND_CLEAR: dict[str, tuple[dict[str, float], dict[str, float]]] = {
    "many_identities_at_one_address": (
        {"ids_at_top_address": 60, "top_address_share": 0.3},
        {"ids_at_top_address": 60, "top_address_share": 0.01},
    ),
    "few_addresses_for_many_identities": ({"ids_per_address": 3}, {"ids_per_address": 1.05}),
    "phones_shared_by_identities": ({"ids_per_phone": 4}, {"ids_per_phone": 1.0}),
    "payer_is_not_the_buyer": ({"payer_not_buyer_share": 0.6}, {"payer_not_buyer_share": 0.02}),
    "new_accounts_order": ({"new_account_order_share": 0.9}, {"new_account_order_share": 0.1}),
    "identical_baskets": ({"identical_basket_share": 0.8}, {"identical_basket_share": 0.05}),
    "people_say_their_quota_was_used": (
        {"open_identity_complaint_count": 5},
        {"open_identity_complaint_count": 0},
    ),
    "invalid_identities": ({"invalid_id_share": 0.2}, {"invalid_id_share": 0.001}),
    "implausible_ages": ({"implausible_age_share": 0.3}, {"implausible_age_share": 0.01}),
    "virtual_phones": ({"virtual_phone_share": 0.7}, {"virtual_phone_share": 0.02}),
    "orders_in_the_same_second": (
        {"same_second_order_share": 0.8},
        {"same_second_order_share": 0.01},
    ),
    "paid_before_ordered": (
        {"payment_before_order_share": 0.5},
        {"payment_before_order_share": 0.0},
    ),
    "orders_without_payment": (
        {"order_without_payment_share": 0.5},
        {"order_without_payment_share": 0.0},
    ),
    "paid_amount_differs": ({"paid_amount_gap_share": 0.5}, {"paid_amount_gap_share": 0.0}),
    "order_amounts_do_not_add_up": (
        {"amount_identity_break_share": 0.5},
        {"amount_identity_break_share": 0.0},
    ),
    "order_lines_do_not_add_up": ({"line_sum_break_share": 0.5}, {"line_sum_break_share": 0.0}),
    "orders_split_under_the_limit": ({"split_order_count": 100}, {"split_order_count": 2}),
    "orders_hug_the_single_limit": (
        {"near_limit_order_share": 0.95},
        {"near_limit_order_share": 0.5},
    ),
    "buyers_hug_the_yearly_quota": (
        {"near_quota_buyer_share": 0.4},
        {"near_quota_buyer_share": 0.0},
    ),
    "receipts_hug_the_directory_exemption": (
        {"annual_fx_to_exemption": 0.95},
        {"annual_fx_to_exemption": 1.0},
    ),
    "orders_at_night": ({"night_order_share": 0.9}, {"night_order_share": 0.1}),
    "prices_far_below_peers": ({"low_price_line_share": 0.9}, {"low_price_line_share": 0.01}),
    "prices_far_above_peers": ({"high_price_line_share": 0.9}, {"high_price_line_share": 0.01}),
    "one_factor_on_all_prices": (
        {"median_price_log_ratio": -0.36, "price_log_spread": 0.01},
        {"median_price_log_ratio": -0.36, "price_log_spread": 0.4},
    ),
    "declared_below_the_shop_link": (
        {"median_declared_to_link_price": 0.5},
        {"median_declared_to_link_price": 1.0},
    ),
    "one_item_under_many_codes": ({"hs_codes_per_item": 2.5}, {"hs_codes_per_item": 1.0}),
    "parcels_never_signed_for": ({"unsigned_waybill_share": 0.9}, {"unsigned_waybill_share": 0.02}),
    "waybill_numbers_reused": ({"reused_waybill_count": 9}, {"reused_waybill_count": 0}),
    "signed_before_released": (
        {"signed_before_release_share": 0.4},
        {"signed_before_release_share": 0.0},
    ),
    "identical_weights": ({"identical_weight_share": 0.9}, {"identical_weight_share": 0.05}),
    "weights_do_not_match": ({"weight_gap_share": 0.6}, {"weight_gap_share": 0.01}),
    "declared_without_waybill": (
        {"declaration_without_waybill_share": 0.5},
        {"declaration_without_waybill_share": 0.0},
    ),
    "consignees_do_not_match": (
        {"consignee_mismatch_share": 0.5},
        {"consignee_mismatch_share": 0.0},
    ),
    "exports_never_left": ({"undeparted_export_share": 0.9}, {"undeparted_export_share": 0.02}),
    "returns_pile_up": ({"return_share": 0.7}, {"return_share": 0.02}),
    "cancellations_pile_up": ({"cancellation_share": 0.7}, {"cancellation_share": 0.01}),
    "declarations_rejected": ({"rejected_return_share": 0.7}, {"rejected_return_share": 0.01}),
    "declarations_reviewed_by_hand": ({"manual_review_share": 0.7}, {"manual_review_share": 0.01}),
    "goods_detained": ({"detained_count": 3}, {"detained_count": 0}),
    "owners_never_seen": ({"unseen_owner_share": 0.9}, {"unseen_owner_share": 0.0}),
    "goods_come_back": ({"reimport_match_share": 0.8}, {"reimport_match_share": 0.0}),
    "traders_money_comes_back": ({"money_cycle_share": 0.6}, {"money_cycle_share": 0.0}),
    "value_density_beyond_the_goods": (
        {"high_value_density_share": 0.8},
        {"high_value_density_share": 0.0},
    ),
    "subsidy_carries_the_trade": (
        {"subsidy_to_declared_value": 0.2},
        {"subsidy_to_declared_value": 0.0},
    ),
    "rebate_beyond_net_assets": ({"rebate_to_net_assets": 5}, {"rebate_to_net_assets": 0.3}),
    "suppliers_are_young": ({"young_supplier_share": 0.9}, {"young_supplier_share": 0.0}),
    "suppliers_are_abnormal": ({"abnormal_supplier_share": 0.9}, {"abnormal_supplier_share": 0.0}),
    "one_supplier_gives_nearly_all": ({"top_supplier_share": 1.0}, {"top_supplier_share": 0.2}),
    "exports_beyond_the_staff": ({"exports_per_staff": 5e8}, {"exports_per_staff": 1e5}),
    "purchases_exceed_exports": (
        {"purchase_to_export_ratio": 2.5},
        {"purchase_to_export_ratio": 0.8},
    ),
    "receipts_fall_short_of_exports": (
        {"receipt_to_export_ratio": 0.1},
        {"receipt_to_export_ratio": 1.0},
    ),
    "funds_and_goods_apart": ({"fund_goods_gap": 2.0}, {"fund_goods_gap": 0.05}),
    "total_difference_is_large": (
        {"total_difference_ratio": 0.9},
        {"total_difference_ratio": 0.05},
    ),
    "money_passes_through": ({"pass_through_ratio": 1.0}, {"pass_through_ratio": 0.2}),
    "scattered_in_gathered_out": (
        {"counterparties_in_per_out": 60},
        {"counterparties_in_per_out": 1},
    ),
    "paid_from_third_countries": (
        {"third_country_receipt_share": 0.9},
        {"third_country_receipt_share": 0.0},
    ),
    "round_amounts": ({"round_amount_share": 0.9}, {"round_amount_share": 0.02}),
    "received_without_exports": (
        {"receipts_without_exports_cny": 3e6},
        {"receipts_without_exports_cny": 1e6},
    ),
    "money_moves_in_circles": ({"money_cycle_share": 0.6}, {"money_cycle_share": 0.0}),
    "shares_identity_with_many": (
        {"shared_identity_cluster_size": 30, "shared_identity_weight": 40},
        {"shared_identity_cluster_size": 1, "shared_identity_weight": 0},
    ),
    "cluster_dissolves": ({"cluster_dissolved_share": 0.8}, {"cluster_dissolved_share": 0.0}),
    "cluster_registered_together": (
        {"cluster_registered_together_share": 0.9},
        {"cluster_registered_together_share": 0.1},
    ),
    "wakes_from_dormancy": ({"dormant_then_burst": 5e7}, {"dormant_then_burst": 0}),
    "trade_bursts": ({"value_burst": 30}, {"value_burst": 1}),
    "new_firm_trades_at_once": (
        {"enterprise_age_days": 60, "declared_value_cny": 9e7},
        {"enterprise_age_days": 900, "declared_value_cny": 9e7},
    ),
    "listed_as_abnormal": (
        {"active_abnormal_listing_count": 1},
        {"active_abnormal_listing_count": 0},
    ),
    "trades_without_staff": (
        {"insured_staff": 0, "declared_value_cny": 9e7},
        {"insured_staff": 12, "declared_value_cny": 9e7},
    ),
    "representative_changes_often": (
        {"representative_change_count": 5},
        {"representative_change_count": 1},
    ),
    "taxes_not_filed": ({"unfiled_month_count": 9}, {"unfiled_month_count": 0}),
    "income_filed_below_the_platforms": (
        {"revenue_to_platform_income": 0.1},
        {"revenue_to_platform_income": 1.0},
    ),
}


def judge(rule: Rule, given: dict[str, float | None], limits: Limits = LIMITS) -> object:
    """True, False or NA for one literal row; enough of every denominator, far off all peers."""
    far = {z_of(feature): 9.0 for feature in rule.peers}
    row = pd.DataFrame([{**ENOUGH, **far, **given}], dtype=float)
    said = rule.judge(row, limits)[0]
    return said if said is pd.NA else bool(said)


def needed() -> Iterator[tuple[str, str]]:
    """Every rule with every column it cannot do without."""
    for rule in RULES:
        for column in (*rule.features, *rule.floors, *map(z_of, rule.peers)):
            yield rule.name, column


def test_examples_are_of_the_rules_there_are() -> None:
    assert list(HIT_AND_CLEAR) == [rule.name for rule in RULES]


@pytest.mark.parametrize("name", HIT_AND_CLEAR)
def test_hits_and_is_clear(name: str) -> None:
    hit, clear = HIT_AND_CLEAR[name]
    assert judge(RULE[name], dict(hit)) is True
    assert judge(RULE[name], dict(clear)) is False


@pytest.mark.parametrize(("name", "column"), list(needed()))
def test_cannot_know_without_what_it_needs(name: str, column: str) -> None:
    hit, _ = HIT_AND_CLEAR[name]
    assert judge(RULE[name], {**hit, column: None}) is pd.NA


@pytest.mark.parametrize("name", [rule.name for rule in RULES if rule.floors])
def test_cannot_know_below_the_least_denominator(name: str) -> None:
    hit, _ = HIT_AND_CLEAR[name]
    below = {feature: LIMITS[limit] - 1 for feature, limit in RULE[name].floors.items()}
    assert judge(RULE[name], {**hit, **below}) is pd.NA


@pytest.mark.parametrize("name", [rule.name for rule in RULES if rule.peers])
def test_what_is_usual_among_peers_is_clear(name: str) -> None:
    hit, _ = HIT_AND_CLEAR[name]
    usual = {z_of(feature): 1.0 for feature in RULE[name].peers}
    assert judge(RULE[name], {**hit, **usual}) is False


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_reads_no_limit_that_it_does_not_declare(rule: Rule) -> None:
    declared = {name: LIMITS[name] for name in rule.limit_names()}
    hit, _ = HIT_AND_CLEAR[rule.name]
    assert judge(rule, dict(hit), declared) is True


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_is_silent_while_a_limit_is_not_in_force(rule: Rule) -> None:
    hit, _ = HIT_AND_CLEAR[rule.name]
    for gone in rule.limit_names():
        held = {name: value for name, value in LIMITS.items() if name != gone}
        assert judge(rule, dict(hit), held) is pd.NA


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_says_what_it_means_in_both_languages(rule: Rule) -> None:
    assert rule.meaning.endswith(".")
    assert rule.label.zh
    assert rule.label.en
    assert rule.reference
    assert rule.departments
    assert set(rule.features) <= FEATURE.keys()
    assert set(rule.peers) <= set(rule.features)
    assert (rule.layer is Layer.ANOMALY) or not rule.peers


def test_no_limit_is_left_unused() -> None:
    read = frozenset[str]().union(*(rule.limit_names() for rule in RULES))
    assert read == thresholds().keys()


def test_names_are_unique() -> None:
    assert len(RULE) == len(RULES)


def test_typologies_are_spoken_for() -> None:
    asked = {1, 2, 3, 4, 6, 7, 9, 10, 11, 12, 13, 14, 17, 18, 19}
    assert {f"T{number}" for number in asked} <= {rule.typology for rule in RULES}
    assert any(rule.layer is Layer.NETWORK for rule in RULES)


def test_laundering_typologies_are_closed() -> None:
    assert {typology.code for typology in TYPOLOGIES if typology.laundering} == {"T8", "T9"}
    assert {rule.typology for rule in RULES if rule.laundering} == {"T8", "T9"}


def test_every_typology_names_its_innocent_lookalikes() -> None:
    assert [typology.code for typology in TYPOLOGIES] == [f"T{n}" for n in range(1, 21)]
    for typology in TYPOLOGY.values():
        assert typology.lookalikes
        assert typology.departments


def test_a_rule_without_docstring_has_no_meaning() -> None:
    def silent(rows: pd.DataFrame, limits: Limits) -> pd.Series:
        return rows["detained_count"] > limits["detained"]

    known = RULE["goods_detained"]
    rule = Rule(silent, "T18", Layer.RULE, known.limits, known.label, known.reference)
    with pytest.raises(TypeError, match="silent"):
        _ = rule.meaning
