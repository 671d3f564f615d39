"""`sandan watch`: receive what senders drop into a folder, round by round."""

import fcntl
import secrets
import signal
from collections.abc import Callable, Iterator, Sequence, Set
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Annotated

import typer

from commands.terminal import now, open_lake, plain
from domain.delivery_errors import DeliveryUnderWay, DoorTaken, FolderWatched, KeyReused
from domain.errors import BadDelivery
from domain.settings import Settings
from storage.home import Home

if TYPE_CHECKING:
    from intake.drop_folder import DropFolder, HandIn
    from intake.receipt import Receipt


def watch(
    folder: Annotated[Path, typer.Argument(help="Where senders put files.")],
    *,
    interval: Annotated[float, typer.Option(min=0.05, help="Seconds between two looks.")] = 10.0,
    once: Annotated[bool, typer.Option("--once", help="One round, for a timer.")] = False,
) -> None:
    """Receive what is dropped into a folder, a round at a time, until told to end.

    A file is taken once it looks the same at two looks: same size, same time of
    change. A slow writer writes orders.xml.part and renames it when it is whole.

    What was received goes to FOLDER/received/BATCH, its receipt to
    FOLDER/receipts; what cannot be received goes to FOLDER/refused, with the
    reason. Nothing is deleted.

    SIGTERM and Ctrl-C end it after the batch under way. Killed at any moment,
    start it again.

    Example: sandan watch /srv/sandan/drop
    """
    from intake.drop_folder import DropFolder

    home = Home(Settings.read().home)
    _refuse_place(folder, home)
    drop, hand_in, clean = DropFolder(folder.absolute()), _handing_in(), _cleaning()
    with _watching_alone(home), _ended_by_signal() as ended:
        told: Set[str] = frozenset()
        while not ended.is_set():
            seen = drop.look()
            if ended.wait(interval):
                break
            told = _tell(map(clean, _round(drop, hand_in, drop.settled(seen))), told)
            if once:
                break


def _refuse_place(folder: Path, home: Home) -> None:
    if not folder.is_dir():
        raise BadDelivery(folder, "there is no such folder.")
    dropped, kept = folder.resolve(), home.root.resolve()
    if kept.is_relative_to(dropped) or dropped.is_relative_to(kept):
        raise BadDelivery(folder, "it and the home folder are to lie apart.")


def _handing_in() -> "HandIn":
    from intake.hand_in import Sender, hand_in
    from intake.quarantine import IntakeKeys

    keys, lake = IntakeKeys(*Settings.read().keys()), open_lake()
    return lambda taken, key: hand_in([taken], lake, keys, Sender(key), now()).receipt


def _cleaning() -> Callable[[str], str]:
    """What is told goes to a log, and the name of a sender's file may hold a person's number."""
    from intake.identifiers import scrub
    from intake.pseudonym import Pseudonymiser

    secret = Pseudonymiser(Settings.read().keys()[0])
    return lambda line: scrub(line, secret)


def _round(drop: "DropFolder", hand_in: "HandIn", files: Sequence[Path]) -> Iterator[str]:
    if not drop.root.is_dir():
        yield f"{drop.root} is not there now."
    if files:
        # no two rounds share a name, whatever the clock says
        yield from drop.take(files, f"{now():%Y%m%dT%H%M%S}-{secrets.token_hex(4)}")
    yield from _finished(drop, hand_in)


def _finished(drop: "DropFolder", hand_in: "HandIn") -> Iterator[str]:
    for taken in drop.under_way():
        try:
            receipt = drop.finish(taken, hand_in)
        except (BadDelivery, KeyReused) as refusal:
            yield f"{taken.name} lies in refused/: {refusal}"
        except (DoorTaken, DeliveryUnderWay):
            yield f"{taken.name} waits: another receipt is under way."
        except OSError as wrong:
            yield f"{taken.name} waits, to be tried again: {wrong.strerror or wrong}."
        else:
            if receipt is not None:
                yield _line(receipt)


def _line(receipt: "Receipt") -> str:
    total, unread = receipt.total, sum(receipt.not_yet_read.values())
    files = len(receipt.files) + unread
    counts = (
        f"{total.offered:,} rows offered = {total.accepted:,} accepted "
        f"+ {total.unchanged:,} unchanged + {total.quarantined:,} quarantined"
    )
    rest = f"; nothing reads {', '.join(receipt.not_yet_read)}" if unread else ""
    noun = "file" if files == 1 else "files"
    return f"receipt {receipt.batch}: {files:,} {noun}, {counts}{rest}"


def _tell(lines: Iterator[str], told: Set[str]) -> set[str]:
    """Say each line, unless the round before said it too; gives those of this round."""
    said = set()
    for line in lines:
        if line not in told:
            typer.echo(f"{now():%Y-%m-%d %H:%M:%S} {plain(line)}")
        said.add(line)
    return said


@contextmanager
def _watching_alone(home: Home) -> Iterator[None]:
    """Two at once would finish each other's folders."""
    home.root.mkdir(parents=True, exist_ok=True)
    with home.watching.open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as taken:
            raise FolderWatched from taken
        yield


@contextmanager
def _ended_by_signal() -> Iterator[Event]:
    """Set once the process is told to end; until the block is left nothing else ends it."""
    ended = Event()
    before = {
        number: signal.signal(number, lambda *_: ended.set())
        for number in (signal.SIGTERM, signal.SIGINT)
    }
    try:
        yield ended
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
