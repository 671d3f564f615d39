"""A drop folder is watched until the process is told to end; killed, it is started again."""

import errno
import fcntl
import os
import re
import signal
import threading
import time
from multiprocessing.connection import Connection
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import select

from commands import watch
from intake import drop_folder
from intake.drop_folder import DropFolder
from intake.receipt import Receipt
from storage.journal import RECEIPTS
from tests.commands.conftest import SECRETS, Run
from tests.intake.made import Zone, message, order_entity
from tests.intake.test_killed import FORKS

KILLS = 4
SEED = 2026
FILES = 24
QUICK = ("--interval", "0.05")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "drop"
    made.mkdir()
    return made


def put(folder: Path, name: str, *numbers: str) -> None:
    path = folder / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(message(*(order_entity(number) for number in numbers)))


def numbers(zone: Zone) -> list[str]:
    return sorted(row["order_no"] for row in zone.rows("orders"))


def files(folder: Path) -> list[str]:
    found = (path for path in folder.rglob("*") if path.is_file())
    return sorted(path.relative_to(folder).as_posix() for path in found)


def test_what_is_told_goes_to_a_log_and_names_no_number(run: Run, folder: Path) -> None:
    phone = "13912345678"
    (folder / f"weather-{phone}.parquet").write_bytes(b"PAR1")
    said = run("watch", str(folder), "--once", *QUICK, **SECRETS)
    assert said.code == 0
    assert "weather-#" in said.out
    assert phone not in said.out


def test_one_round_is_one_line_and_one_receipt(run: Run, zone: Zone, folder: Path) -> None:
    put(folder, "a.xml", "W1")
    put(folder, "b.xml", "W2", "W2")
    said = run("watch", str(folder), "--once", *QUICK, **SECRETS)
    assert (said.code, said.err) == (0, "")
    (line,) = said.out.splitlines()
    (receipt,) = (folder / "receipts").iterdir()
    assert receipt.stem in line
    assert "2 files, 6 rows offered = 4 accepted + 0 unchanged + 2 quarantined" in line
    assert len(files(folder / "received" / receipt.stem)) == 2
    assert "W1" in numbers(zone)
    assert run("watch", str(folder), "--once", *QUICK, **SECRETS).out == ""


def test_what_is_refused_is_said_and_the_rest_goes_on(run: Run, zone: Zone, folder: Path) -> None:
    put(folder, "a.xml", "W1")
    (folder / "unheard.csv").write_text("a\n1\n")
    said = run("watch", str(folder), "--once", *QUICK, **SECRETS)
    refused, received = said.out.splitlines()
    assert "unheard.csv cannot be received: neither its name nor a mapping" in refused
    assert "1 file, 2 rows" in received
    assert "W1" in numbers(zone)


@pytest.mark.parametrize(
    ("place", "why"),
    [("nowhere", "there is no such folder"), ("home", "lie apart"), (".", "lie apart")],
)
def test_a_place_that_cannot_be_watched_is_refused(
    run: Run, tmp_path: Path, place: str, why: str
) -> None:
    said = run("watch", str(tmp_path / place), "--once", **SECRETS)
    assert said.code == 1
    assert why in said.sentence


def test_without_keys_nothing_is_taken(run: Run, folder: Path) -> None:
    put(folder, "a.xml", "W1")
    said = run("watch", str(folder), "--once", *QUICK)
    assert said.code == 1
    assert "SANDAN_PSEUDONYM_KEY" in said.sentence
    assert files(folder) == ["a.xml"]


def test_one_watch_is_enough(run: Run, zone: Zone, folder: Path) -> None:
    put(folder, "a.xml", "W1")
    with zone.home.watching.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        said = run("watch", str(folder), "--once", *QUICK, **SECRETS)
    assert said.code == 1
    assert "being watched" in said.sentence
    assert files(folder) == ["a.xml"]


def test_while_another_receipt_is_under_way_it_is_said_once_and_waits(
    run: Run, zone: Zone, folder: Path
) -> None:
    put(folder, "a.xml", "W1")
    threading.Timer(0.6, os.kill, (os.getpid(), signal.SIGTERM)).start()
    with zone.home.receiving.open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        said = run("watch", str(folder), *QUICK, **SECRETS)
    (line,) = said.out.splitlines()
    assert "another receipt is under way" in line
    assert said.code == 0
    run("watch", str(folder), "--once", *QUICK, **SECRETS)
    assert "W1" in numbers(zone)


