"""A night from documents to assessments, with nothing in between replaced."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pytest

from assessment.assess import Assessments, assess
from assessment.night import prepare_night
from assessment.policy import policy_as_of
from domain.signals import Signals
from domain.standing import Standing
from models.model import NightModels
from risk_rules.thresholds import limits_as_of

AS_OF = date(2026, 6, 30)
SCORECARD = policy_as_of(AS_OF).scorecard
GOOD, LISTED = "919999990000000011", "919999990000000022"


def order(number: int, code: str) -> dict[str, Any]:
    made = datetime.combine(AS_OF, time(12)) - timedelta(hours=number)
    return {
        "direction": "I",
        "order_type": "I",
        "order_no": f"O{number}",
        "merchant_code": code,
        "currency": "142",
        "goods_value": Decimal(300),
        "actually_paid": Decimal(300),
        "buyer_hash": f"b{number % 9}",
        "buyer_id_valid": number % 2 == 0,
        "reported_at": made,
    }


@pytest.fixture(scope="module")
def said(make_signals: Callable[..., Signals]) -> Assessments:
    signals = make_signals(
        AS_OF,
        enterprises=[
            {"credit_code": code, "registered_on": date(2019, 1, 1), "is_merchant": True}
            for code in (LISTED, GOOD)
        ],
        orders=[order(number, LISTED) for number in range(40)],
        registry_events=[
            {
                "event_no": "N1",
                "enterprise_code": LISTED,
                "kind": "serious_list",
                "authority": "market_supervision",
                "decided_on": date(2026, 1, 1),
            }
        ],
    )
    night = prepare_night(signals, NightModels(SCORECARD, None, None), Standing(None, {}, {}))
    return assess(night)


def test_both_are_graded_and_the_list_caps(said: Assessments) -> None:
    good, listed = said.assessments
    assert (good.enterprise.code, listed.enterprise.code) == (GOOD, LISTED)
    assert listed.grade.tier == "E"
    assert [cap.document.document_key for cap in listed.grade.caps] == ["N1"]
    assert not good.grade.caps


def test_reasons_lead_to_the_documents_that_make_them(said: Assessments) -> None:
    listed = said.assessments[1]
    assert listed.credit
    reasons = {reason.feature: reason for reason in listed.credit.reasons}
    (document,) = reasons["active_serious_listing_count"].documents
    assert (document.table, document.document_key) == ("registry_events", "N1")
    assert all(
        reason.documents
        for held in said.assessments
        if held.credit
        for reason in held.credit.reasons
    )


def test_an_alert_leads_to_its_orders(said: Assessments) -> None:
    (alert,) = [held for held in said.assessments[1].alerts if held.typology == "T17"]
    (told,) = alert.evidence
    assert told.value == 0.5
    assert told.limit == limits_as_of(AS_OF)["invalid_id_share"]
    assert {document.table for document in told.documents} == {"orders"}
    assert said.assessments[0].alerts == ()
