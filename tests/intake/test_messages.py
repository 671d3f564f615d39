"""CEB messages: what is read, what is kept aside, what changes, what vanishes."""

from datetime import datetime

import pytest

from intake.evidence import original
from storage.sealed import unseal
from tests.intake.made import FIRM, KEYS, NOW, Zone, message, order, order_entity, order_line

KEY = f"{FIRM}|{FIRM}|O1"


def test_an_order_becomes_a_row_and_its_lines(zone: Zone) -> None:
    receipt = zone.receive(zone.message(message(order_entity("O1", lines=(1, 2)))))
    assert receipt.files[-1].kind == "CEB311"
    assert receipt.files[-1].entities == 1
    assert receipt.tables["orders"].accepted == 1
    (row,) = zone.rows("orders")
    assert (row["document_key"], row["direction"], row["goods_value"]) == (KEY, "I", 100)
    assert row["happened_at"] == datetime.fromisoformat("2026-05-01 10:00")
    assert (row["known_at"], row["asserted"]) == (NOW, False)
    lines = zone.rows("order_lines")
    assert [line["document_key"] for line in lines] == [f"{KEY}|1", f"{KEY}|2"]
    assert {line["parent_key"] for line in lines} == {KEY}
    assert {line["reported_at"] for line in lines} == {row["reported_at"]}


def test_a_message_and_an_extract_of_the_same_order_meet(zone: Zone) -> None:
    zone.receive(zone.message(message(order_entity("O1"))))
    receipt = zone.receive(zone.extract("orders", [order("O1")]))
    assert receipt.tables["orders"].unchanged == 1


@pytest.mark.parametrize("prefix", ["", "x"])
def test_any_prefix_and_a_byte_order_mark_are_read(zone: Zone, prefix: str) -> None:
    text = message(order_entity("O1"))
    colon = f"{prefix}:" if prefix else ""
    text = text.replace("xmlns:ceb", f"xmlns{':' if prefix else ''}{prefix}").replace("ceb:", colon)
    receipt = zone.receive(zone.message(b"\xef\xbb\xbf" + text.encode()))
    assert receipt.total.accepted == 2


def test_a_change_is_a_new_version_and_lines_it_no_longer_has_end(zone: Zone) -> None:
    later = NOW.replace(month=7)
    zone.receive(zone.message(message(order_entity("O1", lines=(1, 2, 3)))))
    change = order_entity("O1", lines=(1, 3), appType="2", appTime="20260502100000")
    zone.receive(zone.message(message(change)), now=later)
    assert [row["version"] for row in zone.rows("orders")] == [1, 2]
    assert len(zone.alive("order_lines")) == 3
    after = zone.alive("order_lines", later.date())
    assert sorted(after) == [f"{KEY}|1", f"{KEY}|3"]
    assert {line["version"] for line in after.values()} == {2}


def test_a_deletion_ends_the_document_and_all_its_lines(zone: Zone) -> None:
    later = NOW.replace(month=7)
    zone.receive(zone.message(message(order_entity("O1", lines=(1, 2)))))
    receipt = zone.receive(zone.message(message(order_entity("O1", (), appType="3"))), now=later)
    assert receipt.tables["orders"].accepted == 1
    assert list(zone.alive("orders")) == [KEY]
    assert zone.alive("orders", later.date()) == {}
    assert zone.alive("order_lines", later.date()) == {}


def test_several_versions_in_one_batch_follow_each_other(zone: Zone) -> None:
    sent = [
        order_entity("O1", (1, 2)),
        order_entity("O1", (2, 3), appType="2", appTime="20260501110000"),
        order_entity("O1", (3,), appType="2", appTime="20260501120000"),
    ]
    receipt = zone.receive(zone.message(message(*sent)))
    assert receipt.tables["orders"].accepted == 3
    assert list(zone.alive("order_lines")) == [f"{KEY}|3"]
    assert [row["version"] for row in zone.rows("order_lines")] == [1, 1, 2, 1, 2]


def test_an_old_sending_repeated_changes_nothing(zone: Zone) -> None:
    first = order_entity("O1", (1, 2))
    change = order_entity("O1", (1,), appType="2", appTime="20260502100000")
    zone.receive(zone.message(message(first)))
    zone.receive(zone.message(message(change)))
    before = zone.listing()
    again = zone.receive(zone.message(message(first, order_entity("O9"))))
    assert again.tables["orders"].accepted == 1
    assert again.tables["orders"].unchanged == 1
    assert sorted(zone.alive("order_lines")) == [f"{KEY}|1", f"{FIRM}|{FIRM}|O9|1"]
    assert len(zone.listing()) == len(before) + 3


