"""Features of the declarations and of what customs answered to them (CEB621/603, 622/604)."""

from functools import partial

import ibis
from ibis.expr import types as ir

from domain.officer import Department
from domain.results import Words
from domain.signals import Signals
from domain.table import Role, Source
from features.feature import Feature, Use
from features.ops import count_where, found, ratio, share, total, total_where
from features.views import COMMON, WINDOW, answers, declared, declared_lines, every


def declarations(signals: Signals) -> ir.Table:
    """Declarations of 180 days with customs' answers, cancellations and returns of goods."""
    heads = declared(signals, WINDOW)
    replies = signals.once(answers)
    same = [heads.agent_code == replies.agent_code, heads.cop_no == replies.cop_no]
    answered = heads.left_join(replies, same)
    cancelled = signals.cancellations[["declaration_no"]].distinct().mutate(cancelled=True)
    returned = signals.returns[["declaration_no"]].distinct().mutate(returned=True)
    rows = answered.left_join(cancelled, "declaration_no").drop("declaration_no_right")
    rows = rows.left_join(returned, "declaration_no").drop("declaration_no_right")
    return rows.select(
        *COMMON,
        "value_cny",
        amended=rows.version > 1,
        rejected=found(rows.rejected),
        manual=found(rows.manual),
        inspected=found(rows.inspected),
        detained=found(rows.detained),
        cancelled=found(rows.cancelled),
        returned=ibis.ifelse(rows.direction == "I", found(rows.returned), None),
    )


def goods(signals: Signals) -> ir.Table:
    """Declared lines of 180 days; `in_top_chapter` marks the merchant's main HS chapter."""
    lines = declared_lines(signals)
    by_chapter = lines.group_by("enterprise", "chapter").agg(chapter_cny=total(lines.value_cny))
    best = ibis.window(
        group_by="enterprise", order_by=[ibis.desc("chapter_cny"), ibis.asc("chapter")]
    )
    ranked = by_chapter.mutate(in_top_chapter=ibis.row_number().over(best) == 0)
    items = lines.group_by("enterprise", "item_no").agg(codes=lines.hs_code.nunique())
    rows = lines.left_join(ranked, ["enterprise", "chapter"]).drop(
        "enterprise_right", "chapter_right"
    )
    rows = rows.left_join(items, ["enterprise", "item_no"])
    return rows.select(
        *COMMON,
        "value_cny",
        "in_top_chapter",
        item_no=rows.item_no,
        item_and_code=rows.item_no + ibis.literal("|") + rows.hs_code,
        many_codes=rows.codes > 1,
    )


def declaration_count(declarations: ir.Table) -> ir.Value:
    """Import and export declarations (清单) of the merchant in the last 180 days."""
    return declarations.count()


def declared_value_cny(declarations: ir.Table) -> ir.Value:
    """Declared value of the goods in those declarations, CNY, last 180 days."""
    return total(declarations.value_cny)


def rejected_return_share(declarations: ir.Table) -> ir.Value:
    """Share of declarations of 180 days that customs rejected at least once (退单, 100; T18)."""
    return share(declarations.rejected)


def amended_share(declarations: ir.Table) -> ir.Value:
    """Share of declarations of 180 days that were changed after the first report (T18)."""
    return share(declarations.amended)


def manual_review_share(declarations: ir.Table) -> ir.Value:
    """Share of declarations of 180 days that went to manual review (人工审核, 300; T18)."""
    return share(declarations.manual)


def inspection_share(declarations: ir.Table) -> ir.Value:
    """Share of declarations of 180 days that customs chose to inspect (查验, 500; T5, T18)."""
    return share(declarations.inspected)


def detained_count(declarations: ir.Table) -> ir.Value:
    """Declarations of 180 days whose goods were detained (扣留, 501-503 and 599; T5, T18)."""
    return count_where(declarations.detained)


def cancellation_share(declarations: ir.Table) -> ir.Value:
    """Share of declarations of 180 days with an application to cancel (撤销, T13)."""
    return share(declarations.cancelled)


def return_share(declarations: ir.Table) -> ir.Value:
    """Share of import declarations of 180 days with an application to return goods (退货, T13)."""
    return share(declarations.returned)


def top_hs_chapter_share(goods: ir.Table) -> ir.Value:
    """Share of the declared value of 180 days that lies in the largest HS chapter."""
    return ratio(total_where(goods.value_cny, goods.in_top_chapter), total(goods.value_cny))


def hs_codes_per_item(goods: ir.Table) -> ir.Value:
    """HS codes under which one item number was declared, mean over items, 180 days (T5)."""
    return ratio(goods.item_and_code.nunique(), goods.item_no.nunique())


_customs = partial(
    Feature,
    role=Role.MERCHANT,
    sources=(Source.CUSTOMS,),
    departments=(Department.CUSTOMS,),
)
_record = partial(_customs, view=declarations, use=Use.CREDIT)
_suspect = partial(_customs, view=declarations, use=Use.SUSPICION, risk="up")

CUSTOMS_FEATURES = (
    _record(
        declaration_count,
        label=Words(zh="清单数", en="Declarations"),
        unit="count",
        risk="none",
        evidence=every,
    ),
    _record(
        declared_value_cny,
        label=Words(zh="申报金额", en="Declared value"),
        unit="CNY",
        risk="none",
        evidence=every,
    ),
    _record(
        rejected_return_share,
        label=Words(zh="退单率", en="Share of declarations rejected"),
        unit="ratio",
        risk="up",
        evidence=lambda rows: rows.rejected,
    ),
    _record(
        amended_share,
        label=Words(zh="改单率", en="Share of declarations amended"),
        unit="ratio",
        risk="up",
        evidence=lambda rows: rows.amended,
    ),
    _suspect(
        manual_review_share,
        label=Words(zh="人工审核率", en="Share sent to manual review"),
        unit="ratio",
        evidence=lambda rows: rows.manual,
    ),
    _suspect(
        inspection_share,
        label=Words(zh="查验率", en="Share inspected"),
        unit="ratio",
        evidence=lambda rows: rows.inspected,
    ),
    _suspect(
        detained_count,
        label=Words(zh="扣留票数", en="Declarations detained"),
        unit="count",
        evidence=lambda rows: rows.detained,
    ),
    _suspect(
        cancellation_share,
        label=Words(zh="撤销率", en="Share of declarations cancelled"),
        unit="ratio",
        evidence=lambda rows: rows.cancelled,
    ),
    _suspect(
        return_share,
        label=Words(zh="进口退货率", en="Share of imports returned"),
        unit="ratio",
        evidence=lambda rows: rows.returned,
    ),
    _customs(
        top_hs_chapter_share,
        view=goods,
        label=Words(zh="最大商品章占比", en="Share of the largest HS chapter"),
        unit="ratio",
        use=Use.SUSPICION,
        risk="none",
        evidence=lambda rows: rows.in_top_chapter,
    ),
    _suspect(
        hs_codes_per_item,
        view=goods,
        label=Words(zh="每货号税号数", en="HS codes per item"),
        unit="codes per item",
        evidence=lambda rows: rows.many_codes,
    ),
)
