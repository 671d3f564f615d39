"""One small zone for the room's tests."""

import pytest

from pilot_zone.history import History, come_to_be
from pilot_zone.plan import ZonePlan
from pilot_zone.zone import simulate
from tests.pilot_zone.pieces import SMALL, Zone


@pytest.fixture(scope="session")
def zone(tmp_path_factory: pytest.TempPathFactory) -> Zone:
    folder = tmp_path_factory.mktemp("zone")
    told: list[tuple[str, float]] = []
    summary = simulate(SMALL, folder, lambda doing, done: told.append((doing, done)))
    return Zone(folder, summary, told)


@pytest.fixture(scope="session")
def honest() -> History:
    """A small zone without schemes, before its trade."""
    return come_to_be(ZonePlan(seed=5, enterprises=100, months=6, orders=8000, strength=0))
