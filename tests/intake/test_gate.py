"""Each refusal, alone and countable: where, for which field, why, and what would be right."""

from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from domain.errors import BadDelivery
from domain.table import Kind
from domain.tables import TABLES
from intake.gate import Door, judge
from intake.offered import Offered
from intake.register import Register
from intake.typed import typed
from tests.intake.conftest import ROLL
from tests.intake.made import FIRM, FIRM_CUSTOMS, NOW, Zone, offered, order, order_line

EARLY, LATE = datetime.fromisoformat("1989-12-31 23:59"), NOW + timedelta(days=1, seconds=1)


@pytest.mark.parametrize(
    ("given", "field", "reason"),
    [
        ({"order_no": None}, "order_no", "missing"),
        ({"order_no": " \u3000"}, "order_no", "missing"),
        ({"goods_value": None}, "goods_value", "missing"),
        ({"direction": "X"}, "direction", "unknown_code"),
        ({"operation": "4"}, "operation", "unknown_code"),
        ({"reported_at": EARLY}, "reported_at", "impossible_date"),
        ({"reported_at": LATE}, "reported_at", "impossible_date"),
        ({"merchant_code": "9999999999"}, "merchant_code", "unknown_enterprise"),
    ],
)
def test_one_bad_row_among_good_ones(
    zone: Zone, given: dict[str, object], field: str, reason: str
) -> None:
    rows = [order("O1"), {**order("O2"), **given}, order("O3")]
    receipt = zone.receive(zone.extract("orders", rows))
    count = receipt.tables["orders"]
    assert (count.offered, count.accepted, count.quarantined) == (3, 2, 1)
    assert receipt.reasons == {reason: 1}
    (entry,) = zone.quarantined()
    assert (entry["file"], entry["table_name"]) == ("orders.parquet", "orders")
    assert (entry["position"], entry["field"], entry["reason"]) == (2, field, reason)
    assert entry["right_zh"]
    assert entry["right_en"]
    assert [row["order_no"] for row in zone.rows("orders")] == ["O1", "O3"]


@pytest.mark.parametrize(
    ("column", "text", "reason"),
    [
        ("goods_value", "x", "wrong_type"),
        ("goods_value", "1e5", "wrong_type"),
        ("goods_value", "12345678912345.12345", "out_of_range"),
        ("goods_value", "0.123456", "out_of_range"),
        ("reported_at", "20240230100000", "impossible_date"),
        ("reported_at", "yesterday", "wrong_type"),
        ("reported_at", "20270101000000", "impossible_date"),
        ("freight", "", "missing"),
    ],
)
def test_a_column_of_texts_is_typed_row_by_row(
    zone: Zone, column: str, text: str, reason: str
) -> None:
    good = {"goods_value": "100.50", "reported_at": "20260501100000", "freight": "0"}
    rows = [order(number, **good) for number in ("O1", "O2", "O3")]
    rows[1][column] = text
    names = TABLES["orders"].offered_schema().names
    texts = pa.Table.from_pylist([{n: row.get(n) for n in names} for row in rows])
    receipt = zone.receive(zone.extract("orders", texts))
    assert receipt.reasons == {reason: 1}
    assert [entry["field"] for entry in zone.quarantined()] == [column]
    assert [row["goods_value"] for row in zone.rows("orders")] == [Decimal("100.5")] * 2


def test_the_first_of_equal_keys_is_taken_and_the_others_are_duplicates(zone: Zone) -> None:
    rows = [order("O1"), order("O1"), order("O1", freight=Decimal(9)), order("O2")]
    receipt = zone.receive(zone.extract("orders", rows))
    assert receipt.reasons == {"duplicate": 2}
    assert [entry["position"] for entry in zone.quarantined()] == [2, 3]
    again = zone.receive(zone.extract("orders", [order("O9")] * 3))
    assert again.reasons == {"duplicate": 2}
    assert len({entry["entry_id"] for entry in zone.quarantined()}) == 4
    assert [row["freight"] for row in zone.rows("orders")] == [0, 0, 0]


def test_a_duplicate_in_another_file_of_the_batch_is_one_too(zone: Zone) -> None:
    first = zone.extract("orders", [order("O1")], part="-1")
    receipt = zone.receive(first, zone.extract("orders", [order("O1"), order("O2")], part="-2"))
    assert receipt.tables["orders"].accepted == 2
    assert receipt.reasons == {"duplicate": 1}


def test_a_deletion_of_what_never_was_is_refused(zone: Zone) -> None:
    receipt = zone.receive(zone.extract("orders", [order("O1", operation="3")]))
    assert receipt.reasons == {"unknown_document": 1}


def test_a_deletion_needs_only_the_key(zone: Zone) -> None:
    zone.receive(zone.extract("orders", [order("O1")]))
    key = {name: order("O1")[name] for name in ("platform_code", "merchant_code", "order_no")}
    receipt = zone.receive(zone.extract("orders", [{**key, "operation": "3"}]))
    assert receipt.tables["orders"].accepted == 1
    assert zone.alive("orders") == {}


