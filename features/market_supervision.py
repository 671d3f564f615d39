"""Features of the register: existence, events, inspections, complaints."""

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
    ratio,
    total_where,
    trailing,
)
from features.views import WINDOW, every, speaking, unrepaired

THREE_YEARS, TWO_YEARS = 1095, 730  # days


def roll(signals: Signals) -> ir.Table:
    """The enterprises on the roll, one row each."""
    rows = speaking(signals.enterprises, "enterprises", "credit_code")
    return rows.mutate(age_days=days_between(rows.registered_on, ibis.literal(signals.as_of)))


def standing_events(signals: Signals) -> ir.Table:
    """Decisions of any authority that no repair known by as_of has ended.

    `in_force` is one from its day to its last day.
    """
    rows = signals.registry_events.filter(signals.registry_events.kind != "repair")
    rows = unrepaired(signals, rows, "event_no")
    today = ibis.literal(signals.as_of)
    age = days_between(rows.happened_at, today)
    return speaking(rows, "registry_events", "enterprise_code").mutate(
        in_force=(age >= 0) & (rows.ends_on.isnull() | (rows.ends_on >= today)),
        age=age,
        lately=age < THREE_YEARS,
    )


def complaints(signals: Signals) -> ir.Table:
    """Complaints and disputes of 180 days."""
    rows = trailing(signals.complaints, signals.as_of, WINDOW)
    return speaking(rows, "complaints", "merchant_code")


def inspections(signals: Signals) -> ir.Table:
    """Outcomes of inspections and audits of three years, clean ones too."""
    rows = trailing(signals.findings, signals.as_of, THREE_YEARS)
    return speaking(rows, "findings", "enterprise_code")


def enterprise_age_days(roll: ir.Table) -> ir.Value:
    """Days since registration (T11, T14, T19)."""
    return roll.age_days.max()


def paid_in_capital_cny(roll: ir.Table) -> ir.Value:
    """Paid-in capital, CNY (T19)."""
    return roll.paid_in_capital.max()


def active_abnormal_listing_count(standing_events: ir.Table) -> ir.Value:
    """Entries in the list of abnormal operations in force (经营异常名录, T19)."""
    return count_where(_active(standing_events, "abnormal_list"))


def active_serious_listing_count(standing_events: ir.Table) -> ir.Value:
    """Entries in the list of serious offenders in force (严重违法失信名单, SAMR Decree 44)."""
    return count_where(_active(standing_events, "serious_list"))


def penalty_count_3y(standing_events: ir.Table) -> ir.Value:
    """Penalties of any authority in three years that were not repaired."""
    return count_where(_lately(standing_events, "penalty"))


def penalty_amount_3y(standing_events: ir.Table) -> ir.Value:
    """Sum of those penalties of three years, CNY."""
    return total_where(standing_events.penalty_amount, _lately(standing_events, "penalty"))


def failed_sampling_share(standing_events: ir.Table) -> ir.Value:
    """Share of goods samplings of three years that failed and were not repaired (T5)."""
    failed = _lately(standing_events, "sampling_failed")
    passed = _lately(standing_events, "sampling_passed")
    return ratio(count_where(failed), count_where(failed | passed))


def representative_change_count(standing_events: ir.Table) -> ir.Value:
    """Changes of the legal representative in two years (T11, T19)."""
    return count_where(_changed(standing_events))


def upheld_complaint_count(complaints: ir.Table) -> ir.Value:
    """Complaints of 180 days decided for the complainant."""
    return count_where(complaints.upheld)


def open_identity_complaint_count(complaints: ir.Table) -> ir.Value:
    """Undecided complaints of 180 days that someone's import quota was used by others (T1)."""
    return count_where(_open_identity(complaints))


def tax_debt_count(standing_events: ir.Table) -> ir.Value:
    """Announced tax debts in force (欠税公告)."""
    return count_where(_active(standing_events, "tax_debt"))


def adverse_finding_count_3y(inspections: ir.Table) -> ir.Value:
    """Inspections and audits of three years that confirmed an adverse act."""
    return count_where(inspections.adverse)


