"""The transport envelope `DxpMsg`, which carries a message in base64; opened as a stream."""

import binascii
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast

from lxml import etree

from intake.ceb_fields import TRANSPORT
from intake.form import Form, form_of, local_name
from intake.offered import Malformed
from intake.xml_stream import OPTIONS, refusal

_CHUNK = 1 << 20
_IN_MEMORY = 8 << 20
_PAYLOAD = ("DxpMsg", "Data")
_QUARTET = 4


@contextmanager
def opened(path: Path) -> Iterator[tuple[BinaryIO, Form, list[str]]]:
    """A message file, or the message that an envelope carries.

    Yields:
        Its bytes, what it is, and names in the envelope that the field table does not know.

    Raises:
        Malformed: It is no XML, or the envelope carries nothing that can be read.
    """
    with path.open("rb") as source:
        form = form_of(source)
        if form.root not in TRANSPORT:
            yield source, form, []
            return
        # an unnamed file: what it holds in clear goes with the process
        with tempfile.SpooledTemporaryFile(_IN_MEMORY) as spooled:
            payload = cast("BinaryIO", spooled)
            strange = _unwrap(source, payload)
            yield payload, form_of(payload), strange


class _Payload:
    """Takes what the parser reads of an envelope, and writes the payload.

    Attributes:
        strange: Names of elements that the field table does not know.
        size: Bytes written.
    """

    def __init__(self, into: BinaryIO) -> None:
        self.strange: list[str] = []
        self.size = 0
        self._into = into
        self._path: list[str] = []
        self._rest = b""

    def start(self, tag: str, _: object) -> None:
        """An element begins."""
        name = local_name(tag)
        known = not self._path or name in TRANSPORT.get(self._path[-1], ())
        if not known and not {"Signature", "ReceiverIds"} & set(self._path):
            self.strange.append(name)
        self._path.append(name)

    def end(self, _: str) -> None:
        """An element ends."""
        self._path.pop()

    def data(self, text: str) -> None:
        """Some text; of the payload it is decoded and written."""
        if tuple(self._path[-2:]) != _PAYLOAD:
            return
        encoded = self._rest + b"".join(text.encode().split())
        whole = len(encoded) - len(encoded) % _QUARTET
        self._rest = encoded[whole:]
        try:
            self.size += self._into.write(binascii.a2b_base64(encoded[:whole], strict_mode=True))
        except binascii.Error as wrong:
            raise Malformed("the payload is not base64") from wrong

    def doctype(self, *_: object) -> None:
        """A document type is declared."""
        raise Malformed("a document type is declared")

    @property
    def whole(self) -> bool:
        """Whether there was a payload, and all of it."""
        return self.size > 0 and not self._rest

    def close(self) -> None:
        """The document ends."""


def _unwrap(source: BinaryIO, payload: BinaryIO) -> list[str]:
    target = _Payload(payload)
    parser = etree.XMLParser(target=cast("etree.ParserTarget", target), **OPTIONS)
    source.seek(0)
    try:
        while chunk := source.read(_CHUNK):
            parser.feed(chunk)
        parser.close()
    except etree.XMLSyntaxError as broken:
        raise refusal(broken) from broken
    if not target.whole:
        raise Malformed("the envelope holds no whole payload")
    return target.strange
