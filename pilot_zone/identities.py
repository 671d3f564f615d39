"""Who stands behind an enterprise: officers, offices, phones, and what several have in common."""

from dataclasses import dataclass

import numpy as np

from pilot_zone.enterprises import Roll
from pilot_zone.patterns import Members
from pilot_zone.plan import Flags, Ints, ZonePlan


@dataclass(slots=True)
class Identities:
    """Per enterprise: indexes of persons, offices and e-mail accounts.

    Attributes:
        representative: Person who is the legal representative.
        finance: Person who is the finance officer.
        office: Number of the registered room.
        phone: Person whose phone is registered.
        email: Number of the e-mail account.
        agent: Index of the declaring agent.
        incubator: Whether the office is a lawful shared address.
    """

    representative: Ints
    finance: Ints
    office: Ints
    phone: Ints
    email: Ints
    agent: Ints
    incubator: Flags


def identify(plan: ZonePlan, roll: Roll, persons: int) -> Identities:
    """Draw identities with the sharing that honest enterprises have.

    Args:
        plan: The zone.
        roll: The roll.
        persons: Size of the pool of persons.
    """
    rng = plan.rng("identities")
    count = roll.count
    officers = rng.permutation(persons)[: 3 * count]
    if officers.size < 3 * count:
        officers = rng.integers(0, persons, 3 * count)
    numbers = np.arange(count)
    drawn = Identities(
        representative=officers[:count].copy(),
        finance=officers[count : 2 * count].copy(),
        office=numbers.copy(),
        phone=officers[:count].copy(),
        email=numbers.copy(),
        agent=roll.agent.copy(),
        incubator=np.zeros(count, bool),
    )
    _owners_of_two(rng, drawn, roll.merchants)
    _accountants(rng, drawn, roll.merchants)
    _incubators(rng, drawn, roll.merchants)
    return drawn


def _owners_of_two(rng: np.random.Generator, drawn: Identities, merchants: int) -> None:
    """Some persons own a second enterprise, or a third."""
    second = np.flatnonzero(rng.random(merchants) < 0.09)
    first = rng.integers(0, merchants, second.size)
    drawn.representative[second] = drawn.representative[first]
    kept = rng.random(second.size) < 0.5
    drawn.phone[second[kept]] = drawn.phone[first[kept]]
    kept = rng.random(second.size) < 0.4
    drawn.email[second[kept]] = drawn.email[first[kept]]


def _accountants(rng: np.random.Generator, drawn: Identities, merchants: int) -> None:
    """Bookkeeping firms lend their accountant and phone to many small enterprises."""
    desks = max(2, merchants // 90)
    served = np.flatnonzero(rng.random(merchants) < 0.14)
    desk = rng.integers(0, desks, served.size)
    drawn.finance[served] = drawn.finance[desk]
    by_phone = rng.random(served.size) < 0.3
    drawn.phone[served[by_phone]] = drawn.finance[desk[by_phone]]


def _incubators(rng: np.random.Generator, drawn: Identities, merchants: int) -> None:
    housed = np.flatnonzero(rng.random(merchants) < 0.05)
    drawn.office[housed] = drawn.office.size + rng.integers(0, 3, housed.size)
    drawn.incubator[housed] = True


def have_in_common(plan: ZonePlan, members: Members, drawn: Identities, name: str) -> None:
    """Let the enterprises of a case share what its pattern says, each thing by chance.

    Args:
        plan: The zone.
        members: The cases.
        drawn: Identities to change.
        name: Stream of chance.
    """
    for row in range(members.count):
        pattern = members.patterns[members.pattern[row]]
        leader = int(members.firm[np.searchsorted(members.case, members.case[row])])
        firm = int(members.firm[row])
        rng = plan.rng(name, firm)
        for thing, chance in pattern.shares:
            kept = chance if chance == 1 else chance * (0.4 + 0.6 * members.strength[row])
            if rng.random() < kept:
                _copy(drawn, thing, leader, firm)


def _copy(drawn: Identities, thing: str, leader: int, firm: int) -> None:
    if thing == "incubator":
        drawn.incubator[firm] = True
        return
    if thing == "agent":
        drawn.agent[firm] = drawn.agent[leader]
        return
    values: Ints = getattr(drawn, thing)
    values[firm] = values[leader]
