"""XML read in windows: never more of a file in memory than a few of its elements.

Nothing outside the file is ever fetched, no entity is expanded.
"""

import codecs
import os
from collections.abc import Iterator
from typing import Any, BinaryIO, Final

from lxml import etree

from intake.offered import Malformed
from intake.reasons import Reason

OPTIONS: Final[dict[str, Any]] = {
    "load_dtd": False,
    "no_network": True,
    "resolve_entities": False,
    "remove_comments": True,
    "remove_pis": True,
    "remove_blank_text": True,
    "collect_ids": False,
    "huge_tree": False,
}
_CHUNK: Final = 1 << 20
_WHOLE: Final = 8 << 20
_LARGEST_ENTITY: Final = 16 << 20
_LOOK: Final = 4096
_FIRST: Final = 64 << 10
_UTF_32: Final = (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)
_ENCODING_ERRORS = {
    etree.ErrorTypes.ERR_INVALID_ENCODING,
    etree.ErrorTypes.ERR_UNKNOWN_ENCODING,
    etree.ErrorTypes.ERR_UNSUPPORTED_ENCODING,
    etree.ErrorTypes.I18N_CONV_FAILED,
}


def first_elements(source: BinaryIO) -> list[etree._Element]:
    """The root, and its first child unless the file breaks off before.

    The child is whole if it is not longer than 64 KiB.

    Raises:
        Malformed: There is no root element.
    """
    source.seek(0)
    parser = etree.XMLPullParser(events=("start",), **OPTIONS)
    seen: list[etree._Element] = []
    problem: Malformed | None = None
    while problem is None and (chunk := source.read(_LOOK)):
        problem = _problem(parser, chunk)
        seen += [element for _, element in _elements(parser)]
        if len(seen) > 1 and (len(seen[0]) > 1 or source.tell() >= _FIRST):
            break
    if not seen:
        _refuse_utf_32(source)
        raise problem or Malformed("there is no root element")
    return seen[:2]


def _refuse_utf_32(source: BinaryIO) -> None:
    """The parser takes the mark of UTF-32 for that of UTF-16 and a NUL."""
    source.seek(0)
    if source.read(4) in _UTF_32:
        raise Malformed("it is written in UTF-32", Reason.WRONG_ENCODING)


def children_of(source: BinaryIO, root_tag: str, tag: str) -> Iterator[list[etree._Element]]:
    """The children of the root in order, some at a time, `tag` marking the entities."""
    size = source.seek(0, os.SEEK_END)
    source.seek(0)
    root = _whole(source.read(size)) if size <= _WHOLE else None
    if root is None:
        yield from streamed(source, root_tag, tag)
    else:
        yield list(root)


def _whole(data: bytes) -> etree._Element | None:
    """The root of a file that is read at once; twice as fast as reading with events."""
    try:
        return etree.fromstring(data, etree.XMLParser(**OPTIONS))
    except etree.XMLSyntaxError:
        return None


def streamed(source: BinaryIO, root_tag: str, tag: str) -> Iterator[list[etree._Element]]:
    """The children of the root in order, some at a time; each is gone after its turn.

    Raises:
        Malformed: The file breaks off, or an element is too large to be read.
    """
    source.seek(0)
    parser = etree.XMLPullParser(events=("start", "end"), tag=(root_tag, tag), **OPTIONS)
    root: etree._Element | None = None
    ended: etree._Element | None = None
    waiting, chunk = 0, b" "
    problem: Malformed | None = None
    while chunk and problem is None:
        chunk = source.read(_CHUNK)
        problem = _problem(parser, chunk)
        for event, element in _elements(parser):
            root = element if root is None else root
            ended = element if event == "end" else ended
        children: list[etree._Element] = [] if root is None else list(root)
        whole = ended is not None and (ended is root or (problem and ended is children[-1]))
        ready = children if whole else children[:-1]
        waiting = len(chunk) + (0 if ready else waiting)
        if waiting > _LARGEST_ENTITY:
            problem = Malformed("an element is larger than 16 MiB")
        yield ready
        if root is not None:
            for child in ready:
                if child.getparent() is root:
                    root.remove(child)
    if problem is not None:
        raise problem


def _elements(parser: "etree.XMLPullParser") -> Iterator[tuple[str, etree._Element]]:
    """What has been read: these parsers tell of elements only."""
    events: Any = parser.read_events()
    read: Iterator[tuple[str, etree._Element]] = events
    return read


def _problem(parser: "etree.XMLPullParser", chunk: bytes) -> Malformed | None:
    """What is wrong with the next bytes of a file; none are its end."""
    try:
        if chunk:
            parser.feed(chunk)
        else:
            parser.close()
    except etree.XMLSyntaxError as broken:
        return refusal(broken)
    return None


def refusal(broken: etree.XMLSyntaxError) -> Malformed:
    """Why a file that the parser gave up is refused."""
    known = broken.code in _ENCODING_ERRORS  # type: ignore[attr-defined]  # not in the stubs
    return Malformed(str(broken), Reason.WRONG_ENCODING if known else Reason.MALFORMED)
