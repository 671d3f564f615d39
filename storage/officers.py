"""Who may ask: officers and the digests of their API keys. Keys themselves are never kept."""

import fcntl
import hashlib
import hmac
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager

from pydantic import BaseModel, TypeAdapter

from domain.officer import Officer
from storage.home import Home


class _Entry(BaseModel):
    key_sha256: str
    officer: Officer


_ENTRIES = TypeAdapter(list[_Entry])


def add(home: Home, officer: Officer) -> str:
    """Enter an officer and make an API key, which is shown this once and not kept.

    Args:
        home: Whose register of officers it is.
        officer: Who gets the key; one officer may hold several.
    """
    key = secrets.token_urlsafe(32)
    home.root.mkdir(parents=True, exist_ok=True)
    with _locked(home):
        entries = [*_entries(home), _Entry(key_sha256=_digest(key), officer=officer)]
        unfinished = home.officers.with_suffix(".tmp")
        unfinished.touch(mode=0o600)
        unfinished.write_bytes(_ENTRIES.dump_json(entries, indent=1))
        unfinished.replace(home.officers)
    return key


def officer_of(home: Home, key: str) -> Officer | None:
    """The officer who holds `key`, or None. Takes the same time whether one matches or not."""
    asked = _digest(key)
    held = [e.officer for e in _entries(home) if hmac.compare_digest(e.key_sha256, asked)]
    return held[0] if held else None


@contextmanager
def _locked(home: Home) -> Iterator[None]:
    """One at a time: whoever reads the register to write it again, writes what was read."""
    folder = os.open(home.root, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def _entries(home: Home) -> list[_Entry]:
    if not home.officers.exists():
        return []
    return _ENTRIES.validate_json(home.officers.read_bytes())


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()
