"""Quarantined entries: counted, opened by name, corrected, discarded; none ever vanishes."""

from collections import Counter
from datetime import timedelta

import pytest

from domain.errors import EntryClosed, NoEntry, RightMissing, SealBroken, WhyMissing
from domain.officer import Department, Officer, Right
from intake.entries import Act, Counted, State, Wanted
from intake.gate import Door
from intake.quarantine import IntakeKeys
from intake.workbench import Workbench
from tests.intake.made import (
    FIRM,
    KEYS,
    NOW,
    Zone,
    enterprise,
    message,
    order,
    order_entity,
)

LATER = NOW + timedelta(days=1)
LI = Officer(
    name="李",
    department=Department.CUSTOMS,
    rights=frozenset({Right.READ, Right.UNSEAL}),
)
READER = Officer(name="王", department=Department.CUSTOMS)
NEWCOMER = "91320300MA0000009X"


@pytest.fixture
def bench(zone: Zone) -> Workbench:
    """Five refused rows: two orders of an unknown firm, an odd one, a message's order and line."""
    unknown = {"merchant_code": NEWCOMER}
    rows = [order("O1", **unknown), order("O2", **unknown), order("O3", direction="X")]
    zone.receive(zone.extract("orders", [*rows, order("O4")]))
    zone.receive(zone.message(message(order_entity("O5", (1,), goodsValue="x"))), now=LATER)
    return Workbench(zone.lake, KEYS)


def states(bench: Workbench) -> Counter[State]:
    return Counter(entry.state for entry in bench.entries(Wanted(state=None)))


def one(bench: Workbench, reason: str) -> str:
    return bench.entries(Wanted(reason=reason))[0].entry_id


def test_entries_are_counted_by_source_reason_day_and_state(bench: Workbench) -> None:
    day, next_day = NOW.date(), LATER.date()
    assert bench.counts() == [
        Counted("customs", "part_refused", next_day, State.OPEN, 1),
        Counted("customs", "unknown_code", day, State.OPEN, 1),
        Counted("customs", "unknown_enterprise", day, State.OPEN, 2),
        Counted("customs", "wrong_type", next_day, State.OPEN, 1),
    ]


def test_entries_are_listed_latest_first_and_by_what_is_asked(bench: Workbench) -> None:
    listed = bench.entries(Wanted())
    assert {entry.reason for entry in listed[:2]} == {"part_refused", "wrong_type"}
    first_day = ["unknown_enterprise", "unknown_enterprise", "unknown_code"]
    assert [entry.reason for entry in listed[2:]] == first_day
    assert len(bench.entries(Wanted(limit=2))) == 2
    assert len(bench.entries(Wanted(day=NOW.date()))) == 3
    assert bench.entries(Wanted(source="tax")) == []
    (odd,) = bench.entries(Wanted(reason="unknown_code"))
    assert bench.entry(odd.entry_id) == odd
    assert odd.sentence.en == (
        "orders.parquet, number 3 (orders), field direction: refused as unknown_code; "
        "right would be one of: I, E"
    )
    assert "第 3 条" in odd.sentence.zh


def test_opening_is_written_down_by_name_before_anything_is_shown(
    bench: Workbench, zone: Zone
) -> None:
    entry = one(bench, "wrong_type")
    with pytest.raises(RightMissing):
        bench.open(entry, READER, "curious", LATER)
    with pytest.raises(WhyMissing):
        bench.open(entry, LI, " ", LATER)
    assert bench.done(entry) == []
    assert b"goodsValue>x<" in b"".join(bench.open(entry, LI, "correcting", LATER))
    with pytest.raises(SealBroken):
        Workbench(zone.lake, IntakeKeys(KEYS.pseudonym, b"x" * 32)).open(entry, LI, "again", LATER)
    acts = [(done.act, done.officer, done.at, done.why) for done in bench.done(entry)]
    assert acts == [
        (Act.OPENED, "李", LATER, "correcting"),
        (Act.OPENED, "李", LATER, "again"),
    ]
    assert bench.entry(entry).state is State.OPEN


def test_a_refused_line_opens_the_entity_it_came_in(bench: Workbench) -> None:
    opened = bench.open(one(bench, "part_refused"), LI, "correcting", LATER)
    assert b"<ceb:OrderHead>" in b"".join(opened)


