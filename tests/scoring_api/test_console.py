"""The console shows a browser what the API says, after signing in."""

from datetime import date
from inspect import iscoroutinefunction, signature
from pathlib import Path

import httpx
import pytest
from fastapi.routing import APIRoute

from domain.results import Alert
from scoring_api import compartment, enterprises, nights, pages, trials
from scoring_api.access import COOKIE, asking
from storage.home import Home
from storage.ledger import Ledger
from storage.queries import AlertFilter
from tests.scoring_api.conftest import (
    FAR,
    FEBRUARY,
    FIRST,
    JANUARY,
    NOON,
    SECOND,
    Zone,
    issue,
    open_zone,
)
from tests.scoring_api.issued import assessment, model_score, record

PAGES = ("/console", f"/console/enterprises/{FIRST.code}", "/console/sign-in?lang=en")


def sign_in(zone: Zone, key: str) -> httpx.Response:
    form = {"key": key}
    request = httpx.Request("POST", "http://zone/console/sign-in?lang=en", data=form)
    return zone.clients["none"].request(request)


def test_without_a_key_every_page_leads_to_the_sign_in(zone: Zone) -> None:
    client = zone.clients["none"]
    assert client.get("/").headers["location"] == "/console"
    for page in PAGES[:2]:
        answer = client.get(page)
        assert answer.status_code == 303
        assert answer.headers["location"] == "/console/sign-in?lang=zh"


def test_signing_in_opens_the_console_and_signing_out_closes_it(zone: Zone) -> None:
    answer = sign_in(zone, zone.keys["reader"])
    assert (answer.status_code, answer.headers["location"]) == (303, "/console?lang=en")
    assert '"officer":"Li"' in zone.log().splitlines()[-1]
    cookie = answer.headers["set-cookie"]
    assert {"HttpOnly", "SameSite=strict"} <= {part.strip() for part in cookie.split(";")}
    held = {"Cookie": cookie.split(";", maxsplit=1)[0]}
    client = zone.clients["none"]
    assert FIRST.name in client.get(f"/console/enterprises/{FIRST.code}", held).text
    left = client.request(httpx.Request("POST", "http://zone/console/sign-out"))
    assert f'{COOKIE}=""' in left.headers["set-cookie"]


@pytest.mark.parametrize("key", ["", "wrong", "<script>", "\x00"])
def test_a_wrong_key_opens_nothing(zone: Zone, key: str) -> None:
    answer = sign_in(zone, key)
    assert answer.status_code == 401
    assert "set-cookie" not in answer.headers
    assert "<script>" not in answer.text


@pytest.mark.parametrize(
    ("lang", "said"), [("zh", "没有人员持有该密钥"), ("en", "No officer holds")]
)
def test_a_wrong_key_is_refused_in_the_language_of_the_page(
    zone: Zone, lang: str, said: str
) -> None:
    address = f"http://zone/console/sign-in?lang={lang}"
    answer = zone.clients["none"].request(httpx.Request("POST", address, data={"key": "wrong"}))
    assert said in answer.text
    assert "API key" not in answer.text


def test_a_night_is_read_once_for_all_who_see_the_same_of_it(
    zone: Zone, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[tuple[str, ...]] = []
    alerts = Ledger.alerts

    def counted(ledger: Ledger, as_of: date | None, asked: AlertFilter) -> list[Alert]:
        read.append(asked.regions)
        return alerts(ledger, as_of, asked)

    monkeypatch.setattr(Ledger, "alerts", counted)
    fresh = open_zone(zone.home.root)
    shown = {
        name: [fresh.clients[name].get("/console").text for _ in range(3)]
        for name in ("reader", "regional", "all", "scorer")
    }
    assert read == [(), ("3203",)]
    for name, page in shown.items():
        assert (FAR.name in fresh.clients[name].get("/console?tier=B").text) == (name != "regional")
        assert ("T9" in page[0]) == (name == "all")
        assert len(set(page)) == 1


def test_a_night_issued_anew_is_read_anew(tmp_path: Path) -> None:
    issue(Home(tmp_path))
    zone = open_zone(tmp_path)
    nothing = "No enterprise matches"
    assert nothing in zone.clients["reader"].get("/console?tier=E&lang=en").text
    worse = assessment(SECOND, FEBRUARY, "E")
    Ledger(zone.home).append(record(FEBRUARY, [worse]), NOON)
    assert nothing not in zone.clients["reader"].get("/console?tier=E&lang=en").text


def test_what_reads_the_disk_waits_in_a_thread() -> None:
    """Every endpoint that is given the desk, and whoever asks for the officer."""
    rooms = (compartment, enterprises, nights, pages, trials)
    asked = [each for room in rooms for each in room.router.routes if isinstance(each, APIRoute)]
    reading = [route.endpoint for route in asked if "desk" in signature(route.endpoint).parameters]
    assert len(reading) > 8
    assert not any(map(iscoroutinefunction, [*reading, asking]))


def test_the_zone_page_lists_what_was_asked_for(zone: Zone) -> None:
    client = zone.clients["reader"]
    assert SECOND.name in client.get("/console?tier=D").text
    assert FIRST.name in client.get(f"/console?q=No.1&as_of={JANUARY}").text
    assert FAR.name not in zone.clients["regional"].get("/console?q=No.3").text


def test_laundering_shows_to_the_right_alone(zone: Zone) -> None:
    page = f"/console/enterprises/{FIRST.code}"
    assert "T9" in zone.clients["all"].get(page).text
    assert "T9" not in zone.clients["scorer"].get(page).text


@pytest.mark.parametrize(
    ("page", "status", "said"),
    [
        ("/console/enterprises/abc?lang=en", 422, "Not an enterprise code"),
        (f"/console/enterprises/{FAR.code}", 404, "未找到该企业"),
        ("/console?as_of=2020-01-31", 404, "该日没有评定结果"),
        ("/console?as_of=yesterday", 422, "日期格式不正确"),
    ],
)
def test_a_refused_page_says_why(zone: Zone, page: str, status: int, said: str) -> None:
    answer = zone.clients["regional"].get(page)
    assert answer.status_code == status
    assert answer.headers["content-type"].startswith("text/html")
    assert said in answer.text


def test_pages_load_nothing_and_run_nothing(zone: Zone) -> None:
    for page in (*PAGES, "/console/enterprises/abc"):
        answer = zone.clients["reader"].get(page)
        policy = answer.headers["content-security-policy"]
        assert policy.startswith("default-src 'none'")
        assert "unsafe" not in policy
        for outside in ("<script", 'src="http', 'href="http', "url(http", "@import"):
            assert outside not in answer.text


def test_a_fraud_lead_has_its_place_among_those_that_are_seen(tmp_path: Path) -> None:
    scores = {who: model_score("fraud") for who in (FIRST, FAR)}
    scores[FAR] = scores[FAR].model_copy(update={"probability": 0.9})
    issued = [assessment(who, JANUARY, fraud=score) for who, score in scores.items()]
    Ledger(Home(tmp_path)).append(record(JANUARY, issued), NOON)
    clients = open_zone(tmp_path).clients
    page = f"/console/enterprises/{FIRST.code}?lang=en"
    assert "<dd>2 / 2</dd>" in clients["reader"].get(page).text
    assert "<dd>1 / 1</dd>" in clients["regional"].get(page).text
