"""The API answers with what was issued, to whom it may, and says what it refuses."""

import math
import re

import httpx
import pytest

from domain.results import Assessment
from scoring_api.app import LARGEST_BODY
from storage.payloads import canonical
from tests.scoring_api.conftest import FAR, FEBRUARY, FIRST, JANUARY, SECOND, Client, Zone
from tests.scoring_api.issued import assessment, credit_code, laundering_record

CODE = FIRST.code


def test_an_assessment_is_the_bytes_that_were_issued(zone: Zone) -> None:
    for code in (CODE, FIRST.customs_code):
        for as_of, tier in ((JANUARY, "B"), (FEBRUARY, "C")):
            answer = zone.clients["reader"].get(f"/api/enterprises/{code}?as_of={as_of}")
            assert answer.status_code == 200
            assert answer.headers["content-type"] == "application/json"
            assert answer.content == canonical(assessment(FIRST, as_of, tier))
    latest = zone.clients["reader"].get(f"/api/enterprises/{CODE}")
    assert Assessment.model_validate_json(latest.content).as_of == FEBRUARY


def test_search_history_and_tiers_answer_with_heads(zone: Zone) -> None:
    client = zone.clients["reader"]
    found = client.get("/api/enterprises?q=no.2").json()
    assert [each["code"] for each in found["enterprises"]] == [SECOND.code]
    nights = client.get(f"/api/enterprises/{CODE}/history").json()["nights"]
    assert [(night["as_of"], night["tier"]) for night in nights] == [
        ("2026-01-31", "B"),
        ("2026-02-28", "C"),
    ]
    held = client.get("/api/tiers/B?as_of=2026-01-31&limit=1").json()
    assert [each["code"] for each in held["enterprises"]] == [CODE]
    rest = client.get(f"/api/tiers/B?as_of=2026-01-31&after={CODE}").json()
    assert [each["code"] for each in rest["enterprises"]] == [FAR.code]


def test_base_and_reasons_make_the_margin(zone: Zone) -> None:
    score = zone.clients["reader"].get(f"/api/enterprises/{CODE}/explanation").json()
    total = score["base"] + math.fsum(reason["contribution"] for reason in score["reasons"])
    assert total == pytest.approx(score["margin"], abs=1e-9)
    assert 0 <= score["probability"] <= 1


def test_alerts_come_by_rank_and_as_filtered(zone: Zone) -> None:
    def ranks(query: str) -> list[int]:
        answer = zone.clients["reader"].get(f"/api/alerts?{query}")
        return [each["rank"] for each in answer.json()["alerts"]]

    assert ranks("") == [1, 2, 3]
    assert ranks("limit=1") == [1]
    assert ranks("colour=red") == [1]
    assert ranks("typology=T3") == [2, 3]
    assert ranks("department=customs") == [1, 2, 3]
    assert ranks("department=tax") == []


def test_an_officer_of_a_region_gets_ranks_within_it(zone: Zone) -> None:
    regional, everyone = zone.clients["regional"], zone.clients["reader"]

    def ranks(client: Client) -> dict[str, list[dict[str, int]]]:
        listed = client.get("/api/alerts").json()["alerts"]
        filtered = client.get("/api/alerts?typology=T3").json()["alerts"]
        own = client.get(f"/api/enterprises/{SECOND.code}?as_of={JANUARY}").json()["alerts"]
        sets = {"listed": listed, "filtered": filtered, "own": own}
        return {name: [{a["typology"]: a["rank"]} for a in told] for name, told in sets.items()}

    assert ranks(everyone) == {
        "listed": [{"T1": 1}, {"T3": 2}, {"T3": 3}],
        "filtered": [{"T3": 2}, {"T3": 3}],
        "own": [{"T3": 3}, {"T1": 1}],
    }
    assert ranks(regional) == {
        "listed": [{"T1": 1}, {"T3": 2}],
        "filtered": [{"T3": 2}],
        "own": [{"T3": 2}, {"T1": 1}],
    }


def test_but_for_the_ranks_an_officer_of_a_region_gets_what_was_issued(zone: Zone) -> None:
    told, issued = (
        zone.clients[name].get(f"/api/enterprises/{SECOND.code}").json()
        for name in ("regional", "reader")
    )
    for each in (*told["alerts"], *issued["alerts"]):
        del each["rank"]
    assert told == issued


def test_pages_show_the_ranks_of_what_the_officer_sees(zone: Zone) -> None:
    page = f"/console/enterprises/{SECOND.code}?lang=en"
    pattern = r"Rank among the alerts (\d+)"
    found = {
        name: re.findall(pattern, zone.clients[name].get(page).text)
        for name in ("reader", "regional")
    }
    assert found == {"reader": ["3", "1"], "regional": ["2", "1"]}


def test_counts_are_of_what_the_officer_sees(zone: Zone) -> None:
    everything = zone.clients["reader"].get(f"/api/counts?as_of={JANUARY}").json()
    assert everything["tiers"] == {"B": 2, "D": 1}
    assert everything["colours"] == {"blue": 1, "red": 1, "yellow": 1}
    regional = zone.clients["regional"].get(f"/api/counts?as_of={JANUARY}").json()
    assert regional["tiers"] == {"B": 1, "D": 1}
    assert regional["typologies"] == {"T1": 1, "T3": 1}


def test_nights_name_coverage_and_versions(zone: Zone) -> None:
    nights = zone.clients["reader"].get("/api/nights").json()["nights"]
    assert [night["as_of"] for night in nights] == ["2026-01-31", "2026-02-28"]
    assert nights[0]["covered"] == {"tax": "2026-01-31"}
    assert nights[0]["versions"]["models"] == {"credit": "m"}


