"""An append-only, hash-chained run of nights: rows in a database, bulky files beside it.

Files are complete before their row is committed. A kill at any moment leaves the old chain or
the new one; files without a row are never read and go with the next append.
"""

import fcntl
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Final

import orjson
import pyarrow as pa
from sqlalchemy import Connection, Engine, Select, Table, create_engine, insert, select

from domain.errors import NoNight
from storage.payloads import sha256
from storage.schema import METADATA, SCANS

_START: Final = "0" * 64
_TEMPORARY: Final = ".writing"
_UNREADABLE: Final = (OSError, pa.ArrowException, ValueError)


@dataclass(frozen=True, slots=True)
class Scan:
    """An issued night, as its row says.

    Attributes:
        sequence: Place in the chain, from 1.
        scan_id: Name by which it is called.
        digest: Digest of what was issued; equal results have equal digests.
        certificate: Canonical JSON of what the night rests on.
    """

    sequence: int
    scan_id: str
    as_of: date
    digest: str
    issued_at: datetime
    certificate: str
    previous_hash: str
    chain_hash: str

    def expected_hash(self) -> str:
        """The chain hash that follows from the row and the row before it."""
        content = {
            "previous": self.previous_hash,
            "as_of": self.as_of,
            "digest": self.digest,
            "issued_at": self.issued_at,
            "certificate": self.certificate,
        }
        return sha256(orjson.dumps(content, option=orjson.OPT_SORT_KEYS))


@dataclass(frozen=True, slots=True)
class Contents:
    """What a night's files come to.

    Attributes:
        digest: Digest of everything that is issued; equal results have equal digests.
        rows: Tables and their rows, in order of `position`, without their `sequence`.
    """

    digest: str
    rows: Sequence[tuple[Table, list[dict[str, object]]]]


@dataclass(frozen=True, slots=True)
class Entry:
    """What is to be appended.

    Attributes:
        certificate: Canonical JSON of what the night rests on.
        write: Writes the files into the folder it is given.
    """

    as_of: date
    contents: Contents
    issued_at: datetime
    certificate: str
    write: Callable[[Path], None]


@dataclass(frozen=True, slots=True)
class Kind:
    """What a chain holds.

    Attributes:
        tables: The database tables it needs.
        recount: Reads a night's files again, to hold them against what was issued.
    """

    tables: Sequence[Table]
    recount: Callable[[date, Path], Contents]


