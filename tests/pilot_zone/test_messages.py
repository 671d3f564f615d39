"""Customs messages: official names and order, and nothing told twice."""

import csv
from collections import Counter
from pathlib import Path

import pytest
from lxml import etree

from pilot_zone.message_fields import MESSAGES, Message
from pilot_zone.messages import PER_FILE
from tests.pilot_zone.pieces import Zone

NS = "{http://www.chinaport.gov.cn/ceb}"
FIELDS = Path(__file__).parents[3] / "shared" / "data" / "ceb_fields.csv"


def _roots(zone: Zone) -> list[tuple[str, etree._Element]]:
    files = sorted((zone.folder / "delivery" / "messages").glob("*.xml"))
    return [(file.name, etree.parse(file).getroot()) for file in files]


def _local(element: etree._Element) -> str:
    return str(element.tag).removeprefix(NS)


@pytest.fixture(scope="module")
def roots(zone: Zone) -> list[tuple[str, etree._Element]]:
    return _roots(zone)


def test_every_message_parses_and_holds_at_most_100_entities(
    zone: Zone, roots: list[tuple[str, etree._Element]]
) -> None:
    counted: Counter[str] = Counter()
    for name, root in roots:
        code = _local(root).removesuffix("Message")
        assert name.startswith(code)
        *entities, transfer = root
        assert _local(transfer) == "BaseTransfer"
        assert 1 <= len(entities) <= PER_FILE
        counted[code] += len(entities)
    assert dict(counted) == zone.summary.messages
    assert set(counted) == {message.code for message in MESSAGES}


def _official(direction: str, entity: str) -> list[str]:
    if not FIELDS.exists():
        pytest.skip("The official field table ../shared/data/ceb_fields.csv is not here.")
    with FIELDS.open(encoding="utf-8-sig", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["entity"] == entity]
    side = {"I": "import", "E": "export"}[direction]
    chosen = [row for row in rows if row["direction"] == side]
    return [row["element"] for row in sorted(chosen, key=lambda row: int(row["seq"]))]


@pytest.mark.parametrize("message", MESSAGES, ids=lambda message: message.code)
def test_fields_stand_in_the_official_order(message: Message) -> None:
    assert [name for name, _ in message.fields] == _official(
        message.direction, message.wrappers[-1]
    )
    if message.lines is not None:
        _, entity, fields = message.lines
        assert [name for name, _ in fields] == _official(message.direction, entity)


@pytest.mark.parametrize("message", MESSAGES, ids=lambda message: message.code)
def test_files_hold_the_fields_in_that_order(
    message: Message, roots: list[tuple[str, etree._Element]]
) -> None:
    root = next(root for _, root in roots if _local(root).startswith(message.code))
    head = root[0] if len(message.wrappers) == 1 else root[0][0]
    assert _local(root[0]) == message.wrappers[0]
    names = [_local(element) for element in head]
    assert names == [name for name, _ in message.fields]
    if message.lines is not None:
        numbers = [line.findtext(f"{NS}gnum") for line in list(root[0])[1:]]
        assert numbers[0] == "1"
        assert [_local(line) for line in list(root[0])[1:]] == [message.lines[1]] * len(numbers)


def _texts(roots: list[tuple[str, etree._Element]], code: str, field: str) -> list[str]:
    found = (root for _, root in roots if _local(root) == f"{code}Message")
    return [str(element.text) for root in found for element in root.iter(f"{NS}{field}")]


def test_an_order_is_told_once_by_message_or_extract(
    zone: Zone, roots: list[tuple[str, etree._Element]]
) -> None:
    told = [*_texts(roots, "CEB311", "orderNo"), *_texts(roots, "CEB303", "orderNo")]
    assert len(told) == len(set(told)) > 100
    assert not set(told) & set(zone.read("orders")["order_no"])
    assert not set(told) & set(zone.read("order_lines")["order_no"])


def test_an_order_and_its_documents_take_the_same_way(
    roots: list[tuple[str, etree._Element]],
) -> None:
    orders = set(_texts(roots, "CEB311", "orderNo"))
    assert set(_texts(roots, "CEB411", "orderNo")) <= orders
    assert set(_texts(roots, "CEB621", "orderNo")) <= orders
    assert set(_texts(roots, "CEB603", "orderNo")) <= set(_texts(roots, "CEB303", "orderNo"))


def test_enterprises_go_by_their_customs_code(
    zone: Zone, roots: list[tuple[str, etree._Element]]
) -> None:
    roll = zone.read("enterprises")
    assert set(_texts(roots, "CEB311", "ebcCode")) <= set(roll["customs_code"])
    assert set(_texts(roots, "CEB303", "ebpCode")) <= {*roll["customs_code"], "无"}


def test_identifiers_of_entities_are_unique(roots: list[tuple[str, etree._Element]]) -> None:
    guids = [str(element.text) for _, root in roots for element in root.iter(f"{NS}guid")]
    assert len(guids) == len(set(guids))
    assert all(len(guid) == 36 for guid in guids)
