"""A scan issues what was known, once, wherever it was killed; equal input gives equal bytes."""

import fcntl
import gc
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from ibis.backends.duckdb import Backend

from assessment.assess import Assessments, assess
from assessment.night import Night
from assessment.policy import policy_as_of
from assessment.what_if import what_if
from domain.errors import DayNotOver, NothingKnown, ReceiptUnderWay
from features.peers import PeerTables
from models.model import NightModels
from nightly import scan as scanning
from nightly.scan import SCANNER, Scanner, ScanOutcome
from storage.engine import connect
from storage.home import Home
from storage.lake import Lake
from storage.laundering import Compartment
from storage.ledger import Ledger
from tests.conftest import ALL_COVERED, lake_table
from tests.scoring_api.issued import credit_code, enterprise, laundering_record

MARCH, MAY = date(2026, 3, 31), date(2026, 5, 31)
NOON = datetime(2026, 6, 1, 12)  # noqa: DTZ001 - China wall clock has no zone here
CODES = [credit_code(number) for number in range(1, 4)]
Rows = list[dict[str, Any]]
Again = Callable[[], ScanOutcome]


def firms() -> Rows:
    return [
        {
            "credit_code": code,
            "customs_code": f"32030{place:05d}",
            "name": f"企业{place}",
            "division": "320302",
            "is_merchant": True,
            "registered_on": date(2020, 1, 1),
        }
        for place, code in enumerate(CODES)
    ]


def coverage(day: date, *silent: str) -> Rows:
    row = {"covered_from": date(2020, 1, 1), "covered_to": day, "known_at": at(day)}
    return [{"source": source, **row} for source in ALL_COVERED if source not in silent]


