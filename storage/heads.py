"""Database rows of assessments and alerts, and the head that a row gives back."""

from collections.abc import Mapping, Sequence
from typing import Any

from domain.identity import folded
from domain.results import COLOURS, Alert, Assessment, AssessmentHead, Words


def head_rows(assessments: Sequence[Assessment], digests: Sequence[str]) -> list[dict[str, object]]:
    """Head rows in the order of `assessments`, each with the digest of its payload."""
    each = zip(assessments, digests, strict=True)
    return [
        {"position": position, "payload_sha256": digest, **_head_row(assessment)}
        for position, (assessment, digest) in enumerate(each)
    ]


def ranked_alerts(assessments: Sequence[Assessment]) -> list[tuple[Assessment, Alert]]:
    """All alerts with the assessment they stand in, first to check first."""
    pairs = [(assessment, alert) for assessment in assessments for alert in assessment.alerts]
    return sorted(pairs, key=lambda pair: (pair[1].rank, pair[1].enterprise_code, pair[1].alert_id))


def alert_rows(assessments: Sequence[Assessment]) -> list[dict[str, object]]:
    """Alert rows by rank."""
    return [
        {
            "position": position,
            "alert_id": alert.alert_id,
            "code": alert.enterprise_code,
            "division": assessment.enterprise.division,
            "typology": alert.typology,
            "colour": alert.colour,
            "departments": f",{','.join(alert.departments)},",
            "first_seen": alert.first_seen,
        }
        for position, (assessment, alert) in enumerate(ranked_alerts(assessments))
    ]


def head_of(row: Mapping[Any, Any]) -> AssessmentHead:
    """The head that a row of `HEADS` says."""
    return AssessmentHead(
        as_of=row["as_of"],
        code=row["code"],
        customs_code=row["customs_code"],
        name=row["name"],
        division=row["division"],
        tier=row["tier"],
        tier_label=Words(zh=row["tier_zh"], en=row["tier_en"]),
        previous_tier=row["previous_tier"],
        provisional=row["provisional"],
        credit_probability=row["credit_probability"],
        fraud_probability=row["fraud_probability"],
        alert_colour=row["alert_colour"],
        alert_count=row["alert_count"],
        typologies=tuple(filter(None, row["typologies"].split(","))),
    )


def _head_row(assessment: Assessment) -> dict[str, object]:
    enterprise, grade, alerts = assessment.enterprise, assessment.grade, assessment.alerts
    return {
        "code": enterprise.code,
        "as_of": assessment.as_of,
        "customs_code": enterprise.customs_code,
        "name": enterprise.name,
        "folded_name": folded(enterprise.name),
        "division": enterprise.division,
        "tier": grade.tier,
        "tier_zh": grade.label.zh,
        "tier_en": grade.label.en,
        "previous_tier": assessment.previous_tier,
        "provisional": grade.provisional,
        "credit_probability": assessment.credit.probability if assessment.credit else None,
        "fraud_probability": assessment.fraud.probability if assessment.fraud else None,
        "alert_colour": max((a.colour for a in alerts), key=COLOURS.index, default=None),
        "alert_count": len(alerts),
        "typologies": ",".join(alert.typology for alert in alerts),
    }
