"""Who buys, pays and receives import orders."""

from dataclasses import dataclass

import numpy as np

from pilot_zone.demand import Orders
from pilot_zone.people import STATIONS
from pilot_zone.plan import DAY, Flags, Ints
from pilot_zone.world import World

PLACES = 6
"""Places of collection of one merchant."""


@dataclass(slots=True)
class Buyers:
    """Persons of the month's import orders (arbitrary for exports), aligned with orders.

    Attributes:
        buyer, payer, consignee: Persons.
        phone: Person whose phone is given as the buyer's.
        address: Delivery address.
        wrong_id: The buyer's ID number has a wrong check character.
        account: Number of the platform account, unique with the platform.
        opened: When the account was opened, if it is first seen now.
        other_name: The waybill names another consignee.
    """

    buyer: Ints
    payer: Ints
    consignee: Ints
    phone: Ints
    address: Ints
    wrong_id: Flags
    account: Ints
    opened: Ints
    other_name: Flags


def meet(world: World, orders: Orders, month: int) -> Buyers:
    """Draw the persons of all orders of one month."""
    rng = world.plan.rng("buyers", month)
    count = orders.count

    def shows(name: str) -> Flags:
        return world.habits.show(rng, name, orders.merchant, orders.period)

    buyer = _buyers(world, rng, orders, shows("ring_buyer"))
    odd = shows("odd_age") & (world.people.odd.size > 0)
    buyer = np.where(odd, world.people.odd[rng.integers(0, world.people.odd.size, count)], buyer)
    buyer = _same_as_before(orders, buyer)
    stranger = _ring(world, orders.merchant, rng.integers(0, 9, count) + 500)
    payer = np.where(rng.random(count) < 0.7, buyer ^ 1, stranger)
    payer = np.where(shows("payer_other"), payer, buyer)
    spouse = rng.random(count) < 0.05
    shared = _ring(world, orders.merchant, rng.integers(0, 5, count) + 900)
    virtual = world.people.virtual[rng.integers(0, world.people.virtual.size, count)]
    phone = np.where(shows("shared_phone"), shared, np.where(spouse, buyer ^ 1, buyer))
    phone = np.where(shows("virtual_phone"), virtual, phone)
    new = shows("new_account")
    lag = np.where(new, rng.random(count) * 6, rng.exponential(260, count) + 4) * DAY
    return Buyers(
        buyer=buyer,
        payer=payer,
        consignee=np.where(rng.random(count) < 0.12, buyer ^ 1, buyer),
        phone=phone,
        address=_same_as_before(
            orders, _addresses(world, rng, orders, buyer, (shows("collection"), shows("station")))
        ),
        wrong_id=shows("bad_id"),
        account=buyer * 64 + np.where(new, 1 + orders.period % 63, 0),
        opened=orders.at - lag.astype(np.int64),
        other_name=shows("consignee_other"),
    )


def _buyers(world: World, rng: np.random.Generator, orders: Orders, ring: Flags) -> Ints:
    people, count = world.people.count, orders.count
    anyone = (people * rng.random(count) ** 1.25).astype(np.int64)
    circle = 3 + np.sqrt(world.roll.size / world.roll.size.mean() * 60).astype(np.int64)
    regular = (rng.random(count) * circle[orders.merchant]).astype(np.int64)
    known = _ring(world, orders.merchant, regular + 20)
    used = _ring(world, orders.merchant, (rng.random(count) ** 1.3 * 14).astype(np.int64))
    buyer = np.where(rng.random(count) < 0.22, known, anyone)
    return np.where(ring, used, buyer)


def _ring(world: World, merchant: Ints, place: Ints) -> Ints:
    """Fixed persons around a merchant."""
    return (merchant * 104_729 + place * 7_919 + 13) % world.people.count


def _same_as_before(orders: Orders, values: Ints) -> Ints:
    """A split purchase repeats what the order before it says, chains included."""
    first = np.where(orders.split, 0, np.arange(orders.count))
    return values[np.maximum.accumulate(first)]


def _addresses(
    world: World,
    rng: np.random.Generator,
    orders: Orders,
    buyer: Ints,
    shows: tuple[Flags, Flags],
) -> Ints:
    collection, station = shows
    people, count = world.people, orders.count
    place = (rng.random(count) ** 1.5 * PLACES).astype(np.int64)
    near = (orders.merchant * 31 + (rng.random(count) ** 2 * 8).astype(np.int64)) % STATIONS
    address = np.where(station, people.households + near, buyer // 2)
    return np.where(collection, people.collections + orders.merchant * PLACES + place, address)
