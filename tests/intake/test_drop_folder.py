"""What senders drop into a folder is received once, and no file is ever lost."""

import errno
import json
import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from domain.delivery_errors import DoorTaken, KeyReused
from domain.errors import BadDelivery
from intake.drop_folder import DropFolder
from intake.hand_in import Sender, hand_in
from intake.receipt import Receipt
from storage.journal import DELIVERIES, RECEIPTS
from tests.intake.made import KEYS, NOW, NOW_DAY, Zone, message, order, order_entity

MAPPING = """\
table = "orders"
[columns]
"单号" = "order_no"
"""


class Dropped:
    """A zone, a drop folder, and how its files are handed in."""

    def __init__(self, zone: Zone, root: Path) -> None:
        self.zone = zone
        self.root = root
        root.mkdir()
        self.drop = DropFolder(root)

    def put(self, name: str, content: bytes | str) -> Path:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def hand_in(self, folder: Path, key: str) -> Receipt:
        return hand_in([folder], self.zone.lake, KEYS, Sender(key), NOW).receipt

    def round(self, name: str) -> tuple[list[str], list[Receipt]]:
        told = list(self.drop.take(self.drop.settled(self.drop.look()), name))
        done = [self.drop.finish(taken, self.hand_in) for taken in self.drop.under_way()]
        return told, [receipt for receipt in done if receipt is not None]

    def files(self) -> list[str]:
        found = (path for path in self.root.rglob("*") if path.is_file())
        return sorted(path.relative_to(self.root).as_posix() for path in found)

    def receipts(self) -> int:
        return len(self.zone.lake.journal.ask(select(RECEIPTS.c.number)))


@pytest.fixture
def dropped(zone: Zone, tmp_path: Path) -> Dropped:
    return Dropped(zone, tmp_path / "drop")


def letter(*numbers: str) -> str:
    return message(*(order_entity(number) for number in numbers))


def extract(dropped: Dropped, name: str, *numbers: str) -> Path:
    made = dropped.zone.extract("orders", [order(number) for number in numbers])
    return dropped.put(name, made.read_bytes())


def test_a_round_is_one_batch_with_its_receipt(dropped: Dropped) -> None:
    dropped.put("customs/1.xml", letter("O1"))
    dropped.put("tax/1.xml", letter("O2"))
    extract(dropped, "orders-1.parquet", "O3")
    told, (receipt,) = dropped.round("one")
    assert told == []
    assert receipt.tables["orders"].accepted == 3
    batch = receipt.batch
    assert dropped.files() == [
        f"receipts/{batch}.json",
        f"received/{batch}/customs/1.xml",
        f"received/{batch}/orders-1.parquet",
        f"received/{batch}/tax/1.xml",
    ]
    left = (dropped.root / f"receipts/{batch}.json").read_text("utf-8")
    assert Receipt.model_validate_json(left) == receipt
    assert len(dropped.zone.alive("orders")) == 3
    assert dropped.zone.lake.journal.ask(select(DELIVERIES))[0]["officer"] is None
    for name in ("received", "under-way"):
        assert (dropped.root / name).stat().st_mode & 0o077 == 0
    assert dropped.round("two") == ([], [])
    assert dropped.receipts() == 2


def test_a_file_is_taken_when_it_has_settled(dropped: Dropped) -> None:
    whole = letter("O1")
    path = dropped.put("1.xml", whole[:100])
    before = dropped.drop.look()
    dropped.put("2.xml", letter("O2"))
    path.write_text(whole)
    assert dropped.drop.settled(before) == []
    again = dropped.drop.look()
    os.utime(path, ns=(0, path.stat().st_mtime_ns + 1))
    assert dropped.drop.settled(again) == [dropped.root / "2.xml"]
    assert len(dropped.drop.settled(dropped.drop.look())) == 2


def test_what_is_being_written_or_no_document_stays(dropped: Dropped, tmp_path: Path) -> None:
    outside = tmp_path / "outside.xml"
    outside.write_text(letter("O9"))
    for name in ("1.xml.part", ".2.xml", "readme.txt", "orders.toml", ".hidden/3.xml"):
        dropped.put(name, "x")
    (dropped.root / "link.xml").symlink_to(outside)
    (dropped.root / "folder.xml").mkdir()
    os.mkfifo(dropped.root / "pipe.xml")
    assert dropped.drop.look() == {}


def test_a_mapping_stays_and_goes_along(dropped: Dropped) -> None:
    text = "单号,direction\nO1,I\n"
    dropped.put("tax/north.toml", MAPPING)
    dropped.put("tax/north-1.csv", text)
    dropped.put("tax/north-2.csv", text.replace("O1", "O2"))
    told, (receipt,) = dropped.round("one")
    assert told == []
    assert receipt.tables["orders"].offered == 2
    assert "unknown" not in [each.kind for each in receipt.files]
    assert all(not each.unknown for each in receipt.files)
    assert "tax/north.toml" in dropped.files()
    assert f"received/{receipt.batch}/tax/north.toml" in dropped.files()


def test_what_cannot_be_received_holds_up_nothing_else(dropped: Dropped) -> None:
    dropped.put("bad.toml", "table = 3")
    dropped.put("bad-1.csv", "a\n1\n")
    dropped.put("unheard.csv", "a\n1\n")
    dropped.put("a\n.xml", letter("O2"))
    dropped.put("1.xml", letter("O1"))
    told, (receipt,) = dropped.round("one")
    assert len(told) == 3
    assert receipt.tables["orders"].accepted == 1
    why = (dropped.root / "refused/one/why.txt").read_text("utf-8").splitlines()
    assert why == told
    assert any("bad.toml" in line and "table" in line for line in why)
    assert any("unheard.csv" in line and "neither its name nor a mapping" in line for line in why)
    lying = {path.name for path in (dropped.root / "refused/one").iterdir()}
    assert lying == {"bad-1.csv", "unheard.csv", "a\n.xml", "why.txt"}


