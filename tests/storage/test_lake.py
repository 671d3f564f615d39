"""The lake: whole files or none, versions cut by the day, supersessions with and without heirs."""

import fcntl
from datetime import date, timedelta
from pathlib import Path

import ibis
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from domain.errors import NothingKnown, ReceiptUnderWay
from domain.signals import Signals
from storage.engine import connect
from storage.home import Home
from storage.lake import Lake
from storage.parquet_files import SUPERSESSIONS_TABLE
from tests.conftest import lake_table
from tests.storage.pieces import DAY, MIDNIGHT, add, ended, known, row


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    home = Home(tmp_path / "zone")
    return Lake(home, connect(home, threads=1, memory_limit_mb=256))


def versions(lake: Lake, table: str, keys: pa.Table) -> pa.Table:
    with lake.batch("asking") as batch:
        return batch.versions(table, keys)


def test_an_empty_lake_knows_nothing_and_says_so(lake: Lake) -> None:
    assert lake.first_known_on() is None
    with pytest.raises(NothingKnown, match="the zone is empty"):
        lake.read_signals(DAY)


def test_a_day_before_the_first_row_is_refused_with_that_day(lake: Lake) -> None:
    add(lake, "orders", lake_table("orders", [row("O1")]), "b1")
    with pytest.raises(NothingKnown, match="2026-03-11"):
        lake.read_signals(DAY)


def test_a_row_counts_until_the_last_moment_of_its_day(lake: Lake) -> None:
    rows = [row("O1", known=MIDNIGHT - timedelta(microseconds=1)), row("O2")]
    add(lake, "orders", lake_table("orders", rows), "b1")
    assert known(lake) == [("O1", 1)]
    assert known(lake, MIDNIGHT.date()) == [("O1", 1), ("O2", 1)]


def test_a_superseded_version_counts_until_it_ends_and_a_deleted_one_has_no_heir(
    lake: Lake,
) -> None:
    before, after = MIDNIGHT - timedelta(hours=1), MIDNIGHT + timedelta(hours=1)
    rows = [row("O1", 1, before), row("O1", 2, after), row("O2", 1, before)]
    add(lake, "orders", lake_table("orders", rows), "b1")
    add(lake, "supersessions", ended("O1", 1, after), "b2")
    add(lake, "supersessions", ended("O2", 1, after), "b3")
    assert known(lake) == [("O1", 1), ("O2", 1)]
    assert known(lake, MIDNIGHT.date()) == [("O1", 2)]


def test_supersessions_of_another_table_end_nothing(lake: Lake) -> None:
    add(lake, "orders", lake_table("orders", [row("O1")]), "b1")
    add(lake, "orders", lake_table("orders", [row("O2")]), "b2")
    other = ended("O1", 1, MIDNIGHT).set_column(0, "table_name", pa.array(["payments"]))
    add(lake, "supersessions", pa.concat_tables([other, ended("O2", 1, MIDNIGHT)]), "b3")
    assert known(lake, MIDNIGHT.date()) == [("O1", 1)]


def test_a_later_append_is_seen_and_an_earlier_reading_stands(lake: Lake) -> None:
    add(lake, "orders", lake_table("orders", [row("O1")]), "b1")
    earlier = lake.read_signals(MIDNIGHT.date()).orders
    add(lake, "orders", lake_table("orders", [row("O2")]), "b2")
    assert len(known(lake, MIDNIGHT.date())) == 2
    assert earlier.count().to_pyarrow().as_py() == 1


def test_no_rows_write_no_file(lake: Lake) -> None:
    add(lake, "orders", lake_table("orders", []), "b1")
    assert not (lake.home.lake / "orders").exists()


def test_columns_of_the_contract_may_not_lack(lake: Lake) -> None:
    with pytest.raises(KeyError):
        add(lake, "orders", lake_table("orders", [row("O1")]).drop_columns(["currency"]), "b1")


def test_tables_without_rows_are_empty_tables(lake: Lake) -> None:
    add(lake, "orders", lake_table("orders", [row("O1")]), "b1")
    signals = lake.read_signals(MIDNIGHT.date())
    assert signals.payments.to_pyarrow().num_rows == 0
    assert signals.covered == {}


def test_a_view_is_reckoned_once_and_goes_with_its_signals(lake: Lake) -> None:
    def many(signals: Signals) -> ibis.Table:
        asked.append(signals.as_of)
        return ibis.range(0, 100_000).unnest().name("n").as_table()

    def held() -> int:
        sizes = lake.engine.con.sql("SELECT memory_usage_bytes FROM duckdb_memory()").fetchall()
        return sum(size for (size,) in sizes)

    asked: list[date] = []
    add(lake, "orders", lake_table("orders", [row("O1")]), "b1")
    signals, before = lake.read_signals(MIDNIGHT.date()), held()
    assert signals.once(many).count().to_pyarrow().as_py() == 100_000
    assert signals.once(many) is signals.once(many)
    assert asked == [MIDNIGHT.date()]
    assert held() - before > 100_000
    del signals
    assert held() <= before


