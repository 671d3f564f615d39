"""Which files a delivery holds, and in which order they are read."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from domain.errors import BadDelivery
from domain.tables import TABLES

EXTRACT, MESSAGE = ".parquet", ".xml"
_ORDER = {name: number for number, name in enumerate(TABLES)}


@dataclass(frozen=True, slots=True)
class File:
    """One file to receive.

    Attributes:
        path: Where it lies.
        sha256: Digest of its bytes.
    """

    path: Path
    sha256: str

    @property
    def is_message(self) -> bool:
        """Whether it is an XML message rather than an extract."""
        return self.path.suffix.lower() == MESSAGE


def files_of(paths: Iterable[Path]) -> list[File]:
    """All files of the paths given, extracts first in the order of `TABLES`, then messages.

    Args:
        paths: Files, or folders that hold them, also in `extracts/` and `messages/`.

    Raises:
        BadDelivery: A path does not exist, or holds nothing that can be received.
    """
    found = [file for path in paths for file in _files(path)]
    ordered = sorted(dict.fromkeys(found), key=_place)
    return [File(path, _sha256(path)) for path in ordered]


def _files(path: Path) -> list[Path]:
    if path.is_dir():
        inside = [file for file in path.rglob("*") if file.suffix.lower() in {EXTRACT, MESSAGE}]
        if not inside:
            raise BadDelivery(path, "no Parquet extract and no XML message lies in it.")
        return inside
    if not path.is_file():
        raise BadDelivery(path, "there is no such file or folder.")
    if path.suffix.lower() not in {EXTRACT, MESSAGE}:
        raise BadDelivery(path, "it is neither a Parquet extract nor an XML message.")
    return [path]


def _place(path: Path) -> tuple[bool, int, str]:
    table = path.stem.split("-")[0]
    return path.suffix.lower() == MESSAGE, _ORDER.get(table, len(_ORDER)), path.as_posix()


def _sha256(path: Path) -> str:
    with path.open("rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()
