"""For which days a source is complete, from the spans that it says are."""

from collections.abc import Iterable
from datetime import date, timedelta
from itertools import pairwise

from ibis.expr import types as ir

Span = tuple[date, date]
YEAR = timedelta(days=365)
_DAY = timedelta(days=1)


def spans_by_source(coverage: ir.Table) -> dict[str, list[Span]]:
    """Source -> the spans that it says are complete, from the coverage table as known."""
    spans: dict[str, list[Span]] = {}
    rows = coverage.select("source", "covered_from", "covered_to").distinct()
    for row in rows.to_pyarrow().to_pylist():
        spans.setdefault(row["source"], []).append((row["covered_from"], row["covered_to"]))
    return spans


def runs(spans: Iterable[Span]) -> list[Span]:
    """Spans (first day, last day) joined where they touch or overlap, in order."""
    joined: list[Span] = []
    for first, last in sorted(spans):
        if joined and first <= joined[-1][1] + _DAY:
            joined[-1] = (joined[-1][0], max(last, joined[-1][1]))
        else:
            joined.append((first, last))
    return joined


def gaps(spans: Iterable[Span], as_of: date) -> list[Span]:
    """Days between complete ones that nobody vouches for and that the year before `as_of` holds."""
    whole = runs(spans)
    between = [(one[1] + _DAY, other[0] - _DAY) for one, other in pairwise(whole)]
    return [gap for gap in between if gap[1] > as_of - YEAR]


def complete_to(spans: Iterable[Span], as_of: date) -> date | None:
    """The last day to which a source is complete, with no gap in the year before `as_of`.

    What looks back a year from that day or less misses nothing that happened since the source
    began; it does not say what was before. None where nothing is complete.
    """
    listed = list(spans)
    open_gaps = gaps(listed, as_of)
    if open_gaps:
        return open_gaps[0][0] - _DAY
    return max((last for _, last in listed), default=None)
