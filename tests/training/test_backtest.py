"""What was issued against what came to be known: two nights that a person can count."""

import json
from datetime import date, datetime
from pathlib import Path

import pandas as pd
import pytest
from scipy.special import expit

from domain.officer import Department, Officer, Right
from domain.results import Assessment
from models.scorecard import Scorecard, ScorecardFeature
from storage.engine import connect
from storage.home import Home
from storage.lake import Lake
from storage.laundering import Compartment
from storage.ledger import Ledger
from tests.conftest import lake_table
from tests.scoring_api.issued import (
    assessment,
    enterprise,
    laundering_record,
    model_score,
    record,
)
from training.backtest import Issued, Period, evaluate

CUTOFF, JULY, AUGUST = date(2025, 6, 30), date(2025, 7, 31), date(2025, 8, 31)
KNOWN_TO = date(2026, 2, 15)  # July's horizon is over, August's is not
NOON = datetime(2025, 9, 1, 12)  # noqa: DTZ001 - China wall clock has no zone here
E = {number: enterprise(number) for number in range(1, 6)}
CARD = Scorecard(-2.0, (ScorecardFeature("penalty_count_3y", (0.0,), (0.0, 1.0), 0.0),))
SEES = Officer(
    name="x", department=Department.ZONE_OFFICE, rights=frozenset({Right.READ, Right.LAUNDERING})
)


def _assessment(number: int, margin: float | None, as_of: date) -> Assessment:
    score = model_score("credit")
    made = {"margin": margin, "probability": 0.0 if margin is None else float(expit(margin))}
    credit = None if margin is None else score.model_copy(update=made)
    return assessment(E[number], as_of, credit=credit)


@pytest.fixture(scope="module")
def issued(tmp_path_factory: pytest.TempPathFactory) -> Issued:
    home = Home(tmp_path_factory.mktemp("zone"))
    lake = Lake(home, connect(home, threads=1, memory_limit_mb=256))
    coverage = [
        {"source": "market_supervision", "covered_from": CUTOFF, "covered_to": date(2026, 2, 14)}
    ]
    findings = [
        {
            "finding_no": str(number),
            "enterprise_code": E[number].code,
            "found_by": "random",
            "adverse": adverse,
            "act": "filing" if adverse else None,
            "inspected_on": date(2025, 9, 1),
            "known_at": datetime(2026, 2, day),  # noqa: DTZ001 - China wall clock
        }
        for number, adverse, day in ((1, True, 1), (2, False, 1), (3, True, 16))
    ]
    with lake.batch("b") as batch:
        batch.append("coverage", lake_table("coverage", coverage))
        batch.append("findings", lake_table("findings", findings))
    ledger, compartment = Ledger(home), Compartment(home)
    for as_of in (CUTOFF, JULY, AUGUST):
        margins = {1: 1.5, 2: 0.5, 3: 2.0, 4: -1.0, 5: None}
        rows = [_assessment(number, margin, as_of) for number, margin in margins.items()]
        ledger.append(record(as_of, rows), NOON)
        compartment.append(as_of, [laundering_record(E[4], as_of)], NOON)
    return Issued(lake, ledger, compartment, SEES)


def _silent(what: str, share: float) -> None:
    assert what
    assert 0 <= share <= 1


def test_issued_probabilities_are_held_against_what_came_to_be_known(issued: Issued) -> None:
    made = evaluate(issued, CARD, Period(CUTOFF, KNOWN_TO), None, _silent)
    assert made.nights == (JULY, AUGUST)
    assert made.credit_nights == (JULY,)
    # adverse: 1; clean: 2, 4, and 3, whose finding became known a day too late
    assert made.credit["model_auc_all"].value == pytest.approx(2 / 3)
    assert made.credit["model_auc_all"].rows == 4
    assert made.credit["model_auc_random"].value == 1
    assert made.credit["model_auc_random"].rows == 2
    assert made.credit["scorecard_auc_all"].value == 0.5
    assert made.found_by == {"random": 2, "register": 2}
    assert made.dropped == {"unrated": 2, "horizon_still_open": 4}
    assert made.truth is None


def test_a_finding_known_in_time_counts(issued: Issued) -> None:
    made = evaluate(issued, CARD, Period(CUTOFF, date(2026, 2, 16)), None, _silent)
    assert made.credit["model_auc_all"].value == 1
    assert made.credit["model_auc_all"].positives == 2


def test_nights_up_to_the_cut_off_do_not_count(issued: Issued) -> None:
    made = evaluate(issued, CARD, Period(AUGUST, KNOWN_TO), None, _silent)
    assert made.nights == ()
    assert made.credit["model_auc_all"].value is None


@pytest.mark.parametrize(("may_see", "caught"), [(True, 1), (False, 0)])
def test_laundering_alerts_count_only_for_who_may_see_them(
    issued: Issued, tmp_path: Path, caught: int, *, may_see: bool
) -> None:
    rows = {"case_id": ["a"], "typology": ["T9"], "enterprise_code": [E[4].code]}
    spans = {"starts_on": [date(2025, 1, 1)], "ends_on": [date(2026, 1, 1)]}
    pd.DataFrame({**rows, **spans}).to_parquet(tmp_path / "schemes.parquet")
    pd.DataFrame({**rows, **spans}).iloc[:0].to_parquet(tmp_path / "lookalikes.parquet")
    rights = SEES.rights if may_see else frozenset({Right.READ})
    officer = SEES.model_copy(update={"rights": rights})
    zone = Issued(issued.lake, issued.ledger, issued.compartment, officer)
    made = evaluate(zone, CARD, Period(CUTOFF, KNOWN_TO), tmp_path, _silent)
    assert made.truth is not None
    assert made.truth.schemes["T9"].caught == caught
    told = json.loads(made.to_json())
    assert told["truth"]["schemes"]["T9"]["cases"] == 1
    assert told["nights"] == ["2025-07-31", "2025-08-31"]
