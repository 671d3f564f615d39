"""No clear identifier lies anywhere in the home outside sealed bytes."""

import gzip
import json
import sqlite3
import zipfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from domain.errors import SealBroken
from domain.officer import Department, Officer, Right
from intake import evidence
from intake.entries import Wanted
from intake.workbench import Workbench
from tests.intake.decoded import People, found_in
from tests.intake.made import FIRM, KEYS, NOW, Zone, message, offered, order, order_entity

NAME, NUMBER, PHONE = "欧阳测试", "11010519491231002X", "13912345678"
ADDRESS, ACCOUNT = "江苏省徐州市保密路8号3-202室", "secret-account-77"
SECRETS = People(frozenset({NUMBER}), frozenset({PHONE}), frozenset({NAME, "徐州市保密路"}))
PERSON = {
    "buyer_name": NAME,
    "buyer_id_number": NUMBER,
    "buyer_phone": PHONE,
    "buyer_account": ACCOUNT,
    "consignee_name": NAME,
    "consignee_address": ADDRESS,
}
LI = Officer(name="李", department=Department.CUSTOMS, rights=frozenset({Right.READ, Right.UNSEAL}))


def test_nothing_clear_is_kept_of_accepted_or_refused(zone: Zone) -> None:
    head = {"buyerName": NAME, "buyerIdNumber": NUMBER, "buyerTelephone": PHONE}
    bad_head = {**head, "goodsValue": "x", "consigneeAddress": ADDRESS}
    misplaced = offered("orders", [order("O5", **PERSON)]).set_column(
        5, "goods_value", pa.array([NUMBER])
    )
    receipt = zone.receive(
        zone.extract("orders", [order("O1", **PERSON), order("O1", **PERSON)]),
        zone.extract("orders", [order(NUMBER, transaction_no=PHONE)], part="-3"),
        zone.extract("orders", misplaced, part="-2"),
        zone.message(
            message(order_entity("O3", (1,), **head), order_entity("O4", (1,), **bad_head))
        ),
        zone.message(message(order_entity("O6", (1,), **head))[:-40], f"{PHONE}.xml"),
    )
    assert receipt.total.accepted
    assert {"duplicate", "wrong_type", "part_refused"} <= set(receipt.reasons)
    account = {"platform_code": FIRM, "account_no": PHONE, "opened_at": NOW}
    zone.receive(zone.extract("platform_accounts", [account]))
    bench = Workbench(zone.lake, KEYS)
    entry = bench.entries(Wanted(reason="wrong_type"))[0].entry_id
    assert NUMBER.encode() in b"".join(
        block
        for one in bench.entries(Wanted())
        for block in bench.open(one.entry_id, LI, "correcting", NOW)
    )
    bench.discard([entry], LI, "test data", NOW + timedelta(days=1))
    assert found_in(zone.home.root, SECRETS) == {}
    assert ACCOUNT.encode() not in b"".join(
        path.read_bytes() for path in zone.home.root.rglob("*") if path.is_file()
    )


def test_what_senders_name_things_is_not_kept_in_clear(zone: Zone) -> None:
    drop = zone.home.root.parent
    headless = drop / "orders-7.csv"
    headless.write_text(f"{NAME},{NUMBER},{PHONE}\n" * 2, "utf-8")
    unread, letter = drop / f"list{PHONE}.csv", drop / "letter.xml"
    unread.write_text("a,b\n1,2\n", "utf-8")
    letter.write_text(f"<letter-{PHONE}/>", "utf-8")
    rows = offered("orders", [order("O1")])
    strange = drop / "orders-8.parquet"
    pq.write_table(rows.append_column(f"of {NUMBER}", pa.array(["x"])), strange)
    receipt = zone.receive(headless, unread, letter, strange)
    assert receipt.reasons == {"malformed": 1}
    assert len(receipt.not_yet_read) == 2
    assert list(receipt.unknown.values()) == [1]
    assert "kept aside, nothing reads of #" in "\n".join(receipt.lines())
    assert found_in(zone.home.root, SECRETS) == {}


def _table(root: Path) -> None:
    pq.write_table(pa.table({"kept": [f"of {NAME}"]}), root / "t.parquet", compression="zstd")


def _metadata(root: Path) -> None:
    rows = pa.table({"kept": [1]}).replace_schema_metadata({"note": json.dumps({"by": NAME})})
    pq.write_table(rows, root / "t.parquet")


def _database(root: Path) -> None:
    with sqlite3.connect(root / "t.db") as base:
        base.execute("CREATE TABLE t (kept TEXT)")
        base.execute("INSERT INTO t VALUES (?)", (json.dumps({"of": NAME}),))
    base.close()


def _deleted(root: Path) -> None:
    with sqlite3.connect(root / "t.db") as base:
        base.execute("PRAGMA secure_delete = OFF")
        base.execute("CREATE TABLE t (kept TEXT)")
        base.executemany("INSERT INTO t VALUES (?)", [(PHONE,), ("x",)])
        base.execute("DELETE FROM t WHERE kept <> 'x'")
    base.close()


def _zipped(root: Path) -> None:
    with zipfile.ZipFile(root / "t.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("note.txt", f"{NUMBER.lower()} {'-' * 999}")


@pytest.mark.parametrize(
    "plant",
    [
        _table,
        _metadata,
        _database,
        _deleted,
        _zipped,
        lambda root: (root / "t.json").write_text(json.dumps({"name": NAME})),
        lambda root: (root / "t.html").write_text("&#27431;&#38451;&#27979;&#35797;"),
        lambda root: (root / "t.log").write_text(f'{{"query":"q={quote(NAME)}"}}\n'),
        lambda root: (root / "t.txt").write_text(f"call {PHONE}, please"),
        lambda root: (root / "t.gz").write_bytes(gzip.compress(NUMBER.encode())),
        lambda root: (root / f"{NUMBER}.txt").touch(),
    ],
)
def test_one_that_is_planted_is_found_in_any_kind_of_file(
    tmp_path: Path, plant: Callable[[Path], object]
) -> None:
    (tmp_path / "deep").mkdir()
    assert found_in(tmp_path, SECRETS) == {}
    plant(tmp_path / "deep")
    (held,) = found_in(tmp_path, SECRETS).values()
    assert held <= {NAME, NUMBER, PHONE}
    assert held


def test_an_original_whose_last_block_was_cut_off_is_refused(
    zone: Zone, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(evidence, "_BLOCK", 64)
    sent = message(order_entity("O1"))
    receipt = zone.receive(zone.message(sent))
    digest = receipt.files[0].sha256
    assert b"".join(evidence.original(digest, zone.home, KEYS.seal)) == sent.encode()
    (kept,) = zone.home.evidence.rglob("*.sealed")
    whole, blocks, place = kept.read_bytes(), [], 0
    while place < len(whole):
        blocks.append(place)
        place += 4 + int.from_bytes(whole[place : place + 4], "big")
    kept.write_bytes(whole[: blocks[-1]])
    with pytest.raises(SealBroken):
        list(evidence.original(digest, zone.home, KEYS.seal))