class Chain:
    """One chain in one folder.

    Attributes:
        engine: The database of its rows.
    """

    def __init__(self, root: Path, kind: Kind, url: str) -> None:
        root.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._root = root
        self._kind = kind
        self.engine: Engine = create_engine(url)
        with self._locked():
            METADATA.create_all(self.engine, tables=list(kind.tables))

    def append(self, entry: Entry) -> str:
        """Append a night and return its scan id.

        A night that equals the one in force for its `as_of` adds nothing: the id of the one in
        force is returned.
        """
        with self._locked():
            scans = self.scans()
            in_force = [scan for scan in scans if scan.as_of == entry.as_of]
            if in_force and in_force[-1].digest == entry.contents.digest:
                return in_force[-1].scan_id
            self._clean(scans)
            self._place(entry)
            scan = _next(entry, scans)
            with self.engine.begin() as connection:
                _insert(connection, scan, entry)
            return scan.scan_id

    def scans(self) -> list[Scan]:
        """All scans in the order of the chain."""
        with self.engine.connect() as connection:
            rows = connection.execute(select(SCANS).order_by(SCANS.c.sequence)).mappings()
            return [Scan(**row) for row in rows]

    def nights(self) -> list[date]:
        """The days that have a scan, in order."""
        with self.engine.connect() as connection:
            chosen = select(SCANS.c.as_of).distinct().order_by(SCANS.c.as_of)
            return list(connection.scalars(chosen))

    def in_force(self, as_of: date | None = None) -> Scan:
        """The scan in force for `as_of`, or for the latest night.

        Raises:
            NoNight: There is none.
        """
        chosen = select(SCANS).order_by(SCANS.c.as_of.desc(), SCANS.c.sequence.desc()).limit(1)
        return self._one(chosen if as_of is None else chosen.where(SCANS.c.as_of == as_of), as_of)

    def before(self, day: date) -> Scan:
        """The scan in force for the last night before `day`.

        Raises:
            NoNight: There is none.
        """
        chosen = select(SCANS).order_by(SCANS.c.as_of.desc(), SCANS.c.sequence.desc()).limit(1)
        return self._one(chosen.where(SCANS.c.as_of < day), day)

    def folder(self, as_of: date, digest: str) -> Path:
        """Where the files of a night lie."""
        return self._root / as_of.isoformat() / digest

    def verify(self) -> list[str]:
        """What is wrong, one sentence each; empty when every link, file and row holds.

        What a chain cannot show by itself is that its last scans were taken out together with
        their files: keep the last scan id elsewhere and compare.
        """
        scans = self.scans()
        changed = [problem for scan in scans for problem in self._changed(scan)]
        return [*_broken(scans), *changed, *self._left_over(scans)]

    def _changed(self, scan: Scan) -> Iterator[str]:
        folder = self.folder(scan.as_of, scan.digest)
        try:
            contents = self._kind.recount(scan.as_of, folder)
        except _UNREADABLE as error:
            yield f"The files of scan {scan.scan_id} ({folder}) cannot be read: {error}"
            return
        if contents.digest != scan.digest:
            yield f"The files of scan {scan.scan_id} ({folder}) are not those that were issued."
        for table, rows in contents.rows:
            yield from self._differing(scan, table, rows)

    def _differing(
        self, scan: Scan, table: Table, issued: Sequence[dict[str, object]]
    ) -> Iterator[str]:
        columns = [column for column in table.columns if column.name != "sequence"]
        chosen = select(*columns).where(table.c.sequence == scan.sequence)
        with self.engine.connect() as connection:
            rows = connection.execute(chosen.order_by(table.c.position)).mappings()
            stored = [dict(row) for row in rows]
        if len(stored) != len(issued):
            yield f"Scan {scan.scan_id} has {len(stored)} rows of {table.name}, not {len(issued)}."
        for row, expected in zip(stored, issued, strict=False):
            if row != expected:
                yield f"The row of {expected['code']} in {table.name} of {scan.as_of} was changed."

    def _left_over(self, scans: Sequence[Scan]) -> list[str]:
        return [
            f"{folder} has no scan: a scan was killed, or its row was taken out."
            for folder in self._unissued(scans)
        ]

    def _one(self, chosen: Select[tuple[object, ...]], as_of: date | None) -> Scan:
        with self.engine.connect() as connection:
            row = connection.execute(chosen).mappings().one_or_none()
        if row is None:
            raise NoNight(as_of or "any day")
        return Scan(**row)

    @contextmanager
    def _locked(self) -> Iterator[None]:
        with (self._root / ".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _place(self, entry: Entry) -> None:
        folder = self.folder(entry.as_of, entry.contents.digest)
        if folder.exists():
            return
        temporary = self._root / _TEMPORARY
        temporary.mkdir()
        entry.write(temporary)
        for path in (*temporary.iterdir(), temporary):
            _to_disk(path)
        folder.parent.mkdir(exist_ok=True)
        temporary.rename(folder)
        _to_disk(folder.parent)

    def _clean(self, scans: Sequence[Scan]) -> None:
        temporary = self._root / _TEMPORARY
        for folder in (*self._unissued(scans), temporary):
            if folder.exists():
                shutil.rmtree(folder)

    def _unissued(self, scans: Sequence[Scan]) -> list[Path]:
        issued = {self.folder(scan.as_of, scan.digest) for scan in scans}
        return sorted(set(self._root.glob("????-??-??/*")) - issued)


def _broken(scans: Sequence[Scan]) -> Iterator[str]:
    previous = _START
    for place, scan in enumerate(scans, start=1):
        if scan.sequence != place:
            yield f"Scan {place} is missing from the chain."
        if scan.previous_hash != previous:
            yield f"Scan {scan.scan_id} does not follow the scan before it."
        if scan.expected_hash() != scan.chain_hash or scan.scan_id != _name(scan.chain_hash):
            yield f"The row of scan {scan.scan_id} was changed after it was issued."
        previous = scan.chain_hash


def _name(chain_hash: str) -> str:
    return chain_hash[:16]


def _next(entry: Entry, scans: Sequence[Scan]) -> Scan:
    scan = Scan(
        sequence=len(scans) + 1,
        scan_id="",
        as_of=entry.as_of,
        digest=entry.contents.digest,
        issued_at=entry.issued_at,
        certificate=entry.certificate,
        previous_hash=scans[-1].chain_hash if scans else _START,
        chain_hash="",
    )
    chain_hash = scan.expected_hash()
    return replace(scan, scan_id=_name(chain_hash), chain_hash=chain_hash)


def _insert(connection: Connection, scan: Scan, entry: Entry) -> None:
    connection.execute(insert(SCANS), asdict(scan))
    for table, rows in entry.contents.rows:
        if rows:
            numbered = [{"sequence": scan.sequence, **row} for row in rows]
            connection.execute(insert(table), numbered)


def _to_disk(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
