"""Reports as files, written from a ledger."""

import json
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

import pandas as pd
import pytest

import reports
from domain.errors import BadCode, NoNight, UnknownEnterprise
from domain.officer import Department, Officer
from domain.results import Assessment
from intake.receipt import Count
from reports import Reader, enclosures, write_dossier, write_zone
from reports.enclosures import leave_evaluation
from storage.certificate import Certificate
from storage.home import Home
from storage.journal import RECEIPTS, Journal
from storage.laundering import Compartment
from storage.ledger import Ledger, NightRecord
from tests.presentation.pieces import (
    AS_OF,
    BEFORE,
    CLEARED,
    COVERED,
    OFFICER,
    VERSIONS,
    code_of,
    credit_score,
    laundering_record,
)
from tests.presentation.small_zone import assessment, assessments, grade

ISSUED = datetime(2026, 7, 1, 2, 30)  # noqa: DTZ001 - China wall clock has no zone here
UNDERGROUND = "地下钱庄资金通道"


def night(as_of: date, issued: Sequence[Assessment]) -> NightRecord:
    certificate = Certificate(
        as_of=as_of,
        rows={"orders": 3},
        covered=COVERED,
        stale=("tax",),
        versions=VERSIONS,
        tiers={},
        provisional=0,
        colours={},
    )
    index = pd.Index([each.enterprise.code for each in issued], name="enterprise")
    frames = {"features": pd.DataFrame({"x": 1.0}, index=index)}
    return NightRecord(as_of=as_of, assessments=issued, frames=frames, certificate=certificate)


def fill(home: Home) -> Ledger:
    ledger = Ledger(home)
    covered = {"customs": BEFORE}
    earlier = assessment(
        as_of=BEFORE, grade=grade("C"), alerts=(), credit=credit_score(-1), covered=covered
    )
    ledger.append(night(BEFORE, [earlier]), ISSUED)
    ledger.append(night(AS_OF, assessments()), ISSUED)
    return ledger


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


@pytest.fixture
def ledger(home: Home) -> Ledger:
    return fill(home)


def test_a_dossier_compares_with_the_night_before(ledger: Ledger, home: Home) -> None:
    file = write_dossier(ledger, home, code_of(1))
    assert file == home.reports / f"dossier-{code_of(1)}-2026-06-30-zh.html"
    page = file.read_text("utf-8")
    assert "2026年5月31日 → 2026年6月30日" in page
    assert "新增等级限制" in page


def test_a_dossier_of_an_earlier_night_knows_nothing_later(ledger: Ledger, home: Home) -> None:
    page = write_dossier(ledger, home, code_of(1), BEFORE, Reader("en")).read_text("utf-8")
    assert "2026-06-30" not in page
    assert "There is no earlier night to compare with." in page


def test_a_zone_report_says_the_freshness_that_the_scan_certified(
    ledger: Ledger, home: Home
) -> None:
    file = write_zone(ledger, home, AS_OF)
    page = file.read_text("utf-8")
    assert file == home.reports / "zone-2026-06-30-zh.html"
    assert '<span class="tag late">滞后</span>' in page
    assert "未提供接收记录。" in page


def test_only_the_owner_reads_a_report_and_no_unfinished_file_is_left(
    ledger: Ledger, home: Home
) -> None:
    file = write_zone(ledger, home, AS_OF)
    assert file.stat().st_mode & 0o077 == 0
    assert list(home.reports.iterdir()) == [file]


def test_the_same_night_gives_the_same_bytes(ledger: Ledger, home: Home) -> None:
    first = write_zone(ledger, home, AS_OF).read_bytes()
    assert write_zone(ledger, home, AS_OF).read_bytes() == first


@pytest.mark.parametrize("reader", [Reader(), Reader(officer=OFFICER)])
def test_no_report_differs_by_what_the_compartment_holds(tmp_path: Path, reader: Reader) -> None:
    pages: list[list[bytes]] = []
    for name, records in {"with": [laundering_record(1)], "without": []}.items():
        home = Home(tmp_path / name)
        ledger = fill(home)
        Compartment(home).append(AS_OF, records, ISSUED)
        zone = write_zone(ledger, home, AS_OF, reader)
        dossier = write_dossier(ledger, home, code_of(1), AS_OF, reader)
        pages.append([zone.read_bytes(), dossier.read_bytes()])
        assert {zone.parent, dossier.parent} == {home.reports}
    assert pages[0] == pages[1]


