"""Every message with every element it may have: each leaf where the field table says it goes."""

import pytest

from domain.tables import TABLES
from intake.ceb_fields import MESSAGES, Message
from intake.offered import KNOWN_AT, OPERATION
from tests.intake.letters import letter, read, wrapped
from tests.intake.made import FIRM, NAMESPACE, Zone, message, order_entity

by_kind = pytest.mark.parametrize("kind", MESSAGES.values(), ids=lambda each: each.kind)
TRANSFER = "<ceb:BaseTransfer><ceb:copCode>1</ceb:copCode></ceb:BaseTransfer>"
SUBSCRIBE = "<ceb:BaseSubscribe><ceb:status>1</ceb:status></ceb:BaseSubscribe>"
SIGNATURE = (
    '<ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:SignedInfo>'
    "<ds:SignatureValue>x</ds:SignatureValue></ds:SignedInfo></ds:Signature>"
)
EXTEND = (
    "<ceb:ExtendMessage><ceb:name>x</ceb:name><ceb:Message><a/></ceb:Message></ceb:ExtendMessage>"
)


@by_kind
def test_every_leaf_goes_where_the_field_table_says(zone: Zone, kind: Message) -> None:
    receipt = zone.receive(zone.message(letter(kind)))
    (file,) = receipt.files
    assert (file.kind, file.entities, file.unknown) == (kind.kind, 1, {})
    assert {table: count.accepted for table, count in receipt.tables.items()} == dict.fromkeys(
        kind.tables, 1
    )
    for table, targets in kind.tables.items():
        (row,) = zone.rows(table)
        columns = {column.name: column for column in TABLES[table].columns}
        for target in targets:
            if target.column in {OPERATION, KNOWN_AT}:
                continue
            column = columns[target.column]
            if column.personal or column.hashed:
                assert all(row[kept.name] is not None for kept in column.derived()[:1])
            elif target.element.startswith("="):
                assert row[target.column] == target.element[1:]
            else:
                assert row[target.column] == read(kind, target.part, target.element, column)


@by_kind
def test_an_element_of_the_next_edition_is_counted_in_every_part(zone: Zone, kind: Message) -> None:
    sent = letter(kind)
    for part in kind.parts:
        name = part or kind.entity
        sent = sent.replace(f"</ceb:{name}>", f"<ceb:next>1</ceb:next></ceb:{name}>")
    receipt = zone.receive(zone.message(sent))
    assert receipt.files[0].unknown == {"next": len(kind.parts)}
    assert receipt.total.accepted == len(kind.tables)


def test_what_stands_beside_the_entities_is_known_and_may_come_twice(zone: Zone) -> None:
    beside = TRANSFER * 2 + SUBSCRIBE * 5 + SIGNATURE + EXTEND
    receipt = zone.receive(zone.message(wrapped(order_entity() + beside, "CEB311Message")))
    assert receipt.files[0].unknown == {}
    assert receipt.tables["orders"].accepted == 1


def test_what_is_strange_beside_the_entities_is_counted(zone: Zone) -> None:
    drifted = TRANSFER.replace("copCode", "copCodeNew") + "<ceb:Drift><ceb:a/></ceb:Drift>" * 2
    receipt = zone.receive(zone.message(wrapped(order_entity() + drifted, "CEB311Message")))
    assert receipt.files[0].unknown == {"copCodeNew": 1, "Drift": 2}


def test_a_leaf_given_twice_counts_once_and_the_other_is_named(zone: Zone) -> None:
    twice = order_entity("O1").replace(
        "<ceb:freight>", "<ceb:orderNo>O2</ceb:orderNo><ceb:freight>"
    )
    receipt = zone.receive(zone.message(message(twice)))
    assert receipt.files[0].unknown == {"orderNo": 1}
    assert list(zone.alive("orders")) == [f"{FIRM}|{FIRM}|O1"]


