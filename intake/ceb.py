"""CEB customs messages, streamed: some business entities in memory at a time.

The root element decides the schema, because import and export share one namespace and define
the same names differently. A root that no message has, or that holds another's entities, is
misnamed: the entities decide then. Nothing outside the file is ever fetched, no entity is
expanded.
"""

from collections.abc import Callable, Iterator, Sequence, Set
from contextlib import suppress
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import BinaryIO

from lxml import etree

from intake.ceb_fields import KEPT_ASIDE, MESSAGES, TRANSPORT, Message
from intake.offered import Malformed
from intake.pool import Entities, Pool
from intake.xml_stream import children_of, first_elements, streamed

NAMESPACE = "http://www.chinaport.gov.cn/ceb"
_SIGNATURE = "{http://www.w3.org/2000/09/xmldsig#}Signature"
_all_inside: Callable[[etree._Element], object] = etree.XPath("count(descendant::*)")
_ENOUGH = 0.5


@dataclass(frozen=True, slots=True)
class Form:
    """What a file is.

    Attributes:
        tag: Tag of the root element.
        message: The message it is read as, if any.
        namespace: Namespace of the entities, in braces, or empty.
    """

    tag: str
    message: Message | None
    namespace: str

    @property
    def root(self) -> str:
        """Local name of the root element."""
        return local_name(self.tag)

    @property
    def kind(self) -> str:
        """CEBnnn, or the whole name of a root that is no CEB message."""
        return self.message.kind if self.message else self.root

    @property
    def misnamed(self) -> bool:
        """Whether the root is not named as the message it holds."""
        return self.message is not None and self.root != f"{self.message.kind}Message"


def form_of(source: BinaryIO) -> Form:
    """What the file is, by its root element, or by the entities in a misnamed root.

    Raises:
        Malformed: It is no XML, or a document type is declared.
    """
    seen = first_elements(source)
    root = seen[0]
    if root.getroottree().docinfo.internalDTD is not None:
        raise Malformed("a document type is declared")
    message = MESSAGES.get(local_name(root.tag).removesuffix("Message"))
    form = Form(root.tag, message, _namespace(root.tag))
    if form.root in TRANSPORT or (message and seen[-1].tag == f"{form.namespace}{message.entity}"):
        return form
    return _form_by_entities(source, form)


@dataclass(slots=True)
class Letter:
    """A message being read.

    Attributes:
        source: Its bytes.
        form: What it is.
        message: The message it is read as.
        pool: Where what it says goes.
        file: Its index among the pool's files.
    """

    source: BinaryIO
    form: Form
    message: Message
    pool: Pool
    file: int

    def windows(self) -> Iterator[list[etree._Element]]:
        """The business entities in order, some at a time; each is gone after its turn.

        Raises:
            Malformed: The file breaks off; the entities before that have been given.
        """
        if self.form.misnamed:
            self.pool.note(self.file, [self.form.root])
        for children in children_of(self.source, self.form.tag, self._tag):
            yield [child for child in children if self._is_entity(child)]

    def take(self, entities: Sequence[etree._Element], positions: Sequence[int]) -> None:
        """Take in entities, each with its number in the file."""
        if not entities:
            return
        into = self.pool.entities(self.message, self.form.namespace)
        strange: list[str] = []
        elements = 0 if self.message.flat else len(entities)
        for entity, position in zip(entities, positions, strict=True):
            number = into.start(self.file, position)
            for part in (entity,) if self.message.flat else entity:
                known = into.parts.get(part.tag)
                if known is None:
                    strange += [each.tag for each in part.iter()]
                    continue
                leaves = list(part)
                tags = [leaf.tag for leaf in leaves]
                elements += len(tags) + 1
                self.pool.count += 1
                strange += known.add(number, tags, [leaf.text for leaf in leaves])
        if _all_inside(_parent(entities[0])) != elements:
            strange += self._nested(entities, into)
        if strange:
            self.pool.note(self.file, [local_name(tag) for tag in strange])

    def _nested(self, entities: Sequence[etree._Element], into: Entities) -> Iterator[str]:
        """The tags of elements inside of leaves."""
        for entity in entities:
            for part in (entity,) if self.message.flat else entity:
                if part.tag in into.parts:
                    yield from (each.tag for leaf in part for each in leaf.iterdescendants())

    @property
    def _tag(self) -> str:
        return f"{self.form.namespace}{self.message.entity}"

    def _is_entity(self, child: etree._Element) -> bool:
        """Whether a child of the root is a business entity; others are noted where strange."""
        if child.tag == self._tag:
            return True
        self.pool.note(self.file, _strange(child, self.form.namespace))
        _parent(child).remove(child)
        return False


def as_sent(source: BinaryIO, positions: Set[int]) -> dict[int, bytes]:
    """The bytes of some business entities of a message, by number."""
    found: dict[int, bytes] = {}
    form = form_of(source)
    if form.message is None:
        return found
    first, letter = 1, Letter(source, form, form.message, Pool(), 0)
    with suppress(Malformed):
        for entities in letter.windows():
            for position, entity in enumerate(entities, start=first):
                if position in positions:
                    found[position] = etree.tostring(entity, with_tail=False)
            first += len(entities)
    return found


def local_name(tag: str) -> str:
    """A tag without its namespace."""
    return tag.rpartition("}")[2]


def _namespace(tag: str) -> str:
    return tag[: tag.rfind("}") + 1]


def _parent(child: etree._Element) -> etree._Element:
    parent = child.getparent()
    if parent is None:
        raise Malformed("a business entity stands outside of the root element")
    return parent


def _strange(child: etree._Element, namespace: str) -> list[str]:
    """Names that the field table does not know, of a child of the root that is no entity."""
    name = local_name(child.tag)
    if child.tag == _SIGNATURE or child.tag not in {f"{namespace}{one}" for one in KEPT_ASIDE}:
        return [] if child.tag == _SIGNATURE else [name]
    return [each for leaf in child if (each := local_name(leaf.tag)) not in KEPT_ASIDE[name]]


def _form_by_entities(source: BinaryIO, form: Form) -> Form:
    """The form by the first child of the root that is an entity of some message."""
    namespaces = {f"{{{NAMESPACE}}}", *([form.namespace] if form.message else [])}
    with suppress(Malformed):
        for children in streamed(source, form.tag, form.tag):
            for child in children:
                alike = [each for each in MESSAGES.values() if each.entity == local_name(child.tag)]
                if not alike or _namespace(child.tag) not in namespaces:
                    continue
                message = (
                    form.message if form.message in alike else _nearest(child, alike, form.root)
                )
                if message is not None:
                    return Form(form.tag, message, _namespace(child.tag))
    return form


def _nearest(entity: etree._Element, messages: Sequence[Message], root: str) -> Message | None:
    """The message that knows the most of an entity, if it knows most of it.

    Of those that know as much, the one with the fewest other elements; import and export have
    receipts alike to the letter, so then the one whose name is most like the root's.
    """
    names = {local_name(each.tag) for each in entity.iterdescendants()}
    known = {message.kind: message.names() for message in messages}

    def nearness(message: Message) -> tuple[int, int, float]:
        own = known[message.kind]
        alike = SequenceMatcher(None, root, f"{message.kind}Message").ratio()
        return len(names & own), -len(own), alike

    best = max(messages, key=nearness)
    return best if len(names & known[best.kind]) >= _ENOUGH * len(names) > 0 else None