def test_a_cleared_officer_reads_the_compartment_in_the_compartment(
    ledger: Ledger, home: Home
) -> None:
    Compartment(home).append(AS_OF, [laundering_record(1)], ISSUED)
    reader = Reader(officer=CLEARED)
    zone = write_zone(ledger, home, AS_OF, reader)
    dossier = write_dossier(ledger, home, code_of(1), AS_OF, reader)
    assert UNDERGROUND in zone.read_text("utf-8")
    assert UNDERGROUND in dossier.read_text("utf-8")
    assert {zone.parent, dossier.parent} == {home.laundering / "reports"}
    assert not home.reports.exists()


def test_an_empty_compartment_is_no_hindrance(ledger: Ledger, home: Home) -> None:
    reader = Reader(officer=CLEARED)
    assert UNDERGROUND not in write_zone(ledger, home, AS_OF, reader).read_text("utf-8")
    assert UNDERGROUND not in write_dossier(ledger, home, code_of(1), AS_OF, reader).read_text(
        "utf-8"
    )


def test_an_officer_reads_of_their_regions_only(ledger: Ledger, home: Home) -> None:
    nantong = Officer(name="陈", department=Department.CUSTOMS, regions=("3206",))
    page = write_zone(ledger, home, AS_OF, Reader(officer=nantong)).read_text("utf-8")
    assert code_of(1) not in page
    with pytest.raises(UnknownEnterprise):
        write_dossier(ledger, home, code_of(1), AS_OF, Reader(officer=nantong))


def test_refusals_write_nothing(ledger: Ledger, home: Home) -> None:
    with pytest.raises(NoNight):
        write_zone(ledger, home, date(2020, 1, 1))
    with pytest.raises(BadCode):
        write_dossier(ledger, home, "../../etc/passwd")
    assert not home.reports.exists()


def test_what_other_doors_left_is_enclosed(ledger: Ledger, home: Home) -> None:
    home.reports.mkdir(parents=True)
    for number, count in ((1, 1), (2, 7)):
        receipt = {
            "batch": f"{number:06d}",
            "received_at": f"{AS_OF}T09:00:00",
            "history": False,
            "files": [],
            "tables": {"orders": {"offered": count, "quarantined": count}},
            "reasons": {"duplicate": count},
            "not_yet_read": {},
        }
        head = {"number": number, "batch": receipt["batch"], "received_at": ISSUED}
        row = head | {"content": json.dumps(receipt)}
        Journal(home).commit(str(number), {}, [(RECEIPTS, [row])])
    evaluation = {"truth": {"schemes": {"T1": {"cases": 4}, "T3": {"cases": 2}}}}
    (home.reports / "evaluation.json").write_text(json.dumps(evaluation))
    found = enclosures(home)
    assert found.received is not None
    assert found.received.receipts == 2
    assert found.received.reasons == {"duplicate": 8}
    assert found.received.total == Count(offered=8, quarantined=8)
    page = write_zone(ledger, home, AS_OF, Reader("en")).read_text("utf-8")
    assert "Fake orders with other people" in page
    assert "fictitious" in page
    assert "key twice in a batch" in page
    assert "Receipts added up: 2; the last of" in page


def test_the_room_offers_what_its_callers_need() -> None:
    assert set(reports.__all__) >= {"write_zone", "write_dossier", "Reader", "enclosures"}


def test_a_dossier_places_the_fraud_lead_among_those_that_are_seen(home: Home) -> None:
    ledger, far = Ledger(home), assessment(2)
    assert far.fraud is not None
    far = far.model_copy(
        update={
            "enterprise": far.enterprise.model_copy(update={"division": "320600"}),
            "fraud": far.fraud.model_copy(update={"probability": 0.999}),
        }
    )
    ledger.append(night(AS_OF, [assessment(1), far]), ISSUED)
    xuzhou = Officer(name="陈", department=Department.CUSTOMS, regions=("3203",))
    for officer, place in ((None, "2 / 2"), (xuzhou, "1 / 1")):
        file = write_dossier(ledger, home, code_of(1), AS_OF, Reader(officer=officer))
        assert f"<dd>{place}</dd>" in file.read_text("utf-8")


def test_a_dossier_of_a_simulated_zone_says_so(home: Home) -> None:
    ledger = Ledger(home)
    ledger.append(night(AS_OF, [assessment(1)]), ISSUED)
    real = write_dossier(ledger, home, code_of(1), AS_OF).read_text("utf-8")
    leave_evaluation(home, '{"truth": {}}')
    simulated = write_dossier(ledger, home, code_of(1), AS_OF).read_text("utf-8")
    assert "虚构" not in real
    assert "虚构" in simulated
