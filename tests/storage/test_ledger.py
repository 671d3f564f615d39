"""The ledger gives back what was issued, byte for byte, and shows what was tampered with."""

import os
import shutil
import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime
from pathlib import Path

import pandas as pd
import pytest

from domain.errors import BadCode, NoNight, UnknownEnterprise
from domain.officer import Department
from storage.home import Home
from storage.ledger import Ledger, NightRecord
from storage.payloads import canonical
from storage.queries import AlertFilter, HeadFilter
from tests.scoring_api.issued import (
    alert,
    assessment,
    credit_code,
    enterprise,
    record,
)

JANUARY, FEBRUARY = date(2026, 1, 31), date(2026, 2, 28)
NOON = datetime(2026, 3, 1, 12)  # noqa: DTZ001 - China wall clock has no zone here
FIRST, SECOND, FAR = enterprise(1), enterprise(2), enterprise(3, division="440300")


def night(as_of: date, tier: str = "B") -> NightRecord:
    alerts = (alert(SECOND, "T3", rank=2), alert(SECOND, "T1", rank=1, colour="red"))
    return record(
        as_of,
        [
            assessment(SECOND, as_of, "D", alerts),
            assessment(FIRST, as_of, tier),
            assessment(FAR, as_of, "B", (alert(FAR, "T3", rank=3, colour="blue"),)),
        ],
    )


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


@pytest.fixture
def ledger(home: Home) -> Ledger:
    ledger = Ledger(home)
    ledger.append(night(JANUARY), NOON)
    ledger.append(night(FEBRUARY, "C"), NOON)
    return ledger


def test_what_was_issued_comes_back_byte_for_byte(ledger: Ledger) -> None:
    issued = {each.enterprise.code: each for each in night(JANUARY).assessments}
    for code, expected in issued.items():
        assert ledger.payload(code, JANUARY) == canonical(expected)
        assert ledger.assessment(code, JANUARY) == expected
    assert ledger.night(JANUARY) == [issued[code] for code in sorted(issued)]


def test_either_code_leads_to_the_latest_assessment(ledger: Ledger) -> None:
    assert FIRST.customs_code
    assert ledger.assessment(FIRST.code) == ledger.assessment(f" {FIRST.customs_code} ")
    assert ledger.assessment(FIRST.code.lower()).as_of == FEBRUARY


def test_refusals_say_which_kind_they_are(ledger: Ledger, tmp_path: Path) -> None:
    with pytest.raises(UnknownEnterprise):
        ledger.payload(credit_code(99))
    with pytest.raises(BadCode):
        ledger.payload("../../etc/passwd")
    with pytest.raises(NoNight):
        ledger.payload(FIRST.code, date(2020, 1, 1))
    with pytest.raises(NoNight):
        Ledger(Home(tmp_path / "empty")).payload(FIRST.code)


def test_outside_the_region_is_the_same_as_not_there(ledger: Ledger) -> None:
    assert ledger.assessment(FIRST.code, regions=("3203",)).enterprise == FIRST
    for read in (ledger.payload, ledger.history):
        with pytest.raises(UnknownEnterprise) as hidden:
            read(FAR.code, regions=("3203",))
        assert str(hidden.value) == str(UnknownEnterprise(FAR.code))
    assert {head.code for head in ledger.heads(regions=("3203",))} == {FIRST.code, SECOND.code}
    assert ledger.counts(regions=("4403",)).tiers == {"B": 1}
    assert [head.code for head in ledger.search("trading", regions=("4403",))] == [FAR.code]
    assert [each.rank for each in ledger.alerts(None, AlertFilter(regions=("4403",)))] == [1]


