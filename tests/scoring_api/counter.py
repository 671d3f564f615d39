"""The API of a zone with a firm and a carrier on the roll, and officers who hand documents in."""

import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import httpx
from pydantic import SecretStr
from sqlalchemy import select

from domain.officer import Department, Officer, Right
from domain.settings import Settings
from scoring_api.access import now
from scoring_api.app import create_app
from storage import officers
from storage.engine import connect
from storage.home import Home
from storage.journal import RECEIPTS
from storage.lake import Lake
from tests.intake.conftest import ROLL
from tests.intake.made import KEYS, Zone, message, order_entity
from tests.scoring_api.conftest import Client

NUMBER, PHONE, NAME = "11010519491231002X", "13912345678", "欧阳测试"
BUYER = {"buyerName": NAME, "buyerIdNumber": NUMBER, "buyerTelephone": PHONE}
CUSTOMS = Officer(name="customs", department=Department.CUSTOMS, rights=frozenset({Right.DELIVER}))
TAX = Officer(name="tax", department=Department.TAX, rights=frozenset({Right.DELIVER}))
OTHERS = Officer(
    name="others", department=Department.TAX, rights=frozenset(Right) - {Right.DELIVER}
)


def orders(*numbers: str, **given: str) -> bytes:
    """A message of orders of one buyer."""
    entities = (order_entity(number, (1, 2), **{**BUYER, **given}) for number in numbers)
    return message(*entities).encode()


@dataclass(frozen=True)
class Counter:
    """A zone whose API is open, and a client for each officer; "none" sends no key."""

    zone: Zone
    clients: dict[str, Client]

    def hand_in(
        self,
        body: bytes | AsyncIterator[bytes],
        name: str = "orders.xml",
        key: str = "",
        officer: str = "customs",
    ) -> httpx.Response:
        headers = {"X-File-Name": name, "Idempotency-Key": key or str(uuid4())}
        return self.post(body, headers, officer)

    def post(
        self, body: bytes | AsyncIterator[bytes], headers: dict[str, str], officer: str = "customs"
    ) -> httpx.Response:
        address = "http://zone/api/documents"
        request = httpx.Request("POST", address, content=body, headers=headers)
        return self.clients[officer].request(request)

    def receipts(self) -> int:
        return len(self.zone.lake.journal.ask(select(RECEIPTS.c.number)))

    def spooled(self) -> list[Path]:
        return list(self.zone.home.spool.rglob("*"))


def settings_of(home: Home) -> Settings:
    return Settings(
        home=home.root,
        pseudonym_key=SecretStr(KEYS.pseudonym.hex()),
        seal_key=SecretStr(KEYS.seal.hex()),
        threads=1,
        memory_limit_mb=256,
    )


def zone_at(root: Path) -> Zone:
    home = Home(root / "zone")
    lake = Lake(home, connect(home, threads=1, memory_limit_mb=256))
    return Zone(home, lake, root / "sent")


def make_zone(root: Path) -> Path:
    """A folder with such a zone, to copy."""
    zone = zone_at(root)
    zone.receive(zone.extract("enterprises", ROLL), now=now() - timedelta(days=1))
    return root


def opened(zone: Zone) -> Counter:
    keys = {each.name: officers.add(zone.home, each) for each in (CUSTOMS, TAX, OTHERS)}
    app = create_app(settings_of(zone.home))
    clients = {name: Client(app, key) for name, key in keys.items()}
    return Counter(zone, {**clients, "none": Client(app)})


def opened_copy(made: Path, root: Path) -> Counter:
    shutil.copytree(made / "zone", root / "zone")
    return opened(zone_at(root))
