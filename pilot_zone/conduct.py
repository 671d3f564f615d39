"""Conduct month by month: care drifts, events and complaints befall, inspections find.

The months before the history begins are lived through too, so that records have a past.
"""

from dataclasses import dataclass

import numpy as np

from pilot_zone.enterprises import Roll
from pilot_zone.habits import Habits
from pilot_zone.inspections import (
    REPORTS,
    Findings,
    Visit,
    after_complaints,
    inspect,
    targeted,
)
from pilot_zone.patterns import Members
from pilot_zone.plan import Flags, Floats, Ints, ZonePlan

BURN_IN = 24
REST = 12
"""Months for which officials do not choose again whom they have inspected."""
CHOSEN, REPORTED = 0.012, 0.004
"""Share of merchants that officials choose in a month, and that each department reports; like
`UNCLEAR_SCORE` and `UNCLEAR_RISE` set so that models have findings to learn from."""
UNCLEAR_SCORE, UNCLEAR_RISE = 0.8, 0.05
"""How far a score, or a rise of a habit (a share), must differ for an official to see it."""
# kind, authority, monthly chance at usual care, how much carelessness raises it, usual CNY
HAZARDS: tuple[tuple[str, str, float, float, float], ...] = (
    ("penalty", "market_supervision", 0.00116, 1.12, 20_000),
    ("penalty", "customs", 0.00087, 1.05, 30_000),
    ("abnormal_list", "market_supervision", 0.001595, 1.2, 0),
    ("tax_debt", "tax", 0.001595, 1.2, 60_000),
    ("tax_abnormal", "tax", 0.000435, 1.27, 0),
    ("sampling_failed", "market_supervision", 0.001305, 0.9, 0),
    ("sampling_passed", "market_supervision", 0.008, 0, 0),
    ("address_unreachable", "market_supervision", 0.00058, 1.12, 0),
    ("serious_list", "market_supervision", 8.7e-05, 1.35, 0),
    ("court_default", "court", 0.00058, 1.2, 200_000),
    ("representative_changed", "market_supervision", 0.006, 0.4, 0),
)
_WORSE = {"abnormal_list", "tax_debt", "penalty", "tax_abnormal", "serious_list"}
_REPAIRABLE = _WORSE | {"address_unreachable", "court_default", "annual_report_late"}
COMPLAINTS = ("quality", "not_received", "counterfeit", "refund", "identity_used")


@dataclass(frozen=True, slots=True)
class Events:
    """Registry events, aligned lists; `repairs` is the row of the event that a repair ends."""

    firm: list[int]
    kind: list[str]
    authority: list[str]
    decided: list[int]
    amount: list[float]
    severity: list[str]
    repairs: list[int]

    def add(self, firm: int, what: tuple[str, str, str], decided: int, amount: float) -> int:
        """Append one event (`what`: kind, authority, severity) and give its row."""
        kind, authority, severity = what
        self.firm.append(firm)
        self.kind.append(kind)
        self.authority.append(authority)
        self.severity.append(severity)
        self.decided.append(decided)
        self.amount.append(amount)
        self.repairs.append(-1)
        return len(self.firm) - 1


@dataclass(slots=True)
class Life:
    """What the months leave behind.

    Attributes:
        quality: Care, enterprises by months of the history.
        burden: Confirmed acts weighing on an enterprise, enterprises by months.
        events: Registry events.
        findings: Outcomes of inspections, one batch per stream and month.
        complaints: Per kind, enterprises by months.
        members: The cases with the ends that inspections gave them.
    """

    quality: Floats
    burden: Floats
    events: Events
    findings: list[Findings]
    complaints: dict[str, Ints]
    members: Members


