"""Every label here can be counted by hand: the night is 2025-01-31, the horizon ends 2025-08-02."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import pandas as pd
import pytest

from domain.signals import Signals
from models.labels import HORIZON, Labels, Target, label, read_outcomes

NIGHT = date(2025, 1, 31)
CUTOFF = date(2025, 9, 30)
ROLL = pd.Index(["A", "B", "C", "D"], name="enterprise")
MakeSignals = Callable[..., Signals]
Row = Mapping[str, Any]


def finding(code: str, on: date, act: str | None = None, **more: object) -> Row:
    """An inspection; clean unless it names an act, whose last day is the day before."""
    acts: dict[str, object] = {} if act is None else {"acts_from": date(2025, 1, 1), "acts_to": on}
    return {
        "finding_no": f"{code}-{on}-{act}",
        "enterprise_code": code,
        "found_by": "targeted",
        "adverse": act is not None,
        "act": act,
        "inspected_on": on,
        **acts,
        **more,
    }


@pytest.fixture
def labelled(make_signals: MakeSignals) -> Callable[..., Labels]:
    def make(target: Target, covered: dict[str, date] | None = None, **tables: list[Row]) -> Labels:
        signals = make_signals(CUTOFF, covered=covered, **tables)
        return label(read_outcomes(signals), target, NIGHT, ROLL)

    return make


def test_the_horizon_is_half_a_year() -> None:
    assert date(2025, 8, 2) == NIGHT + HORIZON


def test_fraud_is_found_or_looked_for_and_all_else_is_unknown(
    labelled: Callable[..., Labels],
) -> None:
    made = labelled(
        Target.FRAUD,
        findings=[
            finding("A", date(2025, 3, 1), "splitting"),
            finding("B", date(2025, 3, 1)),
            finding("C", date(2025, 3, 1), "quality"),
        ],
    )
    assert made.rows["label"].to_dict() == {"A": 1, "B": 0}
    assert made.rows["found_by"].to_dict() == {"A": "targeted", "B": "targeted"}
    assert made.unknown == {"other_act": 1, "not_inspected": 1}


def test_laundering_is_set_against_all_that_were_inspected(
    labelled: Callable[..., Labels],
) -> None:
    made = labelled(
        Target.LAUNDERING,
        findings=[
            finding("A", date(2025, 3, 1), "laundering"),
            finding("B", date(2025, 3, 1)),
            finding("C", date(2025, 3, 1), "splitting"),
        ],
    )
    assert made.rows["label"].to_dict() == {"A": 1, "B": 0, "C": 0}
    assert made.unknown == {"other_act": 0, "not_inspected": 1}


def test_credit_counts_who_has_no_entry_as_clean(labelled: Callable[..., Labels]) -> None:
    made = labelled(
        Target.CREDIT,
        findings=[finding("A", date(2025, 3, 1), "quality", found_by="complaint")],
        registry_events=[
            {"event_no": "1", "enterprise_code": "B", "kind": "penalty", "decided_on": NIGHT},
            {
                "event_no": "2",
                "enterprise_code": "C",
                "kind": "serious_list",
                "decided_on": date(2025, 8, 2),
            },
            {
                "event_no": "3",
                "enterprise_code": "D",
                "kind": "sampling_failed",
                "decided_on": date(2025, 3, 1),
            },
        ],
    )
    assert made.rows["label"].to_dict() == {"A": 1, "B": 0, "C": 1, "D": 0}
    streams = {"A": "complaint", "B": "register", "C": "register", "D": "register"}
    assert made.rows["found_by"].to_dict() == streams


@pytest.mark.parametrize(
    ("grades", "adverse"),
    [
        ([("tax", "B", 2024), ("tax", "D", 2025)], True),
        ([("tax", "D", 2024), ("tax", "D", 2025)], False),  # renewed, not news
        ([("customs", "失信", 2025)], True),
        ([("samr", "D", 2025)], False),  # internal to that authority
    ],
)
def test_only_a_new_adverse_grade_is_news(
    labelled: Callable[..., Labels], grades: list[tuple[str, str, int]], *, adverse: bool
) -> None:
    rows = [
        {
            "enterprise_code": "A",
            "scheme": scheme,
            "grade": grade,
            "valid_from": date(year, 4, 1),
        }
        for scheme, grade, year in grades
    ]
    made = labelled(Target.CREDIT, authority_grades=rows)
    assert made.rows["label"].to_dict() == {"A": int(adverse), "B": 0, "C": 0, "D": 0}


@pytest.mark.parametrize(
    ("on", "acts_from", "acts_to", "expected"),
    [
        (date(2025, 8, 2), date(2025, 8, 2), date(2025, 8, 2), 1),  # last day of the horizon
        (date(2025, 9, 1), date(2025, 8, 3), date(2025, 9, 1), None),  # begun after it
        (date(2025, 9, 1), date(2025, 8, 1), date(2025, 9, 1), 1),  # found later, done within
        (date(2025, 3, 1), date(2024, 1, 1), NIGHT, None),  # ended before it
    ],
)
def test_it_is_the_act_that_must_overlap_the_horizon(
    labelled: Callable[..., Labels],
    on: date,
    acts_from: date,
    acts_to: date,
    expected: int | None,
) -> None:
    found = finding("A", on, "splitting", acts_from=acts_from, acts_to=acts_to)
    made = labelled(Target.FRAUD, findings=[found])
    assert made.rows["label"].to_dict() == ({} if expected is None else {"A": expected})


@pytest.mark.parametrize(
    ("on", "known"), [(NIGHT, False), (date(2025, 2, 1), True), (date(2025, 8, 3), False)]
)
def test_a_clean_inspection_speaks_only_of_its_own_horizon(
    labelled: Callable[..., Labels], on: date, *, known: bool
) -> None:
    made = labelled(Target.FRAUD, findings=[finding("A", on)])
    assert made.rows["label"].to_dict() == ({"A": 0} if known else {})


def test_the_random_stream_is_what_was_drawn_in_the_horizon(
    labelled: Callable[..., Labels],
) -> None:
    made = labelled(
        Target.FRAUD,
        findings=[
            finding("A", date(2025, 3, 1), found_by="random"),
            finding("A", date(2025, 4, 1), "splitting"),  # found by another road: still adverse
            finding("B", date(2025, 9, 1), "splitting", found_by="random"),  # drawn too late
            finding("C", date(2025, 3, 1), found_by="complaint"),
            finding("C", date(2025, 4, 1), found_by="random"),
        ],
    )
    assert made.rows["label"].to_dict() == {"A": 1, "B": 1, "C": 0}
    assert made.rows["random"].to_dict() == {"A": True, "B": False, "C": True}
    assert made.rows["found_by"].to_dict() == {"A": "targeted", "B": "random", "C": "random"}


def test_a_horizon_that_is_not_over_has_no_labels(make_signals: MakeSignals) -> None:
    signals = make_signals(CUTOFF, findings=[finding("A", date(2025, 9, 1), "splitting")])
    outcomes = read_outcomes(signals)
    for target in Target:
        made = label(outcomes, target, date(2025, 4, 1), ROLL)
        assert made.rows.empty
        assert made.unknown == {"horizon_still_open": 4}
    assert not label(outcomes, Target.CREDIT, date(2025, 3, 31), ROLL).rows.empty


def test_a_silent_register_makes_nobody_clean(labelled: Callable[..., Labels]) -> None:
    for covered in ({}, {"market_supervision": date(2025, 8, 1)}):
        made = labelled(Target.CREDIT, covered=covered)
        assert made.rows.empty
        assert made.unknown == {"register_not_covered": 4}
    assert len(labelled(Target.CREDIT, covered={"market_supervision": date(2025, 8, 2)}).rows) == 4
