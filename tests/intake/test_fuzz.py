"""Ten thousand messages of every kind, each spoilt by chance: nothing breaks, nothing vanishes."""

import base64
import os
import random
from collections import Counter
from collections.abc import Callable, Sequence

import pytest
from lxml import etree

from domain.table import Column, Kind
from domain.tables import TABLES
from intake.ceb_fields import MESSAGES, Message
from intake.receipt import Receipt
from tests.intake.made import FIRM_CUSTOMS, NAMESPACE, Zone

SEED, FILES = 20260601, 1_000
KINDS = sorted(MESSAGES)
ENTITIES = {message.entity for message in MESSAGES.values()}
# of one kind alone a pool meets the same leaves in hundreds of orders
ROUNDS = [KINDS] * 6 + [["CEB303", "CEB311"], ["CEB603", "CEB621"], ["CEB625"], ["CEB311"]]
PLAIN = {
    Kind.AMOUNT: "12.5",
    Kind.COUNT: "1",
    Kind.DATE: "20260501",
    Kind.MOMENT: "20260501100000",
    Kind.FLAG: "true",
}
CHINA = "\u4e2d\u56fd\u00b7\u5f20\u4e09"
VALUES = (
    *("", " ", "0", "-0", "-1", "1.", ".5", "+7", "1e308", "NaN", "inf", "0x1F", "1,000", "true"),
    *("9" * 13, "9" * 14, "9" * 19, "9" * 400, "0." + "0" * 40 + "1", "\uff11\uff12", "\u0664"),
    *("20240230", "20240230101010", "20261332", "20260501256161", "0" * 8, "0" * 14, "9" * 14),
    *("20240229", "2024-02-30", "20990101", "19000101", "2026-05-01T10:00:00+08:00", "1753000000"),
    *("1", "2", "3", "4", "I", "E", "142", "\u65e0", "|", "a|b", "=I", "'; DROP TABLE orders"),
    *("\u202e", "\U0001d11e", "\ufeff", "\u0301", "\ud7ff", CHINA * 30, "x" * 70_000, "\t\r\n"),
)
Rng = random.Random
Element = etree._Element


def made(kind: str, rng: Rng) -> Element:
    """A message of a few business entities that would mostly be accepted."""
    message = MESSAGES[kind]
    root = etree.Element(named(f"{kind}Message"), nsmap={"ceb": NAMESPACE}, guid="g")
    for _ in range(rng.choice((1, 1, 2, 3))):
        entity = etree.SubElement(root, named(message.entity))
        for part in message.parts:
            times = rng.choice((1, 2, 3)) if part in message.repeated else 1
            for number in range(times):
                holder = etree.SubElement(entity, named(part)) if part else entity
                fill(holder, message, part, str(number + 1), rng)
    transfer = etree.SubElement(root, named("BaseTransfer"))
    etree.SubElement(transfer, named("copCode")).text = FIRM_CUSTOMS
    return root


def fill(holder: Element, message: Message, part: str, number: str, rng: Rng) -> None:
    """Give a part each of its leaves."""
    for element in sorted(message.parts[part]):
        if element not in message.parts:
            etree.SubElement(holder, named(element)).text = text(message, part, element, rng)
    for leaf in holder.iterchildren(named("gnum")):
        leaf.text = number


def text(message: Message, part: str, element: str, rng: Rng) -> str:
    """What the contract's column would take; of a document's number only a few, so they meet."""
    for name, targets in message.tables.items():
        columns = {column.name: column for column in TABLES[name].columns}
        for target in targets:
            if (target.part, target.element) == (part, element):
                column = columns.get(target.column)
                return PLAIN[Kind.MOMENT] if target.column == "known_at" else plain(column, rng)
    return CHINA


def plain(column: Column | None, rng: Rng) -> str:
    """A right value of a column, or an operation."""
    if column is None:
        return rng.choice("1112223")
    if column.role is not None:
        return FIRM_CUSTOMS
    return rng.choice(column.codes or (PLAIN.get(column.kind) or f"N{rng.randrange(40)}",))


def named(name: str) -> str:
    """A name in the messages' namespace."""
    return f"{{{NAMESPACE}}}{name}"