def test_a_file_that_cannot_be_moved_stays_and_is_named(dropped: Dropped) -> None:
    path = dropped.put("1.xml", letter("O1"))
    dropped.put("2.xml", letter("O2"))
    files = dropped.drop.settled(dropped.drop.look())
    path.unlink()
    (told,) = dropped.drop.take(files, "one")
    assert "1.xml cannot be taken" in told
    (taken,) = dropped.drop.under_way()
    assert dropped.drop.finish(taken, dropped.hand_in) is not None


def test_what_was_put_in_its_place_since_is_not_followed(dropped: Dropped, tmp_path: Path) -> None:
    outside = tmp_path / "outside.xml"
    outside.write_text(letter("O9"))
    path = dropped.put("1.xml", letter("O1"))
    files = dropped.drop.settled(dropped.drop.look())
    path.unlink()
    path.symlink_to(outside)
    (told,) = dropped.drop.take(files, "one")
    assert "1.xml cannot be taken, and stays there" in told
    assert path.is_symlink()


def test_what_cannot_be_read_stays(dropped: Dropped, monkeypatch: pytest.MonkeyPatch) -> None:
    path = dropped.put("1.xml", letter("O1"))

    def forbidden(*_: object) -> int:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))

    monkeypatch.setattr(os, "open", forbidden)
    (told,) = dropped.drop.take([path], "one")
    assert "1.xml cannot be taken, and stays there: Permission denied." in told
    assert dropped.files() == ["1.xml"]


def test_what_lies_out_of_reach_is_not_seen(
    dropped: Dropped, monkeypatch: pytest.MonkeyPatch
) -> None:
    dropped.put("1.xml", letter("O1"))

    def forbidden(*_: object) -> os.stat_result:
        raise PermissionError

    monkeypatch.setattr(Path, "lstat", forbidden)
    assert dropped.drop.look() == {}


def test_a_stray_file_among_what_is_under_way_is_left_alone(dropped: Dropped) -> None:
    dropped.put("under-way/stray.xml", letter("O1"))
    assert dropped.round("one") == ([], [])
    assert dropped.files() == ["under-way/stray.xml"]


def test_while_another_receipt_is_under_way_it_waits(dropped: Dropped) -> None:
    dropped.put("1.xml", letter("O1"))
    list(dropped.drop.take(dropped.drop.settled(dropped.drop.look()), "one"))
    (taken,) = dropped.drop.under_way()

    def busy(*_: object) -> Receipt:
        raise DoorTaken

    with pytest.raises(DoorTaken):
        dropped.drop.finish(taken, busy)
    assert dropped.files() == ["under-way/one/1.xml"]
    assert dropped.drop.finish(taken, dropped.hand_in) is not None


def test_killed_after_it_counted_it_gets_the_same_receipt(dropped: Dropped) -> None:
    dropped.put("1.xml", letter("O1"))
    list(dropped.drop.take(dropped.drop.settled(dropped.drop.look()), "one"))
    (taken,) = dropped.drop.under_way()
    first = dropped.hand_in(taken, taken.name)
    before = dropped.receipts()
    receipt = dropped.drop.finish(taken, dropped.hand_in)
    assert receipt == first
    assert dropped.receipts() == before
    assert dropped.files() == [f"receipts/{first.batch}.json", f"received/{first.batch}/1.xml"]


def test_killed_before_its_first_file_it_leaves_nothing(dropped: Dropped) -> None:
    dropped.put("under-way/one/tax/north.toml", MAPPING)
    (taken,) = dropped.drop.under_way()
    assert dropped.drop.finish(taken, dropped.hand_in) is None
    assert dropped.files() == []
    assert dropped.receipts() == 1


def _changed(taken: Path) -> None:
    (taken / "1.xml").write_text(letter("O2"))


def _unmapped(taken: Path) -> None:
    (taken / "bad-1.csv").write_text("a\n1\n")
    (taken / "bad.toml").write_text("table = 3")


@pytest.mark.parametrize(("harm", "kind"), [(_changed, KeyReused), (_unmapped, BadDelivery)])
def test_a_batch_that_is_refused_whole_is_kept_apart(
    dropped: Dropped, harm: Callable[[Path], None], kind: type[Exception]
) -> None:
    dropped.put("1.xml", letter("O1"))
    list(dropped.drop.take(dropped.drop.settled(dropped.drop.look()), "one"))
    (taken,) = dropped.drop.under_way()
    dropped.hand_in(taken, taken.name)
    harm(taken)
    with pytest.raises(kind):
        dropped.drop.finish(taken, dropped.hand_in)
    assert dropped.drop.under_way() == []
    assert {"refused/one/1.xml", "refused/one/why.txt"} <= set(dropped.files())


def test_dropped_again_it_is_unchanged_and_a_batch_of_its_own(dropped: Dropped) -> None:
    dropped.put("1.xml", letter("O1"))
    _, (first,) = dropped.round("one")
    dropped.put("1.xml", letter("O1"))
    _, (second,) = dropped.round("two")
    assert first.batch != second.batch
    assert (second.total.unchanged, second.total.accepted) == (second.total.offered, 0)
    left = json.loads((dropped.root / f"receipts/{second.batch}.json").read_text("utf-8"))
    assert left["files"][0]["seen_before"]
    assert len(dropped.zone.alive("orders", NOW_DAY + timedelta(days=1))) == 1