def test_history_is_one_head_per_night_oldest_first(ledger: Ledger) -> None:
    history = ledger.history(FIRST.code)
    assert [(head.as_of, head.tier) for head in history] == [(JANUARY, "B"), (FEBRUARY, "C")]
    second = ledger.history(SECOND.code)[-1]
    assert (second.alert_colour, second.alert_count) == ("red", 2)
    assert set(second.typologies) == {"T1", "T3"}
    assert history[0].alert_colour is None


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("no.1", [1]),
        ("ＮＯ．２", [2]),
        ("徐州", [1, 2, 3]),
        (credit_code(3)[:17].lower(), [3]),
        ("3203000002", [2]),
        ("%", []),
        ("_", []),
        ("' OR 1=1 --", []),
    ],
)
def test_search_by_part_of_the_name_or_start_of_a_code(
    ledger: Ledger, text: str, found: list[int]
) -> None:
    assert [head.code for head in ledger.search(text)] == [credit_code(n) for n in found]


def test_alerts_come_by_rank_and_as_filtered(ledger: Ledger) -> None:
    def ranks(asked: AlertFilter) -> list[int]:
        return [each.rank for each in ledger.alerts(FEBRUARY, asked)]

    assert ranks(AlertFilter()) == [1, 2, 3]
    assert ranks(AlertFilter(limit=2)) == [1, 2]
    assert ranks(AlertFilter(typology="T3")) == [2, 3]
    assert ranks(AlertFilter(colour="red")) == [1]
    assert ranks(AlertFilter(department=Department.CUSTOMS)) == [1, 2, 3]
    assert ranks(AlertFilter(department=Department.TAX)) == []


def test_counts_and_tiers_of_a_night(ledger: Ledger) -> None:
    counts = ledger.counts(JANUARY)
    assert counts.tiers == {"B": 2, "D": 1}
    assert counts.colours == {"blue": 1, "red": 1, "yellow": 1}
    assert counts.typologies == {"T1": 1, "T3": 2}
    assert [head.code for head in ledger.heads(JANUARY, asked=HeadFilter(tier="D"))] == [
        SECOND.code
    ]


def test_heads_come_in_pages(ledger: Ledger) -> None:
    first = ledger.heads(JANUARY, (), HeadFilter(limit=2))
    rest = ledger.heads(JANUARY, (), HeadFilter(limit=2, after=first[-1].code))
    assert [head.code for head in (*first, *rest)] == [credit_code(n) for n in (1, 2, 3)]


def test_standing_is_what_the_last_night_before_said(ledger: Ledger) -> None:
    standing = ledger.standing(FEBRUARY)
    assert standing.as_of == JANUARY
    assert standing.tiers == {FIRST.code: "B", SECOND.code: "D", FAR.code: "B"}
    assert set(standing.alerts) == {f"{SECOND.code}-T1", f"{SECOND.code}-T3", f"{FAR.code}-T3"}
    assert ledger.standing(JANUARY).as_of is None


def test_frames_come_back_as_they_went_in(ledger: Ledger) -> None:
    for name, frame in night(JANUARY).frames.items():
        pd.testing.assert_frame_equal(ledger.frame(name, JANUARY), frame)


def test_an_equal_night_appends_nothing_and_a_different_one_takes_its_place(
    ledger: Ledger,
) -> None:
    first = ledger.scan(JANUARY)
    later = NOON.replace(year=2027)
    assert ledger.append(night(JANUARY), later) == first.scan_id
    assert ledger.scan(JANUARY) == first
    assert ledger.append(night(JANUARY, "A"), later) != first.scan_id
    assert ledger.assessment(FIRST.code, JANUARY).grade.tier == "A"
    assert [head.tier for head in ledger.history(FIRST.code)] == ["A", "C"]
    assert ledger.append(night(JANUARY), later) != first.scan_id
    assert ledger.assessment(FIRST.code, JANUARY).grade.tier == "B"
    assert ledger.nights() == [JANUARY, FEBRUARY]
    assert ledger.chain.verify() == []


def test_a_frame_alone_makes_another_night(ledger: Ledger) -> None:
    changed = night(JANUARY)
    changed.frames["features"].iloc[0, 0] = 2.0
    assert ledger.append(changed, NOON) != ledger.scan(FEBRUARY).scan_id
    assert len(ledger.chain.scans()) == 3


