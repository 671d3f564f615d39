"""Features of the grades that other authorities give, each on its own scale."""

from functools import partial

import ibis
from ibis.expr import types as ir

from domain.officer import Department
from domain.results import Words
from domain.signals import Signals
from domain.table import Role, Source
from features.feature import Feature, Use
from features.ops import last_of
from features.views import speaking, unrepaired

RANKS = {
    "tax": ("A", "B", "M", "C", "D"),
    "customs": ("高级认证", "认证", "常规", "失信", "严重失信"),
    "samr": ("A", "B", "C", "D"),
    "safe": ("A", "B", "C"),
}
"""Scheme -> its grades, best first: STA 2025/12, GACC Decree 282, SAMR 2022/6, SAFE 2020."""


def current_grades(signals: Signals) -> ir.Table:
    """The latest grade of each scheme and its rank, 1 for the best; none once it ended.

    A repaired grade is as if it had not been given.
    """
    rows = unrepaired(signals, signals.authority_grades, "document_no")
    rows = speaking(rows, "authority_grades", "enterprise_code")
    today = ibis.literal(signals.as_of)
    rows = rows.filter(rows.valid_from <= today).filter(last_of("enterprise", "scheme"))
    rows = rows.filter(rows.valid_to.isnull() | (rows.valid_to >= today))
    ranks = [
        (f"{scheme}|{grade}", rank)
        for scheme, grades in RANKS.items()
        for rank, grade in enumerate(grades, start=1)
    ]
    named = rows.scheme + ibis.literal("|") + rows.grade
    return rows.mutate(rank=named.cases(*ranks, else_=ibis.null("int8")))


def tax_grade_rank(current_grades: ir.Table) -> ir.Value:
    """Tax credit grade in force: A 1, B 2, M 3, C 4, D 5 (STA 2025 No. 12)."""
    return _rank(current_grades, "tax")


def customs_grade_rank(current_grades: ir.Table) -> ir.Value:
    """Customs credit grade in force, 高级认证 1 to 严重失信 5 (GACC Decree 282)."""
    return _rank(current_grades, "customs")


def samr_class_rank(current_grades: ir.Table) -> ir.Value:
    """Market-supervision risk class in force: A 1, B 2, C 3, D 4 (国市监信发〔2022〕6号)."""
    return _rank(current_grades, "samr")


def safe_class_rank(current_grades: ir.Table) -> ir.Value:
    """Foreign-exchange class in force: A 1, B 2, C 3 (经常项目外汇业务指引, 2020)."""
    return _rank(current_grades, "safe")


def _rank(grades: ir.Table, scheme: str) -> ir.Value:
    return ibis.ifelse(grades.scheme == scheme, grades["rank"], None).max()


_grade = partial(
    Feature,
    view=current_grades,
    unit="rank",
    role=Role.ENTERPRISE,
    sources=(Source.MARKET_SUPERVISION,),
    use=Use.CREDIT,
    risk="up",
)

AUTHORITY_GRADE_FEATURES = (
    _grade(
        tax_grade_rank,
        label=Words(zh="纳税缴费信用等级", en="Tax credit grade"),
        departments=(Department.TAX,),
        evidence=lambda rows: rows.scheme == "tax",
    ),
    _grade(
        customs_grade_rank,
        label=Words(zh="海关信用等级", en="Customs credit grade"),
        departments=(Department.CUSTOMS,),
        evidence=lambda rows: rows.scheme == "customs",
    ),
    _grade(
        samr_class_rank,
        label=Words(zh="市场监管信用风险分类", en="Market-supervision risk class"),
        departments=(Department.MARKET_SUPERVISION,),
        evidence=lambda rows: rows.scheme == "samr",
    ),
    _grade(
        safe_class_rank,
        label=Words(zh="外汇管理分类", en="Foreign-exchange class"),
        departments=(Department.PAYMENT,),
        evidence=lambda rows: rows.scheme == "safe",
    ),
)
