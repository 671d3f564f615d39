"""What becomes of one row after another of a single document."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import pyarrow as pa
import pytest

from intake.gate import CHANGE, DELETE, NEW
from intake.offered import KNOWN_AT, OPERATION
from intake.reasons import Reason
from intake.versions import DELETED, REFUSED, UNCHANGED, Decided, Past, decide

FIRST = datetime.fromisoformat("2026-05-01 10:00")
PAST: dict[str, pa.DataType] = {
    "document_key": pa.string(),
    "version": pa.int64(),
    "content_digest": pa.string(),
    "known_at": pa.timestamp("us"),
    "superseded_at": pa.timestamp("us"),
    "batch": pa.string(),
}
SENT: dict[str, pa.DataType] = {
    "document_key": pa.string(),
    OPERATION: pa.string(),
    "content_digest": pa.string(),
    KNOWN_AT: pa.timestamp("us"),
}
Row = tuple[str, str, int]
"""Operation, content, and the day on which it became known."""


def at(day: int | None) -> datetime | None:
    return None if day is None else FIRST + timedelta(days=day)


def decided(
    rows: list[Row],
    known: Sequence[tuple[str, int, int | None, str]] = (),
    *,
    dated: bool = False,
    asserted: bool = False,
) -> Decided:
    """Decide on rows of one document of which versions are known: content, begin, end, batch."""
    listed = [
        ("D", number, digest, at(begin), at(end), batch)
        for number, (digest, begin, end, batch) in enumerate(known, start=1)
    ]
    past = pa.Table.from_pylist(
        [dict(zip(PAST, row, strict=True)) for row in listed], pa.schema(PAST)
    )
    sent = [("D", operation, digest, at(day)) for operation, digest, day in rows]
    offered = pa.Table.from_pylist(
        [dict(zip(SENT, row, strict=True)) for row in sent], pa.schema(SENT)
    )
    return decide(offered, Past(past, "now", dated=dated, asserted=asserted))


def became(rows: list[Row], *, asserted: bool = False) -> list[int]:
    return [int(version) for version in decided(rows, asserted=asserted).version]


def test_a_document_that_was_deleted_may_be_sent_as_new_at_the_same_moment() -> None:
    assert became([(NEW, "a", 0), (DELETE, "", 0), (NEW, "b", 0)]) == [1, DELETED, 2]
    assert became([(NEW, "a", 0), (NEW, "b", 0)]) == [1, REFUSED]


def test_rows_are_taken_by_when_they_became_known_and_as_sent_within_one_moment() -> None:
    late_first = [(CHANGE, "c", 2), (NEW, "a", 0), (CHANGE, "b", 1), (CHANGE, "d", 2)]
    result = decided(late_first, asserted=True)
    assert result.version.tolist() == [3, 1, 2, 4]
    assert result.superseded == [("D", 1, at(1)), ("D", 2, at(2)), ("D", 3, at(2))]


def test_a_deletion_at_the_moment_of_a_change_is_no_repeat_of_an_older_one() -> None:
    rows = [(NEW, "a", 0), (CHANGE, "b", 1), (DELETE, "", 1)]
    assert became(rows, asserted=True) == [1, 2, DELETED]


def test_a_deletion_sent_again_changes_nothing_though_the_document_came_back() -> None:
    known = [("a", 0, 1, "old"), ("b", 2, None, "old")]
    assert decided([(DELETE, "", 1)], known, asserted=True).version.tolist() == [UNCHANGED]
    assert decided([(DELETE, "", 3)], known, asserted=True).version.tolist() == [DELETED]


@pytest.mark.parametrize(("day", "refused"), [(0, True), (1, False), (2, False)])
def test_nothing_ends_or_changes_before_its_last_change(day: int, *, refused: bool) -> None:
    known = [("a", 0, 1, "old"), ("b", 1, None, "old")]
    for row, fate in (((DELETE, "", day), DELETED), ((CHANGE, "c", day), 3)):
        result = decided([row], known, asserted=True)
        assert result.version.tolist() == [REFUSED if refused else fate]
        assert list(result.refused.values()) == [Reason.OUT_OF_ORDER] * refused


def test_an_older_version_asserted_again_at_its_own_moment_is_known() -> None:
    known = [("a", 0, 1, "old"), ("b", 1, 2, "old"), ("a", 2, None, "old")]
    again = [(NEW, "a", 0), (CHANGE, "b", 1), (CHANGE, "a", 2)]
    assert decided(again, known, asserted=True).version.tolist() == [UNCHANGED] * 3
    assert decided([(CHANGE, "b", 3)], known, asserted=True).version.tolist() == [4]


@pytest.mark.parametrize(("dated", "fate"), [(True, UNCHANGED), (False, 3)])
def test_an_older_content_is_a_return_unless_it_says_when_it_was_reported(
    fate: int, *, dated: bool
) -> None:
    known = [("a", 0, 1, "old"), ("b", 1, None, "old")]
    assert decided([(CHANGE, "a", 2)], known, dated=dated).version.tolist() == [fate]


@pytest.mark.parametrize(("batch", "fate"), [("now", REFUSED), ("old", 2)])
def test_new_twice_is_a_duplicate_within_a_batch_alone(batch: str, fate: int) -> None:
    known = [("a", 0, None, batch)]
    assert decided([(NEW, "b", 0)], known).version.tolist() == [fate]
