"""A delivery under a key is received once, whenever the process is killed."""

import os
import shutil
import signal
import time
from collections.abc import Callable
from datetime import timedelta
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sqlalchemy import select

from domain.delivery_errors import KeyReused, NoReceipt
from intake.hand_in import HandedIn, Sender, hand_in, receipt_given
from storage.engine import connect
from storage.home import Home
from storage.journal import DELIVERIES, Journal
from storage.lake import Lake
from tests.intake.conftest import ROLL
from tests.intake.made import KEYS, NOW, Zone, message, order, order_entity
from tests.intake.test_killed import FORKS, contents

KILLS = 6
SEED = 2026
SENDER = Sender("key", "customs")


def handed_in(root: Path, sent: Path, answer: Connection | None = None) -> HandedIn:
    home = Home(root)
    lake = Lake(home, connect(home, threads=1, memory_limit_mb=256))
    if answer is not None:
        answer.send("begun")
    return hand_in([sent], lake, KEYS, SENDER, NOW)


def died_at_commit(root: Path, sent: Path, answer: Connection) -> None:
    """Hand in, and die the moment before the batch counts."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Journal, "commit", _die)
        handed_in(root, sent, answer)


def died_after_commit(root: Path, sent: Path, answer: Connection) -> None:
    """Hand in, and die the moment after the batch counts."""
    commit = Journal.commit

    def commit_and_die(*given: object) -> None:
        commit(*given)  # type: ignore[arg-type]
        _die()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Journal, "commit", commit_and_die)
        handed_in(root, sent, answer)


def _die(*_: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def killed(act: Callable[..., object], root: Path, sent: Path, after: float | None) -> int | None:
    """Act in a process of its own, kill it after some seconds, and give its exit code."""
    mine, its = FORKS.Pipe()
    child = FORKS.Process(target=act, args=(root, sent, its))
    child.start()
    its.close()
    mine.recv()
    if after is not None:
        time.sleep(after)
        child.kill()
    child.join()
    return child.exitcode


def whole(root: Path) -> dict[str, Any]:
    kept = contents(root)
    kept["deliveries"] = [dict(row) for row in Journal(Home(root)).ask(select(DELIVERIES))]
    return kept


@pytest.fixture(scope="module")
def sent(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sent") / "orders.xml"
    path.write_text(message(*(order_entity(f"O{n}", (1, 2)) for n in range(300)))[:-60])
    return path


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the roll."""
    folder = tmp_path_factory.mktemp("begun")
    home = Home(folder / "home")
    lake = Lake(home, connect(home, threads=1, memory_limit_mb=256))
    made = Zone(home, lake, folder / "sent")
    made.receive(made.extract("enterprises", ROLL), now=NOW - timedelta(days=9))
    return home.root


@pytest.fixture
def fresh(begun: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    return Path(shutil.copytree(begun, tmp_path / "home"))


@pytest.fixture(scope="module")
def unbroken(begun: Path, sent: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("unbroken") / "home"
    shutil.copytree(begun, root)
    assert not handed_in(root, sent).before
    return root


@pytest.mark.parametrize(("act", "counted"), [(died_at_commit, False), (died_after_commit, True)])
def test_killed_at_the_moment_it_counts(
    act: Callable[..., object], counted: bool, sent: Path, unbroken: Path, fresh: Path
) -> None:
    assert killed(act, fresh, sent, None) == -signal.SIGKILL
    assert handed_in(fresh, sent).before == counted
    assert whole(fresh) == whole(unbroken)


def test_killed_at_random_moments_and_handed_in_again(
    begun: Path, sent: Path, unbroken: Path, tmp_path: Path
) -> None:
    chance = np.random.default_rng(SEED)
    cut_off = 0
    for kill in range(KILLS):
        root = tmp_path / str(kill)
        shutil.copytree(begun, root)
        cut_off += killed(handed_in, root, sent, chance.uniform(0, 0.2)) == -signal.SIGKILL
        handed_in(root, sent)
        assert handed_in(root, sent).before
        assert whole(root) == whole(unbroken)
    assert cut_off > KILLS / 2
    assert len(whole(unbroken)["deliveries"]) == 1


def test_a_receipt_is_given_to_its_sender_alone(zone: Zone) -> None:
    path = zone.extract("orders", [order("O1")])
    receipt = hand_in([path], zone.lake, KEYS, SENDER, NOW).receipt
    journal = zone.lake.journal
    assert receipt_given(journal, receipt.batch, "customs") == receipt.model_dump_json()
    for batch, officer in ((receipt.batch, "tax"), (receipt.batch, ""), ("x", "customs")):
        with pytest.raises(NoReceipt):
            receipt_given(journal, batch, officer)
    (row,) = journal.ask(select(DELIVERIES))
    assert "key" not in row["key"]


def test_a_delivery_is_its_names_and_its_bytes(zone: Zone) -> None:
    first, second = (zone.extract("orders", [order(n)], part=f"-{n}") for n in ("O1", "O2"))
    hand_in([first, second], zone.lake, KEYS, SENDER, NOW)
    assert hand_in([second, first], zone.lake, KEYS, SENDER, NOW).before
    renamed = Path(shutil.copy(first, first.with_name("orders-x.parquet")))
    for others in ([first], [second], [renamed, second]):
        with pytest.raises(KeyReused):
            hand_in(others, zone.lake, KEYS, SENDER, NOW)
    elsewhere = hand_in([second], zone.lake, KEYS, Sender("key", "tax"), NOW)
    assert not elsewhere.before
