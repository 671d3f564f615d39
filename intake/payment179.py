"""Platforms' untouched payment data (GACC 2018 No. 179): JSON, one payload or one per line."""

import json
from collections.abc import Iterator, Set
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, BinaryIO, NoReturn

from intake.ceb_fields import PAYMENT
from intake.offered import Malformed
from intake.pool import Pool
from intake.reasons import Reason

_LARGEST = 8 << 20
_WRAPPER = "payExInfoStr"
_HEAD, _LIST, _GOODS = "payExchangeInfoHead", "payExchangeInfoLists", "goodsInfo"
_OTHER_SPELLINGS = {"payExchangeInfoList": _LIST}
_TIME = "serviceTime"
_EPOCH = datetime(1970, 1, 1, 8)  # noqa: DTZ001 - China wall clock has no zone here
_Object = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Payload:
    """One payload of a file, or what stands there instead.

    Attributes:
        raw: Its bytes.
        content: What it says, or why it cannot be read.
    """

    raw: bytes
    content: _Object | Malformed


def payloads(source: BinaryIO) -> Iterator[Payload]:
    """The payloads of a file in order: one, a list of them, or one per line.

    Raises:
        Malformed: The file cannot be read from here on.
    """
    line = source.readline(_LARGEST)
    if not _is_whole(line):
        line += source.read(_LARGEST)
    while line:
        if len(line) >= _LARGEST:
            raise Malformed("a JSON document is larger than 8 MiB")
        if line.strip():
            yield from _payloads(line)
        line = source.readline(_LARGEST)


def take(payload: _Object, pool: Pool, file: int, position: int) -> None:
    """Take in one payload with its number in the file."""
    into = pool.entities(PAYMENT, "")
    number = into.start(file, position)
    pool.count += 1
    found = [(PAYMENT.entity, {k: v for k, v in payload.items() if k not in {_HEAD, _LIST}})]
    for part in (_HEAD, _LIST):
        for leaves in _objects(payload.get(part)):
            found.append((part, leaves))
            found += [(_GOODS, goods) for goods in _objects(leaves.get(_GOODS))]
    for part, leaves in found:
        texts = [_text(value) for value in leaves.values()]
        strange = into.parts[part].add(number, list(leaves), texts)
        if strange:
            pool.note(file, strange)


def as_sent(source: BinaryIO, positions: Set[int]) -> dict[int, bytes]:
    """The bytes of some payloads, by number."""
    numbered = enumerate(payloads(source), start=1)
    return {position: each.raw for position, each in numbered if position in positions}


def _payloads(document: bytes) -> Iterator[Payload]:
    try:
        read = _parsed(document)
    except Malformed as broken:
        yield Payload(document, broken)
        return
    for each in read if isinstance(read, list) else [read]:
        try:
            content: _Object | Malformed = _payload(each)
        except Malformed as broken:
            content = broken
        one = read is each
        yield Payload(document if one else json.dumps(each).encode(), content)


def _payload(read: object) -> _Object:
    """A payload by the names of the field table; its parts may be JSON in text."""
    whole = _inside(read)
    if isinstance(whole, dict) and _WRAPPER in whole:
        whole = _inside(whole[_WRAPPER])
    if not isinstance(whole, dict):
        raise Malformed("a payload is no JSON object")
    named = _once(
        [(_OTHER_SPELLINGS.get(str(key), str(key)), value) for key, value in whole.items()]
    )
    named |= {part: _inside(named[part]) for part in (_HEAD, _LIST) if part in named}
    if _TIME in named:
        named[_TIME] = _moment(named[_TIME])
    return named


def _inside(value: object) -> object:
    return _parsed(value.encode()) if isinstance(value, str) else value


def _parsed(document: bytes) -> object:
    try:
        text = document.decode("utf-8-sig")
        return json.loads(
            text,
            object_pairs_hook=_once,
            parse_int=str,
            parse_float=str,
            parse_constant=_refuse,
        )
    except UnicodeDecodeError as wrong:
        raise Malformed(str(wrong), Reason.WRONG_ENCODING) from wrong
    except (ValueError, RecursionError) as broken:
        raise Malformed(str(broken)) from broken


def _once(pairs: list[tuple[str, Any]]) -> _Object:
    """An object whose keys are given once."""
    if len(named := dict(pairs)) < len(pairs):
        raise Malformed("a key is named twice", Reason.NAMED_TWICE)
    try:
        "".join(_texts(pairs)).encode()
    except UnicodeEncodeError as half:
        raise Malformed("a text is no Unicode") from half
    return named


def _texts(pairs: list[tuple[str, Any]]) -> Iterator[str]:
    for key, value in pairs:
        yield key
        if isinstance(value, str):
            yield value


def _refuse(constant: str) -> NoReturn:
    message = f"{constant} is no number"
    raise Malformed(message)


def _is_whole(line: bytes) -> bool:
    """Whether a line is a whole document, so that each line is one."""
    try:
        json.loads(line)
    except (ValueError, RecursionError):
        return False
    return True


def _objects(value: object) -> list[_Object]:
    listed = value if isinstance(value, list) else [value]
    return [each for each in listed if isinstance(each, dict)]


def _text(value: object) -> str | None:
    """The text of a leaf; what it holds inside is another part's."""
    if isinstance(value, bool):
        return str(value).lower()
    return value if isinstance(value, str) else None


def _moment(milliseconds: object) -> object:
    """Milliseconds since 1970 as China wall-clock time."""
    try:
        return str(_EPOCH + timedelta(milliseconds=int(str(milliseconds))))
    except (ValueError, OverflowError):
        return milliseconds
