"""Features of bank receipts and payments, alone and beside declared goods."""

from datetime import timedelta
from functools import partial

import ibis
from ibis.expr import types as ir

from domain.officer import Department
from domain.results import Words
from domain.signals import Signals
from domain.table import Role, Source
from features.feature import Feature, Use
from features.ops import (
    day,
    exact,
    found,
    month_of,
    product,
    quotient,
    ratio,
    share,
    share_of,
    sum_after,
    total,
    total_where,
    trailing,
)
from features.views import (
    CHINA,
    COMMON,
    USD,
    WINDOW,
    YEAR,
    declared,
    every,
    monthly_rates,
    speaking,
)

PASS_HOURS = 72
ROUND = 1000  # CNY
PASSED = "0.95"
GOODS = ("export", "import")
EXEMPT_USD = "200000"  # 汇发〔2020〕11号, 经常项目外汇业务指引 art. 1


def flows(signals: Signals) -> ir.Table:
    """Bank flows of 180 days, each receipt with what was paid in the 72 hours after it."""
    rows = trailing(signals.bank_flows, signals.as_of, WINDOW)
    rows = speaking(rows, "bank_flows", "enterprise_code")
    heads = trailing(signals.declarations, signals.as_of, YEAR)
    exports = heads.filter(heads.direction == "E")
    bought = exports.select("country", enterprise="merchant_code").distinct()
    rows = rows.left_join(bought.mutate(is_buyer=True), ["enterprise", "country"])
    rows = rows.mutate(second=rows.happened_at.epoch_seconds())
    came, went = rows.direction == "in", rows.direction == "out"
    abroad = came & (rows.country != CHINA)
    paid = ibis.ifelse(went, rows.amount_cny, exact("0"))
    left = sum_after(paid, seconds=PASS_HOURS * 3600)
    return rows.select(
        *COMMON,
        "amount_cny",
        paid_cny=paid,
        passed_cny=ibis.ifelse(came, ibis.least(left, rows.amount_cny), None),
        passes=came & (left >= product(rows.amount_cny, exact(PASSED))),
        came=came,
        is_round=(rows.amount_cny >= ROUND) & (rows.amount_cny % ROUND == 0),
        from_third=ibis.ifelse(abroad, ~found(rows.is_buyer), None),
        payer=ibis.ifelse(came, rows.counterparty_account_hash, None),
        payee=ibis.ifelse(went, rows.counterparty_account_hash, None),
    )


def money_and_goods(signals: Signals) -> ir.Table:
    """Cross-border money for goods and declared goods of twelve months, in CNY."""
    flows = trailing(signals.bank_flows, signals.as_of, YEAR)
    flows = flows.filter(flows.country != CHINA, flows.purpose == "goods")
    flows = speaking(flows, "bank_flows", "enterprise_code")
    flows = flows.mutate(usd_month=month_of(flows.happened_at))
    rates = signals.once(monthly_rates)
    rates = rates.filter(rates.currency == USD).select("rate", usd_month="month")
    flows = flows.left_join(rates, "usd_month")
    heads = declared(signals, YEAR)
    rows = ibis.union(
        flows.select(
            *COMMON,
            cny="amount_cny",
            usd=quotient(flows.amount_cny, flows.rate),
            kind=ibis.ifelse(flows.direction == "in", "receipt", "payment"),
        ),
        heads.select(
            *COMMON,
            cny="value_cny",
            usd=ibis.null("decimal(18,5)"),
            kind=ibis.ifelse(heads.direction == "E", "export", "import"),
        ),
    )
    return rows.mutate(
        this_year=rows.happened_at >= day(signals.as_of.replace(month=1, day=1)),
        recent=rows.happened_at >= day(signals.as_of - timedelta(days=WINDOW - 1)),
    )


def pass_through_ratio(flows: ir.Table) -> ir.Value:
    """Share of bank receipts that were paid out again within 72 hours, 180 days (T9).

    Sum over receipts of the smaller of the receipt and what was paid in the 72 hours after
    it, at most all that was paid, over all received.
    """
    passed = ibis.least(total(flows.passed_cny), total(flows.paid_cny))
    return ratio(passed, total_where(flows.amount_cny, flows.came))


def third_country_receipt_share(flows: ir.Table) -> ir.Value:
    """Share of foreign receipts from countries to which nothing was exported (T7, T9).

    By amount; receipts of 180 days, exports of twelve months.
    """
    return share_of(flows.amount_cny, flows.from_third)