def test_scans_at_the_same_time_make_one_chain(home: Home) -> None:
    nights = [date(2026, month, 1) for month in range(1, 7)]
    with ThreadPoolExecutor(3) as pool:
        list(pool.map(lambda as_of: Ledger(home).append(night(as_of), NOON), nights))
    assert Ledger(home).nights() == nights
    assert Ledger(home).chain.verify() == []


def sql(home: Home, statement: str) -> None:
    connection = sqlite3.connect(home.ledger / "ledger.db")
    with connection:
        connection.execute(statement)
    connection.close()


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("UPDATE heads SET tier = 'A' WHERE tier = 'D' AND sequence = 1", "in heads"),
        ("DELETE FROM heads WHERE sequence = 2 AND position = 0", "2 rows of heads, not 3"),
        ("UPDATE alerts SET colour = 'blue' WHERE colour = 'red'", "in alerts"),
        ("UPDATE scans SET certificate = '{}' WHERE sequence = 1", "was changed after"),
        ("UPDATE scans SET issued_at = '2020-01-01 00:00:00' WHERE sequence = 2", "was changed"),
        ("DELETE FROM scans WHERE sequence = 1", "does not follow"),
        ("DELETE FROM scans WHERE sequence = 2", "has no scan"),
    ],
)
def test_every_changed_row_is_found(home: Home, ledger: Ledger, statement: str, said: str) -> None:
    assert ledger.chain.verify() == []
    sql(home, statement)
    assert any(said in problem for problem in ledger.chain.verify())


@pytest.mark.parametrize("name", ["assessments", "alerts", "features", "peer_size"])
def test_every_changed_file_is_found(home: Home, ledger: Ledger, name: str) -> None:
    other = night(JANUARY, "A")
    other.frames["features"].iloc[0, 0] = 9.0
    other.frames["peer_size"].iloc[0, 0] = 31
    foreign = record(JANUARY, [assessment(FIRST, JANUARY, "A", (alert(FIRST, "T9"),))])
    elsewhere = Ledger(Home(home.root / "elsewhere"))
    for content in (other, foreign):
        elsewhere.append(content, NOON)
        scan, theirs = ledger.scan(JANUARY), elsewhere.scan(JANUARY)
        ours = ledger.chain.folder(JANUARY, scan.digest) / f"{name}.parquet"
        kept = ours.read_bytes()
        source = elsewhere.chain.folder(JANUARY, theirs.digest) / f"{name}.parquet"
        shutil.copyfile(source, ours)
        unequal = source.read_bytes() != kept
        assert bool(ledger.chain.verify()) == unequal
        ours.write_bytes(kept[:-9])
        assert any("cannot be read" in problem for problem in ledger.chain.verify())
        ours.write_bytes(kept)
    ours.unlink()
    assert ledger.chain.verify()


KILLED = """
import os, signal, sys
from pathlib import Path
from storage.home import Home
from storage.ledger import Ledger
from storage import chain
from tests.storage.test_ledger import FEBRUARY, NOON, night

def killed(*arguments):
    os.kill(os.getpid(), signal.SIGKILL)

ledger = Ledger(Home(Path(sys.argv[1])))
setattr(chain, sys.argv[2], killed)
ledger.append(night(FEBRUARY), NOON)
"""


@pytest.mark.parametrize("moment", ["_to_disk", "_insert"])
def test_a_kill_leaves_the_old_state_and_the_next_scan_cleans_up(home: Home, moment: str) -> None:
    ledger = Ledger(home)
    ledger.append(night(JANUARY), NOON)
    command = [sys.executable, "-c", KILLED, str(home.root), moment]
    root = Path(__file__).parents[2]
    done = subprocess.run(command, env={**os.environ, "PYTHONPATH": str(root)}, check=False)
    assert done.returncode == -9
    assert ledger.nights() == [JANUARY]
    assert ledger.assessment(FIRST.code).as_of == JANUARY
    ledger.append(night(FEBRUARY), NOON)
    assert ledger.nights() == [JANUARY, FEBRUARY]
    assert ledger.chain.verify() == []
    assert not (home.ledger / ".writing").exists()
