"""Receiving: counts add up, twice changes nothing, the door's clock rules."""

import fcntl
import os
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from domain.delivery_errors import DoorTaken
from domain.errors import ReceiptUnderWay
from intake.delivery import File, files_of
from intake.gate import Door
from intake.memory import latest_receipt
from intake.receipt import Count, Receipt
from intake.receive import alone, receive
from storage import compaction
from storage.home import Home
from tests.intake.made import (
    FIRM,
    FIRM_CUSTOMS,
    KEYS,
    NOW,
    NOW_DAY,
    Zone,
    enterprise,
    message,
    order,
    order_entity,
    order_line,
)

LATER = NOW + timedelta(days=10)
NEWCOMER, NEWCOMER_CUSTOMS = "91320300MA0000009X", "3203000009"


def test_receiving_twice_changes_nothing(zone: Zone) -> None:
    folder = zone.folder
    orders = [order("O1"), order("O1", freight=None), order("O2", operation="2"), order("O1")]
    zone.extract("orders", [*orders, order("O3", merchant_code="9999999999")])
    zone.extract("order_lines", [order_line("O1", 1), order_line("O1", 1)])
    zone.message(message(order_entity("O4", (1, 2)), order_entity("O4", (1,), appType="2")))
    zone.message(message(order_entity("O4", (1,), appType="3", appTime="20260502100000")), "x.xml")
    first = zone.receive(folder)
    before, rows = zone.listing(), zone.rows("orders")
    second = zone.receive(folder, now=LATER)
    assert first.total.accepted
    assert first.total.quarantined
    assert (second.total.accepted, second.total.quarantined) == (0, 0)
    assert second.total.unchanged == second.total.offered == first.total.offered
    assert zone.listing() == before
    assert zone.rows("orders") == rows


def test_the_same_rows_in_another_file_change_nothing_either(zone: Zone) -> None:
    rows = [order("O1"), order("O1"), order("O2", direction="X")]
    zone.receive(zone.extract("orders", rows))
    before = zone.listing()
    receipt = zone.receive(zone.extract("orders", rows, part="-again"), now=LATER)
    assert receipt.tables["orders"] == Count(offered=3, unchanged=3)
    again = zone.receive(zone.extract("orders", [*rows, order("O3")]), now=LATER)
    assert again.tables["orders"] == Count(offered=4, accepted=1, unchanged=3)
    assert len(zone.listing()) == len(before) + 1


def test_what_waited_for_an_enterprise_is_accepted_when_the_file_comes_again(zone: Zone) -> None:
    given = {"merchant_code": NEWCOMER_CUSTOMS}
    rows = [order("O1"), order("O2", **given), order("O2", **given), order("O3", **given)]
    path = zone.extract("orders", rows)
    sent = message(order_entity("O4", (1, 2), ebcCode=NEWCOMER_CUSTOMS), order_entity("O5"))
    receipt = zone.receive(path, letter := zone.message(sent))
    assert receipt.reasons == {"unknown_enterprise": 6}
    zone.receive(zone.extract("enterprises", [enterprise(NEWCOMER, NEWCOMER_CUSTOMS)]))
    receipt = zone.receive(path, letter, now=LATER)
    assert receipt.tables["orders"] == Count(offered=6, accepted=3, unchanged=2, quarantined=1)
    assert receipt.tables["order_lines"] == Count(offered=3, accepted=2, unchanged=1)
    assert receipt.reasons == {"duplicate": 1}
    before = zone.listing()
    assert zone.receive(path, letter, now=LATER).total.unchanged == 9
    assert zone.listing() == before


