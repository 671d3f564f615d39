"""The application: the API under /api, the console under /console."""

from importlib.metadata import version
from typing import Final, cast

from fastapi import APIRouter, FastAPI, Request, Response

from domain.errors import Refusal
from domain.settings import Settings
from presentation.words import language
from scoring_api import (
    compartment,
    documents,
    enterprises,
    nights,
    pages,
    refused,
    spool,
    trials,
)
from scoring_api.access import AccessLog
from scoring_api.desk import Desk
from scoring_api.headers import SafeHeaders
from scoring_api.problems import answer_with_problems
from scoring_api.problems import refused as problem_answer
from storage.home import Home
from storage.laundering import Compartment
from storage.ledger import Ledger

LARGEST_BODY: Final = 256 * 1024
"""Bytes."""
_DESCRIPTION: Final = """\
Credit grades, risk alerts and their reasons, as the nightly scan issued them, and the door through
which departments' systems hand in documents. A GET answers from what is stored; nothing is
computed. Send the officer's key in `X-API-Key`. Refusals are problem details (RFC 9457), told
apart by `type`. An alert is an unconfirmed lead; the named department decides.
"""


async def _on_refusal(request: Request, refusal: Exception) -> Response:
    told = cast("Refusal", refusal)
    if request.url.path.startswith(pages.CONSOLE):
        return pages.refused(told, language(request.query_params.get("lang")))
    return problem_answer(told, request.url.path)


def create_app(settings: Settings) -> FastAPI:
    """The application over one home folder.

    Args:
        settings: Which home folder it is.
    """
    home = Home(settings.home)
    spool.sweep(home)
    app = FastAPI(
        title="Sandan 三单",
        description=_DESCRIPTION,
        version=version("sandan"),
        openapi_url="/api/openapi.json",
        docs_url=None,
        redoc_url=None,
        max_body_size=LARGEST_BODY,
    )
    app.state.desk = Desk(home, Ledger(home), Compartment(home), settings)
    app.add_exception_handler(Refusal, _on_refusal)
    answer_with_problems(app)
    app.add_middleware(SafeHeaders)
    app.add_middleware(AccessLog, file=home.logs / "access.jsonl")
    api = APIRouter(prefix="/api")
    for part in (enterprises, nights, trials, documents, refused, compartment):
        api.include_router(part.router)
    app.include_router(api)
    app.include_router(pages.router)
    return app
