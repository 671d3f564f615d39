"""The command in this process, over a home that holds refused rows."""

import os
import shutil
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import pytest

import sandan
from commands import quarantine, sources
from domain.officer import Department, Officer, Right
from storage.engine import connect
from storage.home import Home
from storage.lake import Lake
from storage.officers import add
from tests.intake.conftest import ROLL
from tests.intake.made import KEYS, NOW, Zone, message, order, order_entity

NEWCOMER = "91320300MA0000009X"
SECRETS = {
    "SANDAN_PSEUDONYM_KEY": KEYS.pseudonym.hex(),
    "SANDAN_SEAL_KEY": KEYS.seal.hex(),
}


class Said(NamedTuple):
    """How a command ended and what it said."""

    code: int
    out: str
    err: str

    @property
    def sentence(self) -> str:
        """The refusal, which is one line."""
        line = self.err.removesuffix("\n")
        assert line
        assert "\n" not in line
        assert "Traceback" not in line
        return line


Run = Callable[..., Said]


def zone_at(folder: Path) -> Zone:
    """The zone whose home lies in a folder."""
    home = Home(folder / "home")
    lake = Lake(home, connect(home, threads=1, memory_limit_mb=256))
    return Zone(home, lake, folder / "sent")


@pytest.fixture(scope="session")
def refused(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of a home with five refused rows: three orders, a message's order and its line."""
    folder = tmp_path_factory.mktemp("refused")
    made = zone_at(folder)
    begun = datetime.fromisoformat("2026-01-01")
    made.receive(made.extract("enterprises", ROLL), now=begun)
    unknown = {"merchant_code": NEWCOMER}
    rows = [order("O1", **unknown), order("O2", **unknown), order("O3", direction="X")]
    made.receive(made.extract("orders", [*rows, order("O4")]), now=NOW)
    made.receive(made.message(message(order_entity("O5", (1,), goodsValue="x"))), now=NOW)
    return folder


@pytest.fixture
def zone(refused: Path, tmp_path: Path) -> Zone:
    """That zone, to change."""
    shutil.copytree(refused / "home", tmp_path / "home")
    return zone_at(tmp_path)


@pytest.fixture
def run(
    zone: Zone,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfdbinary: pytest.CaptureFixture[bytes],
) -> Run:
    """Runs the command at noon of that day; keyword arguments are its environment."""
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith("SANDAN_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("COLUMNS", "200")
    for door in (quarantine, sources):
        monkeypatch.setattr(door, "now", lambda: NOW.replace(hour=12))

    def call(*words: str, **variables: str) -> Said:
        with monkeypatch.context() as patch:
            for name, value in {"SANDAN_HOME": str(zone.home.root), **variables}.items():
                patch.setenv(name, value)
            patch.setattr(sys, "argv", ["sandan", *words])
            with pytest.raises(SystemExit) as ended:
                sandan.main()
        said = capfdbinary.readouterr()
        return Said(int(ended.value.code or 0), said.out.decode(), said.err.decode())

    return call


@pytest.fixture
def li(zone: Zone) -> dict[str, str]:
    """The environment of an officer who may unseal."""
    rights = frozenset({Right.READ, Right.UNSEAL})
    officer = Officer(name="李", department=Department.CUSTOMS, rights=rights)
    return {"SANDAN_API_KEY": add(zone.home, officer), **SECRETS}


@pytest.fixture
def reader(zone: Zone) -> dict[str, str]:
    """The environment of an officer who may only read."""
    officer = Officer(name="王", department=Department.CUSTOMS)
    return {"SANDAN_API_KEY": add(zone.home, officer), **SECRETS}
