"""Alerts against planted truth, small enough to count: 40 enterprises, so two are checked."""

from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from domain.results import Alert, Colour
from tests.scoring_api.issued import alert, enterprise
from training.truth import AlertedNight, Caught, Disturbed, Truth, against_truth, read_truth

JULY, AUGUST = date(2025, 7, 31), date(2025, 8, 31)
E = {number: enterprise(number) for number in range(1, 9)}


def _alert(number: int, typology: str, rank: int, colour: Colour = "yellow") -> Alert:
    return alert(E[number], typology, rank=rank, colour=colour)


def _spans(*rows: tuple[str, str, int, str, str]) -> pd.DataFrame:
    made = pd.DataFrame(rows, columns=["case_id", "typology", "number", "starts_on", "ends_on"])
    codes = [E[number].code for number in made.pop("number")]
    days = {name: pd.to_datetime(made[name]) for name in ("starts_on", "ends_on")}
    return made.assign(enterprise_code=codes, **days)


NIGHTS = [
    AlertedNight(
        JULY, 40, [_alert(1, "T1", 2), _alert(2, "T3", 1), _alert(1, "T3", 3), _alert(3, "T4", 4)]
    ),
    AlertedNight(AUGUST, 40, [_alert(4, "T9", 1, "red"), _alert(2, "T3", 1), _alert(5, "T6", 2)]),
]
SCHEMES = _spans(
    ("a", "T1", 1, "2025-01-01", "2025-12-31"),  # caught in July
    ("b", "T4", 3, "2025-01-01", "2025-12-31"),  # third: beyond the budget
    ("c", "T11", 4, "2025-08-01", "2025-12-31"),  # caught by another name
    ("c", "T11", 6, "2025-08-01", "2025-12-31"),  # one more member of the same case
    ("d", "T7", 7, "2025-09-01", "2025-12-31"),  # begins after the last night
    ("e", "T3", 2, "2024-10-01", "2025-06-30"),  # over before the first night
)
LOOKALIKES = _spans(
    ("", "T3", 2, "2025-01-01", "2025-12-31"),  # was in a case within the year: not innocent
    ("", "T1", 5, "2025-01-01", "2025-12-31"),  # never within the budget
    ("", "T1", 8, "2025-01-01", "2025-12-31"),
)
TRUTH = Truth(SCHEMES, LOOKALIKES)
FINDINGS = pd.DataFrame(
    {
        "enterprise": [E[1].code, E[1].code, E[6].code, E[4].code],
        "adverse": [True, True, True, False],
        "acts_from": pd.to_datetime(["2024-01-01", "2025-02-01", "2025-08-10", "2025-08-10"]),
        "acts_to": pd.to_datetime(["2024-02-01", "2025-05-01", "2025-08-20", "2025-08-20"]),
        "known_on": pd.to_datetime(["2025-08-05", "2025-08-10", "2025-10-30", "2025-09-02"]),
    }
)


def test_the_budget_takes_the_strongest_colours_then_ranks() -> None:
    assert NIGHTS[0].chosen() == {E[2].code: {"T3"}, E[1].code: {"T1", "T3"}}
    assert NIGHTS[1].chosen() == {E[4].code: {"T9"}, E[2].code: {"T3"}}


def test_cases_are_counted_while_they_are_active() -> None:
    figures = against_truth(NIGHTS, TRUTH, FINDINGS)
    assert figures.schemes == {
        "T1": Caught(cases=1, caught=1, named=1),
        "T4": Caught(cases=1, caught=0, named=0),
        "T11": Caught(cases=1, caught=1, named=0),
    }


def test_innocents_are_those_in_no_case_that_year() -> None:
    figures = against_truth(NIGHTS, TRUTH, FINDINGS)
    assert figures.lookalikes == {"T1": Disturbed(lookalikes=2, alerted=0)}
    later = [AlertedNight(date(2026, 7, 31), 40, [_alert(2, "T3", 1)])]
    still = LOOKALIKES.assign(ends_on=pd.Timestamp("2026-12-31"))
    figures = against_truth(later, Truth(SCHEMES, still), FINDINGS)
    assert figures.lookalikes["T3"] == Disturbed(lookalikes=1, alerted=1)


def test_lead_time_runs_from_the_first_alert_to_the_finding_of_that_case() -> None:
    figures = against_truth(NIGHTS, TRUTH, FINDINGS)
    # from 31 July to 10 August, and from 31 August to 30 October at the other member
    assert (figures.lead_cases, figures.lead_days) == (2, (10 + 60) / 2)


def test_precision_counts_enterprise_nights() -> None:
    figures = against_truth(NIGHTS, TRUTH, FINDINGS)
    assert (figures.chosen, figures.chosen_in_case) == (4, 4)


def test_no_nights_give_no_figures() -> None:
    figures = against_truth([], TRUTH, FINDINGS)
    assert (figures.schemes, figures.lookalikes, figures.chosen) == ({}, {}, 0)
    assert figures.lead_days is None


def test_truth_is_read_as_the_simulator_writes_it(tmp_path: Path) -> None:
    for name, rows in (("schemes", SCHEMES), ("lookalikes", LOOKALIKES)):
        days = {column: rows[column].dt.date for column in ("starts_on", "ends_on")}
        rows.assign(**days).to_parquet(tmp_path / f"{name}.parquet")
    figures = against_truth(NIGHTS, read_truth(tmp_path), FINDINGS)
    assert figures == against_truth(NIGHTS, TRUTH, FINDINGS)


@pytest.mark.parametrize(("enterprises", "checked"), [(40, 2), (41, 3), (1, 1)])
def test_the_budget_is_a_share_of_the_roll(enterprises: int, checked: int) -> None:
    alerts = [_alert(number, "T1", number) for number in range(1, 6)]
    assert len(AlertedNight(JULY, enterprises, alerts).chosen()) == checked
