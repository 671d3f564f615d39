"""How a zone comes to be: roll, random stream, cases, conduct, habits, in this order."""

from dataclasses import dataclass, replace

import numpy as np

from pilot_zone.buyers import PLACES
from pilot_zone.conduct import Life, live
from pilot_zone.currency import parities
from pilot_zone.enterprises import Roll, enrol
from pilot_zone.goods import stock
from pilot_zone.habits import Habits
from pilot_zone.identities import have_in_common, identify
from pilot_zone.inspections import random_stream
from pilot_zone.lookalikes import LOOKALIKES
from pilot_zone.patterns import Members, draw, plant
from pilot_zone.people import populate
from pilot_zone.plan import ZonePlan
from pilot_zone.schemes import SCHEMES
from pilot_zone.world import World

_RUN_AWAY = frozenset({"T6", "T9", "T11", "T14"})


@dataclass(frozen=True, slots=True)
class History:
    """A zone before its trade is drawn.

    Attributes:
        world: What trade reads.
        life: What befell the enterprises.
        schemes: The cases, with the ends they came to.
        lookalikes: Honest firms that look alike.
    """

    world: World
    life: Life
    schemes: Members
    lookalikes: Members


def come_to_be(plan: ZonePlan) -> History:
    """Draw everything but trade and money. The random inspections come before any scheme."""
    roll = enrol(plan)
    random = random_stream(plan, roll)
    taken = np.zeros(roll.merchants, bool)
    intended = draw(plan, roll, SCHEMES if plan.strength > 0 else (), taken)
    alike = draw(plan, roll, LOOKALIKES, taken)
    life = live(plan, roll, intended, _planted(plan, roll, intended, alike), random)
    schemes = life.members
    habits = _planted(plan, roll, schemes, alike)
    people = populate(plan, roll.merchants * PLACES)
    identities = identify(plan, roll, people.count)
    have_in_common(plan, schemes, identities, "shared by schemes")
    have_in_common(plan, alike, identities, "shared by look-alikes")
    world = World(
        plan=plan,
        roll=_run_away(plan, roll, schemes),
        identities=identities,
        people=people,
        goods=stock(plan, roll.imports),
        habits=habits,
        parity=parities(plan),
    )
    return History(world, life, schemes, alike)


def _planted(plan: ZonePlan, roll: Roll, schemes: Members, alike: Members) -> Habits:
    habits = Habits(plan, roll)
    plant(plan, schemes, habits, "traces of schemes")
    plant(plan, alike, habits, "traces of look-alikes")
    return habits


def _run_away(plan: ZonePlan, roll: Roll, schemes: Members) -> Roll:
    """Some shells are dissolved in the year after their scheme ended."""
    rng = plan.rng("run away")
    dissolved = roll.dissolved.copy()
    starts = plan.period_starts()
    for row in range(schemes.count):
        typology = schemes.patterns[schemes.pattern[row]].typology
        drawn, lag = rng.random(), int(rng.integers(20, 200))
        at = int(starts[schemes.last[row]]) + lag
        if typology in _RUN_AWAY and drawn < 0.35 and at < plan.last_day:
            firm = int(schemes.firm[row])
            dissolved[firm] = min(int(dissolved[firm]), at)
    return replace(roll, dissolved=dissolved)