def test_one_bad_line_refuses_its_whole_order_and_no_other(zone: Zone) -> None:
    bad = order_entity("O1", (1, 2)).replace("<ceb:qty>1<", "<ceb:qty>one<", 1)
    receipt = zone.receive(zone.message(message(bad, order_entity("O2"))))
    assert receipt.reasons == {"wrong_type": 1, "part_refused": 2}
    assert list(zone.alive("orders")) == [f"{FIRM}|{FIRM}|O2"]
    (entry,) = (entry for entry in zone.quarantined() if entry["sealed"])
    opened = unseal(entry["sealed"], KEYS.seal, entry["entry_id"]).decode()
    assert "<ceb:qty>one</ceb:qty>" in opened


def test_a_line_number_used_twice_refuses_the_order(zone: Zone) -> None:
    receipt = zone.receive(zone.message(message(order_entity("O1", (1, 1)))))
    assert receipt.reasons == {"duplicate": 1, "part_refused": 2}
    assert receipt.total.accepted == 0


def test_unknown_elements_are_named_and_lie_in_the_sealed_original(zone: Zone) -> None:
    drifted = order_entity("O1").replace(
        "<ceb:freight>", "<ceb:newField>7</ceb:newField><ceb:freight>"
    )
    path = zone.message(message(drifted.replace("</ceb:Order>", "<ceb:Extra/></ceb:Order>")))
    receipt = zone.receive(path)
    assert receipt.total.accepted == 2
    assert receipt.files[-1].unknown == {"newField": 1, "Extra": 1}
    kept = b"".join(original(receipt.files[-1].sha256, zone.home, KEYS.seal))
    assert kept == path.read_bytes()


def test_import_and_export_share_names_but_the_root_decides(zone: Zone) -> None:
    export = message(order_entity("O1", orderType="E"), root="CEB303Message")
    zone.receive(zone.message(export))
    (row,) = zone.rows("orders")
    assert row["direction"] == "E"
    assert row["buyer_name_hash"] is None


def test_kinds_that_nothing_reads_yet_are_named(zone: Zone) -> None:
    files = [zone.message(message(root=root)) for root in ("CEB999Message", "Letter")]
    receipt = zone.receive(*files)
    assert receipt.not_yet_read == {"CEB999Message": 1, "Letter": 1}
    assert receipt.total.offered == 0


def test_history_takes_the_report_time_as_time_of_knowing(zone: Zone) -> None:
    sent = message(
        order_entity("O1", (1, 2), appTime="20260301100000"),
        order_entity("O1", (1,), appType="2", appTime="20260302100000"),
    )
    zone.receive(zone.message(sent), history=True)
    first, second = zone.rows("orders")
    assert first["known_at"] == datetime.fromisoformat("2026-03-01 10:00")
    assert second["asserted"]
    day = first["known_at"].date()
    assert len(zone.alive("order_lines", day)) == 2
    assert len(zone.alive("order_lines", day.replace(day=2))) == 1


def test_lines_known_from_an_extract_end_with_their_document(zone: Zone) -> None:
    zone.receive(
        zone.extract("orders", [order("O1")]),
        zone.extract("order_lines", [order_line("O1", n) for n in (1, 2)]),
    )
    change = order_entity("O1", (2,), appType="2", appTime="20260502100000")
    zone.receive(zone.message(message(change)))
    assert list(zone.alive("order_lines")) == [f"{KEY}|2"]


def test_messages_of_two_kinds_are_taken_in_the_order_of_their_files(zone: Zone) -> None:
    for day, (kind, value) in enumerate((("311", "1"), ("303", "2"), ("311", "3")), start=1):
        at, ordered = f"2026050{day}100000", "I" if kind == "311" else "E"
        told = {"orderType": ordered, "goodsValue": value, "appType": "2", "appTime": at}
        sent = order_entity("O1", (1,), **told)
        zone.message(message(sent, root=f"CEB{kind}Message").replace("buyer", "payer"))
    receipt = zone.receive(zone.folder)
    assert [file.kind for file in receipt.files[-3:]] == ["CEB311", "CEB303", "CEB311"]
    assert [row["goods_value"] for row in zone.rows("orders")] == [1, 2, 3]
