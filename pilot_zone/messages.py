"""Part of the documents as customs messages (XML), both directions, at most 100 entities a file."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from pilot_zone.columns import Bytes, Column, fixed_text, joined, picked, repeat
from pilot_zone.delivery import Batch
from pilot_zone.enterprises import Roll
from pilot_zone.message_fields import MESSAGES, Fields, Message
from pilot_zone.plan import DAY, Flags, Ints, ZonePlan
from pilot_zone.trade import Trade

_compute: Any = pc  # the stubs know fewer types of columns than the functions take
PER_FILE = 100
_NAMESPACE = "http://www.chinaport.gov.cn/ceb"
_TABLES = frozenset(message.table for message in MESSAGES) | {"order_lines", "declaration_lines"}
_HEX = np.frombuffer(b"0123456789ABCDEF", np.uint8)
_MOST = 0.6
"""Most of a month's orders that leave as messages."""


class Post:
    """Sorts out what leaves as messages, and writes it.

    Attributes:
        folder: The folder `messages`.
        files: Files written.
        entities: Entities written, by message code.
    """

    def __init__(self, folder: Path, plan: ZonePlan, roll: Roll) -> None:
        folder.mkdir(parents=True)
        self.folder, self.files = folder, 0
        self.entities = {message.code: 0 for message in MESSAGES}
        self._plan, self._roll, self._drawn = plan, roll, 0
        self._known = {
            "#": (roll.customs_codes, "无"),
            "~": (roll.names, "未登记单位"),
        }

    def choose(self, trade: Trade, month: int) -> Flags:
        """Which orders of a month leave as messages: some of the last two months'."""
        rng = self._plan.rng("post", month)
        drawn, imports = rng.random(trade.orders.count), trade.orders.imports
        if month < self._plan.months - 2:
            return np.zeros(trade.orders.count, bool)
        wanted = self._plan.message_documents / 2
        inward = np.count_nonzero(imports)
        same_side = np.where(imports, inward, imports.size - inward)
        return drawn < np.minimum(_MOST, wanted / same_side)

    def leaves(self, batch: Batch, sent: Flags) -> Flags:
        """Which rows of a batch do not go by message, so that they belong in an extract."""
        return ~sent[batch.order] if batch.table in _TABLES else np.ones(batch.known.size, bool)

    def send(self, batches: Iterable[Batch], sent: Flags, month: int) -> None:
        """Write the messages of one month for the orders in `sent`."""
        if not sent.any():
            return
        chosen = [batch for batch in batches if batch.table in _TABLES]
        for message in MESSAGES:
            lines = [b for b in chosen if message.lines and b.table == message.lines[0]]
            heads = [batch for batch in chosen if batch.table == message.table]
            entities = [self._entities(message, batch, lines, sent) for batch in heads]
            self._write(message, entities, month)

    def _entities(
        self, message: Message, batch: Batch, lines: Sequence[Batch], sent: Flags
    ) -> tuple[Column, Ints]:
        """The entities of one batch as XML, and their times."""
        own = _directions(batch) == message.direction
        at = _seconds(batch.columns[message.time])
        end = (self._plan.last_day + 1) * DAY
        rows = np.flatnonzero(sent[batch.order] & own & (at < end))
        body = self._elements(batch, rows, message.fields)
        *outer, inner = message.wrappers
        body = joined(f"<ceb:{inner}>", body, f"</ceb:{inner}>")
        if message.lines is not None:
            body = joined(body, self._lines(message.lines, lines[0], batch.documents[rows]))
        for wrapper in reversed(outer):
            body = joined(f"<ceb:{wrapper}>", body, f"</ceb:{wrapper}>")
        return body, at[rows]

    def _lines(self, kind: tuple[str, str, Fields], batch: Batch, documents: Ints) -> Column:
        """The lines of each document, joined."""
        _, element, fields = kind
        order = np.argsort(batch.documents, kind="stable")
        first = np.searchsorted(batch.documents[order], documents, side="left")
        last = np.searchsorted(batch.documents[order], documents, side="right")
        counts = last - first
        offsets = np.concatenate([[0], np.cumsum(counts)])
        place = np.arange(offsets[-1]) - np.repeat(offsets[:-1] - first, counts)
        body = self._elements(batch, order[place], fields)
        body = joined(f"<ceb:{element}>", body, f"</ceb:{element}>")
        listed = pa.ListArray.from_arrays(pa.array(offsets, pa.int32()), body)
        text: Column = _compute.binary_join(listed, "")
        return text

    def _elements(self, batch: Batch, rows: Ints, fields: Fields) -> Column:
        parts: list[Column | str] = []
        taken = pa.array(rows, pa.int64())
        for element, source in fields:
            parts += [f"<ceb:{element}>", self._value(batch, taken, source), f"</ceb:{element}>"]
        return joined(*parts)

    def _value(self, batch: Batch, rows: Column, source: str) -> Column | str:
        if not source or source[0] == "=":
            return source[1:]
        if source == "!operation":
            return batch.operation
        if source == "!guid":
            self._drawn += 1
            return _guids(self._plan.rng("guid", self._drawn), len(rows))
        if source[0] in self._known:
            return self._enterprise(batch.columns.get(source[1:]), rows, source)
        column = batch.columns.get(source.lstrip("@"))
        if column is None:
            return ""
        text = _text(column.take(rows))
        return joined(text, "000") if source.startswith("@@") else text

    def _enterprise(self, column: Column | None, rows: Column, source: str) -> Column | str:
        if column is None:
            return ""
        codes = column.take(rows)
        values, unknown = self._known[source[0]]
        found = values.take(_compute.index_in(codes, self._roll.codes))
        given = codes if source[0] == "#" else _compute.if_else(codes.is_valid(), unknown, None)
        nothing = "无" if source[1:] == "platform_code" else ""
        text: Column = _compute.coalesce(found, given, nothing)
        return text

    def _write(self, message: Message, parts: list[tuple[Column, Ints]], month: int) -> None:
        bodies = pa.concat_arrays([body for body, _ in parts])
        order = np.argsort(np.concatenate([at for _, at in parts]), kind="stable")
        entities = [str(body) for body in picked(bodies, order).to_pylist()]
        self.entities[message.code] += len(entities)
        tail = _transfer(self._roll)
        for place, first in enumerate(range(0, len(entities), PER_FILE)):
            guid = _guids(self._plan.rng("file", self.files), 1)[0].as_py()
            name = f"{message.code}-{month:02d}-{place:04d}.xml"
            root = f"ceb:{message.code}Message"
            text = (
                '<?xml version="1.0" encoding="UTF-8"?>\n'
                f'<{root} guid="{guid}" version="1.0" xmlns:ceb="{_NAMESPACE}">\n'
                + "\n".join(entities[first : first + PER_FILE])
                + f"\n{tail}</{root}>\n"
            )
            (self.folder / name).write_text(text, "utf-8")
            self.files += 1