@pytest.mark.parametrize("step", ["_leave", "_private"])
def test_a_trouble_of_the_disk_is_said_and_passes(
    run: Run, zone: Zone, folder: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    (folder / "under-way").mkdir()
    put(folder, "under-way/one/a.xml", "W1")

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr(DropFolder if step == "_leave" else drop_folder, step, full)
        said = run("watch", str(folder), "--once", *QUICK, **SECRETS)
    assert said.code == 0
    assert "one waits, to be tried again: No space left on device." in said.out
    assert "receipt" in run("watch", str(folder), "--once", *QUICK, **SECRETS).out
    assert "W1" in numbers(zone)
    assert len(files(folder / "receipts")) == 1


def test_a_folder_that_went_away_is_missed(
    run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    look = DropFolder.look

    def looking(drop: DropFolder) -> object:
        seen = look(drop)
        if folder.exists():
            folder.rmdir()
        return seen

    monkeypatch.setattr(DropFolder, "look", looking)
    said = run("watch", str(folder), "--once", *QUICK, **SECRETS)
    assert said.code == 0
    assert "is not there now" in said.out


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_told_to_end_it_ends_after_the_batch(
    run: Run, zone: Zone, folder: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    put(folder, "a.xml", "W1")
    take = watch._round

    def told_to_end(*given: object) -> object:
        os.kill(os.getpid(), number)
        put(folder, "b.xml", "W2")
        return take(*given)  # type: ignore[arg-type]

    before = signal.getsignal(number)
    monkeypatch.setattr(watch, "_round", told_to_end)
    said = run("watch", str(folder), *QUICK, **SECRETS)
    assert said.code == 0
    assert "W1" in numbers(zone)
    assert "b.xml" in files(folder)
    assert signal.getsignal(number) == before


def die(*_: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def watching(folder: Path, home: Path, answer: Connection, deadly: str = "") -> None:
    """Watch in a process of its own, which dies at a step of the round."""
    os.environ.update(SECRETS | {"SANDAN_HOME": str(home), "SANDAN_THREADS": "1"})
    rename = drop_folder._rename

    def rename_one(file: Path, to: Path) -> None:
        rename(file, to)
        die()

    with pytest.MonkeyPatch.context() as patch:
        if deadly == "first file":
            patch.setattr(drop_folder, "_rename", rename_one)
        elif deadly:
            patch.setattr(DropFolder, deadly, die)
        answer.send("begun")
        watch.watch(folder, interval=0.05, once=False)


def killed(folder: Path, home: Path, after: float | None, deadly: str = "") -> None:
    mine, its = FORKS.Pipe()
    child = FORKS.Process(target=watching, args=(folder, home, its, deadly))
    child.start()
    its.close()
    mine.recv()
    if after is not None:
        time.sleep(after)
        child.kill()
    child.join()
    assert child.exitcode == -signal.SIGKILL


@pytest.mark.parametrize(
    ("deadly", "left"),
    [
        ("first file", ["b.xml", "under-way/ID/a.xml"]),
        ("finish", ["under-way/ID/a.xml", "under-way/ID/b.xml"]),
        ("_leave", ["under-way/ID/a.xml", "under-way/ID/b.xml"]),
    ],
)
def test_killed_at_a_step_it_goes_on_from_there(
    run: Run, zone: Zone, folder: Path, deadly: str, left: list[str]
) -> None:
    put(folder, "a.xml", "W1")
    put(folder, "b.xml", "W2")
    before = len(zone.lake.journal.ask(select(RECEIPTS.c.batch)))
    killed(folder, zone.home.root, None, deadly)
    assert [re.sub("/2.*?/", "/ID/", file) for file in files(folder)] == left
    run("watch", str(folder), "--once", *QUICK, **SECRETS)
    batches = len({file.split("/")[0] for file in left})
    assert len(zone.lake.journal.ask(select(RECEIPTS.c.batch))) == before + batches
    assert len(files(folder / "receipts")) == batches
    lying = [file.split("/")[-1] for file in files(folder / "received")]
    assert sorted(lying) == ["a.xml", "b.xml"]
    assert [number for number in numbers(zone) if number.startswith("W")] == ["W1", "W2"]


def test_killed_at_any_moment_nothing_is_lost_and_nothing_doubled(
    run: Run, zone: Zone, folder: Path
) -> None:
    chance = np.random.default_rng(SEED)
    there, before = numbers(zone), len(zone.lake.journal.ask(select(RECEIPTS.c.batch)))
    sent = {f"{n % 3}/{n}.xml": f"K{n:02d}" for n in range(FILES)}
    per_kill = FILES // KILLS
    for kill in range(KILLS):
        for name in list(sent)[kill * per_kill : (kill + 1) * per_kill]:
            put(folder, name, sent[name])
        killed(folder, zone.home.root, chance.uniform(0.1, 0.7))
    run("watch", str(folder), "--once", *QUICK, **SECRETS)
    assert numbers(zone) == sorted([*there, *sent.values()])
    kept = zone.lake.journal.ask(select(RECEIPTS))
    by_name = {row["batch"]: Receipt.model_validate_json(row["content"]) for row in kept}
    lying = {file for file in files(folder) if file.startswith("received/")}
    assert len(files(folder)) == len(lying) + len(files(folder / "receipts"))
    assert sorted(file.split("/", 2)[2] for file in lying) == sorted(sent)
    for left in (folder / "receipts").iterdir():
        receipt = Receipt.model_validate_json(left.read_text("utf-8"))
        assert receipt == by_name.pop(left.stem)
        assert len(receipt.files) == len(files(folder / "received" / left.stem))
        assert not any(file.seen_before for file in receipt.files)
    assert len(by_name) == before
