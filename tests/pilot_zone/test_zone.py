import hashlib
from datetime import date
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest

from domain.tables import TABLES
from pilot_zone.plan import ZonePlan
from pilot_zone.zone import simulate
from tests.pilot_zone.pieces import SIMULATED, SMALL, Zone

TINY = ZonePlan(seed=3, enterprises=70, months=4, orders=1200, message_documents=60)
TRUE_NAMES = {"case_id", "typology", "strength", "lookalike", "scheme", "starts_on"}


def _digests(folder: Path) -> dict[str, str]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in files
    }


def test_same_plan_same_bytes_and_another_seed_others(tmp_path: Path) -> None:
    for name, seed in (("one", 3), ("two", 3), ("other", 4)):
        plan = ZonePlan(seed, TINY.enterprises, TINY.months, TINY.orders, message_documents=60)
        simulate(plan, tmp_path / name, lambda _doing, _done: None)
    one, two, other = (_digests(tmp_path / name) for name in ("one", "two", "other"))
    assert one == two
    assert one["delivery/extracts/orders.parquet"] != other["delivery/extracts/orders.parquet"]


def test_a_second_run_replaces_the_first_whole(tmp_path: Path) -> None:
    simulate(TINY, tmp_path, lambda _doing, _done: None)
    stray = tmp_path / "delivery" / "extracts" / "stray.parquet"
    stray.write_bytes(b"")
    simulate(TINY, tmp_path, lambda _doing, _done: None)
    assert not stray.exists()
    assert {path.name for path in tmp_path.iterdir()} == {"delivery", "truth"}


@pytest.mark.parametrize("name", SIMULATED)
def test_every_table_has_an_extract_in_the_offered_shape(zone: Zone, name: str) -> None:
    table = TABLES[name]
    path = zone.folder / "delivery" / "extracts" / f"{name}.parquet"
    schema = pq.read_schema(path)
    offered = table.offered_schema()
    assert schema.names == [*offered.names, "operation", "known_at"]
    assert all(schema.field(field.name).type == field.type for field in offered)
    frame = zone.read(name)
    assert len(frame) == zone.summary.rows[name] > 0
    for column in table.columns:
        assert not column.required or frame[column.name].notna().all(), column.name
        if column.codes:
            assert set(frame[column.name].dropna()) <= set(column.codes), column.name


@pytest.mark.parametrize("name", SIMULATED)
def test_a_new_row_has_its_key_alone_and_a_change_follows_one(zone: Zone, name: str) -> None:
    frame = zone.read(name)
    keys = frame[list(TABLES[name].key)].astype(object).fillna("").astype(str).agg("|".join, axis=1)
    new = keys[frame["operation"] == "1"]
    assert new.is_unique
    sent = name in {"orders", "declarations", "customs_returns"}  # the first may be a message
    assert sent or set(keys[frame["operation"] == "2"]) <= set(new)
    first = frame["known_at"].groupby(keys).first()
    assert (frame["known_at"].to_numpy() >= keys.map(first).to_numpy()).all()


def test_nothing_is_known_after_the_end_nor_before_the_start(zone: Zone) -> None:
    for name in SIMULATED:
        known = zone.read(name)["known_at"]
        assert known.max() < pd.Timestamp(2026, 7, 1), name
        assert known.min() >= pd.Timestamp(2025, 7, 1), name


def test_the_delivery_holds_no_truth(zone: Zone) -> None:
    for name in SIMULATED:
        assert not TRUE_NAMES & set(zone.read(name).columns) - {"scheme"}
    names = {path.name for path in (zone.folder / "delivery").iterdir()}
    assert names == {"extracts", "messages"}


def test_truth_tells_who_did_what_and_when(zone: Zone) -> None:
    schemes, alike = zone.truth("schemes"), zone.truth("lookalikes")
    assert set(schemes["typology"]) == set(alike["typology"])
    assert set(schemes["typology"]) == {
        "T1", "T3", "T4", "T6", "T7", "T9", "T10", "T11", "T12", "T14",
    }  # fmt: skip
    assert not set(schemes["enterprise_code"]) & set(alike["enterprise_code"])
    assert set(schemes["enterprise_code"]) <= set(zone.read("enterprises")["credit_code"])
    assert (schemes["starts_on"] <= schemes["ends_on"]).all()
    assert schemes["strength"].between(0.3, 1).all()
    assert zone.summary.scheme_firms == schemes["enterprise_code"].nunique()


def test_orders_are_as_many_as_planned_and_come_from_few_big_firms(zone: Zone) -> None:
    assert SMALL.orders <= zone.summary.orders <= 1.05 * SMALL.orders
    per_firm = zone.read("orders")["merchant_code"].value_counts()
    top = per_firm.head(len(per_firm) // 10).sum() / per_firm.sum()
    assert 0.3 < top < 0.9


def test_progress_is_told_from_start_to_end(zone: Zone) -> None:
    shares = [done for _, done in zone.told]
    assert shares == sorted(shares)
    assert (shares[0], shares[-1]) == (0.0, 1.0)


def test_every_source_covers_every_day(zone: Zone) -> None:
    coverage = zone.read("coverage")
    for source, rows in coverage.groupby("source"):
        days = pd.to_datetime(rows["covered_to"])
        assert (days.diff().dropna() == pd.Timedelta(days=1)).all(), source
    assert coverage["covered_to"].max() == date(2026, 6, 30)
