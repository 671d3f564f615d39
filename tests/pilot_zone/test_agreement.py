"""The documents of one trade agree, but for honest noise (K1 to C1 of the field notes)."""

import pandas as pd
import pytest

from tests.pilot_zone.pieces import Zone


@pytest.fixture(scope="module")
def orders(zone: Zone) -> pd.DataFrame:
    frame = zone.read("orders")
    money = ["goods_value", "freight", "discount", "tax_total", "actual_paid"]
    frame[money] = frame[money].astype(float)
    return frame


@pytest.fixture(scope="module")
def imports(orders: pd.DataFrame) -> pd.DataFrame:
    return orders[orders["direction"] == "I"]


def test_paid_is_goods_and_freight_and_tax_less_discount(imports: pd.DataFrame) -> None:
    due = imports["goods_value"] + imports["freight"] + imports["tax_total"] - imports["discount"]
    broken = (due - imports["actual_paid"]).abs() > 0.005
    assert 0 < broken.mean() < 0.05


def test_the_payment_is_what_was_paid_and_comes_after_the_order(
    zone: Zone, imports: pd.DataFrame
) -> None:
    payments = zone.read("payments")
    both = imports.merge(payments, on=["payment_firm_code", "transaction_no"])
    assert 0.9 < len(both) / len(imports) < 1
    assert (both["order_no_x"] == both["order_no_y"]).all()
    gap = (both["actual_paid"] - both["amount"].astype(float)).abs() > 0.005
    assert 0 < gap.mean() < 0.06
    assert 0 < (both["paid_at"] < both["reported_at_x"]).mean() < 0.06
    other = both["buyer_id_number"] != both["payer_id_number"]
    assert 0.01 < other.mean() < 0.25


def test_lines_add_up_to_the_order(zone: Zone, orders: pd.DataFrame) -> None:
    lines = zone.read("order_lines")
    numbers = ["price", "quantity", "total_price"]
    lines[numbers] = lines[numbers].astype(float)
    exact = (lines["price"] * lines["quantity"] - lines["total_price"]).abs() < 0.005
    assert 0.95 < exact.mean() < 1
    lines["clean"] = lines["price"] * lines["quantity"]
    total = lines.groupby("order_no")["clean"].sum()
    whole = orders.set_index("order_no")["goods_value"]
    common = whole.index.intersection(total.index)
    assert len(common) > 0.97 * len(whole)
    assert ((whole[common] - total[common]).abs() < 0.01).all()
    assert (lines.groupby("order_no")["line_no"].min() == 1).all()
    assert 0 < (lines["price"] == 0).mean() < 0.1


def test_the_declaration_names_the_orders_buyer_and_lines(zone: Zone, orders: pd.DataFrame) -> None:
    declared = zone.read("declarations")
    both = declared.merge(orders, on=["merchant_code", "order_no"])
    assert len(both) > 0.95 * len(declared)
    inward = both[both["direction_x"] == "I"]
    assert (inward["buyer_id_number_x"] == inward["buyer_id_number_y"]).all()
    assert (inward["consignee_address_x"] == inward["consignee_address_y"]).all()
    assert (both["gross_weight"] >= both["net_weight"]).all()
    lines = zone.read("declaration_lines").merge(
        zone.read("order_lines"), on=["merchant_code", "order_no", "line_no"]
    )
    assert (lines["item_no_x"] == lines["item_no_y"]).all()
    assert (lines["price_x"] == lines["price_y"]).all()
    assert (lines["quantity_x"] == lines["quantity_y"]).all()


def test_waybill_weight_is_near_the_declared_one(zone: Zone) -> None:
    both = (
        zone.read("declarations")
        .query("operation == '1'")
        .merge(zone.read("waybills"), on=["carrier_code", "waybill_no"])
    )
    gap = (both["gross_weight_x"].astype(float) / both["gross_weight_y"].astype(float) - 1).abs()
    assert gap.median() < 0.02
    assert 0 < (gap > 0.1).mean() < 0.15
    assert len(both) > 0.93 * len(zone.read("waybills"))


def test_parcels_are_signed_for_after_release_as_a_rule(zone: Zone) -> None:
    answers = zone.read("customs_returns").query("direction == 'I' and return_status == '800'")
    declared = zone.read("declarations").query("operation == '1'")
    signed = zone.read("waybill_status").query("status == 'S'")
    both = declared.merge(answers, on=["agent_code", "cop_no"]).merge(
        signed, on=["carrier_code", "waybill_no"]
    )
    before = both["status_at"] < both["returned_at"]
    assert 0 < before.mean() < 0.06
    assert (both["returned_at"] > both["reported_at_x"]).all()


def test_imports_are_in_renminbi_and_within_the_single_limit_as_a_rule(
    imports: pd.DataFrame,
) -> None:
    assert set(imports["currency"]) == {"142"}
    assert (imports["goods_value"] > 5000).mean() < 0.03


def test_export_receipts_come_near_what_was_exported(zone: Zone, orders: pd.DataFrame) -> None:
    receipts = zone.read("payments").query("direction == 'E'")
    both = orders.merge(receipts, on=["merchant_code", "order_no"])
    ratio = both["amount"].astype(float) / (both["goods_value"] + both["freight"])
    assert 0.9 < ratio.median() <= 1.0


def test_money_in_the_bank_follows_trade(zone: Zone) -> None:
    flows = zone.read("bank_flows")
    flows["amount_cny"] = flows["amount_cny"].astype(float)
    inward = flows[flows["direction"] == "in"].groupby("enterprise_code")["amount_cny"].sum()
    count = zone.read("orders")["merchant_code"].value_counts()
    joined = pd.concat([inward, count], axis=1).dropna()
    assert joined["amount_cny"].corr(joined["count"], method="spearman") > 0.6
