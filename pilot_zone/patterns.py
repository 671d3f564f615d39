"""Patterns: what a scheme or an innocent look-alike does to the habits of enterprises.

A pattern lifts several weak traces. Each enterprise shows only some, each at its own level, so
that no one trace tells a scheme from the rest.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from pilot_zone.enterprises import Roll
from pilot_zone.habits import Habits
from pilot_zone.plan import Flags, Floats, Ints, ZonePlan

SHOWN = 0.64
"""Share of a pattern's traces that one enterprise shows."""


@dataclass(frozen=True, slots=True)
class Trace:
    """One weak trace: a habit, how much it rises at full strength, and when."""

    habit: str
    level: float
    when: Literal["before", "during", "after"] = "during"
    always: bool = False


@dataclass(frozen=True, slots=True)
class Pattern:
    """A kind of conduct.

    Attributes:
        typology: T1 to T24.
        kind: Name of the scheme or of the look-alike.
        share: Share of merchants that ever show it.
        firms: Fewest and most firms of one case.
        side: Which way the firms trade.
        months: Shortest and longest usual duration.
        traces: What it lifts.
        shares: What the firms of one case have in common, each with its chance.
    """

    typology: str
    kind: str
    share: float
    firms: tuple[int, int]
    side: Literal["import", "export", "any"]
    months: tuple[float, float]
    traces: tuple[Trace, ...]
    shares: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Members:
    """One row per enterprise of a case, aligned arrays.

    Attributes:
        patterns: The patterns, by index.
        case: Number of the case.
        pattern: Index of the pattern.
        firm: Index of the enterprise.
        first: First half-month.
        last: The half-month after the last.
        strength: How strongly it shows, 0 to 1 and more.
    """

    patterns: tuple[Pattern, ...]
    case: Ints
    pattern: Ints
    firm: Ints
    first: Ints
    last: Ints
    strength: Floats

    @property
    def count(self) -> int:
        """Number of rows."""
        return self.firm.size

    def ended_by(self, last: Ints) -> "Members":
        """The same with other ends."""
        return replace(self, last=last)


def draw(plan: ZonePlan, roll: Roll, patterns: Sequence[Pattern], taken: Flags) -> Members:
    """Draw the cases of all patterns, each enterprise in at most one.

    Args:
        plan: The zone.
        roll: The roll.
        patterns: What to draw.
        taken: Merchants already in a case; those drawn are added.
    """
    rows: list[tuple[int, int, int, int, int]] = []
    strengths: list[float] = []
    for index, pattern in enumerate(patterns):
        rng = plan.rng(f"cases {pattern.typology} {pattern.kind}")
        wanted = max(1, round(pattern.share * roll.merchants / np.mean(pattern.firms)))
        for place in rng.permutation(wanted):
            first = int((place + rng.random()) / wanted * (plan.periods - 2))
            span = rng.uniform(*pattern.months) * 2
            last = min(plan.periods, first + max(1, round(span)))
            number = rows[-1][0] + 1 if rows else 0
            strength = float(rng.uniform(0.3, 1.0) * plan.strength)
            firms = _pick(rng, plan, roll, (pattern, first, last), taken).tolist()
            rows += [(number, index, firm, first, last) for firm in firms]
            strengths += [strength] * len(firms)
    case, kind, firm, start, end = np.array(rows, np.int64).reshape(-1, 5).T
    return Members(tuple(patterns), case, kind, firm, start, end, np.array(strengths))


def _pick(
    rng: np.random.Generator,
    plan: ZonePlan,
    roll: Roll,
    case: tuple[Pattern, int, int],
    taken: Flags,
) -> Ints:
    """Merchants for one case: not the smallest, alive all the while, registered together."""
    pattern, first, last = case
    starts = plan.period_starts()
    merchants = np.arange(roll.merchants)
    alive = roll.alive(int(starts[first]) - 60) & roll.alive(int(starts[last]))
    fits = alive[: roll.merchants] & ~taken & (roll.size > np.quantile(roll.size, 0.42))
    if pattern.side != "any":
        fits &= roll.imports == (pattern.side == "import")
    if any(trace.habit == "reimport" for trace in pattern.traces):
        fits &= roll.mode == 0
    free = merchants[fits]
    wanted = min(int(rng.integers(pattern.firms[0], pattern.firms[1] + 1)), free.size)
    if not wanted:
        return free
    if wanted > 1:
        free = free[np.argsort(roll.registered[free], kind="stable")]
        at = int(rng.integers(0, free.size - min(free.size - 1, wanted * 2) + 1))
        free = free[at : at + wanted * 2]
    weight = roll.size[free] ** 0.4
    chosen = rng.choice(free, min(wanted, free.size), replace=False, p=weight / weight.sum())
    taken[chosen] = True
    return chosen


def plant(plan: ZonePlan, members: Members, habits: Habits, name: str) -> None:
    """Raise the habits of all members.

    Args:
        plan: The zone.
        members: Who, when and how strongly.
        habits: What is raised.
        name: Stream of chance by which an enterprise shows some traces and not others.
    """
    for row in range(members.count):
        pattern = members.patterns[members.pattern[row]]
        rng = plan.rng(name, int(members.firm[row]))
        shown = rng.random(len(pattern.traces)) < SHOWN
        levels = rng.uniform(0.75, 1.35, len(pattern.traces)) * members.strength[row]
        for trace, visible, level in zip(pattern.traces, shown, levels, strict=True):
            if visible or trace.always:
                when = _when(trace, int(members.first[row]), int(members.last[row]))
                firm = int(members.firm[row])
                habits.raise_by(trace.habit, firm, when, trace.level * float(level))


def _when(trace: Trace, first: int, last: int) -> slice:
    spans = {
        "before": slice(max(0, first - 8), first),
        "during": slice(first, last),
        "after": slice(last, None),
    }
    return spans[trace.when]
