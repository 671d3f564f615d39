"""Tax features on filings, invoices and reports that can be added by hand."""

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest

from features.tax import TAX_FEATURES

MAY = date(2025, 5, 1)
NOON = datetime.fromisoformat("2025-05-01T12:00")


def filing(month: date, due: date, filed: date | None, **given: int) -> dict[str, Any]:
    mine = {"enterprise_code": "A", "month": month, "due_on": due, "filed_on": filed}
    return {**mine, **{name: Decimal(amount) for name, amount in given.items()}}


def income(quarter: date, amount: int) -> dict[str, Any]:
    mine = {"merchant_code": "A", "platform_code": "P", "quarter": quarter}
    return {"income": Decimal(amount), **mine}


def report(month: date, staff: int, assets: str | None) -> dict[str, Any]:
    net = None if assets is None else Decimal(assets)
    return {"enterprise_code": "A", "month": month, "insured_staff": staff, "net_assets": net}


def rebate(no: int, **given: int) -> dict[str, Any]:
    mine = {"enterprise_code": "A", "rebate_no": str(no), "applied_on": MAY}
    return {**mine, **{name: Decimal(amount) for name, amount in given.items()}}


def invoice(no: int, seller: str, amount: int, **given: object) -> dict[str, Any]:
    mine = {"buyer_code": "A", "invoice_no": str(no), "seller_code": seller, "issued_on": MAY}
    return {"amount": Decimal(amount), **mine, **given}


def trade(no: int, direction: str, total: int) -> dict[str, Any]:
    keys = {"merchant_code": "A", "order_no": str(no), "waybill_no": str(no), "reported_at": NOON}
    money = {"line_no": 1, "currency": "142", "total_price": Decimal(total)}
    return {"direction": direction, **keys, **money}


FILINGS = [
    filing(date(2025, 1, 1), date(2025, 2, 15), date(2025, 2, 15), vat_payable=100, vat_paid=60),
    filing(date(2025, 2, 1), date(2025, 3, 15), date(2025, 3, 16), vat_payable=100, vat_paid=90),
    filing(date(2025, 4, 1), date(2025, 5, 15), None),
    filing(date(2025, 6, 1), date(2025, 7, 15), None),  # not due yet
    filing(date(2024, 6, 30), date(2024, 7, 15), date(2024, 7, 20), vat_payable=9),
]
QUARTERS = [
    *[
        filing(date(2025, month, 1), date(2025, month + 1, 15), MAY, declared_revenue=30)
        for month in (1, 2, 3, 4, 5)  # of the second quarter only two months
    ],
]
REPORTS = [report(date(2025, 4, 1), 9, "50"), report(MAY, 4, "200")]
SELLERS = [
    invoice(1, "S", 20, seller_registered_on=date(2024, 5, 2), seller_abnormal=True),
    invoice(2, "T", 30, seller_registered_on=date(2024, 5, 1), seller_abnormal=False),
    invoice(3, "S", 20, seller_registered_on=None, seller_abnormal=False),
    invoice(4, "S", 500, issued_on=date(2024, 12, 1)),
]
TRADE = [trade(1, "E", 800), trade(2, "I", 200)]
CASES: list[tuple[str, dict[str, Any], float | None]] = [
    ("late_filing_count", {"tax_filings": FILINGS}, 1),
    ("unfiled_month_count", {"tax_filings": FILINGS}, 1),
    ("tax_paid_share", {"tax_filings": FILINGS}, 150 / 200),
    (
        "revenue_to_platform_income",
        {
            "tax_filings": QUARTERS,
            "platform_income": [
                income(date(2025, 1, 1), 100),
                income(date(2025, 1, 1), 20) | {"platform_code": "Q"},
                income(date(2025, 4, 1), 999),
            ],
        },
        90 / 120,
    ),
    ("insured_staff", {"capacity": REPORTS}, 4),
    ("insured_staff", {}, 0),
    ("net_assets_cny", {"capacity": REPORTS}, 200),
    ("net_assets_cny", {"capacity": [report(MAY, 4, None)]}, None),
    ("net_assets_cny", {}, None),  # a state, not a sum
    (
        "rebate_to_net_assets",
        {
            "capacity": REPORTS,
            "rebates": [rebate(1, rebate_amount=100), rebate(2, rebate_amount=50)],
        },
        150 / 200,
    ),
    (
        "rebate_to_net_assets",
        {"capacity": [report(MAY, 4, "-1")], "rebates": [rebate(1, rebate_amount=100)]},
        None,
    ),
    ("young_supplier_share", {"invoices": SELLERS}, 20 / 50),
    ("abnormal_supplier_share", {"invoices": SELLERS}, 20 / 70),
    ("top_supplier_share", {"invoices": SELLERS}, 40 / 70),
    (
        "purchase_to_export_ratio",
        {
            "rebates": [
                rebate(1, purchase_cost=60, export_value=100),
                rebate(2, purchase_cost=90, export_value=100),
            ]
        },
        150 / 200,
    ),
    (
        "exports_per_staff",
        {"declarations": TRADE, "declaration_lines": TRADE, "capacity": REPORTS},
        200,
    ),
    ("exports_per_staff", {"declarations": TRADE, "declaration_lines": TRADE}, 800),
    (
        "subsidy_to_declared_value",
        {
            "declarations": TRADE,
            "declaration_lines": TRADE,
            "subsidies": [{"enterprise_code": "A", "amount": Decimal(50), "paid_on": MAY}],
        },
        0.05,
    ),
]


@pytest.mark.parametrize(("name", "tables", "expected"), CASES)
def test_added_by_hand(
    number_of: Callable[..., Any], name: str, tables: dict[str, Any], expected: float | None
) -> None:
    features = [feature for feature in TAX_FEATURES if feature.name == name]
    assert number_of(features, **tables) == {name: pytest.approx(expected)}


def test_every_tax_feature_is_counted() -> None:
    assert {name for name, *_ in CASES} == {feature.name for feature in TAX_FEATURES}
