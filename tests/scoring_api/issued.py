"""Hand-made issued nights: what a scan would append, without a zone behind it."""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Any

import pandas as pd

from domain.identity import credit_code_check_character
from domain.officer import Department
from domain.results import (
    Alert,
    Assessment,
    Colour,
    Document,
    EnterpriseRef,
    Evidence,
    Grade,
    LaunderingRecord,
    Layer,
    Measure,
    ModelScore,
    RuleOutcome,
    RuleState,
    Versions,
    Words,
)
from domain.table import Role
from features.catalogue import FEATURES
from storage.certificate import Certificate
from storage.ledger import NightRecord

VERSIONS = Versions(sandan="0", catalogue="c", policy="p", thresholds="t", models={"credit": "m"})
LAUNDERING_TYPOLOGY = "T9"
PEER_GROUP = "*|*|*|*"


def words(text: str) -> Words:
    return Words(zh=f"{text}中文", en=text)


def credit_code(number: int) -> str:
    body = f"91320300{number:09d}"
    return body + credit_code_check_character(body)


def enterprise(number: int, division: str = "320302", name: str | None = None) -> EnterpriseRef:
    return EnterpriseRef(
        code=credit_code(number),
        customs_code=f"3203{number:06d}",
        name=name or f"徐州 No.{number} Trading",
        division=division,
        roles=(Role.MERCHANT,),
        registered_on=date(2020, 1, 1),
        dissolved_on=None,
    )


def evidence(feature: str, contribution: float) -> Evidence:
    return Evidence(
        feature=feature,
        label=words(feature),
        unit="ratio",
        value=0.5,
        contribution=contribution,
        documents=(Document(table="orders", document_key=f"{feature}|1"),),
    )


def alert(who: EnterpriseRef, typology: str, *, rank: int = 1, colour: Colour = "yellow") -> Alert:
    return Alert(
        alert_id=f"{who.code}-{typology}",
        enterprise_code=who.code,
        typology=typology,
        label=words(typology),
        colour=colour,
        rank=rank,
        layers=(Layer.RULE,),
        departments=(Department.CUSTOMS,),
        first_seen=date(2026, 1, 31),
        evidence=(evidence("split_order_count", 0.1),),
    )


def model_score(model: str) -> ModelScore:
    reasons = (evidence("late_filing_count", 0.7), evidence("net_assets_cny", -0.2))
    return ModelScore(
        model=model, version="m", probability=0.4, margin=-0.5, base=-1.0, reasons=reasons
    )


def assessment(
    who: EnterpriseRef, as_of: date, tier: str = "B", alerts: Sequence[Alert] = (), **given: object
) -> Assessment:
    values: dict[str, Any] = {
        "enterprise": who,
        "as_of": as_of,
        "peer_group": PEER_GROUP,
        "grade": Grade(tier=tier, label=words(tier), uncapped_tier=tier),
        "previous_tier": None,
        "credit": model_score("credit"),
        "fraud": None,
        "measures": (
            Measure(
                department=Department.TAX,
                code="spot_check",
                label=words("spot check"),
                restricts=False,
                basis="",
            ),
        ),
        "alerts": tuple(alerts),
        "outcomes": (
            RuleOutcome(rule="r", label=words("r"), state=RuleState.CLEAR, reference="x"),
        ),
        "authority_grades": (),
        "covered": {"tax": as_of, "customs": as_of},
        "versions": VERSIONS,
    }
    return Assessment(**{**values, **given})


def laundering_record(who: EnterpriseRef, as_of: date) -> LaunderingRecord:
    return LaunderingRecord(
        enterprise=who,
        as_of=as_of,
        score=model_score("laundering"),
        alerts=(alert(who, LAUNDERING_TYPOLOGY, colour="red"),),
        outcomes=(),
        versions=VERSIONS,
    )


def frames(codes: Sequence[str]) -> dict[str, pd.DataFrame]:
    index = pd.Index(sorted(codes), name="enterprise")
    groups = pd.Index([PEER_GROUP], name="peer_group")
    names = [feature.name for feature in FEATURES]
    return {
        "features": pd.DataFrame(1.0, index, names).assign(net_assets_cny=float("nan")),
        "peer_median": pd.DataFrame(1.0, groups, names),
        "peer_mad": pd.DataFrame(0.5, groups, names),
        "peer_size": pd.DataFrame({"size": [30]}, groups),
    }


def certificate(as_of: date, assessments: Sequence[Assessment]) -> Certificate:
    return Certificate(
        as_of=as_of,
        rows={"orders": 3},
        covered={"tax": as_of},
        stale=(),
        versions=VERSIONS,
        tiers=dict(Counter(each.grade.tier for each in assessments)),
        provisional=0,
        colours={},
    )


def record(as_of: date, assessments: Sequence[Assessment]) -> NightRecord:
    codes = [each.enterprise.code for each in assessments]
    return NightRecord(
        as_of=as_of,
        assessments=assessments,
        frames=frames(codes),
        certificate=certificate(as_of, assessments),
    )