class _Months:
    """The state that one month hands to the next."""

    def __init__(self, plan: ZonePlan, roll: Roll, members: Members, habits: Habits) -> None:
        self.plan, self.roll, self.members = plan, roll, members
        share = roll.size / roll.size.sum()
        self.demand = np.outer(share, np.full(plan.months, plan.orders / plan.months))
        self.watched = [[habits.table(name)[: roll.merchants] for name in seen] for seen in REPORTS]
        self.visited = np.full(roll.merchants, -REST - 1)
        self.starts = plan.month_starts(before=BURN_IN)
        self.lasting = roll.quality.copy()
        self.lasting[members.firm] -= 0.45
        self.quality = self.lasting.copy()
        self.burden = np.zeros(roll.count)
        self.events = Events([], [], [], [], [], [], [])
        self.findings: list[Findings] = []
        self.complaints = {k: np.zeros((roll.count, plan.months), int) for k in COMPLAINTS}

    def drift(self, month: int) -> None:
        """Care returns slowly to what is lasting; records fade."""
        rng = self.plan.rng("care", month)
        step = rng.normal(0, 0.16, self.quality.size)
        self.quality = self.lasting + 0.94 * (self.quality - self.lasting) + step
        self.burden *= 0.93

    def befall(self, month: int) -> None:
        """Draw the registry events of one month."""
        rng = self.plan.rng("events", month)
        span = (int(self.starts[month]), int(self.starts[month + 1]))
        alive = self.roll.alive(span[0])
        for kind, authority, usual, tilt, amount in self._hazards(span[0]):
            chance = usual * np.exp(-tilt * self.quality + 0.35 * np.minimum(self.burden, 2))
            for firm in np.flatnonzero(alive & (rng.random(alive.size) < chance)).tolist():
                self._event(rng, firm, (kind, authority), span, amount)

    def _hazards(self, first_day: int) -> list[tuple[str, str, float, float, float]]:
        july = np.datetime64(first_day, "D").astype("datetime64[M]").astype(int) % 12 == 6
        yearly = ("annual_report_late", "market_supervision", 0.018, 1.0, 0.0)
        return [*HAZARDS, yearly] if july else list(HAZARDS)

    def _event(
        self,
        rng: np.random.Generator,
        firm: int,
        what: tuple[str, str],
        span: tuple[int, int],
        amount: float,
    ) -> None:
        kind, authority = what
        severity = str(rng.choice(("minor", "general", "serious"), p=(0.5, 0.42, 0.08)))
        day = int(rng.integers(*span))
        value = float(np.round(amount * np.exp(rng.normal(0, 0.8)), 2))
        row = self.events.add(firm, (kind, authority, severity), day, value)
        if kind in _WORSE:
            self.burden[firm] += 0.6
        if kind in _REPAIRABLE and severity != "serious" and rng.random() < 0.5:
            later = day + int(rng.integers(60, 420))
            repair = self.events.add(firm, ("repair", authority, ""), later, 0.0)
            self.events.repairs[repair] = row

    def complain(self, month: int, victims: Floats) -> None:
        """Draw the complaints of one month of the history."""
        rng = self.plan.rng("complaints", month)
        care = np.exp(-0.5 * self.quality[: self.roll.merchants])
        for kind in COMPLAINTS:
            share = victims * 0.25 if kind == "identity_used" else np.full(care.size, 0.0025)
            rate = np.sqrt(self.demand[:, month]) * share * care * 2.5
            self.complaints[kind][: care.size, month] = rng.poisson(np.minimum(rate, 20))

    def visits(self, month: int, random: Visit) -> list[Visit]:
        """Who is inspected in one month of the history."""
        rng = self.plan.rng("officials", month)
        merchants = self.roll.merchants
        at = month + BURN_IN
        span = (int(self.starts[at]), int(self.starts[at + 1]))
        recent = slice(max(0, month - 3), month)
        last = {k: v[:merchants, recent].sum(axis=1) for k, v in self.complaints.items()}
        total = np.sum(list(last.values()), axis=0)
        score = 0.5 * np.sqrt(total) + 0.6 * np.sqrt(last["identity_used"])
        score = score + 0.7 * self.burden[:merchants] - 0.25 * self.quality[:merchants]
        views = [(CHOSEN, (score + self._tips(rng, month)) / UNCLEAR_SCORE)]
        views += [(REPORTED, rise / UNCLEAR_RISE) for rise in self._rises(month)]
        free = self.roll.alive(span[0])[:merchants] & (self.visited < month - REST)
        return [random, targeted(rng, views, free, span), after_complaints(rng, total, span)]

    def _rises(self, month: int) -> list[Floats]:
        """How far what departments see of a merchant exceeds the year before."""
        running = _still_running(self.members, self.roll.merchants, month)
        now = 2 * month
        year = slice(max(0, now - 24), now + 1)
        return [
            np.sum([view[:, now] - view[:, year].mean(axis=1) for view in views], axis=0) * running
            for views in self.watched
        ]

    def _tips(self, rng: np.random.Generator, month: int) -> Floats:
        """Hints that reach officials about some of the schemes under way, and idle ones."""
        merchants = self.roll.merchants
        hints = np.where(rng.random(merchants) < 0.02, rng.uniform(0, 2, merchants), 0)
        under_way = (self.members.first <= 2 * month) & (self.members.last > 2 * month - 6)
        heard = under_way & (rng.random(self.members.count) < 0.12)
        hints[self.members.firm[heard]] += 2.0 * self.members.strength[heard]
        return hints

    def find(self, month: int, visits: list[Visit]) -> None:
        """Outcomes of the month's inspections, and what follows from adverse ones."""
        for visit in visits:
            self.visited[visit.firms] = month
            found = inspect(self.plan, visit, self.members, self.quality, month)
            self.findings.append(found)
            self._consequences(found, month)

    def _consequences(self, found: Findings, month: int) -> None:
        rng = self.plan.rng(f"consequences {'/'.join(found.found_by[:1])}", month)
        last = self.members.last.copy()
        starts = self.plan.period_starts()
        for row in np.flatnonzero(found.adverse).tolist():
            firm, member = int(found.firm[row]), int(found.member[row])
            grave = member >= 0
            self.burden[firm] += 1.5 if grave else 0.6
            stop = int(np.searchsorted(starts, found.inspected[row] + 14))
            if grave and rng.random() < 0.8:
                last[member] = max(int(self.members.first[member]) + 1, min(last[member], stop))
            if rng.random() < (0.85 if grave else 0.4):
                self._penalty(rng, firm, int(found.known[row]), grave=grave)
        self.members = self.members.ended_by(last)

    def _penalty(self, rng: np.random.Generator, firm: int, known: int, *, grave: bool) -> None:
        severity = str(rng.choice(("general", "serious"), p=(0.6, 0.4))) if grave else "minor"
        amount = float(np.round((80_000 if grave else 8_000) * np.exp(rng.normal(0, 0.9)), 2))
        authority = str(rng.choice(("customs", "tax", "safe"), p=(0.7, 0.2, 0.1)))
        day = known + int(rng.integers(5, 60))
        self.events.add(firm, ("penalty", authority, severity), day, amount)


