"""CEB customs messages, streamed: one business entity in memory at a time.

The root element decides the schema, because import and export share one namespace and define
the same names differently. Nothing outside the file is ever fetched, no entity is expanded.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Set
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

import pyarrow as pa
from lxml import etree

from domain.tables import TABLES
from intake.ceb_fields import MESSAGES, Message, Target
from intake.offered import FILE, KNOWN_AT, OPERATION, POSITION, Malformed, Offered, Values

_KIND = re.compile(r"CEB\d{3}")
_Leaves = dict[str, str | None]
_Held = dict[str, list[_Leaves]]
_Column = list[str | None]
_Taker = Callable[[int, int, _Held], None]
_NO_LEAVES: _Leaves = {}
_NOTHING: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Root:
    """The root element.

    Attributes:
        name: Local name.
        namespace: Namespace in braces, or empty.
    """

    name: str
    namespace: str

    @property
    def kind(self) -> str:
        """CEBnnn, or the whole name of a root that is no CEB message."""
        found = _KIND.match(self.name)
        return found.group() if found else self.name


def root_of(path: Path) -> Root:
    """The root element of an XML file.

    Raises:
        Malformed: There is none, or a document type is declared.
    """
    with path.open("rb") as source:
        try:
            _, root = next(iter(_events(source, "start", None)))
        except (etree.XMLSyntaxError, StopIteration) as broken:
            raise Malformed(str(broken)) from broken
        if root.getroottree().docinfo.internalDTD is not None:
            raise Malformed("a document type is declared")
        braced, _, name = root.tag.rpartition("}")
    return Root(name, f"{braced}}}" if braced else "")


def entities(path: Path, root: Root) -> Iterator[tuple[int, etree._Element]]:
    """The business entities of a message with their numbers from 1; each is cleared after use.

    Raises:
        Malformed: The file breaks off; the entities before that have been given.
    """
    tag = f"{root.namespace}{MESSAGES[root.kind].entity}"
    position = 0
    with path.open("rb") as source:
        try:
            for _, element in _events(source, "end", tag):
                parent = element.getparent()
                if parent is None or parent.getparent() is not None:
                    continue
                position += 1
                yield position, element
                element.clear()
                while element.getprevious() is not None:
                    del parent[0]
        except etree.XMLSyntaxError as broken:
            raise Malformed(str(broken)) from broken


def as_sent(path: Path, positions: Set[int]) -> dict[int, bytes]:
    """The bytes of some business entities of a message, by number."""
    found: dict[int, bytes] = {}
    with suppress(Malformed):
        for position, entity in entities(path, root_of(path)):
            if position in positions:
                found[position] = etree.tostring(entity, with_tail=False)
    return found


def _events(source: BinaryIO, event: str, tag: str | None) -> "etree.iterparse":
    return etree.iterparse(
        source,
        events=(event,),
        tag=tag,
        load_dtd=False,
        no_network=True,
        resolve_entities=False,
        remove_comments=True,
        remove_pis=True,
        collect_ids=False,
        huge_tree=False,
    )


@dataclass(slots=True)
class Pool:
    """Rows of many messages, by table, until there are enough to judge together.

    Attributes:
        entities: Business entities held.
        unknown: Index of file -> elements that the field table does not know, and how often.
    """

    entities: int = 0
    unknown: dict[int, Counter[str]] = field(default_factory=dict)
    _columns: dict[str, dict[str, _Column]] = field(default_factory=dict)
    _files: dict[str, list[int]] = field(default_factory=dict)
    _positions: dict[str, list[int]] = field(default_factory=dict)

    def reader(self, root: Root, file: int) -> Callable[[int, etree._Element], None]:
        """A function that takes in one entity of a message."""
        message = MESSAGES[root.kind]
        parts = {f"{root.namespace}{part}": part for part in message.elements if part}
        known = {
            part: frozenset(f"{root.namespace}{name}" for name in names)
            for part, names in message.elements.items()
        }
        takers = [self._taker(message, table, root.namespace) for table in message.tables]
        unknown = self.unknown.setdefault(file, Counter())

        def take(position: int, entity: etree._Element) -> None:
            held = _parts(entity, parts)
            for part, all_leaves in held.items():
                for leaves in all_leaves:
                    if not leaves.keys() <= known.get(part, _NOTHING):
                        strange = leaves.keys() - known.get(part, _NOTHING)
                        unknown.update(etree.QName(tag).localname for tag in strange)
            for taker in takers:
                taker(file, position, held)
            self.entities += 1

        return take

    def offered(self) -> dict[str, Offered]:
        """What the pool holds, as rows of text by table: documents, then lines, even if none."""
        names = sorted(self._columns, key=lambda name: TABLES[name].line is not None)
        return {name: self._offered(name) for name in names}

    def _offered(self, name: str) -> Offered:
        table, columns = TABLES[name], self._columns[name]
        count = len(self._files[name])
        wanted = [*table.offered_schema().names, OPERATION, KNOWN_AT]
        rows: dict[str, Values] = {
            c: pa.array(columns.get(c) or [None] * count, pa.string()) for c in wanted
        }
        envelope: dict[str, Values] = {
            FILE: pa.array(self._files[name], pa.int32()),
            POSITION: pa.array(self._positions[name], pa.int64()),
        }
        return Offered(table, pa.table({**rows, **envelope}))

    def _taker(self, message: Message, table: str, namespace: str) -> _Taker:
        """A function that appends the rows of one table that an entity gives."""
        repeated = message.repeated_part(table)
        files = self._files.setdefault(table, [])
        positions = self._positions.setdefault(table, [])
        columns = self._columns.setdefault(table, {})
        for column in {target.column for target in message.tables[table]} - columns.keys():
            columns[column] = [None] * len(files)
        targets = message.tables[table]
        own = [
            (columns[t.column].append, f"{namespace}{t.element}")
            for t in targets
            if t.part == repeated
        ]
        shared = [(columns[t.column].append, _source(t, namespace)) for t in targets]
        shared = [each for each, t in zip(shared, targets, strict=True) if t.part != repeated]
        named = {target.column for target in targets}
        empty = [values.append for column, values in columns.items() if column not in named]

        def take(file: int, position: int, held: _Held) -> None:
            heads = {part: leaves[0] for part, leaves in held.items() if leaves}
            common = [(append, value_of(heads)) for append, value_of in shared]
            rows = held.get(repeated, []) if repeated is not None else [_NO_LEAVES]
            for row in rows:
                files.append(file)
                positions.append(position)
                for append, value in common:
                    append(value)
                for append, tag in own:
                    append(row.get(tag))
                for append in empty:
                    append(None)

        return take


def _source(target: Target, namespace: str) -> Callable[[dict[str, _Leaves]], str | None]:
    """A function that finds the target's value in an entity's first occurrence of each part."""
    if target.element.startswith("="):
        constant = target.element[1:]
        return lambda _: constant
    part, tag = target.part, f"{namespace}{target.element}"
    return lambda heads: heads.get(part, _NO_LEAVES).get(tag)


def _parts(entity: etree._Element, parts: dict[str, str]) -> _Held:
    """Part -> the leaves of each of its occurrences; the flat entity itself is part ''."""
    if not parts:
        return {"": [{leaf.tag: leaf.text for leaf in entity}]}
    held: _Held = {part: [] for part in parts.values()}
    strange: _Leaves = {}
    for child in entity:
        name = parts.get(child.tag)
        if name is None:
            strange[child.tag] = None
        else:
            held[name].append({leaf.tag: leaf.text for leaf in child})
    return {**held, "": [strange]} if strange else held