def split_orders(month: int) -> Rows:
    """Every buyer orders twice on a day, each time just below the limit."""
    row = {
        "merchant_code": CODES[1],
        "platform_code": "P",
        "direction": "I",
        "goods_value": Decimal(4900),
        "actual_paid": Decimal(4900),
        "currency": "142",
    }
    return [
        {
            **row,
            "order_no": f"{month}-{number}",
            "buyer_hash": f"buyer{number // 2}",
            "reported_at": at(date(2026, month, 1 + number // 2)),
        }
        for number in range(40)
    ]


def at(day: date) -> datetime:
    return datetime.combine(day, time(12))


def models(as_of: date) -> NightModels:
    return NightModels(credit=policy_as_of(as_of).scorecard, fraud=None, laundering=None)


def engine_of(home: Home, threads: int) -> Backend:
    return connect(home, threads=threads, memory_limit_mb=256)


@dataclass(frozen=True)
class Scanned:
    """A home with two nights; how the last one was judged, to scan it again at once."""

    home: Home
    march: ScanOutcome
    march_again: ScanOutcome
    may: ScanOutcome
    steps: list[tuple[str, float]]
    night: Night
    judged: Assessments


@pytest.fixture(scope="module")
def scanned(tmp_path_factory: pytest.TempPathFactory) -> Scanned:
    home = Home(tmp_path_factory.mktemp("zone"))
    lake = Lake(home, engine_of(home, 1))
    with lake.batch("first") as batch:
        for table, rows in (
            ("enterprises", firms()),
            ("coverage", coverage(MARCH)),
            ("orders", split_orders(3)),
            ("flags", [{"flagged_key": "3-1", "check": "amount_identity"}]),
        ):
            batch.append(table, lake_table(table, rows))
    steps: list[tuple[str, float]] = []

    def told(step: str, part: float) -> None:
        steps.append((step, part))

    march = Scanner(home, engine_of(home, 1), models).scan(MARCH, NOON, told)
    with lake.batch("second") as batch:
        batch.append("orders", lake_table("orders", split_orders(5)))
        batch.append("coverage", lake_table("coverage", coverage(MAY, "tax")))
    two = Scanner(home, engine_of(home, 2), models)
    judged: list[tuple[Night, Assessments]] = []

    def judging(night: Night) -> Assessments:
        judged.append((night, assess(night)))
        return judged[-1][1]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(scanning, "assess", judging)
        again, may = two.scan_all([MAY, MARCH], lambda: at(MAY), told)
    return Scanned(home, march, again, may, steps, *judged[-1])


def test_a_scan_certifies_what_it_rests_on(scanned: Scanned) -> None:
    certificate = Ledger(scanned.home).certificate(MARCH)
    assert certificate == scanned.march.certificate
    known = {table: count for table, count in certificate.rows.items() if count}
    assert known == {"enterprises": 3, "coverage": 6, "orders": 40, "flags": 1}
    assert certificate.covered == dict.fromkeys(ALL_COVERED, MARCH)
    assert sum(certificate.tiers.values()) == 3
    assert sum(certificate.colours.values()) > 0
    assert (certificate.stale, scanned.march.stale) == ((), {})


def test_progress_rises_over_all_nights(scanned: Scanned) -> None:
    first, rest = scanned.steps[:5], scanned.steps[5:]
    assert first[0] == ("reading what was known", 0.0)
    assert {step.split(":")[0] for step, _ in rest} == {str(MARCH), str(MAY)}
    for parts in ([part for _, part in first], [part for _, part in rest]):
        assert parts == sorted(parts)
        assert 0.9 < parts[-1] <= 1


def test_threads_and_later_rows_change_no_byte(scanned: Scanned) -> None:
    assert scanned.march_again.scan_id == scanned.march.scan_id
    assert len(Ledger(scanned.home).chain.scans()) == 2
    assert Ledger(scanned.home).chain.verify() == []
    assert Compartment(scanned.home).chain.verify() == []


def test_a_late_source_is_named_and_makes_grades_provisional(scanned: Scanned) -> None:
    assert scanned.may.stale == {"tax": MARCH}
    assert scanned.may.certificate.stale == ("tax",)
    assert scanned.may.certificate.provisional > 0
    assert scanned.may.certificate.rows["orders"] == 80


def test_the_night_before_carries_over(scanned: Scanned) -> None:
    ledger = Ledger(scanned.home)
    march, may = (ledger.assessment(CODES[1], night) for night in (MARCH, MAY))
    assert may.previous_tier == march.grade.tier
    assert march.previous_tier is None
    carried = {alert.alert_id: alert.first_seen for alert in may.alerts}
    still_open = {alert.alert_id for alert in march.alerts} & carried.keys()
    assert still_open
    assert {carried[alert_id] for alert_id in still_open} == {MARCH}


def test_what_if_without_a_change_is_what_was_issued(scanned: Scanned) -> None:
    ledger = Ledger(scanned.home)
    median, mad, size = (ledger.frame(f"peer_{each}", MARCH) for each in ("median", "mad", "size"))
    peers = PeerTables(median, mad, size["size"])
    for code in CODES:
        issued = ledger.assessment(code, MARCH)
        values = ledger.frame("features", MARCH).loc[[code]].iloc[0]
        trial = what_if(issued, values, peers, models(MARCH))
        assert trial.grade == issued.grade
        assert [each.state for each in trial.outcomes] == [each.state for each in issued.outcomes]


@pytest.fixture
def scan_may(scanned: Scanned, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Again:
    """Scans May into an empty home, with the reckoning done before."""
    record = laundering_record(enterprise(1), MAY)
    judged = Assessments(scanned.judged.assessments, (record,))
    engine = scanned.night.signals.orders.get_backend()
    full = Lake(scanned.home, engine)
    monkeypatch.setattr(scanning, "prepare_night", lambda *_: scanned.night)
    monkeypatch.setattr(scanning, "assess", lambda _: judged)
    monkeypatch.setattr(scanning, "Lake", lambda *_: full)
    scanner = Scanner(Home(tmp_path), engine, models)
    return lambda: scanner.scan(MAY, NOON, lambda *_: None)


def test_a_scan_killed_between_its_chains_is_whole_after_the_next(
    scan_may: Again, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = Home(tmp_path)

    def killed(*_: object) -> str:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Ledger, "append", killed)
        with pytest.raises(KeyboardInterrupt):
            scan_may()
    assert Ledger(home).nights() == []
    assert scan_may().scan_id == Ledger(home).scan().scan_id == scan_may().scan_id
    assert len(Ledger(home).chain.scans()) == len(Compartment(home).chain.scans()) == 1


def test_judging_is_not_held_up_by_the_collector_of_circles(
    scan_may: Again, monkeypatch: pytest.MonkeyPatch
) -> None:
    found: list[bool] = []

    def killed(_: Night) -> Assessments:
        found.append(gc.isenabled())
        raise KeyboardInterrupt

    monkeypatch.setattr(scanning, "assess", killed)
    with pytest.raises(KeyboardInterrupt):
        scan_may()
    assert (found, gc.isenabled()) == ([False], True)


def test_laundering_goes_to_the_compartment_alone(scan_may: Again, tmp_path: Path) -> None:
    scan_may()
    home = Home(tmp_path)
    assert len(Compartment(home).alerted(SCANNER)) == 1
    assert b"laundering" not in b"".join(
        path.read_bytes() for path in home.ledger.rglob("*") if path.is_file()
    )
    assert "laundering" not in Ledger(home).scan().certificate


def test_nothing_known_is_refused_and_leaves_no_night(scanned: Scanned) -> None:
    scanner = Scanner(scanned.home, engine_of(scanned.home, 1), models)
    with pytest.raises(NothingKnown):
        scanner.scan(date(2010, 1, 1), NOON, lambda *_: None)
    assert Ledger(scanned.home).nights() == [MARCH, MAY]


def test_a_day_that_lies_ahead_is_refused_and_leaves_no_night(scanned: Scanned) -> None:
    scanner = Scanner(scanned.home, engine_of(scanned.home, 1), models)
    with pytest.raises(DayNotOver, match="2026-06-02 lies ahead: today is 2026-06-01"):
        scanner.scan(date(2026, 6, 2), NOON, lambda *_: None)
    assert Ledger(scanned.home).nights() == [MARCH, MAY]


def test_a_day_of_which_something_is_still_being_received_is_not_issued(scanned: Scanned) -> None:
    scanner = Scanner(scanned.home, engine_of(scanned.home, 1), models)
    with scanned.home.receiving.open("w") as lock:
        lock.write(MAY.isoformat())
        lock.flush()
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(ReceiptUnderWay, match="began on 2026-05-31"):
            scanner.scan(MAY, NOON, lambda *_: None)
    assert Ledger(scanned.home).nights() == [MARCH, MAY]
