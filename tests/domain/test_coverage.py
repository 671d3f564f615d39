"""To which day a source is complete: spans join, and a gap of the last year holds it back."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.cadence import expected_as_of
from domain.coverage import Span, complete_to, gaps, runs
from domain.signals import Signals
from domain.table import Source
from domain.tables import TABLES

AS_OF = date(2026, 6, 30)


def span(first: str, last: str) -> Span:
    return date.fromisoformat(first), date.fromisoformat(last)


MAY, JUNE = span("2026-05-01", "2026-05-31"), span("2026-06-01", "2026-06-29")
MARCH = span("2026-03-01", "2026-03-31")
LONG_AGO = span("2020-01-01", "2025-06-30")


@pytest.mark.parametrize(
    ("spans", "last", "missing"),
    [
        ([], None, []),
        ([JUNE], "2026-06-29", []),
        ([JUNE, MAY], "2026-06-29", []),
        ([MARCH, MAY, JUNE], "2026-03-31", [span("2026-04-01", "2026-04-30")]),
        ([LONG_AGO, MAY, JUNE], "2025-06-30", [span("2025-07-01", "2026-04-30")]),
        ([span("2020-01-01", "2020-12-31"), span("2021-02-01", "2026-06-29")], "2026-06-29", []),
        (
            [MARCH, span("2026-04-10", "2026-04-30"), JUNE],
            "2026-03-31",
            [span("2026-04-01", "2026-04-09"), MAY],
        ),
        ([span("2020-01-01", "2025-06-29"), span("2025-07-01", "2026-06-29")], "2026-06-29", []),
        (
            [span("2020-01-01", "2025-06-30"), span("2025-07-02", "2026-06-29")],
            "2025-06-30",
            [span("2025-07-01", "2025-07-01")],
        ),
    ],
)
def test_a_gap_of_the_last_year_holds_a_source_back(
    spans: list[Span], last: str | None, missing: list[Span]
) -> None:
    assert complete_to(spans, AS_OF) == (None if last is None else date.fromisoformat(last))
    assert gaps(spans, AS_OF) == missing


DAYS = st.integers(0, 60)


@given(st.lists(st.tuples(DAYS, DAYS).map(sorted), max_size=8))
def test_joined_spans_hold_the_same_days(pairs: list[list[int]]) -> None:
    def day(number: int) -> date:
        return AS_OF - timedelta(days=number)

    spans = [(day(high), day(low)) for low, high in pairs]
    whole = {day(n) for n in range(61) if any(low <= n <= high for low, high in pairs)}
    joined = runs(spans)
    held = {day(n) for n in range(61) if any(one <= day(n) <= other for one, other in joined)}
    assert held == whole
    assert all(one[1] + timedelta(days=1) < other[0] for one, other in pairwise(joined))


def test_every_source_is_expected_and_every_reporter_is_a_column() -> None:
    expected = expected_as_of(AS_OF)
    assert set(expected) == set(Source)
    assert expected_as_of(date(1990, 1, 1)) == expected
    for each in expected.values():
        if each.reporters is not None:
            assert each.reporters.column in TABLES[each.reporters.table].lake_schema().names
            assert each.reporters.table in Signals.__dataclass_fields__


@pytest.mark.parametrize("source", list(Source))
def test_a_source_may_lie_behind_by_its_days_and_no_more(source: Source) -> None:
    expected = expected_as_of(AS_OF)[source]
    last = AS_OF - timedelta(days=expected.latest_days)
    assert not expected.is_late(last, AS_OF)
    assert expected.is_late(last - timedelta(days=1), AS_OF)