def test_a_returning_state_is_a_version_but_a_repeated_document_is_not(zone: Zone) -> None:
    for turn, name in enumerate(("old", "new", "old")):
        row = {**enterprise(FIRM, FIRM_CUSTOMS), "name": name}
        other = enterprise(f"91320300MA000002{turn}X", None)
        zone.receive(zone.extract("enterprises", [row, other]))
    names = [row["name"] for row in zone.rows("enterprises") if row["credit_code"] == FIRM]
    assert names == [FIRM, "old", "new", "old"]
    for freight in (0, 1, 0):
        zone.receive(zone.extract("orders", [order("O1", freight=freight), order(f"O{freight}9")]))
    assert [row["freight"] for row in zone.rows("orders") if row["order_no"] == "O1"] == [0, 1]


def test_the_clock_never_runs_back(zone: Zone) -> None:
    zone.receive(zone.extract("orders", [order("O1")]), now=LATER)
    receipt = zone.receive(zone.extract("orders", [order("O2")]), now=NOW)
    assert receipt.received_at == LATER
    assert [row["known_at"] for row in zone.rows("orders")] == [LATER, LATER]


def test_history_is_believed_only_at_a_history_door(zone: Zone) -> None:
    known = datetime.fromisoformat("2026-05-02 10:00")
    rows = [order("O1", known_at=known), order("O2", known_at=None)]
    zone.receive(zone.extract("orders", rows[:1]))
    assert [(r["known_at"], r["asserted"]) for r in zone.rows("orders")] == [(NOW, False)]
    receipt = zone.receive(
        zone.extract("orders", [*rows, order("O3", known_at=known)]), history=True
    )
    assert receipt.reasons == {"missing": 1}
    assert [(r["known_at"], r["asserted"]) for r in zone.rows("orders")][1:] == [(known, True)]


def test_history_of_one_document_must_come_oldest_first(zone: Zone) -> None:
    days = [datetime.fromisoformat(f"2026-05-{day} 10:00") for day in ("03", "02")]
    for freight, known in enumerate(days):
        row = order("O1", freight=freight, known_at=known)
        receipt = zone.receive(zone.extract("orders", [row]), history=True)
    assert receipt.reasons == {"out_of_order": 1}


def test_as_of_cuts_at_the_end_of_the_day(zone: Zone) -> None:
    midnight = datetime.fromisoformat("2026-06-02 00:00")
    zone.receive(zone.extract("orders", [order("O1")]), now=midnight - timedelta(microseconds=1))
    zone.receive(zone.extract("orders", [order("O2")]), now=midnight)
    assert len(zone.alive("orders", NOW.date())) == 1
    assert len(zone.alive("orders", midnight.date())) == 2


def test_a_scan_of_a_day_waits_for_the_receipt_that_began_on_it(zone: Zone) -> None:
    asked: list[str] = []

    def ask(*_: object) -> None:
        zone.lake.refuse_unsettled(NOW_DAY - timedelta(days=1))
        with pytest.raises(ReceiptUnderWay):
            zone.lake.refuse_unsettled(NOW_DAY)
        asked.append("asked")

    path = zone.extract("orders", [order("O1")])
    receive([path], zone.lake, KEYS, Door(NOW), ask)
    assert asked
    zone.lake.refuse_unsettled(NOW_DAY)


