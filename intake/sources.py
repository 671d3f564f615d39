"""What is expected of every source and what has come of it, as known on a day."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

import ibis
from ibis.expr import types as ir

from domain.cadence import Expected, Reporters, expected_as_of
from domain.coverage import Span, complete_to, gaps, spans_by_source
from domain.results import Words
from domain.signals import Signals
from domain.table import Source
from domain.tables import TABLES

LATELY_DAYS: Final = 30


class Freshness(StrEnum):
    """Whether what needs a source can be told."""

    FRESH = "fresh"
    STALE = "stale"
    SILENT = "silent"


FRESHNESS_WORDS: Final = {
    Freshness.FRESH: Words(zh="及时", en="fresh"),
    Freshness.STALE: Words(zh="滞后", en="late"),
    Freshness.SILENT: Words(zh="从未报送", en="never sent"),
}


@dataclass(frozen=True, slots=True)
class Unheard:
    """An enterprise that was expected to send and did not.

    Attributes:
        code: Its credit code.
        name: Its name.
        division: GB/T 2260, whose office may ask it.
    """

    code: str
    name: str
    division: str


@dataclass(frozen=True, slots=True)
class SourceRow:
    """One source on one day.

    Attributes:
        source: Which.
        freshness: Fresh; stale: its last complete day lies too far behind; silent: it never said
            that any day is complete. What needs a stale or silent source is missing, not zero.
        complete_from: First day of all that it said are complete.
        complete_to: Last day to which it is complete, without a gap in the year before.
        gaps: Days of the last year that it left out: first and last of each.
        latest_days: Days by which it may lie behind.
        last_known_at: When the last row of its tables became known.
        rows_lately: Rows of its tables that became known in the last 30 days.
        expected: Living enterprises of the roll, registered before the days of the cadence began,
            that are expected to send; None where nobody is.
        heard: Those of them in whose name something happened within these days. What came late
            and speaks of earlier days does not make up for them.
        unheard: The others, by credit code.
    """

    source: Source
    freshness: Freshness
    complete_from: date | None
    complete_to: date | None
    gaps: tuple[Span, ...]
    latest_days: int
    last_known_at: datetime | None
    rows_lately: int
    expected: int | None
    heard: int | None
    unheard: tuple[Unheard, ...]


def sources(signals: Signals) -> list[SourceRow]:
    """Every source, with what is expected of it and what has come."""
    spans = spans_by_source(signals.coverage)
    expected = expected_as_of(signals.as_of)
    return [_row(signals, source, expected[source], spans.get(source, [])) for source in Source]


def _row(signals: Signals, source: Source, expected: Expected, spans: list[Span]) -> SourceRow:
    end = complete_to(spans, signals.as_of)
    last, lately = _arrivals(signals, source)
    due, silent = _reporters(signals, expected.reporters)
    return SourceRow(
        source=source,
        freshness=_freshness(end, signals.as_of, expected),
        complete_from=min((first for first, _ in spans), default=None),
        complete_to=end,
        gaps=tuple(gaps(spans, signals.as_of)),
        latest_days=expected.latest_days,
        last_known_at=last,
        rows_lately=lately,
        expected=due,
        heard=None if due is None else due - len(silent),
        unheard=silent,
    )


def _freshness(end: date | None, as_of: date, expected: Expected) -> Freshness:
    if end is None:
        return Freshness.SILENT
    return Freshness.STALE if expected.is_late(end, as_of) else Freshness.FRESH


def _arrivals(signals: Signals, source: Source) -> tuple[datetime | None, int]:
    """When the last row of a source became known, and how many did lately."""
    since = _trailing(signals.as_of, LATELY_DAYS)
    told = [
        getattr(signals, name).agg(
            last=ibis._.known_at.max(), lately=(ibis._.known_at >= since).sum()
        )
        for name in _tables_of(source)
    ]
    rows = ibis.union(told[0], *told[1:]).to_pyarrow().to_pylist()
    moments = [row["last"] for row in rows if row["last"] is not None]
    return max(moments, default=None), sum(row["lately"] or 0 for row in rows)


def _tables_of(source: Source) -> Iterable[str]:
    """Its tables; what says that it is complete is none of them."""
    own = (name for name, table in TABLES.items() if table.source is source)
    return (name for name in own if name != "coverage")


def _reporters(
    signals: Signals, reporters: Reporters | None
) -> tuple[int | None, tuple[Unheard, ...]]:
    """How many enterprises are expected to send, and which of them did not."""
    if reporters is None:
        return None, ()
    since = _trailing(signals.as_of, reporters.within_days)
    rows = getattr(signals, reporters.table)
    heard = rows.filter(rows.happened_at >= since).select(credit_code=rows[reporters.column])
    due = _due(signals, reporters)
    silent = due.anti_join(heard.distinct(), "credit_code").order_by("credit_code")
    unheard = silent.select(code="credit_code", name="name", division="division")
    count: int = due.count().to_pyarrow().as_py()
    return count, tuple(Unheard(**row) for row in unheard.to_pyarrow().to_pylist())


def _due(signals: Signals, reporters: Reporters) -> ir.Table:
    """Enterprises that lived through all the days within which they should have sent."""
    roll, since = signals.enterprises, _trailing(signals.as_of, reporters.within_days)
    living = roll.dissolved_on.isnull() | (roll.dissolved_on > ibis.literal(signals.as_of))
    due = roll.filter(living & (roll.registered_on.cast("timestamp") < since))
    return due if reporters.flag is None else due.filter(due[reporters.flag])


def _trailing(as_of: date, days: int) -> ir.TimestampScalar:
    """The first moment of the last `days` days, `as_of` among them."""
    return ibis.timestamp((as_of - timedelta(days=days - 1)).isoformat())
