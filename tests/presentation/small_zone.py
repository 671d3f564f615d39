"""A hand-made night of a few enterprises, as a regulator would meet them."""

from datetime import date
from functools import cache
from typing import Any

from domain.officer import Department
from domain.place import Place
from domain.results import (
    Assessment,
    AssessmentHead,
    AuthorityGrade,
    Cap,
    Document,
    Grade,
    Measure,
    RuleOutcome,
    RuleState,
)
from presentation.enterprise import EnterpriseNight
from presentation.words import PHRASES
from presentation.zone import ZoneNight
from tests.presentation.pieces import (
    AS_OF,
    COVERED,
    VERSIONS,
    alert,
    credit_score,
    enterprise,
    fraud_score,
    shell_alert,
    words,
)


def grade(tier: str, **given: object) -> Grade:
    values: dict[str, Any] = {"tier": tier, "label": PHRASES["tier"][tier], "uncapped_tier": tier}
    return Grade(**(values | given))


def serious_list_cap() -> Cap:
    return Cap(
        tier="E",
        label=words("列入严重违法失信名单", "On the list of serious offenders"),
        reference="市场监管总局令第44号",
        ends_on=date(2028, 9, 1),
        document=Document(table="registry_events", document_key="XZ-SJ-2025-0917"),
    )


MEASURES = """
customs|提高查验比例至80%以上|Inspect at least 80 %|yes|海关总署令第282号
customs|重点价格核查|Price check first|no|海关审价办法
tax|退税审核并附收汇凭证|Rebate with FX receipts|yes|税务总局公告2016年第46号
market_supervision|列入双随机重点抽查|Random checks, class D|no|国市监信发〔2022〕6号
payment|按C类逐笔登记|Register each transaction|yes|经常项目外汇业务指引
"""
QUIET = """
fund_goods|资金货物比偏离|Money and goods differ|unknown|经常项目外汇业务指引
reused_waybill|运单号重复使用|Waybill number used again|clear|报文规范
amount_identity|订单金额恒等式不成立|Amounts of an order do not add up|clear|报文规范
"""


def measures() -> tuple[Measure, ...]:
    rows = [line.split("|") for line in MEASURES.strip().splitlines()]
    return tuple(
        Measure(
            department=Department(who),
            code=en,
            label=words(zh, en),
            restricts=restricts == "yes",
            basis=basis,
        )
        for who, zh, en, restricts, basis in rows
    )


def outcomes() -> tuple[RuleOutcome, ...]:
    rows = [line.split("|") for line in QUIET.strip().splitlines()]
    quiet = (
        RuleOutcome(rule=rule, label=words(zh, en), state=RuleState(state), reference=reference)
        for rule, zh, en, state, reference in rows
    )
    return (*alert(1).outcomes, *quiet)


def authority_grades() -> tuple[AuthorityGrade, ...]:
    def given(scheme: str, own: str, tier: str | None, number: str) -> AuthorityGrade:
        return AuthorityGrade(
            scheme=scheme,
            grade=own,
            tier=tier,
            valid_from=date(2026, 4, 1),
            valid_to=None,
            document=Document(table="authority_grades", document_key=number),
        )

    return (
        given("customs", "常规", "C", "customs|2026"),
        given("tax", "D", "E", "tax|2026"),
        given("samr", "C", "D", "samr|2026"),
    )


def assessment(number: int = 1, **given: object) -> Assessment:
    """A capped enterprise with alerts and everything a page can show."""
    values: dict[str, Any] = {
        "enterprise": enterprise(number),
        "as_of": AS_OF,
        "peer_group": "merchant|1210|33|medium",
        "grade": grade("E", uncapped_tier="C", caps=(serious_list_cap(),)),
        "previous_tier": "C",
        "credit": credit_score(),
        "fraud": fraud_score(),
        "measures": measures(),
        "alerts": (alert(number), shell_alert(number, "yellow", 19)),
        "outcomes": outcomes(),
        "authority_grades": authority_grades(),
        "covered": COVERED,
        "versions": VERSIONS,
    }
    return Assessment(**(values | given))


