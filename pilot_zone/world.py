"""Everything of the zone that does not change while trade is drawn."""

from dataclasses import dataclass

from pilot_zone.enterprises import Roll
from pilot_zone.goods import Goods
from pilot_zone.habits import Habits
from pilot_zone.identities import Identities
from pilot_zone.people import People
from pilot_zone.plan import Floats, ZonePlan


@dataclass(frozen=True, slots=True)
class World:
    """The zone as drawn; trade reads it and changes nothing.

    Attributes:
        parity: CNY for one unit of each currency, by month.
    """

    plan: ZonePlan
    roll: Roll
    identities: Identities
    people: People
    goods: Goods
    habits: Habits
    parity: Floats
