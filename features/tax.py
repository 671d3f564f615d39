"""Features of filings, invoices, rebates, payroll and subsidies."""

from functools import partial

import ibis
from ibis.expr import types as ir

from domain.officer import Department
from domain.results import Words
from domain.signals import Signals
from domain.table import Role, Source
from features.feature import Feature, Use
from features.ops import (
    count_where,
    days_between,
    last_of,
    quarter_of,
    ratio,
    share_of,
    total,
    trailing,
)
from features.views import COMMON, WINDOW, YEAR, complete_to, declared, every, speaking

YOUNG = 365  # days
MONTHS = 3  # of a quarter


def filings(signals: Signals) -> ir.Table:
    """Monthly value-added-tax filings of twelve months."""
    rows = trailing(signals.tax_filings, signals.as_of, YEAR)
    due = rows.due_on <= ibis.literal(complete_to(signals, Source.TAX))
    return speaking(rows, "tax_filings", "enterprise_code").mutate(
        late=rows.filed_on > rows.due_on, unfiled=due & rows.filed_on.isnull()
    )


def income(signals: Signals) -> ir.Table:
    """Filings and platform income reports of the quarters of twelve months that have both."""
    filed = filings(signals)
    filed = filed.mutate(quarter=quarter_of(filed.month))
    reported = trailing(signals.platform_income, signals.as_of, YEAR)
    reported = speaking(reported, "platform_income", "merchant_code")
    quarter = ["enterprise", "quarter"]
    whole = filed.group_by(quarter).having(filed.count() == MONTHS).agg()
    both = whole.inner_join(reported[quarter].distinct(), quarter)
    nothing = ibis.null("decimal(18,5)")
    rows = ibis.union(
        filed.select(*COMMON, "quarter", revenue="declared_revenue", income=nothing),
        reported.select(*COMMON, "quarter", revenue=nothing, income="income"),
    )
    return rows.semi_join(both, quarter)


def reported_capacity(signals: Signals) -> ir.Table:
    """The latest payroll and capacity report of twelve months."""
    rows = trailing(signals.capacity, signals.as_of, YEAR)
    rows = speaking(rows, "capacity", "enterprise_code")
    return rows.filter(last_of("enterprise"))


def rebate_claims(signals: Signals) -> ir.Table:
    """Rebate applications of twelve months, and the latest capacity report."""
    rows = trailing(signals.rebates, signals.as_of, YEAR)
    rows = speaking(rows, "rebates", "enterprise_code")
    nothing = ibis.null("decimal(18,5)")
    return ibis.union(
        rows.select(*COMMON, "rebate_amount", "export_value", "purchase_cost", net_assets=nothing),
        reported_capacity(signals).select(
            *COMMON,
            rebate_amount=nothing,
            export_value=nothing,
            purchase_cost=nothing,
            net_assets="net_assets",
        ),
    )


def purchases(signals: Signals) -> ir.Table:
    """Invoices received in 180 days; `from_top` marks the seller that sold most."""
    rows = trailing(signals.invoices, signals.as_of, WINDOW)
    rows = speaking(rows, "invoices", "buyer_code")
    sold = rows.amount.sum().over(ibis.window(group_by=["enterprise", "seller_code"]))
    rows = rows.mutate(sold=sold)
    age = days_between(rows.seller_registered_on, rows.issued_on)
    most = ibis.window(group_by="enterprise", order_by=[ibis.desc("sold"), ibis.asc("seller_code")])
    return rows.mutate(
        from_young=age < YOUNG,
        from_top=rows.seller_code == rows.seller_code.first().over(most),
    )


def exports_and_support(signals: Signals) -> ir.Table:
    """Declarations, subsidies of twelve months and the latest capacity report."""
    heads = declared(signals, YEAR)
    paid = trailing(signals.subsidies, signals.as_of, YEAR)
    paid = speaking(paid, "subsidies", "enterprise_code")
    nothing, nobody = ibis.null("decimal(18,5)"), ibis.null("int64")
    return ibis.union(
        heads.select(
            *COMMON,
            declared="value_cny",
            exported=ibis.ifelse(heads.direction == "E", heads.value_cny, None),
            subsidy=nothing,
            staff=nobody,
        ),
        paid.select(*COMMON, declared=nothing, exported=nothing, subsidy="amount", staff=nobody),
        reported_capacity(signals).select(
            *COMMON, declared=nothing, exported=nothing, subsidy=nothing, staff="insured_staff"
        ),
    )


def late_filing_count(filings: ir.Table) -> ir.Value:
    """Monthly tax filings of twelve months handed in after the due day (STA 2025 No. 12)."""
    return count_where(filings.late)


def unfiled_month_count(filings: ir.Table) -> ir.Value:
    """Months of twelve whose tax filing is due and was not handed in (STA 2025 No. 12)."""
    return count_where(filings.unfiled)


def tax_paid_share(filings: ir.Table) -> ir.Value:
    """Value-added tax paid over payable, twelve months; missing where none was payable."""
    return ratio(total(filings.vat_paid), total(filings.vat_payable))


def revenue_to_platform_income(income: ir.Table) -> ir.Value:
    """Revenue filed over income that platforms report, same quarters (Decree 810; T20)."""
    return ratio(total(income.revenue), total(income.income))


def insured_staff(reported_capacity: ir.Table) -> ir.Value:
    """Staff with social insurance in the latest report of twelve months (T11, T19)."""
    return total(reported_capacity.insured_staff)


