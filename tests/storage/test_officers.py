"""Officers are known by their keys; the keys are not kept."""

import fcntl
import multiprocessing
import os
from concurrent.futures import ThreadPoolExecutor, wait
from functools import partial
from pathlib import Path

from domain.officer import Department, Officer, Right
from storage.home import Home
from storage.officers import add, officer_of

WANG = Officer(name="Wang", department=Department.TAX, rights=frozenset({Right.READ}))
LI = Officer(name="Li", department=Department.PAYMENT, regions=("3203",))


def test_each_key_leads_to_its_officer_and_no_other(tmp_path: Path) -> None:
    home = Home(tmp_path / "zone")
    first, second, third = add(home, WANG), add(home, LI), add(home, WANG)
    assert len({first, second, third}) == 3
    assert [officer_of(home, key) for key in (first, second, third)] == [WANG, LI, WANG]
    assert officer_of(home, first + "x") is None
    assert officer_of(home, "") is None


def test_officers_added_at_the_same_time_are_all_kept(tmp_path: Path) -> None:
    home = Home(tmp_path / "zone")
    with multiprocessing.get_context("spawn").Pool(4) as pool:
        keys = pool.map(partial(add, home), [WANG, LI] * 20, chunksize=1)
    assert [officer_of(home, key) for key in keys] == [WANG, LI] * 20


def test_nobody_is_known_before_anyone_was_added(tmp_path: Path) -> None:
    assert officer_of(Home(tmp_path), "x") is None


def test_the_key_is_not_in_the_home_and_others_cannot_read_the_file(tmp_path: Path) -> None:
    home = Home(tmp_path)
    key = add(home, WANG)
    kept = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert kept == [home.officers]
    assert key.encode() not in home.officers.read_bytes()
    assert home.officers.stat().st_mode & 0o077 == 0


def test_whoever_adds_waits_for_whoever_reads_to_write(tmp_path: Path) -> None:
    home = Home(tmp_path)
    add(home, WANG)
    folder = os.open(tmp_path, os.O_RDONLY)
    fcntl.flock(folder, fcntl.LOCK_SH)
    with ThreadPoolExecutor(1) as pool:
        later = pool.submit(add, home, LI)
        waited = wait([later], timeout=0.5).not_done
        os.close(folder)
        assert officer_of(home, later.result()) == LI
    assert waited == {later}