def round_amount_share(flows: ir.Table) -> ir.Value:
    """Share of bank flows of 180 days that are multiples of CNY 1,000 (T9)."""
    return share(flows.is_round)


def counterparties_in_per_out(flows: ir.Table) -> ir.Value:
    """Accounts that paid the enterprise per account it paid, 180 days (分散转入集中转出, T9)."""
    return ratio(flows.payer.nunique(), flows.payee.nunique())


def fund_goods_gap(money_and_goods: ir.Table) -> ir.Value:
    """How far the ratio of money to goods is from 1, twelve months (SAFE 资金货物比率; T10).

    (receipts + payments) / (exports + imports); goods payments with foreign countries.
    """
    rows = money_and_goods
    goods = total_where(rows.cny, rows.kind.isin(GOODS))
    return (ratio(total_where(rows.cny, ~rows.kind.isin(GOODS)), goods) - 1).abs()


def total_difference_ratio(money_and_goods: ir.Table) -> ir.Value:
    """Total difference over total volume, absolute, twelve months (SAFE 总量差额率; T10).

    (imports + receipts - payments - exports) / (imports + receipts + payments + exports).
    """
    rows = money_and_goods
    entering = total_where(rows.cny, rows.kind.isin(["import", "receipt"]))
    leaving = total_where(rows.cny, rows.kind.isin(["export", "payment"]))
    return ratio((entering - leaving).abs(), total(rows.cny))


def annual_fx_to_exemption(money_and_goods: ir.Table) -> ir.Value:
    """Foreign receipts for goods of the calendar year over USD 200,000 (T3).

    Below 1 a small firm needs no SAFE directory entry; 0.9 to 1 is SAFE's watch band.
    """
    rows = money_and_goods
    received = (rows.kind == "receipt") & rows.this_year
    return ratio(total_where(rows.usd, received), exact(EXEMPT_USD))


def receipts_without_exports_cny(money_and_goods: ir.Table) -> ir.Value:
    """Foreign receipts for goods beyond the exports declared, CNY, 180 days (T9)."""
    rows = money_and_goods
    received = total_where(rows.cny, (rows.kind == "receipt") & rows.recent)
    exported = total_where(rows.cny, (rows.kind == "export") & rows.recent)
    return ibis.greatest(received - exported, exact("0"))


_bank = partial(
    Feature,
    role=Role.ENTERPRISE,
    unit="ratio",
    use=Use.SUSPICION,
    risk="up",
    sources=(Source.PAYMENT,),
    departments=(Department.PAYMENT,),
)
_flows = partial(_bank, view=flows)
_goods = partial(
    _bank,
    view=money_and_goods,
    sources=(Source.PAYMENT, Source.CUSTOMS),
    departments=(Department.PAYMENT, Department.CUSTOMS),
)

PAYMENT_FEATURES = (
    _flows(
        pass_through_ratio,
        label=Words(zh="快进快出比例", en="Money passed through"),
        evidence=lambda rows: rows.passes,
    ),
    _flows(
        third_country_receipt_share,
        label=Words(zh="第三国收汇占比", en="Receipts from third countries"),
        sources=(Source.PAYMENT, Source.CUSTOMS),
        departments=(Department.PAYMENT, Department.CUSTOMS),
        evidence=lambda rows: rows.from_third,
    ),
    _flows(
        round_amount_share,
        label=Words(zh="整数金额占比", en="Share of round amounts"),
        evidence=lambda rows: rows.is_round,
    ),
    _goods(
        fund_goods_gap,
        label=Words(zh="资金货物比偏离", en="Gap of money to goods"),
        evidence=every,
    ),
    _goods(
        total_difference_ratio,
        label=Words(zh="总量差额率", en="Total difference ratio"),
        evidence=every,
    ),
    _goods(
        annual_fx_to_exemption,
        label=Words(zh="年度收汇占豁免额度比", en="Year's receipts over the exemption"),
        risk="none",
        sources=(Source.PAYMENT,),
        departments=(Department.PAYMENT,),
        evidence=lambda rows: (rows.kind == "receipt") & rows.this_year,
    ),
    _flows(
        counterparties_in_per_out,
        label=Words(zh="收付对手数比", en="Payers per payee"),
        evidence=lambda rows: rows.came,
    ),
    _goods(
        receipts_without_exports_cny,
        label=Words(zh="无出口收汇金额", en="Receipts beyond exports"),
        unit="CNY",
        evidence=lambda rows: (rows.kind == "receipt") & rows.recent,
    ),
)