def test_a_deletion_must_say_whose_document_it_ends(zone: Zone) -> None:
    gone = {"finding_no": "F1", "operation": "3"}
    receipt = zone.receive(zone.extract("findings", [gone]))
    assert receipt.reasons == {"missing": 1}
    assert [entry["field"] for entry in zone.quarantined()] == ["enterprise_code"]


@pytest.mark.parametrize(("letters", "reasons"), [(65_536, {}), (65_537, {"out_of_range": 1})])
def test_a_text_may_be_64_kib_long(zone: Zone, letters: int, reasons: dict[str, int]) -> None:
    row = order_line("O1", 1, item_name="x" * letters)
    assert zone.receive(zone.extract("order_lines", [row])).reasons == reasons


def test_a_moment_with_a_zone_is_that_of_a_clock_in_china() -> None:
    utc = datetime.fromisoformat("2026-05-01 20:30+00:00")
    read = typed(pa.chunked_array([pa.array([utc], pa.timestamp("ms", "UTC"))]), Kind.MOMENT)
    assert read.values.to_pylist() == [datetime.fromisoformat("2026-05-02 04:30")]


def test_codes_of_both_kinds_lead_to_one_enterprise(zone: Zone) -> None:
    given = {"merchant_code": FIRM_CUSTOMS, "platform_code": " ３２０３000001"}
    zone.receive(zone.extract("orders", [order("O1", **given)]))
    receipt = zone.receive(zone.extract("orders", [order("O1")]))
    assert receipt.tables["orders"].unchanged == 1
    assert list(zone.alive("orders")) == [f"{FIRM}|{FIRM}|O1"]


def test_an_unknown_role_stays_as_given_and_nobody_is_null(zone: Zone) -> None:
    given = {"platform_code": "无", "payment_firm_code": "31222699s7"}
    zone.receive(zone.extract("orders", [order("O1", **given)]))
    (row,) = zone.rows("orders")
    assert row["platform_code"] is None
    assert row["payment_firm_code"] == "31222699S7"
    assert row["document_key"] == f"|{FIRM}|O1"


def test_a_column_that_is_absent_counts_as_empty_and_a_strange_one_is_named(zone: Zone) -> None:
    table = offered("orders", [order("O1")]).drop_columns(["discount", "freight"])
    table = table.append_column("colour", pa.array(["red"]))
    receipt = zone.receive(zone.extract("orders", table))
    assert receipt.reasons == {"missing": 1}
    assert zone.quarantined()[0]["field"] == "freight"
    assert receipt.files[-1].unknown == {"colour": 1}


def test_enterprises_come_first_whatever_the_order_of_paths(empty_zone: Zone) -> None:
    orders = empty_zone.extract("orders", [order("O1")])
    roll = empty_zone.extract("enterprises", ROLL)
    receipt = empty_zone.receive(orders, roll)
    assert receipt.total.quarantined == 0


def test_only_the_happening_itself_may_not_lie_ahead(zone: Zone) -> None:
    ahead = (NOW + timedelta(days=400)).date()
    row = {"enterprise_code": FIRM, "scheme": "tax", "grade": "A", "valid_to": ahead}
    rows = [{**row, "valid_from": day} for day in (NOW.date(), ahead)]
    receipt = zone.receive(zone.extract("authority_grades", rows))
    assert receipt.reasons == {"impossible_date": 1}
    assert zone.quarantined()[0]["field"] == "valid_from"


def test_texts_that_are_not_utf8_spoil_only_their_row() -> None:
    raw = "测试".encode("gbk")
    offsets = pa.py_buffer(np.array([0, len(raw), len(raw) + 2], np.int32).tobytes())
    names = pa.StringArray.from_buffers(2, offsets, pa.py_buffer(raw + b"ok"))
    rows = offered("order_lines", [{"item_name": "x"}] * 2).drop_columns(["item_name"])
    rows = rows.append_column("item_name", names)
    rows = rows.append_column("file", pa.array([0, 0])).append_column("position", pa.array([1, 2]))
    judged = judge(Offered(TABLES["order_lines"], rows), Register(), Door(NOW))
    assert judged.rows["item_name"].to_pylist() == [None, "ok"]


@pytest.mark.parametrize("path", ["absent", "empty", "note.txt"])
def test_what_cannot_be_received_at_all_is_refused_in_a_sentence(zone: Zone, path: str) -> None:
    (zone.folder / "empty").mkdir(parents=True, exist_ok=True)
    (zone.folder / "note.txt").write_text("x")
    before = zone.listing()
    with pytest.raises(BadDelivery, match="cannot be received"):
        zone.receive(zone.folder / path)
    assert zone.listing() == before


def test_a_damaged_extract_is_one_refusal_and_the_rest_goes_on(zone: Zone) -> None:
    broken = zone.extract("order_lines", [])
    broken.write_bytes(b"PAR1 not really PAR1")
    receipt = zone.receive(broken, zone.extract("orders", [order("O1")]))
    assert receipt.reasons == {"malformed": 1}
    assert receipt.tables["orders"].accepted == 1
    assert zone.receive(broken).total.unchanged == 1


def test_a_table_nobody_reads_is_named(zone: Zone, tmp_path: Path) -> None:
    other = tmp_path / "weather.parquet"
    zone.extract("orders", [order("O1")]).rename(other)
    assert zone.receive(other).not_yet_read == {"weather": 1}
