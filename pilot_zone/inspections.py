"""Inspections: the random stream drawn first from the whole roll, then what officials choose."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from pilot_zone.enterprises import Roll
from pilot_zone.patterns import Members
from pilot_zone.plan import Flags, Floats, Ints, ZonePlan

RANDOM_SHARE = 0.04
DETECTION = 0.85
ACTS = {
    "T1": "identity_misuse",
    "T3": "splitting",
    "T4": "valuation",
    "T6": "false_trade",
    "T7": "rebate_fraud",
    "T9": "laundering",
    "T10": "fx_mismatch",
    "T11": "false_trade",
    "T12": "logistics_fraud",
    "T14": "false_trade",
}
REPORTS: tuple[tuple[str, ...], ...] = (
    ("pass_through", "scattered"),
    ("low_price", "high_price", "link_gap"),
    ("split", "shared_phone", "collection"),
    ("young_supplier", "abnormal_supplier", "rebate_stretch"),
    ("unsigned", "weight_gap", "reused_waybill"),
)
"""What banks, customs' valuers and controllers, tax offices and carriers see and report."""
REACH = 24
"""Half-months before an inspection into which it looks."""


@dataclass(frozen=True, slots=True)
class Visit:
    """Enterprises inspected in one month, and on which day each."""

    firms: Ints
    days: Ints
    found_by: str


@dataclass(frozen=True, slots=True)
class Findings:
    """Outcomes, aligned arrays; `member` is the row of the case found, or -1."""

    firm: Ints
    inspected: Ints
    known: Ints
    found_by: list[str]
    adverse: Flags
    act: list[str]
    acts_from: Ints
    acts_to: Ints
    member: Ints


def random_stream(plan: ZonePlan, roll: Roll) -> list[Visit]:
    """The random inspections of every month; nothing but the roll and the seed decides them."""
    starts = plan.month_starts()
    visits = []
    for month in range(plan.months):
        rng = plan.rng("random inspections", month)
        alive = np.flatnonzero(roll.alive(int(starts[month]))[: roll.merchants])
        chosen = alive[rng.random(alive.size) < RANDOM_SHARE]
        days = rng.integers(starts[month], starts[month + 1], chosen.size)
        visits.append(Visit(chosen, days, "random"))
    return visits


def targeted(
    rng: np.random.Generator,
    views: Sequence[tuple[float, Floats]],
    free: Flags,
    span: tuple[int, int],
) -> Visit:
    """What officials choose: of every view, the merchants that stand out the most.

    Args:
        rng: Chance of the month.
        views: Share of merchants to inspect, and how much each stands out, in units of what an
            official cannot tell apart; look-alikes stand out too.
        free: Merchants that may be chosen.
        span: First day of the month and of the next.
    """
    firms: list[int] = []
    for share, view in views:
        noisy = np.where(free, view + rng.gumbel(0, 1, view.size), -np.inf)
        firms += np.argsort(-noisy, kind="stable")[: max(1, round(share * view.size))].tolist()
    chosen = np.unique(np.array(firms, np.int64))
    return Visit(chosen, rng.integers(*span, chosen.size), "targeted")


def after_complaints(rng: np.random.Generator, complaints: Ints, span: tuple[int, int]) -> Visit:
    """Inspections that follow several complaints of the last three months."""
    chosen = np.flatnonzero((complaints >= 3) & (rng.random(complaints.size) < 0.12))
    return Visit(chosen, rng.integers(*span, chosen.size), "complaint")


def inspect(
    plan: ZonePlan,
    visit: Visit,
    members: Members,
    quality: Floats,
    part: int,
) -> Findings:
    """What inspections of one month find.

    Args:
        plan: The zone.
        visit: Who is inspected.
        members: The cases as they stand; detected with chance `DETECTION` if active within a
            year before.
        quality: Care of every enterprise; careless ones are found with lesser breaches.
        part: Number of the month.
    """
    rng = plan.rng(f"outcome {visit.found_by}", part)
    count = visit.firms.size
    member = _active_case(plan, visit, members)
    member[rng.random(count) > DETECTION] = -1
    lesser = rng.random(count) < np.clip(0.012 * np.exp(-0.9 * quality[visit.firms]), 0, 0.3)
    quality_act = rng.random(count) < 0.5
    starts = plan.period_starts()
    acts = []
    for row in range(count):
        small = ("quality" if quality_act[row] else "filing") if lesser[row] else ""
        acts.append(_act(members, int(member[row])) or small)
    since, until = visit.days - 90, visit.days - 1
    if members.count:
        since = np.where(member >= 0, starts[members.first[member]], since)
        until = np.where(member >= 0, starts[members.last[member]] - 1, until)
    return Findings(
        firm=visit.firms,
        inspected=visit.days,
        known=visit.days + rng.integers(14, 121, count),
        found_by=[visit.found_by] * count,
        adverse=np.array([bool(act) for act in acts], bool),
        act=acts,
        acts_from=np.maximum(since, visit.days - 360),
        acts_to=np.minimum(until, visit.days - 1),
        member=member,
    )


def _act(members: Members, row: int) -> str:
    return ACTS[members.patterns[members.pattern[row]].typology] if row >= 0 else ""


def _active_case(plan: ZonePlan, visit: Visit, members: Members) -> Ints:
    """Row of the case that was active in the year before each inspection, or -1."""
    if not members.count:
        return np.full(visit.firms.size, -1)
    starts = plan.period_starts()
    row_of = np.full(max(int(members.firm.max()), int(visit.firms.max(initial=0))) + 1, -1)
    row_of[members.firm] = np.arange(members.count)
    row = row_of[visit.firms]
    period = np.searchsorted(starts, visit.days, side="right") - 1
    begun = members.first[row] < period
    recent = members.last[row] > period - REACH
    return np.where((row >= 0) & begun & recent, row, -1)