def test_what_is_being_read_before_it_is_received_is_under_way_too(
    zone: Zone, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However long it takes to look through the files, they count as known on the first day."""

    def slowly(paths: Iterable[Path]) -> list[File]:
        with pytest.raises(ReceiptUnderWay):
            zone.lake.refuse_unsettled(NOW_DAY)
        return files_of(paths)

    monkeypatch.setattr("intake.receive.files_of", slowly)
    assert zone.receive(zone.extract("orders", [order("O1")])).total.accepted == 1


def test_the_lock_tells_a_day_at_every_moment(tmp_path: Path) -> None:
    home = Home(tmp_path)
    told: list[str] = []

    class Clock(datetime):
        def date(self) -> date:
            told.append(home.receiving.read_text())
            return super().date()

    with alone(home, Clock(2026, 5, 1), "key"):
        assert home.receiving.read_text() == "2026-05-01\nkey"
    with alone(home, Clock(2026, 5, 2)):
        assert home.receiving.read_text() == "2026-05-02\n"
    assert told == ["", "2026-05-01\nkey"]


def test_a_receipt_clears_away_what_was_merged_long_ago(
    zone: Zone, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compaction, "AT_ONCE", 3)
    for number in range(3):
        zone.receive(zone.extract("orders", [order(f"O{number}")]))
    folder = zone.home.lake / "orders"
    assert len(list(folder.iterdir())) == 3
    later = NOW + compaction.KEPT_FOR + timedelta(days=1)
    zone.receive(zone.extract("enterprises", [enterprise(NEWCOMER, NEWCOMER_CUSTOMS)]), now=later)
    assert list(folder.iterdir()) == zone.lake.journal.files()["orders"]
    assert len(zone.rows("orders")) == 3


def test_two_receipts_at_once_are_refused(zone: Zone) -> None:
    with (zone.home.root / "receiving.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(DoorTaken):
            zone.receive(zone.extract("orders", [order("O1")]))


def test_the_receipt_is_kept(zone: Zone) -> None:
    receipt = zone.receive(zone.extract("orders", [order("O1")]))
    assert latest_receipt(zone.lake.journal) == receipt
    assert zone.rows("orders")[0]["batch"] == receipt.batch


def test_a_receipt_that_does_not_add_up_cannot_be_made() -> None:
    with pytest.raises(ValidationError, match="do not add up"):
        Count(offered=3, accepted=1, quarantined=1)
    receipt = {"batch": "b", "received_at": NOW, "history": False, "files": (), "not_yet_read": {}}
    counts = {"orders": Count(offered=1, quarantined=1)}
    with pytest.raises(ValidationError, match="without a reason"):
        Receipt(tables=counts, reasons={}, **receipt)


SENT = st.fixed_dictionaries(
    {
        "order_no": st.sampled_from(["O1", "O2", None]),
        "operation": st.sampled_from([None, "1", "2", "3", "9"]),
        "direction": st.sampled_from(["I", "I", "X"]),
        "merchant_code": st.sampled_from([FIRM, FIRM_CUSTOMS, "9999999999"]),
        "freight": st.sampled_from([0, 1]),
    }
)


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(SENT, min_size=1, max_size=8))
def test_counts_add_up_whatever_is_sent(zone: Zone, rows: list[dict[str, object]]) -> None:
    earlier, held = len(zone.rows("orders")), len(zone.quarantined())
    receipt = zone.receive(zone.extract("orders", [{**order(), **row} for row in rows]))
    count = receipt.tables["orders"]
    assert count.offered == len(rows) == count.accepted + count.unchanged + count.quarantined
    assert len(zone.quarantined()) - held == count.quarantined == sum(receipt.reasons.values())
    assert earlier <= len(zone.rows("orders")) <= earlier + count.accepted


def test_a_receipt_says_what_was_refused_flagged_and_not_read(zone: Zone) -> None:
    nothing = Decimal(0)
    wrong = order("O1", tax_total=nothing, discount=nothing, actual_paid=Decimal(999))
    unnamed = order("O2", merchant_code=None)
    sent = zone.extract("orders", [wrong, unnamed])
    assert list(zone.receive(sent, zone.message(message(root="Letter"))).lines()) == [
        "quarantined, missing: 1 rows",
        "accepted and flagged, amount_identity: 1 documents",
        "not read, nothing reads Letter: 1 files",
    ]


def test_originals_are_on_disk_before_their_rows_count(
    zone: Zone, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[Path] = []
    monkeypatch.setattr(
        os, "fsync", lambda handle: synced.append(Path(f"/proc/self/fd/{handle}").resolve())
    )
    zone.receive(zone.message(message(order_entity("O1"))))
    assert [path for path in synced if path.suffix == ".sealed"]
    assert set(zone.home.evidence.rglob("*.sealed")) <= set(synced)