def picked(root: Element, rng: Rng, *, leaves: bool) -> Element:
    """A leaf by chance, or any element below the root."""
    below = [each for each in root.iterdescendants("*") if not leaves or not len(each)]
    return rng.choice(below) if below else root


def drop(root: Element, rng: Rng) -> None:
    gone = picked(root, rng, leaves=rng.random() < 0.8)
    parent = gone.getparent()
    if parent is not None:
        parent.remove(gone)


def duplicate(root: Element, rng: Rng) -> None:
    twice = picked(root, rng, leaves=rng.random() < 0.5)
    if twice is not root:
        twice.addnext(copied(twice))


def rename(root: Element, rng: Rng) -> None:
    one, other = (picked(root, rng, leaves=rng.random() < 0.8) for _ in range(2))
    names = (other.tag, named("newField"), "bare", "{urn:other}" + etree.QName(one).localname)
    one.tag = rng.choice(names)


def reorder(root: Element, rng: Rng) -> None:
    holder = picked(root, rng, leaves=True).getparent()
    if holder is not None:
        holder[:] = rng.sample(list(holder), len(holder))


def swap(root: Element, rng: Rng) -> None:
    one, other = (picked(root, rng, leaves=True) for _ in range(2))
    one.text, other.text = other.text, one.text


def replace(root: Element, rng: Rng) -> None:
    picked(root, rng, leaves=True).text = rng.choice(VALUES)


def empty(root: Element, rng: Rng) -> None:
    picked(root, rng, leaves=False)[:] = []


def nest(root: Element, rng: Rng) -> None:
    """An entity, part or leaf inside of another, or of itself."""
    inner, outer = (picked(root, rng, leaves=rng.random() < 0.5) for _ in range(2))
    outer.append(copied(inner))


def lift(root: Element, rng: Rng) -> None:
    """A part or leaf where only entities stand."""
    root.insert(0, picked(root, rng, leaves=rng.random() < 0.3))


def litter(root: Element, rng: Rng) -> None:
    """Comments, instructions, attributes, text between elements."""
    place = picked(root, rng, leaves=False)
    place.insert(0, rng.choice((etree.Comment("c"), etree.ProcessingInstruction("p", "i"))))
    place.set("guid", CHINA)
    place.tail = rng.choice(("stray", "\n", CHINA))


def misname(root: Element, rng: Rng) -> None:
    root.tag = rng.choice((named(f"{rng.choice(KINDS)}Message"), "Letter", named("DxpMsg")))


def copied(element: Element) -> Element:
    return etree.fromstring(etree.tostring(element, with_tail=False))


def truncate(sent: bytes, rng: Rng) -> bytes:
    return sent[: rng.randrange(len(sent) + 1)]


def flip(sent: bytes, rng: Rng) -> bytes:
    bits = bytearray(sent)
    for _ in range(rng.choice((1, 1, 2, 8)) if bits else 0):
        bits[rng.randrange(len(bits))] ^= 1 << rng.randrange(8)
    return bytes(bits)


def insert(sent: bytes, rng: Rng) -> bytes:
    """Bytes that no text holds, or that mean something in XML."""
    place = rng.randrange(len(sent) + 1)
    bad = (b"\0", b"\xff\xfe", b"&l;", b"&#0;", b"&#x1F600;", b"<", b"]]>", b"<![CDATA[", b"\x80")
    return sent[:place] + rng.choice(bad) + sent[place:]


def cut(sent: bytes, rng: Rng) -> bytes:
    first, last = sorted(rng.randrange(len(sent) + 1) for _ in range(2))
    return sent[:first] + sent[last:]


def misencode(sent: bytes, rng: Rng) -> bytes:
    """Another encoding than the one named, or another name than that of the encoding."""
    shown = sent.decode("utf-8", "replace")
    if rng.random() < 0.5:
        name = rng.choice((b"GBK", b"UTF-16", b"ASCII", b"no-such", b"ISO-8859-1", b"GB18030"))
        return sent.replace(b"UTF-8", name, 1)
    encoding = rng.choice(("gb18030", "utf-16", "utf-8-sig", "utf-32-be", "big5"))
    return shown.encode(encoding, "replace")


