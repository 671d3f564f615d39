"""One small issued zone and a client for each kind of officer."""

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import anyio
import httpx
import pytest
from fastapi import FastAPI

from domain.officer import Department, Officer, Right
from domain.settings import Settings
from scoring_api.app import create_app
from storage import officers
from storage.home import Home
from storage.laundering import Compartment
from storage.ledger import Ledger
from tests.scoring_api.issued import alert, assessment, enterprise, laundering_record, record

_ORIGIN = "http://zone"
JANUARY, FEBRUARY = date(2026, 1, 31), date(2026, 2, 28)
NOON = datetime(2026, 3, 1, 12)  # noqa: DTZ001 - China wall clock has no zone here
FIRST, SECOND, FAR = enterprise(1), enterprise(2), enterprise(3, division="440300")
EVERYTHING = frozenset(Right)
OFFICERS = {
    "reader": Officer(name="Li", department=Department.TAX),
    "regional": Officer(name="Wu", department=Department.TAX, regions=("3203",)),
    "scorer": Officer(
        name="Sun", department=Department.TAX, rights=EVERYTHING - {Right.LAUNDERING}
    ),
    "regional_scorer": Officer(
        name="Xu", department=Department.TAX, regions=("3203",), rights=frozenset({Right.SCORE})
    ),
    "nobody": Officer(name="Ma", department=Department.TAX, rights=frozenset({Right.UNSEAL})),
    "all": Officer(name="Zhao", department=Department.PAYMENT, rights=EVERYTHING),
}


@dataclass(frozen=True)
class Client:
    """Asks the application in this process, as one officer.

    Starlette's own test client warns that it wants another httpx than there is.
    """

    app: FastAPI
    key: str = ""

    def get(self, path: str, headers: dict[str, str] | None = None) -> httpx.Response:
        return self.request(httpx.Request("GET", _ORIGIN + path, headers=headers))

    def post(self, path: str, asked: object) -> httpx.Response:
        return self.request(httpx.Request("POST", _ORIGIN + path, json=asked))

    def request(self, request: httpx.Request) -> httpx.Response:
        if self.key:
            request.headers["X-API-Key"] = self.key

        async def call() -> httpx.Response:
            transport = httpx.ASGITransport(self.app, raise_app_exceptions=False)
            async with httpx.AsyncClient(transport=transport) as client:
                return await client.send(request)

        return anyio.run(call)


@dataclass(frozen=True)
class Zone:
    """A home with two issued nights, and a client per officer; "none" sends no key."""

    home: Home
    clients: dict[str, Client]
    keys: dict[str, str]

    def log(self) -> str:
        return (self.home.logs / "access.jsonl").read_text()


def issue(home: Home) -> None:
    ledger = Ledger(home)
    for as_of, tier in ((JANUARY, "B"), (FEBRUARY, "C")):
        alerts = (alert(SECOND, "T3", rank=3), alert(SECOND, "T1", rank=1, colour="red"))
        far = (alert(FAR, "T3", rank=2, colour="blue"),)
        assessments = [
            assessment(FIRST, as_of, tier),
            assessment(SECOND, as_of, "D", alerts),
            assessment(FAR, as_of, "B", far, credit=None),
        ]
        ledger.append(record(as_of, assessments), NOON)


def issue_laundering(home: Home, as_of: date) -> None:
    found = [laundering_record(who, as_of) for who in (FIRST, FAR)]
    Compartment(home).append(as_of, found, NOON)


def open_zone(root: Path) -> Zone:
    home = Home(root)
    keys = {name: officers.add(home, who) for name, who in OFFICERS.items()}
    app = create_app(Settings(home=root))
    clients = {name: Client(app, key) for name, key in keys.items()}
    return Zone(home, {**clients, "none": Client(app)}, keys)


@pytest.fixture(scope="module")
def zone(tmp_path_factory: pytest.TempPathFactory) -> Zone:
    """Two nights with laundering records on both; nothing in a test changes it."""
    root = tmp_path_factory.mktemp("zone")
    issue(Home(root))
    for as_of in (JANUARY, FEBRUARY):
        issue_laundering(Home(root), as_of)
    return open_zone(root)