def net_assets_cny(reported_capacity: ir.Table) -> ir.Value:
    """Net assets in the latest report of twelve months, CNY."""
    return reported_capacity.net_assets.max()


def rebate_to_net_assets(rebate_claims: ir.Table) -> ir.Value:
    """Export rebates claimed in twelve months over net assets (60 % line of class 1; T7).

    Missing where net assets are unknown or not above zero.
    """
    assets = total(rebate_claims.net_assets)
    return ratio(total(rebate_claims.rebate_amount), ibis.ifelse(assets > 0, assets, None))


def young_supplier_share(purchases: ir.Table) -> ir.Value:
    """Share of purchases of 180 days from sellers registered less than a year before (T7)."""
    return share_of(purchases.amount, purchases.from_young)


def abnormal_supplier_share(purchases: ir.Table) -> ir.Value:
    """Share of purchases of 180 days from sellers that are 非正常户 or tax class D (T7)."""
    return share_of(purchases.amount, purchases.seller_abnormal)


def top_supplier_share(purchases: ir.Table) -> ir.Value:
    """Share of purchases of 180 days from the largest seller (T7)."""
    return share_of(purchases.amount, purchases.from_top)


def purchase_to_export_ratio(rebate_claims: ir.Table) -> ir.Value:
    """Purchase cost over export value in rebate claims of twelve months (换汇成本, T7)."""
    return ratio(total(rebate_claims.purchase_cost), total(rebate_claims.export_value))


def exports_per_staff(exports_and_support: ir.Table) -> ir.Value:
    """Exports declared in twelve months per insured person, CNY; nobody counts as one (T7)."""
    rows = exports_and_support
    return ratio(total(rows.exported), ibis.greatest(total(rows.staff), 1))


def subsidy_to_declared_value(exports_and_support: ir.Table) -> ir.Value:
    """Subsidies over declared value, twelve months (shells living on subsidies; T6)."""
    return ratio(total(exports_and_support.subsidy), total(exports_and_support.declared))


_tax = partial(
    Feature,
    role=Role.ENTERPRISE,
    sources=(Source.TAX,),
    departments=(Department.TAX,),
    risk="up",
)
_credit = partial(_tax, use=Use.CREDIT)
_suspect = partial(_tax, use=Use.SUSPICION, unit="ratio")
_beside_customs = partial(
    _suspect,
    view=exports_and_support,
    sources=(Source.TAX, Source.CUSTOMS),
    departments=(Department.TAX, Department.CUSTOMS),
)

TAX_FEATURES = (
    _credit(
        late_filing_count,
        view=filings,
        label=Words(zh="逾期申报次数", en="Late tax filings"),
        unit="count",
        evidence=lambda rows: rows.late,
    ),
    _credit(
        unfiled_month_count,
        view=filings,
        label=Words(zh="未申报月数", en="Months without filing"),
        unit="count",
        evidence=lambda rows: rows.unfiled,
    ),
    _credit(
        tax_paid_share,
        view=filings,
        label=Words(zh="税款缴纳率", en="Share of tax paid"),
        unit="ratio",
        risk="down",
        evidence=lambda rows: rows.vat_payable > 0,
    ),
    _suspect(
        revenue_to_platform_income,
        view=income,
        label=Words(zh="申报收入与平台收入比", en="Filed revenue over platform income"),
        risk="down",
        sources=(Source.TAX, Source.PLATFORM),
        evidence=every,
    ),
    _credit(
        insured_staff,
        view=reported_capacity,
        label=Words(zh="参保人数", en="Insured staff"),
        unit="count",
        risk="down",
        evidence=every,
    ),
    _credit(
        net_assets_cny,
        view=reported_capacity,
        label=Words(zh="净资产", en="Net assets"),
        unit="CNY",
        level=True,
        risk="down",
        evidence=every,
    ),
    _suspect(
        rebate_to_net_assets,
        view=rebate_claims,
        label=Words(zh="退税与净资产比", en="Rebates over net assets"),
        evidence=lambda rows: rows.rebate_amount > 0,
    ),
    _suspect(
        young_supplier_share,
        view=purchases,
        label=Words(zh="新设供应商采购占比", en="Purchases from young suppliers"),
        evidence=lambda rows: rows.from_young,
    ),
    _suspect(
        abnormal_supplier_share,
        view=purchases,
        label=Words(zh="异常供应商采购占比", en="Purchases from abnormal suppliers"),
        evidence=lambda rows: rows.seller_abnormal,
    ),
    _suspect(
        top_supplier_share,
        view=purchases,
        label=Words(zh="最大供应商采购占比", en="Purchases from the largest supplier"),
        evidence=lambda rows: rows.from_top,
    ),
    _suspect(
        purchase_to_export_ratio,
        view=rebate_claims,
        label=Words(zh="换汇成本比", en="Purchase cost over export value"),
        risk="none",
        evidence=lambda rows: rows.export_value > 0,
    ),
    _beside_customs(
        exports_per_staff,
        label=Words(zh="人均出口额", en="Exports per insured person"),
        unit="CNY per person",
        evidence=lambda rows: rows.exported > 0,
    ),
    _beside_customs(
        subsidy_to_declared_value,
        label=Words(zh="补贴与申报金额比", en="Subsidies over declared value"),
        evidence=lambda rows: rows.subsidy > 0,
    ),
)
