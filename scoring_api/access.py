"""Who asks, what they may, and the log of every request."""

import os
from collections.abc import Awaitable, Callable
from datetime import datetime
from pathlib import Path
from time import perf_counter
from typing import Annotated, Final
from zoneinfo import ZoneInfo

import orjson
from fastapi import Depends, Request, Security
from fastapi.security import APIKeyCookie, APIKeyHeader
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from domain.errors import KeyUnknown
from domain.officer import Officer, Right
from scoring_api.desk import DeskDep
from storage.officers import officer_of

COOKIE: Final = "sandan_key"
_CHINA: Final = ZoneInfo("Asia/Shanghai")
_LONGEST: Final = 1000
_HEADER = APIKeyHeader(name="X-API-Key", auto_error=False, description="The officer's key.")
_COOKIE = APIKeyCookie(name=COOKIE, auto_error=False, description="Set by the sign-in page.")


def asking(
    request: Request,
    desk: DeskDep,
    header: Annotated[str | None, Security(_HEADER)],
    cookie: Annotated[str | None, Security(_COOKIE)],
) -> Officer:
    """The officer who holds the request's key.

    Raises:
        KeyUnknown: Nobody does.
    """
    officer = officer_of(desk.home, header or cookie or "")
    if officer is None:
        raise KeyUnknown
    request.state.officer = officer.name
    return officer


def holding(right: Right) -> Callable[[Officer], Awaitable[Officer]]:
    """A dependency that lets only officers with `right` pass, before anything is looked up."""

    async def holder(officer: Annotated[Officer, Depends(asking)]) -> Officer:
        officer.require(right)
        return officer

    return holder


Reader = Annotated[Officer, Depends(holding(Right.READ))]
Scorer = Annotated[Officer, Depends(holding(Right.SCORE))]
Deliverer = Annotated[Officer, Depends(holding(Right.DELIVER))]
LaunderingReader = Annotated[Officer, Depends(holding(Right.LAUNDERING))]


def now() -> datetime:
    """The door's clock: China wall-clock time without a zone."""
    return datetime.now(_CHINA).replace(tzinfo=None)


class AccessLog:
    """Adds one JSON line per request to a file that only its owner reads."""

    def __init__(self, app: ASGIApp, file: Path) -> None:
        file.parent.mkdir(parents=True, exist_ok=True)
        self._app = app
        self._file = file

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, then write down who asked for what and what they got."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        state = scope.setdefault("state", {})
        start, statuses = perf_counter(), [500]

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                statuses.append(message["status"])
            await send(message)

        try:
            await self._app(scope, receive, sending)
        finally:
            self._write(
                {
                    "at": now(),
                    "officer": state.get("officer"),
                    "method": scope["method"],
                    "path": scope["path"][:_LONGEST],
                    "query": scope["query_string"][:_LONGEST].decode("latin-1"),
                    "status": statuses[-1],
                    "milliseconds": round((perf_counter() - start) * 1000, 1),
                }
            )

    def _write(self, line: dict[str, object]) -> None:
        handle = os.open(self._file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            os.write(handle, orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE))
        finally:
            os.close(handle)
