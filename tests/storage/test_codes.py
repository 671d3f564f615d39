"""Documents of an enterprise whose credit code was replaced meet under the one in force."""

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from domain.table import SUPERSESSIONS
from storage.cut import _last
from storage.engine import connect
from storage.home import Home
from storage.lake import Lake
from storage.parquet_files import SUPERSESSIONS_TABLE
from tests.conftest import lake_table

DAY = date.fromisoformat("2026-03-10")
NOON = datetime.fromisoformat("2026-03-10 12:00")


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    home = Home(tmp_path / "zone")
    lake = Lake(home, connect(home, threads=1, memory_limit_mb=256))
    roll = [{"credit_code": code, "known_at": NOON} for code in ("OLD", "NEW", "OTHER")]
    orders = [
        {"merchant_code": code, "platform_code": other, "order_no": code, "known_at": NOON}
        for code, other in (("OLD", "OTHER"), ("OTHER", "OLD"), ("NEW", None))
    ]
    with lake.batch("000001") as batch:
        batch.append("enterprises", lake_table("enterprises", roll))
        batch.append("orders", lake_table("orders", orders))
    return lake


def alias(old: str, new: str, known: datetime) -> dict[str, object]:
    kind = {"kind": "credit_code", "valid_from": date(2020, 1, 1)}
    return {"enterprise_code": new, "alias": old, "known_at": known, "document_key": old, **kind}


def test_a_replaced_code_is_read_as_the_one_in_force_from_the_day_it_is_known(lake: Lake) -> None:
    with lake.batch("000002") as batch:
        rows = lake_table("aliases", [alias("OLD", "NEW", NOON + timedelta(days=1))])
        batch.append("aliases", rows)
    asked = ["order_no", "merchant_code", "platform_code"]

    def told(day: date) -> tuple[set[str], set[tuple[str, ...]]]:
        signals = lake.read_signals(day)
        roll = set(signals.enterprises.credit_code.to_pyarrow().to_pylist())
        orders = signals.orders[asked].to_pyarrow().to_pylist()
        return roll, {tuple(row.values()) for row in orders}

    before = {("OLD", "OLD", "OTHER"), ("OTHER", "OTHER", "OLD"), ("NEW", "NEW", None)}
    after = {("OLD", "NEW", "OTHER"), ("OTHER", "OTHER", "NEW"), ("NEW", "NEW", None)}
    assert told(DAY) == ({"OLD", "NEW", "OTHER"}, before)
    assert told(DAY + timedelta(days=1)) == ({"NEW", "OTHER"}, after)
    assert told(DAY) == ({"OLD", "NEW", "OTHER"}, before)


def test_an_alias_that_was_withdrawn_renames_nothing(lake: Lake) -> None:
    with lake.batch("000002") as batch:
        batch.append("aliases", lake_table("aliases", [alias("OLD", "NEW", NOON)]))
    gone = {"table_name": "aliases", "document_key": "OLD", "version": 1}
    with lake.batch("000003") as batch:
        batch.append(
            SUPERSESSIONS_TABLE,
            SUPERSESSIONS.empty_table().from_pylist(
                [{**gone, "known_at": NOON + timedelta(days=1)}], SUPERSESSIONS
            ),
        )
    codes = [
        set(lake.read_signals(day).orders.merchant_code.to_pyarrow().to_pylist())
        for day in (DAY, DAY + timedelta(days=1))
    ]
    assert codes == [{"NEW", "OTHER"}, {"OLD", "NEW", "OTHER"}]


def test_chains_lead_to_their_end_and_circles_nowhere() -> None:
    assert _last({"A": "B", "B": "C"}) == {"A": "C", "B": "C"}
    assert _last({"A": "A"}) == {}
    assert _last({"A": "B", "B": "A"}) == {}
    assert _last({"X": "A", "A": "B", "B": "A"}) == {}
