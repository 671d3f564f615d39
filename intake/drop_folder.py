"""A folder that senders drop files into: each file is received once, and none is ever deleted.

    FOLDER/...                  what senders put there, in folders of their own if they like
    FOLDER/under-way/ID/...     being received
    FOLDER/received/BATCH/...   received: the receipt of that name says what came of it
    FOLDER/receipts/BATCH.json  the receipts, for the senders
    FOLDER/refused/ID/...       what cannot be received at all, and `why.txt`

What has come whole is moved into a folder of its own, handed in under the folder's name, and
moved on. After a kill the folder is handed in again under the same name, which adds nothing.
"""

import os
import shutil
import stat
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeAlias

from domain.delivery_errors import KeyReused
from domain.errors import BadDelivery
from intake.delivery import KINDS, is_message, refuse_file
from intake.mapping import mapping_file
from intake.receipt import Receipt

UNDER_WAY: Final = "under-way"
RECEIVED: Final = "received"
RECEIPTS: Final = "receipts"
REFUSED: Final = "refused"
WHY: Final = "why.txt"
_OWN: Final = frozenset((UNDER_WAY, RECEIVED, RECEIPTS, REFUSED))

Seen: TypeAlias = Mapping[Path, tuple[int, int, int]]
"""File -> its inode, its size and when it was changed last."""
HandIn: TypeAlias = Callable[[Path, str], Receipt]
"""Hands in the files of a folder under a key, and gives the receipt."""


@dataclass(frozen=True, slots=True)
class DropFolder:
    """A drop folder.

    Attributes:
        root: Where it lies.
    """

    root: Path

    def look(self) -> Seen:
        """The files that lie there to be received, and how they look now."""
        found = ((path, _look(path)) for path in self._lying())
        return {path: how for path, how in found if how is not None}

    def settled(self, before: Seen) -> list[Path]:
        """The files that look as they did before: nobody is writing them any more."""
        return sorted(path for path, how in self.look().items() if before.get(path) == how)

    def take(self, files: Sequence[Path], name: str) -> Iterator[str]:
        """Move files under way, together, under a name that no others had.

        Yields:
            For each file that is not taken a sentence on why. What cannot be received goes to
            `refused/`; what cannot be moved stays where it is.
        """
        for file in files:
            try:
                why = self._move(file, name)
            except OSError as wrong:
                why = f"{file} cannot be taken, and stays there: {wrong.strerror or wrong}."
            if why is not None:
                yield why

    def under_way(self) -> list[Path]:
        """The folders that were taken and are not finished, the earliest first."""
        folder = self.root / UNDER_WAY
        return sorted(path for path in folder.glob("*") if path.is_dir())

    def finish(self, taken: Path, hand_in: HandIn) -> Receipt | None:
        """Hand in a folder that is under way, leave the receipt, and move it on.

        Returns:
            The receipt; None if nothing had been moved there.

        Raises:
            BadDelivery: It cannot be received, and lies in `refused/` now.
            KeyReused: Its files were changed since they were received; they lie there too.
            DoorTaken: Another receipt is under way; it stays where it is.
        """
        if not any(path.suffix.lower() in KINDS for path in taken.rglob("*") if path.is_file()):
            # killed before the first file: only copies of mappings lie here
            shutil.rmtree(taken)
            return None
        try:
            receipt = hand_in(taken, taken.name)
        except (BadDelivery, KeyReused) as refusal:
            _say(taken, str(refusal))
            taken.rename(_private(self.root / REFUSED) / taken.name)
            raise
        self._leave(receipt)
        taken.rename(_private(self.root / RECEIVED) / receipt.batch)
        return receipt

    def _lying(self) -> Iterator[Path]:
        for folder, inside, names in os.walk(self.root):
            here = Path(folder)
            own = _OWN if here == self.root else frozenset[str]()
            inside[:] = [name for name in inside if not (name in own or name.startswith("."))]
            for name in names:
                path = here / name
                if path.suffix.lower() in KINDS and not name.startswith("."):
                    yield path

    def _move(self, file: Path, name: str) -> str | None:
        place = file.relative_to(self.root)
        try:
            refuse_file(file)
        except BadDelivery as refusal:
            refused = _private(self.root / REFUSED) / name
            _say(refused, str(refusal))
            _rename(file, refused / place)
            return str(refusal)
        to = _private(self.root / UNDER_WAY) / name / place
        mapping = None if is_message(file) else mapping_file(file)
        _open_once(file)
        if mapping is not None:
            _copy(mapping, to.with_name(mapping.name))
        _rename(file, to)
        return None

    def _leave(self, receipt: Receipt) -> None:
        folder = self.root / RECEIPTS
        folder.mkdir(exist_ok=True)
        unfinished = folder / f".{receipt.batch}.tmp"
        unfinished.write_text(receipt.model_dump_json(indent=1), "utf-8")
        unfinished.replace(folder / f"{receipt.batch}.json")


def _look(path: Path) -> tuple[int, int, int] | None:
    """How a file looks; None for what is none, or only leads to one, or lies out of reach."""
    try:
        found = path.lstat()
    except OSError:
        return None
    regular = stat.S_ISREG(found.st_mode)
    return (found.st_ino, found.st_size, found.st_mtime_ns) if regular else None


def _open_once(file: Path) -> None:
    """Go on only with what can be read and is the file itself."""
    os.close(os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK))


def _private(folder: Path) -> Path:
    """A folder that holds personal data in clear."""
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder


def _rename(file: Path, to: Path) -> None:
    to.parent.mkdir(parents=True, exist_ok=True)
    file.rename(to)


def _copy(mapping: Path, to: Path) -> None:
    """Whole or not at all; the other parts of an extract may have brought it before."""
    if to.exists():
        return
    to.parent.mkdir(parents=True, exist_ok=True)
    unfinished = to.with_suffix(".tmp")
    shutil.copyfile(mapping, unfinished)
    unfinished.replace(to)


def _say(folder: Path, why: str) -> None:
    folder.mkdir(exist_ok=True)
    with (folder / WHY).open("a", encoding="utf-8") as said:
        said.write(f"{why}\n")
