"""Rows of many messages, by table, until there are enough to judge together.

A message is read part by part: an entity's head, each of its lines. Parts whose leaves have
the same names in the same order are put under each other as they are, and become columns a
few thousand at a time; nothing is done per value.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from domain.tables import TABLES
from intake.ceb_fields import Message, Target
from intake.offered import FILE, POSITION, Offered, Values, entity_numbers

_AT_ONCE = 262_144
_MOST_FORMS = 256
_Texts = list[str | None]
_Ints = npt.NDArray[np.int64]


class _Alike:
    """Occurrences of a part whose leaves have the same names in the same order."""

    def __init__(
        self, tags: list[str], elements: Mapping[str, str], wanted: frozenset[str]
    ) -> None:
        self.tags = tags
        self.places: list[int] = []
        # one list for all rows: lists of lists keep the garbage collector busy
        self.texts: _Texts = []
        first = {tag: place for place, tag in reversed(list(enumerate(tags)))}
        self.strange = [t for n, t in enumerate(tags) if t not in elements or first[t] != n]
        picks = {elements[tag]: place for tag, place in first.items() if tag in elements}
        self._picks = {name: place for name, place in picks.items() if name in wanted}
        self._columns: dict[str, list[Values]] = {name: [] for name in self._picks}

    def condense(self) -> None:
        """Turn the texts held into columns."""
        for name, place in self._picks.items():
            column = self.texts[place :: len(self.tags)]
            self._columns[name].append(pa.array(column, pa.string()))
        self.texts = []

    def column(self, name: str) -> list[Values]:
        """The texts of an element, nulls where it is none of these leaves."""
        if self.texts:
            self.condense()
        return self._columns.get(name) or [pa.nulls(len(self.places), pa.string())]


class Part:
    """All occurrences of one part of the entities of one kind.

    Attributes:
        owners: The number of the entity of each occurrence.
    """

    def __init__(self, elements: Mapping[str, str], wanted: frozenset[str]) -> None:
        self.owners: list[int] = []
        self._elements, self._wanted = elements, wanted
        self._alike: dict[tuple[str, ...], _Alike] = {}
        self._last = _Alike([], elements, wanted)

    def add(self, owner: int, tags: list[str], texts: _Texts) -> list[str]:
        """Take an occurrence; the tags that the field table does not know, or that came before."""
        alike = self._last
        if tags != alike.tags or not tags:
            if self._is_one_too_many(tags):
                return self._add_in_order(owner, tags, texts)
            alike = self._last = self._of(tags)
        alike.places.append(len(self.owners))
        self.owners.append(owner)
        alike.texts += texts
        if len(alike.texts) >= _AT_ONCE:
            alike.condense()
        return alike.strange

    def column(self, name: str) -> Values:
        """The texts of an element, in the order of the occurrences."""
        columns = [piece for alike in self._alike.values() for piece in alike.column(name)]
        if len(self._alike) <= 1:
            return pa.chunked_array(columns, pa.string())
        places = np.concatenate([alike.places for alike in self._alike.values()])
        picked: Values = pa.array(np.argsort(places))
        return pa.chunked_array(columns, pa.string()).take(picked)

    def _is_one_too_many(self, tags: list[str]) -> bool:
        return len(self._alike) >= _MOST_FORMS and tuple(tags) not in self._alike

    def _add_in_order(self, owner: int, tags: list[str], texts: _Texts) -> list[str]:
        """Take an occurrence as if its leaves came in the order of the field table."""
        self._alike[tuple(self._elements)] = self._of(list(self._elements))
        first = dict(zip(reversed(tags), reversed(texts), strict=True))
        self.add(owner, list(self._elements), [first.get(tag) for tag in self._elements])
        again = Counter(tags) - Counter(first.keys() & self._elements.keys())
        return list(again.elements())

    def _of(self, tags: list[str]) -> _Alike:
        key = tuple(tags)
        if key not in self._alike:
            self._alike[key] = _Alike(tags, self._elements, self._wanted)
        return self._alike[key]


class Entities:
    """The business entities of one kind of message.

    Attributes:
        message: Their fields.
        parts: Tag of a part, or of the entity itself where it is flat -> its occurrences.
    """

    def __init__(self, message: Message, namespace: str) -> None:
        self.message = message
        self.parts = {
            f"{namespace}{part or message.entity}": Part(
                {f"{namespace}{name}": name for name in names}, message.wanted(part)
            )
            for part, names in message.parts.items()
        }
        self._named = dict(zip(message.parts, self.parts.values(), strict=True))
        self._files: list[int] = []
        self._positions: list[int] = []

    def start(self, file: int, position: int) -> int:
        """Begin an entity; its number."""
        self._files.append(file)
        self._positions.append(position)
        return len(self._files) - 1

    def twice(self) -> list[tuple[int, str]]:
        """File and part, for each further occurrence of a part that may occur once."""
        found: list[tuple[int, str]] = []
        for name in self._named.keys() - self.message.repeated:
            owners = np.array(self._named[name].owners, np.int64)
            again = owners[1:][owners[1:] == owners[:-1]]
            found += [(self._files[owner], name or self.message.entity) for owner in again]
        return found

    def rows(self, table: str) -> pa.Table:
        """The rows of one table: texts, and where each came from."""
        part = self.message.rows_of(table)
        owners, own = self._rows(table, part)
        columns: dict[str, Values] = {
            target.column: self._column(target, owners, own if target.part == part else None)
            for target in self.message.tables[table]
        }
        files, positions = np.array(self._files, np.int32), np.array(self._positions, np.int64)
        columns |= {FILE: pa.array(files[owners]), POSITION: pa.array(positions[owners])}
        return pa.table(columns)

    def _rows(self, table: str, part: str | None) -> tuple[_Ints, _Ints]:
        """For each row, its entity, and the occurrence of the repeated part, or -1."""
        everyone = np.arange(len(self._files))
        if part is None:
            return everyone, everyone
        owners = np.array(self._named[part].owners, np.int64)
        own = np.arange(owners.size)
        if TABLES[table].line is not None:
            return owners, own
        without = np.setdiff1d(everyone, owners)
        owners, own = np.append(owners, without), np.append(own, np.full(without.size, -1))
        order = np.argsort(owners, kind="stable")
        return owners[order], own[order]

    def _column(self, target: Target, owners: _Ints, own: _Ints | None) -> Values:
        if target.element.startswith("="):
            constant: Values = pa.scalar(target.element[1:])
            return pa.repeat(constant, owners.size)
        part = self._named[target.part]
        return _taken(
            part.column(target.element), self._first(part)[owners] if own is None else own
        )

    def _first(self, part: Part) -> _Ints:
        """For each entity, the first occurrence of a part, or -1."""
        first = np.full(len(self._files), -1)
        owners, places = np.unique(np.array(part.owners, np.int64), return_index=True)
        first[owners] = places
        return first


@dataclass(slots=True)
class Pool:
    """What is read of many files until it is judged.

    Attributes:
        count: Occurrences of parts held, about as many as rows.
        unknown: Index of file -> elements that the field table does not know, and how often.
    """

    count: int = 0
    unknown: dict[int, Counter[str]] = field(default_factory=dict)
    _entities: dict[tuple[str, str], Entities] = field(default_factory=dict)

    def entities(self, message: Message, namespace: str) -> Entities:
        """Where the entities of one kind are taken in."""
        key = (message.kind, namespace)
        if key not in self._entities:
            self._entities[key] = Entities(message, namespace)
        return self._entities[key]

    def note(self, file: int, names: Sequence[str]) -> None:
        """Count elements that the field table does not know."""
        self.unknown.setdefault(file, Counter()).update(names)

    def offered(self) -> list[Offered]:
        """What the pool holds, as rows of text by table: documents before their lines."""
        for entities in self._entities.values():
            for file, part in entities.twice():
                self.note(file, [part])
        names = {name for each in self._entities.values() for name in each.message.tables}
        return [self._offered(name) for name in sorted(names, key=_after_documents)]

    def _offered(self, name: str) -> Offered:
        its = [each for each in self._entities.values() if name in each.message.tables]
        rows = pa.concat_tables([each.rows(name) for each in its], promote_options="default")
        if len(its) > 1:
            picked: Values = pa.array(np.argsort(entity_numbers(rows), kind="stable"))
            rows = rows.take(picked)
        return Offered(TABLES[name], rows)


def _taken(values: Values, places: _Ints) -> Values:
    """`values` at `places`, null at -1."""
    if places.size == len(values) and np.array_equal(places, np.arange(places.size)):
        return values
    picked: Values = pa.array(places, mask=places < 0)
    return values.take(picked)


def _after_documents(table: str) -> tuple[bool, str]:
    return TABLES[table].line is not None, table
