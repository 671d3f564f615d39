"""The laundering compartment opens to the right alone and keeps its own chain."""

import sqlite3
from datetime import date, datetime
from pathlib import Path

import pytest

from domain.errors import NoNight, RightMissing, UnknownEnterprise
from domain.officer import Department, Officer, Right
from domain.results import LaunderingRecord
from storage.home import Home
from storage.laundering import Compartment
from storage.payloads import canonical
from tests.scoring_api.issued import alert, enterprise, laundering_record

JANUARY, FEBRUARY = date(2026, 1, 31), date(2026, 2, 28)
NOON = datetime(2026, 3, 1, 12)  # noqa: DTZ001 - China wall clock has no zone here
FIRST, QUIET, FAR = enterprise(1), enterprise(2), enterprise(3, division="440300")
KNOWS = Officer(
    name="Zhao", department=Department.PAYMENT, rights=frozenset({Right.READ, Right.LAUNDERING})
)
EVERY_OTHER_RIGHT = Officer(
    name="Qian", department=Department.PAYMENT, rights=frozenset(Right) - {Right.LAUNDERING}
)
REGIONAL = KNOWS.model_copy(update={"regions": ("3203",)})


def records(as_of: date) -> list[LaunderingRecord]:
    quiet = laundering_record(QUIET, as_of).model_copy(update={"alerts": ()})
    return [quiet, laundering_record(FAR, as_of), laundering_record(FIRST, as_of)]


@pytest.fixture
def compartment(tmp_path: Path) -> Compartment:
    compartment = Compartment(Home(tmp_path))
    compartment.append(JANUARY, records(JANUARY), NOON)
    return compartment


def test_every_reading_method_refuses_without_the_right(compartment: Compartment) -> None:
    for read in (
        lambda: compartment.payload(FIRST.code, EVERY_OTHER_RIGHT),
        lambda: compartment.payload("no code at all", EVERY_OTHER_RIGHT),
        lambda: compartment.alerted(EVERY_OTHER_RIGHT),
        lambda: compartment.first_seen(EVERY_OTHER_RIGHT, FEBRUARY),
    ):
        with pytest.raises(RightMissing, match="laundering"):
            read()


def test_with_the_right_records_come_back_as_issued(compartment: Compartment) -> None:
    assert compartment.payload(FIRST.code, KNOWS) == canonical(laundering_record(FIRST, JANUARY))
    assert FIRST.customs_code
    assert compartment.payload(FIRST.customs_code, KNOWS, JANUARY)
    with pytest.raises(UnknownEnterprise):
        compartment.payload(enterprise(9).code, KNOWS)
    with pytest.raises(NoNight):
        compartment.payload(FIRST.code, KNOWS, FEBRUARY)


def test_only_records_with_an_alert_are_listed(compartment: Compartment) -> None:
    listed = [LaunderingRecord.model_validate_json(each) for each in compartment.alerted(KNOWS)]
    assert {record.enterprise for record in listed} == {FIRST, FAR}


def test_the_region_holds_here_too(compartment: Compartment) -> None:
    assert len(compartment.alerted(REGIONAL)) == 1
    with pytest.raises(UnknownEnterprise):
        compartment.payload(FAR.code, REGIONAL)


def test_ranks_are_those_within_the_region(tmp_path: Path) -> None:
    compartment = Compartment(Home(tmp_path))
    ranked = [
        laundering_record(who, JANUARY).model_copy(
            update={"alerts": tuple(alert(who, typology, rank=rank) for typology, rank in told)}
        )
        for who, told in (
            (FIRST, (("T9", 2), ("T10", 5))),
            (FAR, (("T9", 1), ("T10", 3))),
            (QUIET, (("T9", 4),)),
        )
    ]
    compartment.append(JANUARY, ranked, NOON)

    def ranks(*stored: bytes) -> list[int]:
        records = map(LaunderingRecord.model_validate_json, stored)
        return [each.rank for record in records for each in record.alerts]

    assert ranks(*compartment.alerted(KNOWS)) == [1, 3, 2, 5, 4]
    assert ranks(*compartment.alerted(REGIONAL)) == [1, 3, 2]
    assert ranks(compartment.payload(QUIET.code, REGIONAL)) == [2]
    assert ranks(compartment.payload(QUIET.code, KNOWS)) == [4]


def test_first_seen_is_what_the_night_before_said(compartment: Compartment) -> None:
    seen = compartment.first_seen(KNOWS, FEBRUARY)
    assert seen == {f"{who.code}-T9": JANUARY for who in (FIRST, FAR)}
    assert compartment.first_seen(KNOWS, JANUARY) == {}


def test_equal_records_append_nothing(compartment: Compartment) -> None:
    again = compartment.append(JANUARY, records(JANUARY), NOON)
    assert [scan.scan_id for scan in compartment.chain.scans()] == [again]


def test_a_night_without_any_record_is_a_night_all_the_same(compartment: Compartment) -> None:
    compartment.append(FEBRUARY, [], NOON)
    assert compartment.alerted(KNOWS) == []
    assert compartment.chain.verify() == []


def test_only_the_owner_of_the_home_looks_into_the_folder(tmp_path: Path) -> None:
    home = Home(tmp_path / "zone")
    Compartment(home)
    assert home.laundering.stat().st_mode & 0o077 == 0


def test_tampering_is_found(compartment: Compartment, tmp_path: Path) -> None:
    assert compartment.chain.verify() == []
    connection = sqlite3.connect(tmp_path / "laundering" / "laundering.db")
    with connection:
        connection.execute("UPDATE records SET rank = 7")
    connection.close()
    assert len(compartment.chain.verify()) == 3
    (file,) = tmp_path.glob("laundering/*/*/records.parquet")
    file.write_bytes(b"PAR1")
    assert "cannot be read" in compartment.chain.verify()[0]
