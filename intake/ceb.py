"""CEB customs messages, streamed: some business entities in memory at a time.

The root element decides the schema, because import and export share one namespace and define
the same names differently. A root that no message has, or that holds another's entities, is
misnamed: the entities decide then. Where import and export call an entity alike, it is the
other's if it holds what only the other has and nothing that only the root's has. Nothing
outside the file is ever fetched, no entity is expanded.
"""

from collections.abc import Callable, Iterator, Sequence, Set
from contextlib import suppress
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import BinaryIO

from lxml import etree

from intake.ceb_fields import KEPT_ASIDE, MESSAGES, TRANSPORT, Message, Path
from intake.offered import Malformed
from intake.pool import Entities, Pool
from intake.reasons import Reason
from intake.xml_stream import children_of, first_elements, streamed

NAMESPACE = "http://www.chinaport.gov.cn/ceb"
_SIGNATURE = "{http://www.w3.org/2000/09/xmldsig#}Signature"
_all_inside: Callable[[etree._Element], object] = etree.XPath("count(descendant::*)")
_ENOUGH = 0.5
_ALIKE = {
    entity: [message for message in MESSAGES.values() if message.entity == entity]
    for entity in {message.entity for message in MESSAGES.values()}
}
_PATHS = {kind: message.paths() for kind, message in MESSAGES.items()}


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
    if form.root in TRANSPORT:
        return form
    if message and seen[-1].tag == f"{form.namespace}{message.entity}":
        return Form(root.tag, _unless_another(seen[-1], message), form.namespace)
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
            Malformed: The file breaks off; the entities before that have been given. Or there
                are none.
        """
        if self.form.misnamed:
            self.pool.note(self.file, [self.form.root])
        empty = True
        for children in children_of(self.source, self.form.tag, self._tag):
            entities = [child for child in children if self._is_entity(child)]
            empty = empty and not entities
            yield entities
        if empty:
            raise Malformed("there is no business entity", Reason.NO_ENTITY)

    def take(self, entities: Sequence[etree._Element], positions: Sequence[int]) -> None:
        """Take in entities, each with its number in the file."""
        if not entities:
            return
        into = self.pool.entities(self.message, self.form.namespace)
        strange: list[str] = []
        elements = 0 if self.message.flat else len(entities)
        for entity, position in zip(entities, positions, strict=True):
            number, held = into.start(self.file, position), self.pool.count
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
            if self.pool.count == held:
                self.pool.count += 1
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

    @property
    def _namespaces(self) -> set[str]:
        return {self.form.namespace, *_namespaces(self.form)}

    def _is_entity(self, child: etree._Element) -> bool:
        """Whether a child of the root is a business entity; others are noted where strange.

        One of another message is one too, of which nothing is known here: it is refused.
        """
        if child.tag == self._tag:
            return True
        name = local_name(child.tag)
        if name in _ALIKE and _namespace(child.tag) in self._namespaces:
            # of a flat entity its own name is noted as that of its only part
            self.pool.note(self.file, [] if self.message.flat else [name])
            return True
        self.pool.note(self.file, _strange(child, self.form))
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


def _strange(child: etree._Element, form: Form) -> list[str]:
    """Names that the field table does not know, of a child of the root that is no entity."""
    name, ours = local_name(child.tag), {form.namespace, _namespace(form.tag)}
    if child.tag == _SIGNATURE:
        return []
    if name not in KEPT_ASIDE or _namespace(child.tag) not in ours:
        return [local_name(each.tag) for each in child.iter()]
    return [each for leaf in child if (each := local_name(leaf.tag)) not in KEPT_ASIDE[name]]


def _form_by_entities(source: BinaryIO, form: Form) -> Form:
    """The form by the first child of the root that is an entity of some message."""
    namespaces = _namespaces(form)
    with suppress(Malformed):
        for children in streamed(source, form.tag, form.tag):
            for child in children:
                alike = _ALIKE.get(local_name(child.tag), [])
                if not alike or _namespace(child.tag) not in namespaces:
                    continue
                if form.message in alike:
                    message: Message | None = _unless_another(child, form.message)
                else:
                    message = _nearest(child, alike, form.root)
                if message is not None:
                    return Form(form.tag, message, _namespace(child.tag))
    return form


def _namespaces(form: Form) -> set[str]:
    """Where the entities may be: what is built by hand often names the root's alone."""
    customs = f"{{{NAMESPACE}}}"
    if form.message is not None:
        return {customs, form.namespace, ""}
    ours = form.namespace == customs or form.root.startswith("CEB")
    return {customs, ""} if ours else {customs}


def _unless_another(entity: etree._Element, message: Message) -> Message:
    """The message that the root names, unless the entity is plainly that of another."""
    others = [each for each in _ALIKE[message.entity] if each is not message]
    if not others or (sent := _paths(entity)) <= _PATHS[message.kind]:
        return message
    for other in others:
        its = _PATHS[other.kind] - _PATHS[message.kind]
        own = _PATHS[message.kind] - _PATHS[other.kind]
        if not sent & own and len(sent & its) >= _ENOUGH * len(its) > 0:
            return other
    return message


def _nearest(entity: etree._Element, messages: Sequence[Message], root: str) -> Message | None:
    """The message that knows the most of an entity, if it knows most of it.

    Of those that know as much, the one with the fewest other elements; import and export have
    receipts alike to the letter, so then the one whose name is most like the root's.
    """
    sent = _paths(entity)

    def nearness(message: Message) -> tuple[int, int, float]:
        known = _PATHS[message.kind]
        alike = SequenceMatcher(None, root, f"{message.kind}Message").ratio()
        return len(sent & known), -len(known), alike

    best = max(messages, key=nearness)
    return best if len(sent & _PATHS[best.kind]) >= _ENOUGH * len(sent) > 0 else None


def _paths(entity: etree._Element) -> set[Path]:
    """The leaves of an entity, as `Message.paths` has them."""
    paths: set[Path] = set()
    for part in entity:
        name = local_name(part.tag)
        paths.update([(name, local_name(leaf.tag)) for leaf in part] or [("", name)])
    return paths
