"""Every message with every element it may have: each leaf where the field table says it goes."""

import pytest

from domain.tables import TABLES
from intake.ceb_fields import MESSAGES, Message
from intake.offered import KNOWN_AT, OPERATION
from tests.intake.letters import letter, read, text, wrapped
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


def all_read(zone: Zone) -> bool:
    """Whether a message of every kind is read as that, with nothing missing or unknown."""
    (_, *files), reasons = (receipt := zone.receive(zone.folder)).files, receipt.reasons
    seen = [(file.kind, file.entities, file.unknown) for file in files]
    # the texts made here are alike, so some documents of two kinds are the same one
    whole = seen == [(kind, 1, {}) for kind in MESSAGES]
    return whole and {*reasons} == {"duplicate", "part_refused"}


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


def test_a_transfer_before_and_another_after_the_entity_change_nothing(zone: Zone) -> None:
    for kind in MESSAGES.values():
        entity = letter(kind).partition('guid="g">')[2].removesuffix(f"</ceb:{kind.kind}Message>")
        around = TRANSFER + entity + SIGNATURE + TRANSFER.replace(">1<", ">2<")
        zone.message(wrapped(around, f"{kind.kind}Message"), f"{kind.kind}.xml")
    assert all_read(zone)


def test_what_is_strange_beside_the_entities_is_counted(zone: Zone) -> None:
    drifted = TRANSFER.replace("copCode", "copCodeNew") + "<ceb:Drift><ceb:a/></ceb:Drift>" * 2
    receipt = zone.receive(zone.message(wrapped(order_entity() + drifted, "CEB311Message")))
    assert receipt.files[0].unknown == {"copCodeNew": 1, "Drift": 2, "a": 2}


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


def test_an_entity_after_its_transfer_is_found_too(zone: Zone) -> None:
    receipt = zone.receive(zone.message(wrapped(TRANSFER + order_entity(), "CEB311Message")))
    assert (receipt.files[0].kind, receipt.files[0].entities) == ("CEB311", 1)
    assert receipt.files[0].unknown == {}


def test_a_root_without_namespace_may_hold_qualified_entities(zone: Zone) -> None:
    bare = f'<CEB311Message xmlns:ceb="{NAMESPACE}">{order_entity("O1")}</CEB311Message>'
    receipt = zone.receive(zone.message(bare))
    assert receipt.files[0].entities == 1
    assert receipt.total.accepted == 2


def test_entities_without_namespace_in_a_qualified_root_are_read(zone: Zone) -> None:
    for kind in MESSAGES.values():
        root, inside = f"ceb:{kind.kind}Message", letter(kind).replace("ceb:", "")
        sent = inside.replace(f"{kind.kind}Message", root).replace("xmlns:=", "xmlns:ceb=")
        beside = TRANSFER + TRANSFER.replace("ceb:", "")
        sent = sent.replace(f"</{root}>", f"{beside}</{root}>")
        zone.message(sent.replace('xmlns="', 'xmlns:ceb="'), f"{kind.kind}.xml")
    assert all_read(zone)


def test_an_entity_of_another_message_is_refused_beside_the_others(zone: Zone) -> None:
    payment = (
        "<ceb:Payment><ceb:PaymentHead><ceb:payCode>P</ceb:payCode></ceb:PaymentHead></ceb:Payment>"
    )
    receipt = zone.receive(zone.message(message(order_entity("O1"), payment)))
    assert receipt.files[0].entities == 2
    assert receipt.files[0].unknown == {"Payment": 1, "PaymentHead": 1, "payCode": 1}
    assert (receipt.tables["orders"].offered, receipt.tables["orders"].quarantined) == (2, 1)
    assert [entry["position"] for entry in zone.quarantined()] == [2]


@pytest.mark.parametrize("flat", ["CEB505", "CEB818"])
def test_an_entity_of_which_nothing_is_known_is_refused_alone_too(zone: Zone, flat: str) -> None:
    kind = MESSAGES[flat]
    sent = wrapped(
        f"<ceb:{kind.entity}><ceb:novel>1</ceb:novel></ceb:{kind.entity}>", f"{flat}Message"
    )
    receipt = zone.receive(zone.message(sent))
    assert (receipt.total.offered, receipt.total.quarantined) == (1, 1)


@pytest.mark.parametrize("inside", ["", TRANSFER, order_entity().replace("Order>", "Ordre>")])
def test_a_message_without_any_business_entity_is_refused(zone: Zone, inside: str) -> None:
    path = zone.message(wrapped(inside, "CEB311Message"))
    receipt = zone.receive(path)
    assert receipt.reasons == {"no_entity": 1}
    assert zone.receive(path).total.unchanged == 1


@pytest.mark.parametrize("root", ["CEB311Message", "CEB31Message"])
def test_a_message_without_any_namespace_is_read(zone: Zone, root: str) -> None:
    bare = message(order_entity("O1"), root=root).replace(f' xmlns:ceb="{NAMESPACE}"', "")
    receipt = zone.receive(zone.message(bare.replace("ceb:", "")))
    assert receipt.total.accepted == 2


@pytest.mark.parametrize("namespace", ["http://example.org/local", ""])
def test_other_vocabularies_are_not_taken_for_customs_messages(zone: Zone, namespace: str) -> None:
    local = message(order_entity("O1"), root="Orders").replace("ceb:", "")
    local = local.replace(f'xmlns:ceb="{NAMESPACE}"', f'xmlns="{namespace}"')
    receipt = zone.receive(zone.message(local))
    assert receipt.not_yet_read == {"Orders": 1}
    assert receipt.total.offered == 0


def test_receipts_of_one_moment_for_two_returns_are_two(zone: Zone) -> None:
    """Of what names an export return, coElNo alone is mandatory (CEB214)."""
    kind = MESSAGES["CEB214"]
    sent = letter(kind, lambda part, name: "" if name == "preNo" else text(kind, part, name))
    other = sent.replace("<ceb:coElNo>", "<ceb:coElNo>2")
    receipt = zone.receive(zone.message(sent), zone.message(other))
    assert receipt.tables["customs_receipts"].accepted == 2


def test_a_list_that_names_no_parcel_is_refused_not_lost(zone: Zone) -> None:
    sent = letter(MESSAGES["CEB507"])
    cut = sent[: sent.index("<ceb:ArrivalList>")] + sent[sent.index("</ceb:ArrivalList>") + 18 :]
    receipt = zone.receive(zone.message(cut))
    assert receipt.tables["arrivals"].quarantined == 1
    assert receipt.reasons == {"missing": 1}
