"""What an officer opens can be put right in place and received as it is."""

from datetime import timedelta
from pathlib import Path

import pytest
from lxml import etree

from domain.officer import Department, Officer, Right
from intake.correctable import correctable
from intake.entries import State, Wanted
from intake.gate import Door
from intake.workbench import Workbench
from tests.intake.made import KEYS, NOW, Zone, message, order, order_entity

LATER = NOW + timedelta(days=1)
LI = Officer(name="李", department=Department.CUSTOMS, rights=frozenset({Right.UNSEAL}))


def opened(bench: Workbench, reason: str, file: Path) -> bytes:
    """What is refused for a reason, opened into a file."""
    entry = bench.entries(Wanted(reason=reason))[0]
    file.write_bytes(b"".join(bench.open(entry.entry_id, LI, "correcting", LATER)))
    return file.read_bytes()


def corrected(bench: Workbench, file: Path, wrong: str, right: str) -> None:
    text = file.read_text("utf-8")
    assert wrong in text
    file.write_text(text.replace(wrong, right), "utf-8")
    entries = [entry.entry_id for entry in bench.entries(Wanted())]
    receipt = bench.resubmit(entries, [file], LI, Door(LATER))
    assert receipt.total.accepted == receipt.total.offered > 0
    states = {entry.state for entry in bench.entries(Wanted(state=None))}
    assert states == {State.RESUBMITTED}


def test_an_entity_of_a_message_is_put_right_in_place(zone: Zone, tmp_path: Path) -> None:
    entities = (order_entity("O1", (1, 2), goodsValue="x100"), order_entity("O2"))
    zone.receive(zone.message(message(*entities)))
    bench = Workbench(zone.lake, KEYS)
    sent = opened(bench, "wrong_type", tmp_path / "order.xml").decode()
    assert "张三" in sent
    assert "O2" not in sent
    corrected(bench, tmp_path / "order.xml", "x100", "100")


def test_a_row_of_an_extract_is_put_right_in_place(zone: Zone, tmp_path: Path) -> None:
    rows = [order("O1", direction="X", note="一,二"), order("O2")]
    zone.receive(zone.extract("orders", rows))
    bench = Workbench(zone.lake, KEYS)
    file = tmp_path / "orders-right.csv"
    sent = opened(bench, "unknown_code", file).decode()
    assert len(sent.splitlines()) == 2
    assert "张三" in sent
    corrected(bench, file, "X,I,", "I,I,")


@pytest.mark.parametrize("kind", ["CEB311", "orders", "PAY179", "unreadable"])
def test_what_cannot_be_read_is_given_as_it_was_sent(kind: str) -> None:
    assert correctable(b"<Order><a", kind) == b"<Order><a"


def test_a_namespace_without_prefix_is_kept() -> None:
    sent = b'<Order xmlns="http://www.chinaport.gov.cn/ceb"><OrderHead/></Order>'
    given = etree.fromstring(correctable(sent, "CEB311"))
    tags = [etree.QName(each.tag) for each in given.iter()]
    assert [tag.localname for tag in tags] == ["CEB311Message", "Order", "OrderHead"]
    assert {tag.namespace for tag in tags} == {"http://www.chinaport.gov.cn/ceb"}
