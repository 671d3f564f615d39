"""CEB customs messages, streamed: some business entities in memory at a time.

Nothing outside the file is ever fetched, no entity is expanded.
"""

from collections.abc import Callable, Iterator, Sequence, Set
from contextlib import suppress
from dataclasses import dataclass
from typing import BinaryIO

from lxml import etree

from intake.ceb_fields import KEPT_ASIDE, Message
from intake.form import ENTITIES, Form, form_of, local_name, namespace_of
from intake.offered import Malformed
from intake.pool import Entities, Pool
from intake.reasons import Reason
from intake.xml_stream import children_of

_SIGNATURE = "{http://www.w3.org/2000/09/xmldsig#}Signature"
_all_inside: Callable[[etree._Element], object] = etree.XPath("count(descendant::*)")


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

    def _is_entity(self, child: etree._Element) -> bool:
        """Whether a child of the root is a business entity; others are noted where strange.

        One of another message is one too, of which nothing is known here: it is refused.
        """
        if child.tag == self._tag:
            return True
        name = local_name(child.tag)
        if name in ENTITIES and namespace_of(child.tag) in self.form.namespaces:
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


def _parent(child: etree._Element) -> etree._Element:
    parent = child.getparent()
    if parent is None:
        raise Malformed("a business entity stands outside of the root element")
    return parent


def _strange(child: etree._Element, form: Form) -> list[str]:
    """Names that the field table does not know, of a child of the root that is no entity."""
    name, ours = local_name(child.tag), {form.namespace, namespace_of(form.tag)}
    if child.tag == _SIGNATURE:
        return []
    if name not in KEPT_ASIDE or namespace_of(child.tag) not in ours:
        return [local_name(each.tag) for each in child.iter()]
    return [each for leaf in child if (each := local_name(leaf.tag)) not in KEPT_ASIDE[name]]