def clean_inspection_count_3y(inspections: ir.Table) -> ir.Value:
    """Inspections and audits of three years that found nothing."""
    return count_where(~inspections.adverse)


def _active(events: ir.Table, kind: str) -> ir.BooleanValue:
    return (events.kind == kind) & events.in_force


def _lately(events: ir.Table, kind: str) -> ir.BooleanValue:
    return (events.kind == kind) & events.lately


def _changed(events: ir.Table) -> ir.BooleanValue:
    return (events.kind == "representative_changed") & (events.age < TWO_YEARS)


def _open_identity(complaints: ir.Table) -> ir.BooleanValue:
    return (complaints.kind == "identity_used") & complaints.upheld.isnull()


_registry = partial(
    Feature,
    role=Role.ENTERPRISE,
    unit="count",
    use=Use.CREDIT,
    risk="up",
    sources=(Source.MARKET_SUPERVISION,),
    departments=(Department.MARKET_SUPERVISION,),
)
_event = partial(_registry, view=standing_events)
_inspection = partial(
    _registry,
    view=inspections,
    sources=(Source.CUSTOMS,),
    departments=(Department.CUSTOMS,),
)

MARKET_SUPERVISION_FEATURES = (
    _registry(
        enterprise_age_days,
        view=roll,
        label=Words(zh="企业存续天数", en="Age of the enterprise"),
        unit="days",
        risk="down",
        evidence=every,
    ),
    _registry(
        paid_in_capital_cny,
        view=roll,
        label=Words(zh="实缴资本", en="Paid-in capital"),
        unit="CNY",
        level=True,
        risk="down",
        evidence=every,
    ),
    _event(
        active_abnormal_listing_count,
        label=Words(zh="在列经营异常名录数", en="Abnormal-operation listings"),
        evidence=lambda rows: _active(rows, "abnormal_list"),
    ),
    _event(
        active_serious_listing_count,
        label=Words(zh="在列严重违法失信名单数", en="Serious-offender listings"),
        evidence=lambda rows: _active(rows, "serious_list"),
    ),
    _event(
        penalty_count_3y,
        label=Words(zh="三年处罚次数", en="Penalties in three years"),
        evidence=lambda rows: _lately(rows, "penalty"),
    ),
    _event(
        penalty_amount_3y,
        label=Words(zh="三年处罚金额", en="Penalty amounts in three years"),
        unit="CNY",
        evidence=lambda rows: _lately(rows, "penalty"),
    ),
    _event(
        failed_sampling_share,
        label=Words(zh="抽检不合格率", en="Share of failed samplings"),
        unit="ratio",
        evidence=lambda rows: _lately(rows, "sampling_failed"),
    ),
    _event(
        representative_change_count,
        label=Words(zh="法定代表人变更次数", en="Changes of legal representative"),
        evidence=_changed,
    ),
    _registry(
        upheld_complaint_count,
        view=complaints,
        role=Role.MERCHANT,
        label=Words(zh="成立投诉数", en="Complaints upheld"),
        evidence=lambda rows: rows.upheld,
    ),
    _registry(
        open_identity_complaint_count,
        view=complaints,
        role=Role.MERCHANT,
        label=Words(zh="未决盗用额度投诉数", en="Open complaints of quota misuse"),
        use=Use.SUSPICION,
        evidence=_open_identity,
    ),
    _event(
        tax_debt_count,
        label=Words(zh="欠税数", en="Tax debts"),
        departments=(Department.TAX,),
        evidence=lambda rows: _active(rows, "tax_debt"),
    ),
    _inspection(
        adverse_finding_count_3y,
        label=Words(zh="三年查实次数", en="Adverse findings in three years"),
        evidence=lambda rows: rows.adverse,
    ),
    _inspection(
        clean_inspection_count_3y,
        label=Words(zh="三年无问题检查次数", en="Clean inspections in three years"),
        risk="down",
        evidence=lambda rows: ~rows.adverse,
    ),
)
