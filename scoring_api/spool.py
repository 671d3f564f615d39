"""Where the body of a request lies in clear while it is received: on disk, and not for long."""

import asyncio
import fcntl
import os
import shutil
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from http import HTTPStatus
from pathlib import Path
from tempfile import mkdtemp
from typing import Final

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request

from domain.delivery_errors import DocumentTooLarge
from storage.home import Home

LARGEST_DOCUMENT: Final = 512 << 20
"""Bytes."""
LONGEST_PAUSE: Final = 60.0
"""Seconds to wait for more of a body: what does not come is not kept in clear meanwhile."""


@asynccontextmanager
async def spooled(request: Request, home: Home, name: str) -> AsyncIterator[Path]:
    """The body of a request as a file of that name, deleted when the block is left.

    Written as it comes, so that a body of any size is flat in memory.

    Raises:
        DocumentTooLarge: It has more than `LARGEST_DOCUMENT` bytes; what says so is not read.
        ClientDisconnect: It does not come whole.
        HTTPException: Nothing of it comes for `LONGEST_PAUSE`.
    """
    with _held(home):
        folder = Path(await run_in_threadpool(mkdtemp, dir=home.spool))
        try:
            file = folder / name
            with await run_in_threadpool(file.open, "wb") as sink:
                async for chunk in _body(request):
                    await run_in_threadpool(sink.write, chunk)
            yield file
        finally:
            await run_in_threadpool(shutil.rmtree, folder)


async def _body(request: Request) -> AsyncIterator[bytes]:
    size = 0
    if int(request.headers.get("Content-Length", 0)) > LARGEST_DOCUMENT:
        raise DocumentTooLarge(LARGEST_DOCUMENT)
    async for chunk in _without_pause(request.stream()):
        size += len(chunk)
        if size > LARGEST_DOCUMENT:
            raise DocumentTooLarge(LARGEST_DOCUMENT)
        yield chunk


async def _without_pause(chunks: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    while True:
        try:
            async with asyncio.timeout(LONGEST_PAUSE):
                chunk = await anext(chunks)
        except StopAsyncIteration:
            return
        except TimeoutError as late:
            raise HTTPException(HTTPStatus.REQUEST_TIMEOUT) from late
        yield chunk


def sweep(home: Home) -> None:
    """Delete what a killed process left, unless a request is being spooled now."""
    if not home.spool.exists():
        return
    spool = os.open(home.spool, os.O_RDONLY)
    try:
        fcntl.flock(spool, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return
    else:
        for left in home.spool.iterdir():
            shutil.rmtree(left)
    finally:
        os.close(spool)


@contextmanager
def _held(home: Home) -> Iterator[None]:
    """Nobody sweeps while the block runs."""
    home.spool.mkdir(mode=0o700, parents=True, exist_ok=True)
    spool = os.open(home.spool, os.O_RDONLY)
    try:
        fcntl.flock(spool, fcntl.LOCK_SH)
        yield
    finally:
        os.close(spool)
