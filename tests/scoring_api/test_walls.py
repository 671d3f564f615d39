"""What an officer may not know shows nowhere; who asked for what is written down."""

import re
from pathlib import Path

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain import delivery_errors, errors
from domain.errors import Refusal
from scoring_api.problems import STATUS, kind_of
from storage.home import Home
from tests.scoring_api.conftest import (
    FAR,
    FEBRUARY,
    FIRST,
    JANUARY,
    Zone,
    issue,
    open_zone,
)
from tests.scoring_api.issued import credit_code

ADDRESSES = [
    f"{stem}{query}"
    for stem in (
        "/api/enterprises",
        "/api/alerts",
        "/api/nights",
        "/api/counts",
        "/api/tiers/D",
        "/api/tiers/C",
        "/api/health",
        "/api/openapi.json",
        "/api/laundering",
        "/",
        "/console",
        "/console/sign-in",
        *(
            f"{stem}/{code}{end}"
            for code in (FIRST.code, FAR.code, credit_code(99))
            for stem, end in (
                ("/api/enterprises", ""),
                ("/api/enterprises", "/history"),
                ("/api/enterprises", "/explanation"),
                ("/api/laundering", ""),
                ("/console/enterprises", ""),
            )
        ),
    )
    for query in ("", f"?q=trading&as_of={JANUARY}&typology=T9")
]


@pytest.fixture(scope="module")
def clean_zone(tmp_path_factory: pytest.TempPathFactory) -> Zone:
    """The same zone without any laundering record."""
    root = tmp_path_factory.mktemp("clean")
    issue(Home(root))
    return open_zone(root)


@pytest.mark.parametrize("officer", ["reader", "regional", "scorer", "nobody", "none"])
def test_without_the_right_a_zone_with_laundering_is_like_one_without(
    zone: Zone, clean_zone: Zone, officer: str
) -> None:
    for address in ADDRESSES:
        told, untold = (each.clients[officer].get(address) for each in (zone, clean_zone))
        assert told.status_code == untold.status_code
        assert told.status_code != 500
        assert told.content == untold.content, address
        assert dict(told.headers) == dict(untold.headers)
    asked = {"code": FIRST.code, "changes": {"late_filing_count": 2}}
    told, untold = (each.clients[officer].post("/api/score", asked) for each in (zone, clean_zone))
    assert told.content == untold.content


def test_with_the_right_it_is_not(zone: Zone, clean_zone: Zone) -> None:
    told, untold = (each.clients["all"].get("/api/laundering") for each in (zone, clean_zone))
    assert (told.status_code, untold.status_code) == (200, 404)
    assert FIRST.name in zone.clients["all"].get("/console").text


def test_nothing_of_the_compartment_lies_in_the_ledger(zone: Zone, clean_zone: Zone) -> None:
    def files(home: Home) -> dict[Path, bytes]:
        found = home.ledger.rglob("*.parquet")
        return {path.relative_to(home.root): path.read_bytes() for path in found}

    assert files(zone.home) == files(clean_zone.home)


@settings(max_examples=25, deadline=None)
@given(
    code=st.text(max_size=40),
    query=st.text(max_size=120),
    as_of=st.text(max_size=20) | st.dates().map(str),
)
def test_no_text_breaks_a_get(zone: Zone, code: str, query: str, as_of: str) -> None:
    client = zone.clients["reader"]
    for address in (
        f"/api/enterprises/{quoted(code)}?as_of={quoted(as_of)}",
        f"/api/enterprises?q={quoted(query)}",
        f"/api/tiers/{quoted(code)}?after={quoted(query)}",
        f"/api/alerts?typology={quoted(query)}",
        f"/console?q={quoted(query)}&tier={quoted(code)}",
    ):
        answer = client.get(address)
        assert answer.status_code < 500, address
        if answer.status_code >= 400 and address.startswith("/api"):
            assert answer.headers["content-type"] == "application/problem+json"


def quoted(text: str) -> str:
    return "".join(f"%{byte:02X}" for byte in text.encode("utf-8", "surrogatepass"))


def test_a_very_long_query_is_refused_and_logged_short(zone: Zone) -> None:
    assert zone.clients["reader"].get("/api/enterprises?q=" + "a" * 50_000).status_code == 422
    assert len(zone.log().splitlines()[-1]) < 3000


def test_every_request_is_one_line_of_the_log(zone: Zone) -> None:
    before = len(zone.log().splitlines())
    zone.clients["regional"].get(f"/api/enterprises/{FAR.code}?as_of={FEBRUARY}")
    zone.clients["none"].get("/api/nights")
    zone.clients["scorer"].post("/api/score", {"code": "x\ny"})
    found, refused, scored = map(orjson.loads, zone.log().splitlines()[before:])
    assert (found["officer"], found["status"]) == ("Wu", 404)
    assert found["path"] == f"/api/enterprises/{FAR.code}"
    assert found["query"] == f"as_of={FEBRUARY}"
    assert re.fullmatch(r"\d{4}-\d{2}-\d{2}T[\d:.]+", found["at"])
    assert (refused["officer"], refused["status"]) == (None, 401)
    assert (scored["method"], scored["officer"]) == ("POST", "Sun")
    file = zone.home.logs / "access.jsonl"
    assert file.stat().st_mode & 0o077 == 0
    assert not any(key in file.read_text() for key in zone.keys.values())


def test_every_kind_of_refusal_that_a_request_can_cause_has_its_status() -> None:
    rooms = {**vars(errors), **vars(delivery_errors)}
    kinds = {each for each in rooms.values() if isinstance(each, type)} - {Refusal}
    of_other_doors = {
        errors.SourceStale,
        errors.BadSetting,
        errors.NoPolicy,
        errors.NoTruth,
        errors.DayNotOver,
        errors.ReceiptUnderWay,
        delivery_errors.FolderWatched,
        errors.TooFewLabels,
        errors.SealBroken,
        errors.NoEntry,
        errors.EntryClosed,
        errors.EntryAmbiguous,
        errors.NoSuchChoice,
        errors.NotWritten,
        errors.WhyMissing,
    }
    unplaced = {each for each in kinds if issubclass(each, Refusal)} - STATUS.keys()
    assert unplaced <= of_other_doors
    assert len({kind_of(kind) for kind in STATUS}) == len(STATUS)
