"""Which files a delivery holds, and in which order they are read."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from domain.errors import BadDelivery
from domain.tables import TABLES
from intake.mapping import Mapping, mapping_file, mapping_of, table_named

_EXTRACTS, _MESSAGES = (".parquet", ".csv"), (".xml", ".json", ".jsonl")
KINDS: Final = frozenset((*_EXTRACTS, *_MESSAGES))
"""Endings of the names of files that can be received."""
_ORDER = {name: number for number, name in enumerate(TABLES)}

_LONGEST_NAME: Final = 200


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
        return is_message(self.path)

    @property
    def read_as(self) -> str:
        """What its name makes of it: its ending, and the table of an extract."""
        ending = self.path.suffix.lower()
        return ending if self.mapping is None else f"{ending} {self.mapping.table.name}"

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


def is_message(path: Path) -> bool:
    """Whether a file is a message rather than an extract, by its name."""
    return path.suffix.lower() in _MESSAGES


def refuse_file(path: Path) -> None:
    """Go on only with a file that can be received as it lies there.

    Raises:
        BadDelivery: Nothing tells which table an extract is of, or its mapping cannot be, or the
            name is no text.
    """
    if not str(path).isprintable():
        raise BadDelivery(ascii(str(path)), "its name is no printable text in UTF-8.")
    if not is_message(path) and mapping_of(path) is None:
        raise BadDelivery(path, "neither its name nor a mapping beside it tells its table.")


def refuse_name(name: str) -> None:
    """Go on only with the name of a file that comes alone, from outside.

    Raises:
        BadDelivery: It is no plain name of a message, or of an extract of a known table.
    """
    for why, holds in _NAME.items():
        if not holds(name):
            raise BadDelivery(ascii(name[:_LONGEST_NAME]), why)


def _is_plain(name: str) -> bool:
    return name.isprintable() and not name.startswith(".") and not {"/", "\\"} & set(name)


def _names_its_table(name: str) -> bool:
    path = Path(name)
    return is_message(path) or table_named(path) is not None


_NAME: Final = {
    "its name is to be a file name without folders.": _is_plain,
    f"its name has more than {_LONGEST_NAME} bytes.": lambda name: (
        len(name.encode()) <= _LONGEST_NAME
    ),
    f"its name ends in none of {', '.join(sorted(KINDS))}.": lambda name: (
        Path(name).suffix.lower() in KINDS
    ),
    "an extract is named after its table, as tax_filings-202605.csv.": _names_its_table,
}


def _files(path: Path) -> list[Path]:
    if path.is_dir():
        found = (file for file in path.rglob("*") if file.suffix.lower() in KINDS)
        inside = [file for file in found if file.is_file()]
        if not inside:
            raise BadDelivery(path, "no extract (.parquet, .csv) and no message lies in it.")
        return inside
    if not path.is_file():
        raise BadDelivery(path, "there is no such file or folder.")
    if path.suffix.lower() not in KINDS:
        raise BadDelivery(path, "it is neither an extract (.parquet, .csv) nor a message.")
    return [path]


def _file(path: Path) -> File:
    if is_message(path):
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