def test_laundering_opens_to_the_right_alone(zone: Zone) -> None:
    client = zone.clients["all"]
    listed = client.get("/api/laundering").json()["records"]
    assert {each["enterprise"]["code"] for each in listed} == {CODE, FAR.code}
    one = client.get(f"/api/laundering/{CODE}?as_of={JANUARY}")
    assert one.content == canonical(laundering_record(FIRST, JANUARY))
    assert client.get(f"/api/laundering/{SECOND.code}").status_code == 404


def test_an_officer_of_a_region_meets_no_one_outside_it(zone: Zone) -> None:
    client, everyone = zone.clients["regional"], zone.clients["reader"]
    for path in ("", "/history", "/explanation"):
        hidden = client.get(f"/api/enterprises/{FAR.code}{path}")
        unknown = client.get(f"/api/enterprises/{credit_code(77)}{path}")
        assert hidden.status_code == unknown.status_code == 404
        assert hidden.text.replace(FAR.code, "?") == unknown.text.replace(credit_code(77), "?")
    for path in ("alerts", "enterprises?q=trading", "tiers/B"):
        assert FAR.code not in client.get(f"/api/{path}").text
        assert FAR.code in everyone.get(f"/api/{path}").text


@pytest.mark.parametrize(
    ("officer", "path", "status", "kind"),
    [
        ("reader", f"enterprises/{credit_code(99)}", 404, "unknown-enterprise"),
        ("reader", "enterprises/abc", 422, "bad-code"),
        ("reader", f"enterprises/{CODE}?as_of=2026-02-30", 422, "bad-date"),
        ("reader", f"enterprises/{CODE}?as_of=20260131", 422, "bad-date"),
        ("reader", f"enterprises/{CODE}?as_of=2025-01-31", 404, "no-night"),
        ("reader", f"enterprises/{CODE}/explanation?model=fraud", 404, "not-scored"),
        ("reader", f"enterprises/{FAR.code}/explanation", 404, "not-scored"),
        ("reader", f"enterprises/{CODE}/explanation?model=laundering", 422, "invalid-request"),
        ("reader", "enterprises?q=", 422, "invalid-request"),
        ("reader", "alerts?colour=black", 422, "invalid-request"),
        ("reader", "alerts?limit=0", 422, "invalid-request"),
        ("reader", "laundering", 403, "right-missing"),
        ("nobody", f"enterprises/{CODE}", 403, "right-missing"),
        ("nobody", "nights", 403, "right-missing"),
        ("none", f"enterprises/{CODE}", 401, "key-unknown"),
        ("none", "laundering", 401, "key-unknown"),
    ],
)
def test_refusals_are_problem_details(
    zone: Zone, officer: str, path: str, status: int, kind: str
) -> None:
    answer = zone.clients[officer].get(f"/api/{path}")
    problem = answer.json()
    assert answer.status_code == problem["status"] == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert problem["type"] == f"urn:sandan:{kind}"
    assert problem["instance"] == "/api/" + path.split("?", maxsplit=1)[0]
    assert problem["title"]
    assert problem["detail"]


def test_a_wrong_key_is_no_key_and_a_cookie_is_as_good_as_a_header(zone: Zone) -> None:
    client = zone.clients["none"]
    assert client.get("/api/nights", headers={"X-API-Key": "guess"}).status_code == 401
    cookie = {"Cookie": f"sandan_key={zone.keys['reader']}"}
    assert client.get("/api/nights", headers=cookie).status_code == 200


def test_the_service_says_that_it_lives_to_anyone_and_nothing_else(zone: Zone) -> None:
    assert zone.clients["none"].get("/api/health").json() == {"status": "ok"}


def test_unknown_addresses_and_methods_are_problems_too(zone: Zone) -> None:
    client = zone.clients["reader"]
    for method, path, status in (
        ("GET", "/api/nowhere", 404),
        ("GET", "/api/enterprises/..%2F..%2Fetc%2Fpasswd", 404),
        ("DELETE", f"/api/enterprises/{CODE}", 405),
    ):
        answer = client.request(httpx.Request(method, f"http://zone{path}"))
        assert answer.status_code == status
        assert answer.headers["content-type"] == "application/problem+json"


def test_a_body_that_is_too_large_is_refused_unread(zone: Zone) -> None:
    body = {"code": "x" * LARGEST_BODY}
    assert zone.clients["scorer"].post("/api/score", body).status_code == 413


def test_every_answer_forbids_what_a_browser_need_not_do(zone: Zone) -> None:
    for path in ("/api/health", "/api/nights", "/api/nowhere"):
        headers = zone.clients["none"].get(path).headers
        assert headers["cache-control"] == "no-store"
        assert headers["content-security-policy"].startswith("default-src 'none'")
        assert headers["x-content-type-options"] == "nosniff"


def test_the_description_names_every_address_with_its_refusals(zone: Zone) -> None:
    described = zone.clients["none"].get("/api/openapi.json").json()
    paths = described["paths"]
    assert {path for path in paths if not path.startswith("/api/")} == set()
    for path, methods in paths.items():
        for operation in methods.values():
            assert operation["summary"]
            assert operation["description"]
            for parameter in operation.get("parameters", []):
                assert parameter["description"]
            if path != "/api/health":
                assert {"401", "403"} <= set(operation["responses"])
                assert operation["security"]
    assert paths["/api/enterprises/{code}"]["get"]["responses"]["200"]["content"]
    assert "examples" in described["components"]["schemas"]["Question"]
