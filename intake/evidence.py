"""Originals as they were sent: compressed, sealed, block by block, so that any size is flat."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import pyarrow as pa

from domain.errors import SealBroken
from intake.delivery import File
from storage.home import Home
from storage.sealed import seal, unseal

_BLOCK = 4 << 20
_LENGTH_BYTES = 4
_CODEC = pa.Codec("zstd", 1)


def keep(file: File, home: Home, key: bytes) -> Path:
    """Keep the original of a file, if it is not kept yet.

    Returns:
        Where it lies.
    """
    final = home.evidence / file.sha256[:2] / f"{file.sha256}.sealed"
    if final.exists():
        return final
    final.parent.mkdir(parents=True, exist_ok=True)
    unfinished = final.with_suffix(".tmp")
    with file.path.open("rb") as source, unfinished.open("wb") as sink:
        for number, (block, more) in enumerate(_blocks(source)):
            # the length of the plain block goes before it: zstd has to know
            plain = len(block).to_bytes(_LENGTH_BYTES, "big")
            label = _label(file.sha256, number, last=not more)
            sealed = seal(plain + _CODEC.compress(block, asbytes=True), key, label)
            sink.write(len(sealed).to_bytes(_LENGTH_BYTES, "big") + sealed)
    unfinished.replace(final)
    return final


def original(sha256: str, home: Home, key: bytes) -> Iterator[bytes]:
    """The blocks of a kept original.

    Args:
        sha256: Digest of the file, as its receipt names it.
        home: Where it lies.
        key: The zone's seal key.

    Raises:
        SealBroken: It was changed, cut or taken away.
    """
    kept = home.evidence / sha256[:2] / f"{sha256}.sealed"
    if not kept.exists():
        raise SealBroken(kept)
    with kept.open("rb") as source:
        number, length = 0, source.read(_LENGTH_BYTES)
        while length:
            sealed = source.read(int.from_bytes(length, "big"))
            length = source.read(_LENGTH_BYTES)
            plain = unseal(sealed, key, _label(sha256, number, last=not length))
            size = int.from_bytes(plain[:_LENGTH_BYTES], "big")
            yield _CODEC.decompress(plain[_LENGTH_BYTES:], size, asbytes=True)
            number += 1
    if not number:
        raise SealBroken(sha256)


def _blocks(source: BinaryIO) -> Iterator[tuple[bytes, bool]]:
    """The blocks of a file, at least one, and whether more follow."""
    left = source.seek(0, os.SEEK_END)
    source.seek(0)
    while True:
        # a buffer of the whole block would cost more than reading a small file
        block = source.read(min(_BLOCK, left))
        left -= len(block)
        yield block, left > 0
        if left <= 0 or not block:
            return


def _label(sha256: str, number: int, *, last: bool) -> str:
    """Each block is sealed for its place, and the last as the last: none can be cut off."""
    return f"{sha256}|{number}|{'end' if last else 'more'}"