def calm(number: int, tier: str = "B", **given: object) -> Assessment:
    """An enterprise without alerts, caps or restrictions."""
    values: dict[str, Any] = {
        "grade": grade(tier),
        "previous_tier": tier,
        "credit": credit_score(-1),
        "measures": (),
        "alerts": (),
        "authority_grades": (),
        "fraud": None,
    }
    return assessment(number, **(values | given))


def unrated(number: int) -> Assessment:
    sentence = words(
        "近六个月无申报且无部门评级，证据不足。", "No trade in six months and no grade elsewhere."
    )
    thin = grade("unrated", why_provisional=(sentence,))
    return calm(number, grade=thin, credit=None, previous_tier=None)


def provisional(number: int) -> Assessment:
    sentence = words("税务数据截至6月15日，超过期限。", "Tax data ends on 15 June, past its limit.")
    return calm(number, grade=grade("B", provisional=True, why_provisional=(sentence,)))


def enterprise_night(one: Assessment, **given: object) -> EnterpriseNight:
    """What a reader of the whole zone may see of it, laundering apart."""
    place = None if one.fraud is None else Place(rank=3, among=12)
    values: dict[str, Any] = {"history": history(), "fraud_place": place}
    return EnterpriseNight(one, **(values | given))


def head(assessment: Assessment, **given: object) -> AssessmentHead:
    who, alerts = assessment.enterprise, assessment.alerts
    values: dict[str, Any] = {
        "as_of": assessment.as_of,
        "code": who.code,
        "customs_code": who.customs_code,
        "name": who.name,
        "division": who.division,
        "tier": assessment.grade.tier,
        "tier_label": assessment.grade.label,
        "previous_tier": assessment.previous_tier,
        "provisional": assessment.grade.provisional,
        "credit_probability": assessment.credit.probability if assessment.credit else None,
        "fraud_probability": assessment.fraud.probability if assessment.fraud else None,
        "alert_colour": alerts[0].colour if alerts else None,
        "alert_count": len(alerts),
        "typologies": tuple(each.typology for each in alerts),
    }
    return AssessmentHead(**(values | given))


def history(number: int = 1) -> list[AssessmentHead]:
    tiers = ("B", "B", "B", "C", "B", "C", "C", "C", "E")
    nights = (
        (date(2025, month, 28) for month in range(10, 13)),
        (date(2026, m, 28) for m in range(1, 7)),
    )
    days = [day for part in nights for day in part]
    now = head(assessment(number))
    label = PHRASES["tier"]
    return [
        now.model_copy(update={"as_of": day, "tier": tier, "tier_label": label[tier]})
        for day, tier in zip(days, tiers, strict=True)
    ]


@cache
def assessments() -> tuple[Assessment, ...]:
    """Twelve enterprises: capped, provisional, unrated, new, alerted and calm ones."""
    ups = calm(7, "A", previous_tier="B")
    new = calm(8, "B", previous_tier=None)
    yellow = calm(9, "C", alerts=(alert(9, "yellow", 4),))
    orange = calm(
        10, "D", previous_tier="C", alerts=(alert(10, "orange", 2), shell_alert(10, "blue", 30))
    )
    return (
        assessment(1),
        provisional(2),
        unrated(3),
        *(calm(n) for n in (4, 5, 6)),
        ups,
        new,
        yellow,
        orange,
        calm(11, "A"),
        calm(12, "C"),
    )


def zone_night() -> ZoneNight:
    alerts = [each for one in assessments() for each in one.alerts]
    return ZoneNight(
        as_of=AS_OF,
        heads=[head(each) for each in assessments()],
        alerts=sorted(alerts, key=lambda each: each.rank),
        covered=COVERED,
        versions=VERSIONS,
        stale=("tax",),
    )