def test_a_correction_closes_its_entries_with_its_receipt(bench: Workbench, zone: Zone) -> None:
    entries = [entry.entry_id for entry in bench.entries(Wanted(day=LATER.date()))]
    corrected = zone.message(message(order_entity("O5", (1,))))
    receipt = bench.resubmit(entries, [corrected], LI, Door(LATER))
    assert (receipt.total.accepted, receipt.total.quarantined) == (2, 0)
    assert states(bench) == {State.OPEN: 3, State.RESUBMITTED: 2}
    (done,) = bench.done(entries[0])
    assert (done.act, done.officer, done.batch) == (Act.RESUBMITTED, "李", receipt.batch)
    with pytest.raises(EntryClosed, match="resubmitted before"):
        bench.discard(entries[:1], LI, "twice", LATER)


@pytest.mark.parametrize("value", ["x", "y"])
def test_a_correction_that_is_refused_too_closes_nothing(
    bench: Workbench, zone: Zone, value: str
) -> None:
    wrong = zone.message(message(order_entity("O5", (1,), goodsValue=value)))
    receipt = bench.resubmit([one(bench, "wrong_type")], [wrong], LI, Door(LATER))
    assert receipt.total.offered == 2
    assert set(states(bench)) == {State.OPEN}


def test_what_the_same_file_heals_is_closed_without_a_name(bench: Workbench, zone: Zone) -> None:
    newcomer = zone.extract("enterprises", [enterprise(NEWCOMER, None)])
    unknown = {"merchant_code": NEWCOMER}
    rows = [order("O1", **unknown), order("O2", **unknown), order("O3", direction="X"), order("O4")]
    again = zone.extract("orders", rows)
    receipt = zone.receive(newcomer, again, now=LATER)
    assert receipt.tables["orders"].accepted == 2
    assert states(bench) == {State.OPEN: 3, State.RESUBMITTED: 2}
    closed = bench.entries(Wanted(state=State.RESUBMITTED))
    assert {entry.reason for entry in closed} == {"unknown_enterprise"}
    assert [done.officer for done in bench.done(closed[0].entry_id)] == [None]


def test_a_discarded_entry_stays_listed_with_the_reason(bench: Workbench) -> None:
    entry = one(bench, "unknown_code")
    with pytest.raises(RightMissing):
        bench.discard([entry], READER, "test data", LATER)
    bench.discard([entry], LI, "test data", LATER)
    assert bench.entry(entry).state is State.DISCARDED
    assert [done.why for done in bench.done(entry)] == ["test data"]
    assert sum(count.entries for count in bench.counts()) == 5
    with pytest.raises(EntryClosed, match="discarded before"):
        bench.discard([entry], LI, "again", LATER)


def test_names_that_no_entry_has_are_refused(bench: Workbench) -> None:
    for names in ([], ["nobody"], [one(bench, "unknown_code"), "nobody"]):
        with pytest.raises(NoEntry):
            bench.discard(names, LI, "why", LATER)
    assert set(states(bench)) == {State.OPEN}


def test_an_empty_quarantine_has_nothing_to_show(zone: Zone) -> None:
    bench = Workbench(zone.lake, KEYS)
    assert bench.counts() == []
    assert bench.entries(Wanted()) == []
    assert zone.alive("enterprises").keys() >= {FIRM}


def test_only_who_may_unseal_corrects_and_only_what_is_open(bench: Workbench, zone: Zone) -> None:
    entry = one(bench, "wrong_type")
    corrected = zone.message(message(order_entity("O5", (1,))))
    before = zone.listing()
    with pytest.raises(RightMissing):
        bench.resubmit([entry], [corrected], READER, Door(LATER))
    bench.discard([entry], LI, "test data", LATER)
    with pytest.raises(EntryClosed, match="discarded before"):
        bench.resubmit([entry], [corrected], LI, Door(LATER))
    assert zone.listing() == before


def test_what_is_refused_anew_when_its_file_comes_again_stays_open(zone: Zone) -> None:
    path = zone.extract("orders", [order("O1", merchant_code=NEWCOMER)] * 2)
    zone.receive(path)
    newcomer = zone.extract("enterprises", [enterprise(NEWCOMER, None)])
    zone.receive(newcomer, path, now=LATER)
    found = Workbench(zone.lake, KEYS).entries(Wanted(state=None))
    assert Counter((entry.reason, entry.state) for entry in found) == {
        ("unknown_enterprise", State.RESUBMITTED): 2,
        ("duplicate", State.OPEN): 1,
    }


def test_an_entity_is_sealed_once_however_many_of_its_rows_are_refused(zone: Zone) -> None:
    zone.receive(zone.message(message(order_entity("O1", (1, 2), goodsValue="x"))))
    assert len(zone.quarantined()) == 3
    assert sum(entry["sealed"] is not None for entry in zone.quarantined()) == 1