def test_covered_is_the_last_day_known_by_then_per_source(lake: Lake) -> None:
    days = [(DAY, MIDNIGHT - timedelta(hours=1)), (MIDNIGHT.date(), MIDNIGHT)]
    rows = [
        {"source": source, "covered_to": day, "known_at": at, "document_key": f"{source}{day}"}
        for source in ("customs", "tax")
        for day, at in days
        if (source, day) != ("tax", MIDNIGHT.date())
    ]
    add(lake, "coverage", lake_table("coverage", rows), "b1")
    assert lake.read_signals(DAY).covered == {"customs": DAY, "tax": DAY}
    later = lake.read_signals(MIDNIGHT.date()).covered
    assert later == {"customs": MIDNIGHT.date(), "tax": DAY}


def test_days_that_a_source_left_out_hold_it_back(lake: Lake) -> None:
    spans = [("2026-01-01", "2026-01-31"), ("2026-03-01", "2026-03-09")]
    rows = [
        {
            "source": "tax",
            "covered_from": date.fromisoformat(first),
            "covered_to": date.fromisoformat(last),
            "known_at": MIDNIGHT - timedelta(hours=1),
        }
        for first, last in spans
    ]
    add(lake, "coverage", lake_table("coverage", rows), "b1")
    assert lake.read_signals(DAY).covered == {"tax": date(2026, 1, 31)}


def test_a_day_is_unsettled_while_a_receipt_that_began_on_it_is_under_way(lake: Lake) -> None:
    before = DAY - timedelta(days=1)
    lake.refuse_unsettled(DAY)
    with lake.home.receiving.open("w") as lock:
        lake.refuse_unsettled(DAY)
        lock.write(DAY.isoformat())
        lock.flush()
        fcntl.flock(lock, fcntl.LOCK_EX)
        lake.refuse_unsettled(before)
        with pytest.raises(ReceiptUnderWay, match="began on 2026-03-10"):
            lake.refuse_unsettled(DAY)
    lake.refuse_unsettled(DAY)


def test_versions_of_some_documents(lake: Lake) -> None:
    nothing = versions(lake, "orders", pa.table({"document_key": ["O1"]}))
    rows = [row("O1", 1), row("O1", 2), row("O2")]
    add(lake, "orders", lake_table("orders", rows), "b1")
    add(lake, "supersessions", ended("O1", 1, MIDNIGHT), "b2")
    found = versions(lake, "orders", pa.table({"document_key": ["O1", "O3"]}))
    assert found.column_names == nothing.column_names
    ends = {one["version"]: one["superseded_at"] for one in found.to_pylist()}
    assert ends == {1: MIDNIGHT, 2: None}
    assert nothing.num_rows == 0


def test_lines_are_found_by_their_document(lake: Lake) -> None:
    lines = [
        {"document_key": f"{parent}|{n}", "parent_key": parent, "line_no": n}
        for parent in ("O1", "O2")
        for n in (1, 2)
    ]
    add(lake, "order_lines", lake_table("order_lines", lines), "b1")
    found = versions(lake, "order_lines", pa.table({"parent_key": ["O2"]}))
    assert set(found["document_key"].to_pylist()) == {"O2|1", "O2|2"}


STEPS = st.lists(
    st.tuples(st.sampled_from("ABCDE"), st.integers(0, 3), st.booleans()), min_size=5, max_size=40
).map(lambda steps: sorted(steps, key=lambda step: step[1]))


@settings(
    max_examples=6,
    deadline=None,
    phases=(Phase.generate,),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(STEPS)
def test_every_day_equals_a_plain_reckoning(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, int, bool]]
) -> None:
    home = Home(tmp_path_factory.mktemp("zone"))
    lake = Lake(home, connect(home, threads=1, memory_limit_mb=256))
    add(lake, "orders", lake_table("orders", [row("Z", known=MIDNIGHT)]), "b0")
    latest: dict[str, int] = {}
    answers = []
    standing = {"Z": 1}
    for day in range(4):
        at = MIDNIGHT + timedelta(days=day)
        with lake.batch(f"b{day + 1}") as batch:
            for key, _, deletes in (step for step in steps if step[1] == day):
                if key in standing:
                    batch.append(SUPERSESSIONS_TABLE, ended(key, standing.pop(key), at))
                if not deletes:
                    latest[key] = standing[key] = latest.get(key, 0) + 1
                    batch.append("orders", lake_table("orders", [row(key, latest[key], at)]))
        answers.append(sorted(standing.items()))
    for day, answer in enumerate(answers):
        assert known(lake, MIDNIGHT.date() + timedelta(days=day)) == answer