def live(plan: ZonePlan, roll: Roll, members: Members, habits: Habits, random: list[Visit]) -> Life:
    """Live through all months.

    Args:
        plan: The zone.
        roll: The roll.
        members: The cases as planned; inspections may end them early.
        habits: Already planted: what victims and departments notice is read.
        random: The random stream, drawn before.
    """
    victims = habits.table("victims")[: roll.merchants]
    usual = habits.usual("victims")[: roll.merchants]
    state = _Months(plan, roll, members, habits)
    quality, burden = [], []
    for month in range(-BURN_IN, plan.months):
        at = month + BURN_IN
        state.drift(at)
        state.befall(at)
        if month >= 0:
            still = _still_running(state.members, roll.merchants, month)
            state.complain(month, np.where(still, victims[:, 2 * month], usual))
            state.find(month, state.visits(month, random[month]))
            quality.append(state.quality)
            burden.append(state.burden.copy())
    return Life(
        quality=np.column_stack(quality),
        burden=np.column_stack(burden),
        events=state.events,
        findings=state.findings,
        complaints=state.complaints,
        members=state.members,
    )


def _still_running(members: Members, merchants: int, month: int) -> Flags:
    """Merchants whose case, if they have one, has not been ended before the month."""
    running = np.ones(merchants, bool)
    running[members.firm[members.last <= 2 * month]] = False
    return running
