"""What-if judges the night's own row with what was changed, keeps nothing, refuses nonsense."""

from pathlib import Path

import httpx
import pytest

from domain.errors import ModelDamaged
from features.catalogue import CREDIT_FEATURES
from tests.scoring_api.conftest import FAR, FIRST, Zone
from tests.scoring_api.issued import credit_code

CODE = FIRST.code


def grade_points(zone: Zone, **asked: object) -> float:
    answer = zone.clients["scorer"].post("/api/score", {"code": CODE, **asked})
    assert answer.status_code == 200, answer.text
    return float(answer.json()["credit"]["margin"])


def test_a_change_moves_the_score_and_no_change_does_not(zone: Zone) -> None:
    as_issued = grade_points(zone)
    assert grade_points(zone, changes={"late_filing_count": 1}) == as_issued
    worse = grade_points(zone, changes={"late_filing_count": 9})
    assert worse > as_issued
    assert grade_points(zone, as_of="2026-01-31", changes={"late_filing_count": 9}) == worse


def test_a_whole_row_stands_in_place_of_the_nights(zone: Zone) -> None:
    features = dict.fromkeys(CREDIT_FEATURES, 1.0)
    alone = grade_points(zone, features=features)
    assert grade_points(zone, features=features, changes={"late_filing_count": None}) != alone


def test_the_answer_says_what_it_could_not_renew(zone: Zone) -> None:
    answer = zone.clients["scorer"].post("/api/score", {"code": CODE}).json()
    assert "money_cycle_share" in answer["not_renewed"]
    assert not any(reason["documents"] for reason in answer["credit"]["reasons"])


def kept(zone: Zone) -> dict[Path, bytes]:
    files = [path for path in zone.home.root.rglob("*") if path.is_file()]
    return {path: path.read_bytes() for path in files if path.parent != zone.home.logs}


def test_nothing_is_kept(zone: Zone) -> None:
    before = kept(zone)
    grade_points(zone, changes={"late_filing_count": 5})
    assert kept(zone) == before


@pytest.mark.parametrize(
    ("asked", "status", "kind"),
    [
        ({"code": CODE, "changes": {"no_such_feature": 1}}, 422, "unknown-feature"),
        ({"code": CODE, "features": {"no_such_feature": 1}}, 422, "unknown-feature"),
        ({"code": credit_code(99)}, 404, "unknown-enterprise"),
        ({"code": "../x"}, 422, "bad-code"),
        ({"code": CODE, "as_of": "31/01/2026"}, 422, "bad-date"),
        ({"code": CODE, "as_of": "2020-01-01"}, 404, "no-night"),
        ({"code": CODE, "surprise": 1}, 422, "invalid-request"),
        ({"code": CODE, "changes": {"late_filing_count": "many"}}, 422, "invalid-request"),
        ([], 422, "invalid-request"),
        (None, 422, "invalid-request"),
    ],
)
def test_questions_that_make_no_sense_are_refused(
    zone: Zone, asked: object, status: int, kind: str
) -> None:
    answer = zone.clients["scorer"].post("/api/score", asked)
    assert answer.status_code == status
    assert answer.json()["type"] == f"urn:sandan:{kind}"


@pytest.mark.parametrize(
    "body",
    [
        b'{"code": "%b", "changes": {"late_filing_count": NaN}}' % CODE.encode(),
        b'{"code": "%b", "changes": {"late_filing_count": -Infinity}}' % CODE.encode(),
        b'{"code": "%b", "changes": {"late_filing_count": 1e999}}' % CODE.encode(),
        b'{"code": "\\ud800"}',
        b'{"code": "\x00"}',
        b"[" * 100_000,
        b"{",
        b"\xff\xfe",
        b"",
    ],
)
def test_hostile_bodies_are_refused_with_a_problem(zone: Zone, body: bytes) -> None:
    headers = {"Content-Type": "application/json"}
    request = httpx.Request("POST", "http://zone/api/score", content=body, headers=headers)
    answer = zone.clients["scorer"].request(request)
    assert answer.status_code in {400, 422}
    assert answer.headers["content-type"] == "application/problem+json"


def test_only_who_may_score_may_and_only_their_region(zone: Zone) -> None:
    assert zone.clients["reader"].post("/api/score", {"code": CODE}).status_code == 403
    assert zone.clients["none"].post("/api/score", {"code": CODE}).status_code == 401
    answer = zone.clients["regional_scorer"].post("/api/score", {"code": FAR.code})
    assert answer.json()["type"] == "urn:sandan:unknown-enterprise"


def test_a_damaged_champion_stops_what_if_and_nothing_else(
    zone: Zone, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = zone.clients["scorer"]
    client.app.state.desk.__dict__.pop("models", None)

    def damaged(*_: object) -> None:
        raise ModelDamaged("model.lgb", "its digest differs")

    monkeypatch.setattr("scoring_api.desk.open_models", damaged)
    answer = client.post("/api/score", {"code": CODE})
    assert answer.status_code == 503
    assert answer.json()["type"] == "urn:sandan:model-damaged"
    assert client.get(f"/api/enterprises/{CODE}").status_code == 200
