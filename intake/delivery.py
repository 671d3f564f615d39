"""Which files a delivery holds, and in which order they are read."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from domain.errors import BadDelivery
from domain.tables import TABLES
from intake.mapping import Mapping, mapping_file, mapping_of

_EXTRACTS, _MESSAGES = (".parquet", ".csv"), (".xml", ".json", ".jsonl")
_KINDS = frozenset((*_EXTRACTS, *_MESSAGES))
_ORDER = {name: number for number, name in enumerate(TABLES)}


@dataclass(frozen=True, slots=True)
class File:
    """One file to receive.

    Attributes:
        path: Where it lies.
        sha256: Digest of its bytes, and of those of its mapping file if it has one: read in
            another way it is another file.
        mapping: How an extract is read; None for a message, or where nothing tells.
    """

    path: Path
    sha256: str
    mapping: Mapping | None = None

    @property
    def is_message(self) -> bool:
        """Whether it is a message rather than an extract."""
        return self.path.suffix.lower() in _MESSAGES

    @property
    def is_json(self) -> bool:
        """Whether it is a message in JSON rather than XML."""
        return self.is_message and self.path.suffix.lower() != _MESSAGES[0]


def files_of(paths: Iterable[Path]) -> list[File]:
    """All files of the paths given, extracts first in the order of `TABLES`, then messages.

    Args:
        paths: Files, or folders that hold them, also in `extracts/` and `messages/`.

    Raises:
        BadDelivery: A path does not exist, or holds nothing that can be received, or the
            mapping of an extract cannot be.
    """
    found = dict.fromkeys(file for path in paths for file in _files(path))
    return sorted((_file(path) for path in found), key=_place)


def _files(path: Path) -> list[Path]:
    if path.is_dir():
        inside = [file for file in path.rglob("*") if file.suffix.lower() in _KINDS]
        if not inside:
            raise BadDelivery(path, "no extract (.parquet, .csv) and no message lies in it.")
        return inside
    if not path.is_file():
        raise BadDelivery(path, "there is no such file or folder.")
    if path.suffix.lower() not in _KINDS:
        raise BadDelivery(path, "it is neither an extract (.parquet, .csv) nor a message.")
    return [path]


def _file(path: Path) -> File:
    if path.suffix.lower() in _MESSAGES:
        return File(path, _sha256(path))
    told = mapping_file(path)
    digest = _sha256(path)
    if told is not None:
        digest = hashlib.sha256(f"{digest}{_sha256(told)}".encode()).hexdigest()
    return File(path, digest, mapping_of(path))


def _place(file: File) -> tuple[bool, int, str]:
    order = len(_ORDER) if file.mapping is None else _ORDER[file.mapping.table.name]
    return file.is_message, order, file.path.as_posix()


def _sha256(path: Path) -> str:
    with path.open("rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()
