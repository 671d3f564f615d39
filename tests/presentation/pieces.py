"""Hand-made evidence, scores and alerts, of which the small zone is made."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from domain.identity import credit_code_check_character
from domain.officer import Department, Officer, Right
from domain.results import (
    Alert,
    Colour,
    Document,
    EnterpriseRef,
    Evidence,
    LaunderingRecord,
    Layer,
    ModelScore,
    RuleOutcome,
    RuleState,
    Versions,
    Words,
)
from domain.table import Role

AS_OF = date(2026, 6, 30)
BEFORE = date(2026, 5, 31)
CUSTOMS, TAX, MARKET = Department.CUSTOMS, Department.TAX, Department.MARKET_SUPERVISION
PAYMENT, LOGISTICS = Department.PAYMENT, Department.LOGISTICS
OFFICER = Officer(name="王建国", department=Department.ZONE_OFFICE)
CLEARED = Officer(name="李慧", department=PAYMENT, rights=frozenset({Right.READ, Right.LAUNDERING}))
COVERED = {
    "customs": AS_OF,
    "logistics": AS_OF,
    "payment": AS_OF - timedelta(1),
    "tax": AS_OF - timedelta(15),
    "market_supervision": AS_OF,
}
VERSIONS = Versions(
    sandan="0.1.0",
    catalogue="b7c1f0a9",
    policy="2026-04-01",
    thresholds="2026-04-01",
    models={"credit": "credit-3", "fraud": "fraud-2"},
)
NAMES = (
    "徐州云链跨境电子商务有限公司",
    "南通叠石桥优品国际贸易有限公司",
    "徐州淮海保税供应链管理有限公司",
)


def code_of(number: int) -> str:
    body = f"91320300MA{number:07d}"
    return body + credit_code_check_character(body)


def enterprise(number: int, name: str | None = None, **given: object) -> EnterpriseRef:
    values: dict[str, Any] = {
        "code": code_of(number),
        "customs_code": f"320393{number:04d}",
        "name": name or NAMES[number % len(NAMES)],
        "division": "320300",
        "roles": (Role.MERCHANT,),
        "registered_on": date(2019, 4, 12),
        "dissolved_on": None,
    }
    return EnterpriseRef(**(values | given))


def words(zh: str, en: str) -> Words:
    return Words(zh=zh, en=en)


def evidence(
    feature: str,
    label: Words,
    unit: str,
    value: float | None,
    cited: Sequence[tuple[str, str]],
    **given: Any,  # noqa: ANN401 - the fields that only some evidence has
) -> Evidence:
    documents = tuple(Document(table=table, document_key=key) for table, key in cited)
    fields = {"feature": feature, "label": label, "unit": unit, "value": value}
    return Evidence(**(fields | {"documents": documents} | given))


REASONS = """
penalty_amount_3y|三年内行政处罚金额|Penalties in three years|CNY|382000|0|0.91|registry_events
late_filing_count|逾期申报次数|Late tax filings|count|4|0|0.64|tax_filings
rejected_return_share|申报退单占比|Declarations rejected|ratio|0.083|0.021|0.37|customs_returns
enterprise_age_days|成立天数|Age|days|2636|1480|-0.31|enterprises
insured_staff|参保职工人数|Insured staff|count|46|12|-0.26|capacity
tax_paid_share|已缴税款占比|Tax paid of tax payable|ratio|0.97|1.0|0.12|tax_filings
amended_share|申报修改占比|Declarations amended|ratio|0.054|0.03|0.08|declarations
clean_inspection_count_3y|抽查合格次数|Clean inspections|count|2|1|-0.06|findings
net_assets_cny|净资产|Net assets|CNY|18400000|3100000|-0.05|capacity
tax_debt_count|欠税次数|Tax debts|count|0|0|-0.02|registry_events
failed_sampling_share|抽检不合格占比|Samplings failed|ratio||0|0|registry_events
"""
SPEAKERS = {
    "registry_events": MARKET,
    "enterprises": MARKET,
    "tax_filings": TAX,
    "capacity": TAX,
    "customs_returns": CUSTOMS,
    "declarations": CUSTOMS,
    "findings": CUSTOMS,
}


def reason(line: str, sign: int) -> Evidence:
    name, zh, en, unit, value, median, contribution, table = line.split("|")
    return evidence(
        name,
        words(zh, en),
        unit,
        float(value) if value else None,
        [(table, f"{name}|{i}") for i in range(1, 4)],
        peer_median=float(median),
        contribution=sign * float(contribution),
        departments=(SPEAKERS[table],),
    )


def credit_score(sign: int = 1) -> ModelScore:
    reasons = tuple(reason(line, sign) for line in REASONS.strip().splitlines())
    return ModelScore(
        model="credit",
        version="credit-3",
        probability=0.387 if sign > 0 else 0.031,
        margin=-1.6 + sum(each.contribution or 0.0 for each in reasons),
        base=-1.6,
        reasons=reasons,
    )


def fraud_score() -> ModelScore:
    """The fraud model's, which reads unconfirmed things too."""
    return ModelScore(
        model="fraud",
        version="fraud-2",
        probability=0.734,
        margin=0.9,
        base=-2.0,
        reasons=(
            shared_address().model_copy(update={"contribution": 2.1}),
            payer_differs().model_copy(update={"contribution": 1.1}),
            reason(REASONS.strip().splitlines()[3], 1),
        ),
    )


