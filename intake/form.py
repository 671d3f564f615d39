"""What a message file is: by its root element, or by the entities in a misnamed root.

The root element decides the schema, because import and export share one namespace and define
the same names differently. A root that no message has, or that holds another's entities, is
misnamed: the entities decide then. Where import and export call an entity alike, it is the
other's if it holds nothing that only the root's has, and what only the other has or an order
type that only the other has.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import BinaryIO

from lxml import etree

from intake.ceb_fields import MESSAGES, TRANSPORT, Message, Path
from intake.offered import Malformed
from intake.xml_stream import first_elements, streamed

NAMESPACE = "http://www.chinaport.gov.cn/ceb"
_ENOUGH = 0.5
_ORDER_TYPE = "{*}OrderHead/{*}orderType"
_ORDER_TYPES = {"CEB303": ("E", "B", "W")}
_ALIKE = {
    entity: [message for message in MESSAGES.values() if message.entity == entity]
    for entity in {message.entity for message in MESSAGES.values()}
}
ENTITIES = frozenset(_ALIKE)
"""Names of the business entities of all messages."""
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

    @property
    def namespaces(self) -> set[str]:
        """Where entities may be: what is built by hand often names the root's alone."""
        customs = f"{{{NAMESPACE}}}"
        if self.message is not None:
            return {customs, self.namespace, ""}
        ours = self.namespace == customs or self.root.startswith("CEB")
        return {customs, ""} if ours else {customs}


def form_of(source: BinaryIO) -> Form:
    """What the file is, by its root element, or by the entities in a misnamed root.

    Raises:
        Malformed: It is no XML, a document type is declared, or a prefix is not.
    """
    seen = first_elements(source)
    root = seen[0]
    if root.getroottree().docinfo.internalDTD is not None:
        raise Malformed("a document type is declared")
    if ":" in local_name(root.tag):
        raise Malformed("a prefix is not declared")
    message = MESSAGES.get(local_name(root.tag).removesuffix("Message"))
    form = Form(root.tag, message, namespace_of(root.tag))
    if form.root in TRANSPORT:
        return form
    if message and seen[-1].tag == f"{form.namespace}{message.entity}":
        return Form(root.tag, _unless_another(seen[-1], message), form.namespace)
    return _form_by_entities(source, form)


def local_name(tag: str) -> str:
    """A tag without its namespace."""
    return tag.rpartition("}")[2]


def namespace_of(tag: str) -> str:
    """The namespace of a tag, in braces, or nothing."""
    return tag[: tag.rfind("}") + 1]


def _form_by_entities(source: BinaryIO, form: Form) -> Form:
    """The form by the first child of the root that is an entity of some message."""
    with suppress(Malformed):
        for children in streamed(source, form.tag, form.tag):
            for child in children:
                if namespace_of(child.tag) not in form.namespaces:
                    continue
                if (message := _message_of(child, form)) is not None:
                    return Form(form.tag, message, namespace_of(child.tag))
    return form


def _message_of(child: etree._Element, form: Form) -> Message | None:
    alike = _ALIKE.get(local_name(child.tag), [])
    if form.message is not None and form.message in alike:
        return _unless_another(child, form.message)
    return _nearest(child, alike, form.root) if alike else None


def _unless_another(entity: etree._Element, message: Message) -> Message:
    """The message that the root names, unless the entity is plainly that of another."""
    sent = _paths(entity)
    ordered = (entity.findtext(_ORDER_TYPE) or "").strip()
    for other in _ALIKE[message.entity]:
        its = _PATHS[other.kind] - _PATHS[message.kind]
        own = _PATHS[message.kind] - _PATHS[other.kind]
        typed = ordered in _ORDER_TYPES.get(other.kind, ())
        if not sent & own and (typed or len(sent & its) >= _ENOUGH * len(its) > 0):
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