def test_a_head_given_twice_counts_once_and_the_other_is_named(zone: Zone) -> None:
    head = order_entity("O2", ()).removeprefix("<ceb:Order>").removesuffix("</ceb:Order>")
    twice = order_entity("O1").replace("</ceb:Order>", f"{head}</ceb:Order>")
    receipt = zone.receive(zone.message(message(twice)))
    assert receipt.files[0].unknown == {"OrderHead": 1}
    assert list(zone.alive("orders")) == [f"{FIRM}|{FIRM}|O1"]


def test_elements_inside_a_leaf_are_named(zone: Zone) -> None:
    nested = (
        order_entity("O1")
        .replace("<ceb:note>", "")
        .replace("<ceb:orderNo>O1", "<ceb:orderNo>O1<ceb:b>x<ceb:c/></ceb:b>")
    )
    receipt = zone.receive(zone.message(message(nested)))
    assert receipt.files[0].unknown == {"b": 1, "c": 1}
    assert list(zone.alive("orders")) == [f"{FIRM}|{FIRM}|O1"]


@pytest.mark.parametrize(
    ("root", "kind"),
    [
        ("CEB31lMessage", "CEB311"),
        ("OrderMessage", "CEB311"),
        ("CEB999Message", "CEB311"),
        ("CEB411Message", "CEB311"),
        ("CEB311", "CEB311"),
    ],
)
def test_a_misnamed_root_is_read_by_its_entities_and_named(
    zone: Zone, root: str, kind: str
) -> None:
    receipt = zone.receive(zone.message(message(order_entity("O1"), root=root)))
    (file,) = receipt.files
    assert (file.kind, file.entities, file.unknown) == (kind, 1, {root: 1})
    assert receipt.not_yet_read == {}


@by_kind
def test_the_entities_tell_the_kind_where_the_root_is_misspelt(zone: Zone, kind: Message) -> None:
    sent = letter(kind).replace(f"{kind.kind}Message", f"{kind.kind}Mesage")
    receipt = zone.receive(zone.message(sent))
    assert receipt.files[0].kind == kind.kind


@by_kind
def test_the_entities_alone_tell_the_kind_or_one_alike_to_the_letter(
    zone: Zone, kind: Message
) -> None:
    receipt = zone.receive(zone.message(letter(kind).replace(f"{kind.kind}Message", "Misnamed")))
    told = MESSAGES[receipt.files[0].kind]
    assert (told.entity, told.names()) == (kind.entity, kind.names())
    assert receipt.files[0].unknown == {"Misnamed": 1}


def test_an_entity_after_its_transfer_is_found_too(zone: Zone) -> None:
    receipt = zone.receive(zone.message(wrapped(TRANSFER + order_entity(), "CEB311Message")))
    assert (receipt.files[0].kind, receipt.files[0].entities) == ("CEB311", 1)
    assert receipt.files[0].unknown == {}


def test_a_root_without_namespace_may_hold_qualified_entities(zone: Zone) -> None:
    bare = f'<CEB311Message xmlns:ceb="{NAMESPACE}">{order_entity("O1")}</CEB311Message>'
    receipt = zone.receive(zone.message(bare))
    assert receipt.files[0].entities == 1
    assert receipt.total.accepted == 2


def test_a_message_without_any_namespace_is_read(zone: Zone) -> None:
    bare = message(order_entity("O1")).replace(f' xmlns:ceb="{NAMESPACE}"', "")
    receipt = zone.receive(zone.message(bare.replace("ceb:", "")))
    assert receipt.total.accepted == 2


def test_other_vocabularies_are_not_taken_for_customs_messages(zone: Zone) -> None:
    local = message(order_entity("O1"), root="Orders").replace(
        NAMESPACE, "http://example.org/local"
    )
    receipt = zone.receive(zone.message(local))
    assert receipt.not_yet_read == {"Orders": 1}
    assert receipt.total.offered == 0


def test_a_list_that_names_no_parcel_is_refused_not_lost(zone: Zone) -> None:
    sent = letter(MESSAGES["CEB507"])
    cut = sent[: sent.index("<ceb:ArrivalList>")] + sent[sent.index("</ceb:ArrivalList>") + 18 :]
    receipt = zone.receive(zone.message(cut))
    assert receipt.tables["arrivals"].quarantined == 1
    assert receipt.reasons == {"missing": 1}