def _directions(batch: Batch) -> npt.NDArray[np.object_]:
    """I or E of each row; delivery status exists for imports alone."""
    given = batch.columns.get("direction", repeat("I", batch.known.size))
    return np.asarray(given.to_numpy(zero_copy_only=False))


def _seconds(column: Column) -> Ints:
    return np.asarray(column.cast(pa.int64()).to_numpy(zero_copy_only=False) // 1_000_000)


def _text(column: Column) -> Column:
    kind = column.type
    if pa.types.is_timestamp(kind):
        return _formatted(column.cast(pa.timestamp("s")), "%Y%m%d%H%M%S")
    if pa.types.is_date(kind):
        return _formatted(column, "%Y%m%d")
    text = column if pa.types.is_string(kind) else column.cast(pa.string())
    for plain, escaped in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;")):
        text = _compute.replace_substring(text, plain, escaped)
    filled: Column = _compute.fill_null(text, "")
    return filled


def _formatted(column: Column, pattern: str) -> Column:
    text: Column = _compute.strftime(column, pattern)
    return text


def _guids(rng: np.random.Generator, count: int) -> Column:
    """Random identifiers of 36 characters."""
    out: Bytes = _HEX[rng.integers(0, 16, (count, 36))]
    out[:, [8, 13, 18, 23]] = ord("-")
    out[:, 14] = ord("4")
    return fixed_text(out)


def _transfer(roll: Roll) -> str:
    sender = int(roll.services["agent"][0])
    return (
        f"<ceb:BaseTransfer><ceb:copCode>{roll.customs_codes[sender]}</ceb:copCode>"
        f"<ceb:copName>{roll.names[sender]}</ceb:copName><ceb:dxpMode>DXP</ceb:dxpMode>"
        "<ceb:dxpId>DXPENT0000000001</ceb:dxpId><ceb:note></ceb:note></ceb:BaseTransfer>\n"
    )
