"""The field table is whole: each official element is mapped or kept aside, columns are real."""

import csv
from pathlib import Path

import pytest

from domain.tables import TABLES
from intake.ceb_fields import KEPT_ASIDE, MESSAGES, PAYMENT, Message
from intake.offered import KNOWN_AT, OPERATION

DATA = Path(__file__).parents[3] / "shared/data"
EDITIONS = ("ceb_fields.csv", "ceb_fields_202205.csv")
IMPORT = "311 312 411 412 511 512 513 514 621 622 623 624 625 626 711 712 816 818 900"
EXPORT = (
    "213 214 215 216 303 304 403 404 505 506 507 508 509 510 603 604 605 606 607 608 701 702 792"
)
KINDS = {
    "import": {f"CEB{number}" for number in IMPORT.split()},
    "export": {f"CEB{number}" for number in EXPORT.split()},
}
official = pytest.mark.skipif(
    not (DATA / EDITIONS[0]).exists(), reason="the official field tables are not beside the project"
)


def rows(edition: str) -> list[tuple[str, str, str]]:
    """Direction, entity, element."""
    text = (DATA / edition).read_text("utf-8")
    return [
        (row["direction"], row["entity"], row["element"].rpartition(":")[2])
        for row in csv.DictReader(text.splitlines())
    ]


def knows(message: Message, entity: str, element: str) -> bool | None:
    """Whether a message knows an element of an entity; None if it has no such entity."""
    if entity in message.parts:
        return element in message.parts[entity]
    if entity != message.entity:
        return None
    return element in (message.parts[""] if message.flat else message.parts)


def test_every_message_of_both_editions_is_read() -> None:
    assert set(MESSAGES) == KINDS["import"] | KINDS["export"]


@official
@pytest.mark.parametrize("edition", EDITIONS)
def test_every_official_element_is_mapped_or_kept_aside(edition: str) -> None:
    lost = []
    for direction, entity, element in rows(edition):
        if entity.startswith("CEB"):
            known = {MESSAGES[entity.removesuffix("Message")].entity, *KEPT_ASIDE}
            told = element in known
        elif entity in KEPT_ASIDE:
            told = element in KEPT_ASIDE[entity]
        else:
            said = {knows(MESSAGES[kind], entity, element) for kind in KINDS[direction]} - {None}
            # a `Tax` is a bill or a status of one, by its root
            told = said == {True} or (entity == "Tax" and True in said)
        if not told:
            lost.append((direction, entity, element))
    assert lost == []


@official
def test_nothing_is_read_that_no_edition_has() -> None:
    both = {row for edition in EDITIONS for row in rows(edition)}
    for direction, kinds in KINDS.items():
        for kind in kinds:
            message = MESSAGES[kind]
            for part, elements in message.parts.items():
                place = (direction, part or message.entity)
                named = {e for d, entity, e in both if (d, entity) == place}
                assert elements <= named, (kind, part)


@pytest.mark.parametrize("message", [*MESSAGES.values(), PAYMENT], ids=lambda each: each.kind)
def test_targets_are_columns_of_the_contract_and_fill_what_is_required(message: Message) -> None:
    assert message.tables
    for name, targets in message.tables.items():
        columns = {column.name: column for column in TABLES[name].columns}
        named = [target.column for target in targets]
        assert len(named) == len(set(named))
        assert set(named) <= {*columns, OPERATION, KNOWN_AT}
        assert KNOWN_AT in named
        required = {name for name, column in columns.items() if column.required}
        assert required <= set(named) | {TABLES[name].line}


@pytest.mark.parametrize("message", MESSAGES.values(), ids=lambda each: each.kind)
def test_a_document_comes_before_its_lines_and_gives_them_its_key(message: Message) -> None:
    head, *lines = message.tables
    assert TABLES[head].line is None
    for line in lines:
        assert TABLES[line].key[:-1] == TABLES[head].key
        assert message.rows_of(line) in message.repeated


def test_no_two_messages_of_one_direction_hold_the_same_entity_but_tax_bills() -> None:
    for kinds in KINDS.values():
        entities = sorted(MESSAGES[kind].entity for kind in kinds)
        assert len(entities) - len(set(entities)) == entities.count("Tax") // 2
