"""Zones to receive into: an empty one, and one with a firm and a carrier on the roll."""

import itertools
import shutil
from datetime import datetime
from pathlib import Path

import pytest

from storage.engine import connect
from storage.home import Home
from storage.lake import Lake
from tests.intake.made import (
    CARRIER,
    CARRIER_CUSTOMS,
    FIRM,
    FIRM_CUSTOMS,
    Zone,
    enterprise,
)

ROLL = [enterprise(FIRM, FIRM_CUSTOMS), enterprise(CARRIER, CARRIER_CUSTOMS)]


def zone_in(root: Path) -> Zone:
    """A zone in a folder, with what it has received and was sent."""
    home, sent = Home(root / "zone"), root / "sent"
    lake = Lake(home, connect(home, threads=1, memory_limit_mb=256))
    numbers = itertools.count(len(list(sent.glob("*"))))
    return Zone(home, lake, sent, numbers)


@pytest.fixture
def empty_zone(tmp_path: Path) -> Zone:
    """A zone that has received nothing."""
    return zone_in(tmp_path)


@pytest.fixture(scope="session")
def with_roll(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where a zone lies that has received a roll; to be copied, not changed."""
    root = tmp_path_factory.mktemp("roll")
    zone = zone_in(root)
    zone.receive(zone.extract("enterprises", ROLL), now=datetime.fromisoformat("2026-01-01"))
    return root


@pytest.fixture
def zone(tmp_path: Path, with_roll: Path) -> Zone:
    """A zone with a firm and a carrier on the roll."""
    shutil.copytree(with_roll, tmp_path, dirs_exist_ok=True)
    return zone_in(tmp_path)
