"""What the engine says was known of a document on a day, against a plain reckoning."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import numpy as np
import pytest

from features.market_supervision import standing_events
from storage.engine import connect
from storage.home import Home
from storage.lake import Lake
from tests.intake.conftest import ROLL
from tests.intake.made import FIRM, Zone, message, order, order_entity

SEED = 41
DOCUMENTS = 160
HISTORY_DAYS, LIVE_DAYS = 900, 8
FIRST = datetime.fromisoformat("2024-01-01 08:00")
OPENED = FIRST + timedelta(days=HISTORY_DAYS)
LATEST = 730
PAIRS, NIGHTS = 1000, 20


@dataclass(frozen=True)
class Sending:
    """One sending of an order: when it is told, and what; no freight deletes it.

    Attributes:
        reported: The report time in it, which may lie two years before.
        way: How it is sent: in the history, in an extract, in a message.
    """

    known: datetime
    order_no: str
    freight: int | None
    reported: datetime
    way: str


def sendings() -> list[Sending]:
    """Histories of all documents, in the order in which they are told."""
    chance = np.random.default_rng(SEED)
    told: list[Sending] = []
    for number in range(DOCUMENTS):
        mine: list[Sending] = []
        for _ in range(chance.integers(1, 7)):
            way = str(chance.choice(["history", "extract", "message"]))
            day = int(chance.integers(HISTORY_DAYS) if way == "history" else HISTORY_DAYS)
            live = 0 if way == "history" else 1 + int(chance.integers(LIVE_DAYS))
            known = FIRST + timedelta(days=day + live)
            if way == "history":
                known += timedelta(seconds=int(chance.integers(40_000)))
            freight = None if chance.random() < 0.25 else int(chance.integers(3))
            late = timedelta(days=int(chance.integers(LATEST)), seconds=len(told) + len(mine))
            sent = Sending(known, f"D{number}", freight, known.replace(hour=0) - late, way)
            if mine and chance.random() < 0.2:
                again = mine[int(chance.integers(len(mine)))]
                sent = Sending(known, again.order_no, again.freight, again.reported, way)
            mine.append(sent)
        told += mine
    # of one live day, extracts are read before messages; of one file, rows in their order
    return sorted(told, key=lambda one: (one.known, one.way))


def known_on(told: list[Sending], order_no: str, day: date) -> tuple[int, datetime] | None:
    """The oracle: what was last said of an order by the end of a day; a repetition says nothing."""
    said: set[tuple[int, datetime]] = set()
    standing = None
    for one in told:
        if one.order_no != order_no or one.known.date() > day:
            continue
        if one.freight is None:
            standing = None
        elif (one.freight, one.reported) not in said:
            standing = (one.freight, one.reported)
            said.add(standing)
    return standing


def row(one: Sending) -> dict[str, Any]:
    operation = "3" if one.freight is None else "2"
    given = {"freight": one.freight or 0, "reported_at": one.reported, "known_at": one.known}
    return order(one.order_no, operation=operation, **given)


def entity(one: Sending) -> str:
    operation = "3" if one.freight is None else "2"
    given = {"freight": str(one.freight or 0), "appTime": f"{one.reported:%Y%m%d%H%M%S}"}
    return order_entity(one.order_no, (1,), appType=operation, **given)


def receive_all(zone: Zone, told: list[Sending]) -> None:
    """History in two receipts, then one receipt per live day."""
    roll = [{**each, "known_at": FIRST} for each in ROLL]
    zone.receive(zone.extract("enterprises", roll), now=OPENED, history=True)
    old = [row(one) for one in told if one.way == "history"]
    for half in (old[: len(old) // 2], old[len(old) // 2 :]):
        zone.receive(zone.extract("orders", half), now=OPENED, history=True)
    for day in range(1, LIVE_DAYS + 1):
        now = OPENED + timedelta(days=day)
        its = [one for one in told if one.way != "history" and one.known == now]
        rows = [row(one) for one in its if one.way == "extract"]
        entities = [entity(one) for one in its if one.way == "message"]
        paths = [zone.extract("orders", rows)] if rows else []
        paths += [zone.message(message(*entities))] if entities else []
        zone.receive(*paths, now=now)


@pytest.fixture(scope="module")
def zone(tmp_path_factory: pytest.TempPathFactory) -> Zone:
    home = Home(tmp_path_factory.mktemp("zone"))
    lake = Lake(home, connect(home, threads=1, memory_limit_mb=256))
    return Zone(home, lake, tmp_path_factory.mktemp("sent"))


def asked() -> Iterator[tuple[date, list[str]]]:
    """Random pairs of document and day, by day."""
    chance = np.random.default_rng(SEED + 1)
    for day in sorted(chance.integers(30, HISTORY_DAYS + LIVE_DAYS + 2, NIGHTS).tolist()):
        numbers = chance.integers(DOCUMENTS, size=PAIRS // NIGHTS)
        yield (FIRST + timedelta(days=day)).date(), [f"D{n}" for n in numbers]


def test_a_thousand_documents_and_days_equal_a_plain_reckoning(zone: Zone) -> None:
    told = sendings()
    receive_all(zone, told)
    answers = []
    for day, numbers in asked():
        alive = {one["order_no"]: one for one in zone.alive("orders", day).values()}
        for number in numbers:
            one = alive.get(number)
            answer = None if one is None else (int(one["freight"]), one["reported_at"])
            answers.append(answer)
            assert answer == known_on(told, number, day), (number, day)
    assert len(answers) == PAIRS
    assert sum(answer is None for answer in answers) > PAIRS / 10
    assert len({answer for answer in answers if answer}) > PAIRS / 10


def test_a_repair_stops_the_use_of_an_event_from_the_day_it_is_known(empty_zone: Zone) -> None:
    zone = empty_zone
    event = {"enterprise_code": FIRM, "authority": "tax", "decided_on": date(2025, 1, 8)}
    listed = {**event, "event_no": "E1", "kind": "penalty", "penalty_amount": Decimal(9)}
    repair = {**event, "event_no": "R1", "kind": "repair", "repairs_no": "E1"}
    days = [datetime.fromisoformat(f"2026-0{month}-01 09:00") for month in (1, 2, 3)]
    zone.receive(zone.extract("enterprises", ROLL), now=days[0])
    zone.receive(zone.extract("registry_events", [listed]), now=days[1])

    def used(day: datetime) -> list[str]:
        events: list[str] = (
            standing_events(zone.lake.read_signals(day.date())).event_no.to_pyarrow().to_pylist()
        )
        return events

    before = [used(day) for day in days]
    zone.receive(zone.extract("registry_events", [repair]), now=days[2])
    assert before == [[], ["E1"], ["E1"]]
    assert [used(day) for day in days] == [[], ["E1"], []]
