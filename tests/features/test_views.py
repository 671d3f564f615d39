"""Windows of documents that were amended: their lines go with them."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from domain.signals import Signals
from features.customs import CUSTOMS_FEATURES
from features.orders import ORDER_FEATURES
from features.reconciliation import RECONCILIATION_FEATURES
from features.views import WINDOW, YEAR, declared, declared_lines

AS_OF = date(2025, 6, 30)
MINE = {"merchant_code": "A", "direction": "I", "currency": "142"}


def noon(days_ago: int) -> datetime:
    return datetime.fromisoformat(f"{AS_OF - timedelta(days=days_ago)}T12:00")


def amended(days: int) -> dict[str, Any]:
    """A declaration amended on the first day of the window, its lines reported the day before."""
    head = {**MINE, "document_key": "D", "version": 2, "happened_at": noon(days - 1)}
    line = {**MINE, "parent_key": "D", "happened_at": noon(days), "hs_code": "3304990099"}
    lines = [
        {**line, "line_no": n, "total_price": Decimal(value)} for n, value in ((1, 30), (2, 5))
    ]
    return {"declarations": [head], "declaration_lines": lines}


@pytest.mark.parametrize("days", [WINDOW, YEAR])
def test_an_amended_declaration_keeps_the_value_of_lines_it_kept(
    make_signals: Callable[..., Signals], days: int
) -> None:
    signals = make_signals(AS_OF, **amended(days))
    assert declared(signals, days).value_cny.to_pyarrow().to_pylist() == [35]


@pytest.mark.parametrize(("days_ago", "lines"), [(WINDOW - 1, 2), (WINDOW, 0)])
def test_lines_are_in_the_window_when_their_declaration_is(
    make_signals: Callable[..., Signals], days_ago: int, lines: int
) -> None:
    documents = amended(WINDOW)
    documents["declarations"][0]["happened_at"] = noon(days_ago)
    for line in documents["declaration_lines"]:
        line["happened_at"] = noon(0 if lines == 0 else WINDOW + 30)
    rows = declared_lines(make_signals(AS_OF, **documents))
    assert rows.count().to_pyarrow().as_py() == lines


def test_lines_are_priced_at_the_rate_of_their_declaration(
    make_signals: Callable[..., Signals],
) -> None:
    documents = amended(WINDOW)
    for row in (*documents["declarations"], *documents["declaration_lines"]):
        row["currency"] = "502"
    for line in documents["declaration_lines"]:
        line["happened_at"] = noon(WINDOW + 1)
    assert (noon(WINDOW + 1).month, noon(WINDOW - 1).month) == (12, 1)
    rates = [
        {"currency": "502", "month": date(2024, 12, 1), "cny_per_unit": Decimal(6)},
        {"currency": "502", "month": date(2025, 1, 1), "cny_per_unit": Decimal(7)},
    ]
    signals = make_signals(AS_OF, exchange_rates=rates, **documents)
    assert declared(signals, WINDOW).value_cny.to_pyarrow().to_pylist() == [35 * 7]


def test_a_line_without_its_declaration_keeps_its_own_date(number_of: Callable[..., Any]) -> None:
    features = [f for f in CUSTOMS_FEATURES if f.name == "top_hs_chapter_share"]
    lines = amended(WINDOW - 1)["declaration_lines"]
    assert number_of(features, declaration_lines=lines) == {"top_hs_chapter_share": 1}
    assert number_of(features, declaration_lines=amended(WINDOW)["declaration_lines"]) == {
        "top_hs_chapter_share": None
    }


def test_an_amended_order_keeps_its_basket_and_its_line_sum(number_of: Callable[..., Any]) -> None:
    """Two amended orders with one basket; the lines of one do not add up to its goods value."""
    heads, lines = [], []
    for key, total in (("P|A|1", 10), ("P|A|2", 7)):
        money = {"goods_value": Decimal(10), "actual_paid": Decimal(10)}
        heads.append({**MINE, **money, "document_key": key, "happened_at": noon(WINDOW - 1)})
        sold = {"item_no": "cream", "quantity": Decimal(1), "price": Decimal(total)}
        own = {"parent_key": key, "line_no": 1, "happened_at": noon(WINDOW)}
        lines.append({**MINE, **sold, **own, "total_price": Decimal(total)})
    wanted = {"identical_basket_share", "line_sum_break_share"}
    features = [f for f in (*ORDER_FEATURES, *RECONCILIATION_FEATURES) if f.name in wanted]
    assert number_of(features, orders=heads, order_lines=lines) == {
        "identical_basket_share": 1,
        "line_sum_break_share": 0.5,
    }
