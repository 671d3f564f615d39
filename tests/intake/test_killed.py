"""A receipt killed at any moment and run again comes to what an unbroken one comes to."""

import shutil
import signal
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest
from sqlalchemy import select

from domain.errors import NothingKnown
from intake.gate import Door
from intake.receive import receive
from storage.engine import connect
from storage.home import Home
from storage.journal import ACTS, RECEIPTS, RECEIVED, Journal
from storage.lake import Lake
from tests.intake.conftest import ROLL
from tests.intake.made import (
    CARRIER,
    KEYS,
    Zone,
    enterprise,
    message,
    order,
    order_entity,
    order_line,
)

KILLS = 20
SEED = 2026
START = datetime.fromisoformat("2026-05-10 09:00")
LATE = "91320300MA0000007X"
EVER = datetime.fromisoformat("2030-01-01").date()
FORKS = get_context("forkserver")
FORKS.set_forkserver_preload(["intake.receive", "storage.engine", "tests.intake.test_killed"])


@dataclass(frozen=True)
class Delivery:
    """What is handed in together."""

    paths: tuple[Path, ...]
    history: bool = False


def deliveries(zone: Zone) -> list[Delivery]:
    """History with versions, messages that change and delete, duplicates, what is refused."""
    days = [START - timedelta(days=n) for n in (9, 8, 7)]
    old = [order(f"H{n}", freight=f, known_at=day) for f, day in enumerate(days) for n in range(15)]
    fresh = [order(f"O{n}") for n in range(30)]
    again = [order(f"O{n}", freight=7, operation="2") for n in range(0, 30, 2)]
    gone = [order(f"O{n}", operation="3") for n in range(0, 30, 5)]
    lines = [order_line(f"O{n}", k) for n in range(30) for k in (1, 2)]
    strange = [order(f"S{n}", merchant_code=LATE) for n in range(20)]
    first = message(*(order_entity(f"M{n}", (1, 2, 3)) for n in range(40)))
    change = {"appType": "2", "appTime": "20260505100000"}
    second = message(*(order_entity(f"M{n}", (1, 4), **change) for n in range(0, 40, 3)))
    ended = {"appType": "3", "appTime": "20260506100000"}
    third = message(*(order_entity(f"M{n}", (1,), **ended) for n in range(0, 40, 4)))
    waiting = zone.extract("orders", strange, part="-3")
    roll = [{**row, "known_at": days[0]} for row in ROLL]
    return [
        Delivery((zone.extract("enterprises", roll), zone.extract("orders", old)), history=True),
        Delivery(
            (
                zone.extract("orders", fresh, part="-1"),
                zone.extract("orders", fresh[:9], part="-2"),
                waiting,
                zone.extract("order_lines", lines),
                zone.message(first, "1.xml"),
                zone.message(second, "2.xml"),
            )
        ),
        Delivery(
            (
                zone.extract("orders", again, part="-4"),
                zone.extract("orders", gone, part="-5"),
                zone.message(third, "3.xml"),
                zone.message(first[:-90], "4.xml"),
            )
        ),
        Delivery((zone.extract("enterprises", [enterprise(LATE, CARRIER[:10])]), waiting)),
    ]


def run(root: Path, sent: list[Delivery], answer: Connection | None = None) -> None:
    """Receive what has no receipt yet, telling when it begins."""
    home = Home(root)
    lake = Lake(home, connect(home, threads=1, memory_limit_mb=256))
    done = len(lake.journal.ask(select(RECEIPTS.c.number)))
    if answer is not None:
        answer.send("begun")
    for number in range(done, len(sent)):
        door = Door(START + timedelta(days=number), history=sent[number].history)
        receive(sent[number].paths, lake, KEYS, door, lambda *_: None)


def contents(root: Path) -> dict[str, Any]:
    """Everything the home holds, in no order that chance could change."""
    home = Home(root)
    journal = Journal(home)
    kept: dict[str, Any] = {}
    for name, files in journal.files().items():
        rows = [row for file in files for row in pq.read_table(file).to_pylist()]
        kept[name] = sorted(repr({k: v for k, v in row.items() if k != "sealed"}) for row in rows)
    kept["receipts"] = [dict(row) for row in journal.ask(select(RECEIPTS))]
    kept["acts"] = [dict(row) for row in journal.ask(select(ACTS))]
    kept["received"] = sorted(map(repr, journal.ask(select(RECEIVED))))
    kept["files"] = sorted(p.relative_to(root).as_posix() for p in _files(home))
    return kept


