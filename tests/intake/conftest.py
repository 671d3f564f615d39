"""Zones to receive into: an empty one, and one with a firm and a carrier on the roll."""

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


@pytest.fixture
def empty_zone(tmp_path: Path) -> Zone:
    """A zone that has received nothing."""
    home = Home(tmp_path / "zone")
    return Zone(home, Lake(home, connect(home, threads=1, memory_limit_mb=256)), tmp_path / "sent")


@pytest.fixture
def zone(empty_zone: Zone) -> Zone:
    """A zone with a firm and a carrier on the roll."""
    empty_zone.receive(
        empty_zone.extract("enterprises", ROLL), now=datetime.fromisoformat("2026-01-01")
    )
    return empty_zone
