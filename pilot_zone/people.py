"""Persons and addresses that cannot be real: ID areas and phone segments never given out."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from pilot_zone.columns import Bytes, Column, choose, digits, fixed_text, joined, serial
from pilot_zone.plan import Flags, Ints, ZonePlan

_SURNAMES = tuple("王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾")
_GIVEN = tuple("伟芳娜敏静丽强磊军洋勇艳杰娟涛明超霞平刚玲桂英华玉兰红梅建国志文海燕晓宇欣怡")
_CITIES = ("临海市", "望江市", "云溪市", "青阳市", "北川市", "安泽市", "长汀市", "东沙市")
_DIVISIONS = ("990101", "990201", "990301", "990401", "990501", "990601", "990701", "990801")
_STREETS = (
    "和平路",
    "人民路",
    "解放路",
    "文化路",
    "学府路",
    "工业路",
    "滨江路",
    "花园路",
    "新华街",
)
_SEGMENTS = (154, 161, 163, 164, 168, 169)
_VIRTUAL = (162, 165, 167, 170, 171)
_CHECK_WEIGHTS = np.array([7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2])
_CHECK = np.frombuffer(b"10X98765432", np.uint8)
STATIONS = 240
"""Pick-up stations: public addresses where many parcels lie."""


@dataclass(frozen=True, slots=True)
class People:
    """The pool of buyers, payers and officers; persons 2k and 2k+1 are one household.

    Attributes:
        ids: ID numbers as ASCII, 18 per row, check characters right.
        names: Names.
        phones: Phone numbers as ASCII, 11 per row.
        odd: Persons of implausible age.
        virtual: Persons whose phone is of a virtual operator.
        addresses: Rooms of households, then pick-up stations, then places of collection.
        divisions: Division of each address.
        households: Number of household addresses.
    """

    ids: Bytes
    names: Column
    phones: Bytes
    odd: Ints
    virtual: Ints
    addresses: Column
    divisions: Ints
    households: int

    @property
    def count(self) -> int:
        """Number of persons."""
        return len(self.ids)

    @property
    def collections(self) -> int:
        """Index of the first address that is a place of collection."""
        return self.households + STATIONS

    def id_numbers(self, persons: Ints, wrong: Flags | None = None) -> Column:
        """ID numbers; where `wrong`, the check character does not hold."""
        rows = self.ids[persons]
        if wrong is not None:
            last = rows[wrong, 17]
            rows[wrong, 17] = np.where(last == ord("7"), ord("3"), ord("7"))
        return fixed_text(rows)

    def phone_numbers(self, persons: Ints) -> Column:
        """Phone numbers."""
        return fixed_text(self.phones[persons])

    def division_codes(self, addresses: Ints) -> Column:
        """GB/T 2260-shaped codes of addresses."""
        return choose(_DIVISIONS, self.divisions[addresses])


def populate(plan: ZonePlan, collections: int) -> People:
    """Draw the pool: about one person for three orders, and all addresses.

    Args:
        plan: The zone.
        collections: Places of collection wanted (dormitories, warehouses, rented rooms).
    """
    rng = plan.rng("people")
    count = max(4000, plan.orders // 3) // 2 * 2
    households = count // 2
    total = households + STATIONS + collections
    divisions = rng.integers(0, len(_CITIES), total)
    birth, odd = _birthdays(rng, count)
    phones, virtual = _phones(rng, count)
    surnames = rng.integers(0, len(_SURNAMES), count)
    given = joined(*(choose(_GIVEN, rng.integers(0, len(_GIVEN), count)) for _ in range(2)))
    return People(
        ids=_id_numbers(rng, birth),
        names=joined(choose(_SURNAMES, surnames), given),
        phones=phones,
        odd=odd,
        virtual=virtual,
        addresses=_addresses(rng, divisions, households),
        divisions=divisions,
        households=households,
    )


def _birthdays(rng: np.random.Generator, count: int) -> tuple[Ints, Ints]:
    years = np.clip(np.rint(rng.normal(1988, 10, count)), 1945, 2007).astype(np.int64)
    odd = np.flatnonzero(rng.random(count) < 0.02)
    years[odd] = np.where(rng.random(odd.size) < 0.6, rng.integers(2014, 2020, odd.size), 1928)
    day = rng.integers(1, 13, count) * 100 + rng.integers(1, 29, count)
    return years * 10_000 + day, odd


def _id_numbers(rng: np.random.Generator, birth: Ints) -> Bytes:
    number = rng.permutation(birth.size)
    area = 990_000 + number // 1000 % 10_000
    body = np.hstack([digits(area, 6), digits(birth, 8), digits(number % 1000, 3)])
    total = (body.astype(np.int64) - ord("0")) @ _CHECK_WEIGHTS
    return np.hstack([body, _CHECK[total % 11][:, None]])


def _phones(rng: np.random.Generator, count: int) -> tuple[Bytes, Ints]:
    virtual = rng.random(count) < 0.05
    ordinary = np.array(_SEGMENTS)[rng.integers(0, len(_SEGMENTS), count)]
    bought = np.array(_VIRTUAL)[rng.integers(0, len(_VIRTUAL), count)]
    number = np.where(virtual, bought, ordinary) * 100_000_000 + rng.permutation(count) * 97
    return digits(number, 11), np.flatnonzero(virtual)


def _addresses(rng: np.random.Generator, divisions: Ints, households: int) -> Column:
    count = divisions.size
    number = np.arange(count)
    street = joined(
        "汉东省",
        choose(_CITIES, divisions),
        choose(_STREETS, rng.integers(0, len(_STREETS), count)),
        serial("", number // 40 + 1, 5),
        "号",
    )
    room = joined(serial("", number % 40 // 8 + 1, 1), "栋", serial("", number % 8 + 101, 3), "室")
    station = joined("快递驿站", serial("", number % 10_000, 4))
    place = joined("仓库", serial("", number % 10_000, 4))
    kind = np.where(number < households, 0, np.where(number < households + STATIONS, 1, 2))
    rooms = pa.chunked_array(
        [
            room[:households],
            station[households : households + STATIONS],
            place[kind.searchsorted(2) :],
        ]
    )
    return joined(street, rooms.combine_chunks())
