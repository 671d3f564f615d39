"""Registry features on events that can be counted by hand."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from features.authority_grades import AUTHORITY_GRADE_FEATURES
from features.market_supervision import MARKET_SUPERVISION_FEATURES

FEATURES = (*MARKET_SUPERVISION_FEATURES, *AUTHORITY_GRADE_FEATURES)
AS_OF = date(2025, 6, 30)
YESTERDAY = AS_OF - timedelta(days=1)
NOON = datetime.fromisoformat("2025-06-01T12:00")
FIRM = {"credit_code": "A", "is_merchant": True}


def event(no: int, kind: str, **given: object) -> dict[str, Any]:
    mine = {"enterprise_code": "A", "event_no": str(no), "decided_on": date(2024, 1, 1)}
    return {"kind": kind, **mine, **given}


def listed(kind: str) -> dict[str, Any]:
    """Five entries, of which two are in force: one ended, one was repaired, one is to come."""
    return {
        "registry_events": [
            event(1, kind),
            event(2, kind, ends_on=AS_OF),
            event(3, kind, ends_on=YESTERDAY),
            event(4, kind),
            event(5, "repair", repairs_no="4"),
            event(6, "court_default"),
            event(7, kind, enterprise_code="B"),
            event(8, kind, decided_on=AS_OF + timedelta(days=1)),
        ]
    }


def complaint(no: int, kind: str, *, upheld: bool | None, **given: object) -> dict[str, Any]:
    mine = {"complaint_no": str(no), "merchant_code": "A", "raised_at": NOON}
    return {"kind": kind, "upheld": upheld, **mine, **given}


def finding(no: int, *, adverse: bool, when: date = date(2024, 1, 1)) -> dict[str, Any]:
    mine = {"finding_no": str(no), "enterprise_code": "A", "inspected_on": when}
    return {"adverse": adverse, **mine}


def grade(scheme: str, letters: str, **given: object) -> dict[str, Any]:
    mine = {"enterprise_code": "A", "scheme": scheme, "grade": letters}
    return {"valid_from": date(2024, 1, 1), **mine, **given}


PENALTIES = {
    "registry_events": [
        event(1, "penalty", penalty_amount=Decimal(100)),
        event(2, "penalty", penalty_amount=Decimal(50), ends_on=YESTERDAY),
        event(3, "penalty", penalty_amount=Decimal(9), decided_on=AS_OF - timedelta(days=1095)),
        event(4, "penalty", penalty_amount=Decimal(9)),
        event(5, "repair", repairs_no="4"),
    ]
}
SAMPLES = {
    "registry_events": [
        event(1, "sampling_failed"),
        *[event(n, "sampling_passed") for n in (2, 3, 4)],
    ]
}
CHANGES = {
    "registry_events": [
        event(1, "representative_changed", decided_on=AS_OF - timedelta(days=729)),
        event(2, "representative_changed", decided_on=AS_OF - timedelta(days=730)),
    ]
}
COMPLAINTS = {
    "complaints": [
        complaint(1, "quality", upheld=True),
        complaint(2, "quality", upheld=False),
        complaint(3, "identity_used", upheld=None),
        complaint(4, "identity_used", upheld=True),
        complaint(5, "quality", upheld=None),
        complaint(6, "quality", upheld=True, raised_at=NOON - timedelta(days=180)),
    ]
}
FINDINGS = {
    "findings": [
        finding(1, adverse=True),
        finding(2, adverse=False),
        finding(3, adverse=False),
        finding(4, adverse=True, when=AS_OF - timedelta(days=1095)),
    ]
}
CASES: list[tuple[str, dict[str, Any], float | None]] = [
    ("enterprise_age_days", {"enterprises": [{**FIRM, "registered_on": date(2025, 5, 31)}]}, 30),
    ("paid_in_capital_cny", {"enterprises": [{**FIRM, "paid_in_capital": Decimal(7)}]}, 7),
    ("paid_in_capital_cny", {"enterprises": [FIRM]}, None),
    ("active_abnormal_listing_count", listed("abnormal_list"), 2),
    ("active_serious_listing_count", listed("serious_list"), 2),
    ("tax_debt_count", listed("tax_debt"), 2),
    ("tax_debt_count", {}, 0),
    ("penalty_count_3y", PENALTIES, 2),
    ("penalty_amount_3y", PENALTIES, 150),
    ("failed_sampling_share", SAMPLES, 0.25),
    ("failed_sampling_share", PENALTIES, None),
    ("representative_change_count", CHANGES, 1),
    ("upheld_complaint_count", COMPLAINTS, 2),
    ("open_identity_complaint_count", COMPLAINTS, 1),
    ("adverse_finding_count_3y", FINDINGS, 1),
    ("clean_inspection_count_3y", FINDINGS, 2),
    (
        "tax_grade_rank",
        {
            "authority_grades": [
                grade("tax", "A", valid_from=date(2023, 1, 1)),
                grade("tax", "C"),
                grade("tax", "D", valid_from=date(2025, 7, 1)),
                grade("samr", "A"),
            ]
        },
        4,
    ),
    ("customs_grade_rank", {"authority_grades": [grade("customs", "严重失信")]}, 5),
    ("customs_grade_rank", {"authority_grades": [grade("customs", "unheard of")]}, None),
    ("samr_class_rank", {"authority_grades": [grade("samr", "B", valid_to=AS_OF)]}, 2),
    ("safe_class_rank", {"authority_grades": [grade("safe", "C")]}, 3),
    ("safe_class_rank", {"authority_grades": [grade("safe", "C", valid_to=YESTERDAY)]}, None),
    (
        "safe_class_rank",
        {
            "authority_grades": [
                grade("safe", "A", valid_from=date(2023, 1, 1)),
                grade("safe", "C", valid_to=YESTERDAY),
            ]
        },
        None,
    ),
]


def worsened(**repair: str) -> dict[str, Any]:
    """Market supervision puts A into class D by the decision W2, and one event may repair it."""
    return {
        "authority_grades": [
            grade("samr", "B", valid_from=date(2023, 1, 1), document_no="W1"),
            grade("samr", "D", document_no="W2"),
        ],
        "registry_events": [event(1, "repair", **repair)],
    }


@pytest.mark.parametrize(
    ("repair", "rank"),
    [
        ({"repairs_no": "W2"}, 2),
        ({"repairs_no": "W1"}, 4),
        ({}, 4),
        ({"repairs_no": "W2", "enterprise_code": "B"}, 4),
    ],
)
def test_a_repaired_grade_is_as_if_not_given(
    number_of: Callable[..., Any], repair: dict[str, str], rank: int
) -> None:
    features = [feature for feature in FEATURES if feature.name == "samr_class_rank"]
    assert number_of(features, **worsened(**repair)) == {"samr_class_rank": rank}


def test_a_repair_ends_the_event_of_its_own_enterprise_only(number_of: Callable[..., Any]) -> None:
    features = [f for f in FEATURES if f.name == "active_serious_listing_count"]
    events = [
        event(1, "serious_list"),
        event(2, "repair", repairs_no="1", enterprise_code="B"),
    ]
    got = number_of(features, registry_events=events)
    assert got == {"active_serious_listing_count": 1}


@pytest.mark.parametrize(("name", "tables", "expected"), CASES)
def test_counted_by_hand(
    number_of: Callable[..., Any], name: str, tables: dict[str, Any], expected: float | None
) -> None:
    features = [feature for feature in FEATURES if feature.name == name]
    assert number_of(features, **tables) == {name: expected}


def test_every_registry_feature_is_counted() -> None:
    assert {name for name, *_ in CASES} == {f.name for f in FEATURES}