def _files(home: Home) -> Iterator[Path]:
    for folder in (home.lake, home.quarantine, home.evidence):
        yield from (path for path in folder.rglob("*") if path.is_file())


def seen(lake: Lake) -> tuple[frozenset[str], ...]:
    """The orders and lines that stand now, as one reading tells."""
    try:
        signals = lake.read_signals(EVER)
    except NothingKnown:
        return ()
    pairs = [
        rows.select("document_key", "version").to_pyarrow().to_pylist()
        for rows in (signals.orders, signals.order_lines)
    ]
    return tuple(frozenset(map(repr, each)) for each in pairs)


@pytest.fixture(scope="module")
def sent(tmp_path_factory: pytest.TempPathFactory) -> list[Delivery]:
    home = Home(tmp_path_factory.mktemp("nobody"))
    lake = Lake(home, connect(home, threads=1, memory_limit_mb=256))
    return deliveries(Zone(home, lake, tmp_path_factory.mktemp("sent")))


@dataclass(frozen=True)
class Stage:
    """A home after some deliveries, none of them broken off.

    Attributes:
        seconds: How long the last of them took.
    """

    root: Path
    contents: dict[str, Any]
    seconds: float


@pytest.fixture(scope="module")
def stages(tmp_path_factory: pytest.TempPathFactory, sent: list[Delivery]) -> list[Stage]:
    empty = tmp_path_factory.mktemp("stage")
    found = [Stage(empty, {}, 0.0)]
    for number in range(len(sent)):
        root = tmp_path_factory.mktemp("stage")
        shutil.copytree(found[-1].root, root, dirs_exist_ok=True)
        begun = time.perf_counter()
        run(root, sent[: number + 1])
        found.append(Stage(root, contents(root), time.perf_counter() - begun))
    return found


def test_the_deliveries_hold_what_can_go_wrong(stages: list[Stage]) -> None:
    kept = stages[-1].contents
    reasons = "".join(row["content"] for row in kept["receipts"])
    assert all(why in reasons for why in ("duplicate", "unknown_enterprise", "malformed"))
    assert len(kept["supersessions"]) > 100
    assert len(kept["orders"]) > 150
    assert len(kept["flags"]) > 10
    assert kept["acts"]


def killed(root: Path, sent: list[Delivery], after: float) -> int:
    """Receive in a process of its own, kill it after some seconds, and give its exit code."""
    mine, its = FORKS.Pipe()
    child = FORKS.Process(target=run, args=(root, sent, its))
    child.start()
    its.close()
    mine.recv()
    time.sleep(after)
    child.kill()
    child.join()
    assert child.exitcode is not None
    return child.exitcode


def test_killed_at_random_moments_and_run_again_it_is_as_if_unbroken(
    tmp_path: Path, sent: list[Delivery], stages: list[Stage]
) -> None:
    chance = np.random.default_rng(SEED)
    cut_off = 0
    for kill in range(KILLS):
        number = kill % len(sent)
        whole = stages[number + 1]
        root = tmp_path / str(kill)
        shutil.copytree(stages[number].root, root)
        after = chance.uniform(0, 0.8 * whole.seconds)
        cut_off += killed(root, sent[: number + 1], after) == -signal.SIGKILL
        run(root, sent[: number + 1])
        assert contents(root) == whole.contents
    assert cut_off > KILLS / 2


def test_a_reader_sees_whole_receipts_only(tmp_path: Path, sent: list[Delivery]) -> None:
    home = Home(tmp_path)
    reader = Lake(home, connect(home, threads=1, memory_limit_mb=256))
    lake = Lake(home, connect(home, threads=1, memory_limit_mb=256))
    states, readings = [seen(reader)], 0
    for number, each in enumerate(sent):

        def look(*_: object) -> None:
            nonlocal readings
            readings += 1
            assert seen(reader) == states[-1]

        door = Door(START + timedelta(days=number), history=each.history)
        receive(each.paths, lake, KEYS, door, look)
        states.append(seen(reader))
    assert readings == sum(len(each.paths) for each in sent)
    assert len(set(states)) == len(sent) + 1