def shared_address() -> Evidence:
    return evidence(
        "ids_at_top_address",
        words("最多收货地址对应的身份证数", "ID numbers at the busiest address"),
        "count",
        214,
        [("orders", f"4403169D3W|{code_of(1)}|SO2026061{i:04d}") for i in range(3)],
        peer_median=3,
        limit=20,
        departments=(CUSTOMS, LOGISTICS),
    )


def payer_differs() -> Evidence:
    return evidence(
        "payer_not_buyer_share",
        words("支付人与订购人不一致占比", "Share of orders paid by another person"),
        "ratio",
        0.462,
        [("payments", f"31222699S7|PAY2026{i:06d}") for i in range(3)],
        peer_median=0.031,
        limit=0.2,
        departments=(PAYMENT,),
    )


def hit(rule: str, label: Words, reference: str, *found: Evidence) -> RuleOutcome:
    return RuleOutcome(
        rule=rule, label=label, state=RuleState.HIT, reference=reference, evidence=found
    )


def alert(number: int, colour: Colour = "red", rank: int = 1, **given: object) -> Alert:
    found = (shared_address(), payer_differs())
    label = words("冒用他人身份刷单", "Fake orders with other people's identities")
    values: dict[str, Any] = {
        "alert_id": f"{code_of(number)}-T1",
        "enterprise_code": code_of(number),
        "typology": "T1",
        "label": label,
        "colour": colour,
        "rank": rank,
        "layers": (Layer.RULE, Layer.ANOMALY),
        "departments": (CUSTOMS, LOGISTICS, PAYMENT),
        "first_seen": date(2026, 4, 30),
        "outcomes": (
            hit(
                "many_ids_one_address",
                words("同一地址身份证过多", "Many ID numbers at one address"),
                "海关总署公告2018年第194号",
                found[0],
            ),
        ),
        "probability": 0.83,
        "evidence": found,
        "lookalikes": (
            words("家庭、宿舍、办公地址或驿站自提点", "Family, dormitory, office or pick-up point"),
            words(
                "父母为子女下单、代收", "Parents buying for children, parcels taken in for others"
            ),
        ),
    }
    return Alert(**(values | given))


def shell_alert(number: int, colour: Colour, rank: int) -> Alert:
    return alert(
        number,
        colour,
        rank,
        alert_id=f"{code_of(number)}-T11",
        typology="T11",
        label=words("关联空壳企业群", "Shell clusters"),
        layers=(Layer.NETWORK,),
        departments=(MARKET,),
        probability=None,
        outcomes=(),
        evidence=(
            evidence(
                "shared_identity_cluster_size",
                words("共用身份企业群规模", "Enterprises sharing identities"),
                "count",
                28,
                [("relations", f"{code_of(number)}|7")],
                peer_median=1,
                departments=(MARKET,),
            ),
        ),
        lookalikes=(words("孵化器、集群注册", "Incubators and cluster registration"),),
    )


def laundering_alert(number: int) -> Alert:
    return alert(
        number,
        "orange",
        1,
        alert_id=f"{code_of(number)}-T9",
        typology="T9",
        label=words("地下钱庄资金通道", "Underground banking channel"),
        departments=(PAYMENT,),
    )


def laundering_record(number: int) -> LaunderingRecord:
    return LaunderingRecord(
        enterprise=enterprise(number),
        as_of=AS_OF,
        score=None,
        alerts=(laundering_alert(number),),
        outcomes=(),
        versions=VERSIONS,
    )
