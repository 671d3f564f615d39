"""A day's assessments follow from what was known by then: later rows and threads change no byte."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from assessment.assess import assess
from assessment.judging import score_values
from assessment.night import Night, prepare_night
from assessment.policy import policy_as_of
from domain.standing import Standing
from domain.table import SUPERSESSIONS, Column, Kind, Table
from domain.tables import TABLES
from features.build import read_roll, view_values
from features.catalogue import FEATURE, SUSPICION_FEATURES
from models.model import NightModels
from storage.engine import connect
from storage.home import Home
from storage.lake import Lake
from storage.lake_batch import LakeBatch
from storage.parquet_files import SUPERSESSIONS_TABLE
from storage.payloads import canonical
from tests.conftest import ALL_COVERED, lake_table
from tests.scoring_api.issued import credit_code

AS_OF = date(2026, 5, 31)
LATER = datetime.combine(AS_OF + timedelta(days=1), time())
MODELS = NightModels(policy_as_of(AS_OF).scorecard, fraud=None, laundering=None)
CODES = [credit_code(number) for number in range(1, 7)]
FILES = 6
"""Files of a table: the engine reads files in parallel, and only then."""
Row = dict[str, Any]


def drawn(column: Column, draws: np.random.Generator) -> object:
    """A value that the contract allows, from a few, so that rows meet."""
    day = AS_OF - timedelta(days=int(draws.integers(0, 150)))
    if column.role is not None or column.name == "credit_code":
        return str(draws.choice(CODES))
    texts = column.codes or tuple(f"{column.name}{number}" for number in range(9))
    made: dict[Kind, Callable[[], object]] = {
        Kind.TEXT: lambda: str(draws.choice(texts)),
        Kind.AMOUNT: lambda: Decimal(int(draws.integers(1, 9_000))),
        Kind.COUNT: lambda: int(draws.integers(1, 9)),
        Kind.DATE: lambda: day,
        Kind.MOMENT: lambda: datetime.combine(day, time(int(draws.integers(24)))),
        Kind.FLAG: lambda: bool(draws.integers(2)),
    }
    return made[column.kind]()


def drawn_rows(table: Table, count: int, known_at: datetime, seed: int) -> list[Row]:
    """Rows of distinct documents; `seed` keeps those of two draws apart."""
    draws = np.random.default_rng([seed, len(table.name), sum(table.name.encode())])
    columns = [column for column in table.lake_columns() if column.name != "currency"]
    return [
        {column.name: drawn(column, draws) for column in columns}
        | {"document_key": f"{seed}-{number}", "known_at": known_at}
        | ({"currency": "142"} if any(c.name == "currency" for c in table.columns) else {})
        for number in range(count)
    ]


def roll(known_at: datetime, **changes: object) -> list[Row]:
    return [
        {
            "credit_code": code,
            "customs_code": f"32030{place:05d}",
            "name": f"企业{place}",
            "division": "320302",
            "is_merchant": True,
            "registered_on": date(2020, 1, 1),
            "document_key": code,
            "known_at": known_at,
            **changes,
        }
        for place, code in enumerate(CODES)
    ]


def coverage(known_at: datetime, day: date) -> list[Row]:
    span = {"covered_from": date(2020, 1, 1), "covered_to": day, "known_at": known_at}
    return [{"source": each, "document_key": f"{each}|{day}", **span} for each in ALL_COVERED]


def append(batch: LakeBatch, known_at: datetime, seed: int) -> None:
    """Rows of every table but the roll and the coverage."""
    for name, table in TABLES.items():
        if name in {"enterprises", "coverage"}:
            continue
        rows = drawn_rows(table, 40, known_at, seed)
        for part in range(FILES):
            batch.append(name, lake_table(name, rows[part::FILES]))


def lake_of(root: Path, threads: int) -> Lake:
    home = Home(root)
    return Lake(home, connect(home, threads=threads, memory_limit_mb=256))


def night_of(lake: Lake) -> Night:
    return prepare_night(lake.read_signals(AS_OF), MODELS, Standing(None, {}, {}))


def said(night: Night) -> list[bytes]:
    judged = assess(night)
    return [canonical(each) for each in (*judged.assessments, *judged.laundering)]


def tell_later(batch: LakeBatch, known_at: datetime, seed: int) -> None:
    """Everything that a later day may bring: documents, new versions, ends, coverage."""
    append(batch, known_at, seed)
    batch.append("coverage", lake_table("coverage", coverage(known_at, AS_OF)))
    renamed = roll(known_at, version=2, name="改名", dissolved_on=date(2026, 1, 1))
    batch.append("enterprises", lake_table("enterprises", renamed))
    ends = [("enterprises", code) for code in CODES]
    ends += [(name, f"0-{number}") for name in TABLES for number in range(0, 40, 3)]
    gone = [
        {"table_name": name, "document_key": key, "version": 1, "known_at": known_at}
        for name, key in ends
    ]
    batch.append(SUPERSESSIONS_TABLE, pa.Table.from_pylist(gone, SUPERSESSIONS))


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Night, list[bytes]]:
    """A zone as known on the day, and what was said of it on one thread."""
    root = tmp_path_factory.mktemp("zone")
    lake = lake_of(root, 1)
    before = LATER - timedelta(microseconds=1)
    early = coverage(before, AS_OF - timedelta(days=4))
    with lake.batch("first") as batch:
        batch.append("enterprises", lake_table("enterprises", roll(before)))
        batch.append("coverage", lake_table("coverage", early))
        append(batch, before, 0)
    night = night_of(lake)
    return root, night, said(night)


@settings(
    max_examples=2,
    deadline=None,
    phases=(Phase.generate,),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.integers(1, 1000), st.integers(0, 400 * 24 * 3600))
def test_rows_known_later_change_no_byte_on_any_number_of_threads(
    known: tuple[Path, Night, list[bytes]],
    tmp_path_factory: pytest.TempPathFactory,
    seed: int,
    seconds_later: int,
) -> None:
    root, _, before = known
    copied = tmp_path_factory.mktemp("later")
    shutil.copytree(root, copied, dirs_exist_ok=True)
    lake = lake_of(copied, 2)
    with lake.batch("later") as batch:
        tell_later(batch, LATER + timedelta(seconds=seconds_later), seed)
    assert said(night_of(lake)) == before


def test_the_same_rows_known_a_moment_earlier_change_the_assessments(
    known: tuple[Path, Night, list[bytes]], tmp_path: Path
) -> None:
    root, _, before = known
    shutil.copytree(root, tmp_path, dirs_exist_ok=True)
    lake = lake_of(tmp_path, 2)
    with lake.batch("later") as batch:
        tell_later(batch, LATER - timedelta(microseconds=1), 1)
    assert sum(old != new for old, new in zip(before, said(night_of(lake)), strict=False)) > 3


def test_a_repair_counts_from_the_day_it_became_known_on(tmp_path: Path) -> None:
    lake, known_at = lake_of(tmp_path, 1), LATER - timedelta(days=9)
    whose = {"enterprise_code": CODES[0], "known_at": known_at}
    given = {"scheme": "samr", "grade": "D", "valid_from": date(2026, 1, 1), "document_no": "W1"}
    repair = {"event_no": "R1", "kind": "repair", "repairs_no": "W1", "known_at": LATER}
    with lake.batch("first") as batch:
        batch.append("enterprises", lake_table("enterprises", roll(known_at)))
        batch.append("authority_grades", lake_table("authority_grades", [whose | given]))
        batch.append("registry_events", lake_table("registry_events", [whose | repair]))

    def ranked(day: date) -> list[float]:
        signals = lake.read_signals(day)
        values = view_values(signals, [FEATURE["samr_class_rank"]], read_roll(signals))
        return values["samr_class_rank"].dropna().tolist()

    assert ranked(LATER.date()) == []
    assert ranked(AS_OF) == [4]


def test_blanking_suspicion_changes_no_grade_of_documents(
    known: tuple[Path, Night, list[bytes]],
) -> None:
    _, night, _ = known
    assert night.features.values[list(SUSPICION_FEATURES)].notna().any().sum() > 20
    values = night.features.values.assign(**dict.fromkeys(SUSPICION_FEATURES, np.nan))
    blank = replace(night, features=replace(night.features, values=values))
    one, other = (
        score_values(each.features, each.records, each.models, each.policy, each.limits)
        for each in (night, blank)
    )
    assert one.credit.margin.nunique() > 1
    assert one.grades == other.grades
    assert not one.states.equals(other.states)