def declare(sent: bytes, _: Rng) -> bytes:
    return b'<!DOCTYPE r [<!ENTITY e "1">]>' + sent.partition(b"?>")[2].replace(b"N1", b"&e;")


def join(sent: bytes, _: Rng) -> bytes:
    return sent + sent


def wrap(sent: bytes, rng: Rng) -> bytes:
    """The transport envelope around it, whole or hurt."""
    data = base64.encodebytes(sent)
    data = truncate(data, rng) if rng.random() < 0.3 else data
    return b"<DxpMsg><TransInfo/><Data>" + data + b"</Data></DxpMsg>"


TREE: tuple[Callable[[Element, Rng], None], ...] = (
    *(drop, duplicate, rename, reorder, swap, replace, empty, nest, lift, litter, misname),
)
BYTES: tuple[Callable[[bytes, Rng], bytes], ...] = (
    *(truncate, flip, insert, cut, misencode, declare, join, wrap),
)


def spoilt(kinds: Sequence[str], rng: Rng) -> bytes:
    """A message that up to five things happened to."""
    root = made(rng.choice(kinds), rng)
    for change in rng.choices((*TREE, replace, replace, swap), k=rng.choice((0, 1, 1, 2, 3))):
        change(root, rng)
    sent = etree.tostring(root, encoding="UTF-8", xml_declaration=True)
    for harm in rng.choices(BYTES, k=rng.choice((0, 0, 0, 0, 1, 2))):
        sent = harm(sent, rng)
    return sent


def entities(sent: bytes) -> int | None:
    """Business entities by a plain parser; None where the file breaks or its root misleads."""
    try:
        root = etree.fromstring(sent, etree.XMLParser(resolve_entities=False))
    except etree.XMLSyntaxError:
        return None
    message = MESSAGES.get(etree.QName(root).localname.removesuffix("Message"))
    if message is None or root.getroottree().docinfo.internalDTD is not None:
        return None
    found = list(root.iterchildren("*"))
    tag = root.tag.replace(etree.QName(root).localname, message.entity)
    ours = {NAMESPACE, etree.QName(root).namespace, None}
    names = [etree.QName(each) for each in found]
    count = sum(name.localname in ENTITIES and name.namespace in ours for name in names)
    return count if found and found[0].tag == tag else None


def check_tables(zone: Zone, receipt: Receipt) -> None:
    """What the receipt says of each table is what lies in the zone."""
    refused = Counter(entry["table_name"] for entry in zone.quarantined())
    ends = zone.lake.engine.to_pyarrow(zone.lake.table("supersessions"))["table_name"]
    ended = Counter(ends.to_pylist())
    for table, count in receipt.tables.items():
        assert count.offered == count.accepted + count.unchanged + count.quarantined
        assert count.quarantined == refused[table]
        versions = len(zone.rows(table)) if table in TABLES else 0
        # a deletion is accepted as the end of a version
        assert versions <= count.accepted <= versions + ended[table]


@pytest.mark.parametrize(("number", "kinds"), list(enumerate(ROUNDS)))
def test_nothing_breaks_and_nothing_vanishes(
    zone: Zone, monkeypatch: pytest.MonkeyPatch, number: int, kinds: list[str]
) -> None:
    # a thousand originals a round; that they outlast a power cut is for others to show
    monkeypatch.setattr(os, "fsync", lambda _: None)
    rng = random.Random(SEED + number)  # noqa: S311 - chance, not secrecy
    zone.folder = zone.folder / "spoilt"
    sent = [spoilt(kinds, rng) for _ in range(FILES)]
    for place, content in enumerate(sent):
        zone.message(content, f"{place:04d}.xml")
    receipt = zone.receive(zone.folder)
    assert len(receipt.files) + sum(receipt.not_yet_read.values()) == FILES
    assert receipt.total.accepted > FILES / 2
    for file in receipt.files:
        plain = entities(sent[int(file.name[:4])])
        assert plain is None or file.entities == plain
    check_tables(zone, receipt)
    again = zone.receive(zone.folder)
    assert again.total.unchanged == again.total.offered == receipt.total.offered
