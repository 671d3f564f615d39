"""Other authorities' records: what is in force, what it means, and when it ends."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from assessment.policy import policy_as_of
from assessment.recognition import Records, read_records
from domain.signals import Signals

AS_OF = date(2026, 6, 30)
POLICY = policy_as_of(AS_OF)
FIRM = "F"


RecordsOf = Callable[..., Records]


@pytest.fixture(scope="module")
def records(make_signals: Callable[..., Signals]) -> RecordsOf:
    """A function `(*rows, as_of=AS_OF)` that reads the records of these events and grades."""

    def read(*rows: dict[str, Any], as_of: date = AS_OF) -> Records:
        events = [row for row in rows if "event_no" in row]
        grades = [row for row in rows if "scheme" in row]
        signals = make_signals(as_of, registry_events=events, authority_grades=grades)
        return read_records(signals, POLICY)

    return read


def event(no: str, kind: str, **changes: object) -> dict[str, Any]:
    row = {
        "event_no": no,
        "enterprise_code": FIRM,
        "kind": kind,
        "decided_on": date(2025, 1, 1),
    }
    return {**row, **changes}


def grade(scheme: str, value: str, valid_from: date, **changes: object) -> dict[str, Any]:
    row = {
        "enterprise_code": FIRM,
        "scheme": scheme,
        "grade": value,
        "valid_from": valid_from,
    }
    return {**row, **changes}


def tiers(held: Records) -> list[str]:
    return [cap.tier for cap in held.caps.get(FIRM, ())]


def test_a_listing_caps_cites_and_leads_to_its_record(records: RecordsOf) -> None:
    listing = event("N1", "serious_list", ends_on=date(2028, 1, 1))
    (cap,) = records(listing).caps[FIRM]
    assert cap.tier == "E"
    assert "第44号" in cap.reference
    assert cap.ends_on == date(2028, 1, 1)
    assert (cap.document.table, cap.document.document_key) == ("registry_events", "N1")


def test_a_listing_caps_from_its_decision_to_its_last_day(records: RecordsOf) -> None:
    listing = event("N1", "serious_list", ends_on=date(2026, 6, 30))
    assert tiers(records(listing, as_of=date(2024, 12, 31))) == []
    assert tiers(records(listing, as_of=date(2025, 1, 1))) == ["E"]
    assert tiers(records(listing, as_of=date(2026, 6, 30))) == ["E"]
    assert tiers(records(listing, as_of=date(2026, 7, 1))) == []


def test_a_cap_ends_with_its_repair_and_no_other(records: RecordsOf) -> None:
    listing = event("N1", "serious_list")
    other = event("N2", "court_default")
    repair = event("N3", "repair", repairs_no="N1")
    assert tiers(records(listing, other)) == ["E", "D"]
    assert tiers(records(listing, other, repair)) == ["D"]


def test_a_repaired_grade_neither_caps_nor_is_shown(records: RecordsOf) -> None:
    bad = grade("tax", "D", date(2026, 4, 1), document_no="W1")
    assert tiers(records(bad)) == ["D"]
    repaired = records(bad, event("N1", "repair", repairs_no="W1"))
    assert tiers(repaired) == []
    assert repaired.grades == {}


def test_the_grade_before_a_repaired_one_stands_again(records: RecordsOf) -> None:
    good = grade("tax", "A", date(2025, 4, 1))
    bad = grade("tax", "D", date(2026, 4, 1), document_no="W1")
    repair = event("N1", "repair", repairs_no="W1")
    assert [g.grade for g in records(good, bad).grades[FIRM]] == ["D"]
    assert [g.grade for g in records(good, bad, repair).grades[FIRM]] == ["A"]


def test_a_repair_of_another_enterprise_repairs_nothing_here(records: RecordsOf) -> None:
    bad = grade("customs", "严重失信", date(2026, 5, 1), document_no="W1")
    listing = event("N1", "serious_list")
    others = [event(f"R{no}", "repair", repairs_no=no, enterprise_code="G") for no in ("W1", "N1")]
    assert tiers(records(bad, listing, *others)) == ["E", "E"]


def test_an_unnumbered_repair_repairs_no_unnumbered_grade(records: RecordsOf) -> None:
    bad = grade("tax", "D", date(2026, 4, 1))
    assert tiers(records(bad, event("N1", "repair"))) == ["D"]


def test_a_penalty_is_no_cap(records: RecordsOf) -> None:
    assert tiers(records(event("N1", "penalty"))) == []


def test_the_latest_grade_of_a_scheme_counts(records: RecordsOf) -> None:
    old, new = grade("tax", "D", date(2025, 4, 1)), grade("tax", "B", date(2026, 4, 1))
    held = records(new, old)
    assert tiers(held) == []
    assert [(g.grade, g.tier) for g in held.grades[FIRM]] == [("B", "B")]
    assert tiers(records(new, old, as_of=date(2026, 3, 31))) == ["D"]


def test_an_expired_grade_counts_no_more(records: RecordsOf) -> None:
    bad = grade("safe", "C", date(2025, 1, 1), valid_to=date(2026, 1, 1))
    assert tiers(records(bad, as_of=date(2026, 1, 1))) == ["D"]
    assert records(bad, as_of=date(2026, 1, 2)) == Records({}, {})


def test_the_same_word_means_what_it_meant_when_given(records: RecordsOf) -> None:
    before = grade("customs", "失信", date(2026, 3, 31))
    since = grade("customs", "失信", date(2026, 4, 1))
    assert tiers(records(before)) == ["E"]
    assert tiers(records(since)) == ["D"]


def test_conflicting_grades_are_all_shown_as_they_are(records: RecordsOf) -> None:
    rows = [
        grade("tax", "A", date(2026, 4, 1)),
        grade("samr", "D", date(2026, 4, 1)),
        grade("customs", "认证", date(2026, 4, 1)),
    ]
    held = records(*rows)
    assert [(g.scheme, g.grade, g.tier) for g in held.grades[FIRM]] == [
        ("customs", "认证", "B"),
        ("samr", "D", "E"),
        ("tax", "A", "A"),
    ]
    assert tiers(held) == []


def test_a_grade_that_the_table_does_not_know_is_shown_without_a_place(records: RecordsOf) -> None:
    held = records(grade("tax", "S", date(2026, 4, 1)))
    assert [g.tier for g in held.grades[FIRM]] == [None]


def test_order_of_rows_does_not_matter(records: RecordsOf) -> None:
    rows = [
        event("N1", "serious_list"),
        event("N2", "court_default"),
        event("N3", "serious_list"),
        grade("tax", "D", date(2026, 4, 1)),
        grade("samr", "A", date(2026, 4, 1)),
    ]
    assert records(*rows) == records(*reversed(rows))
