"""Documents that departments' systems hand in, and the receipts they get."""

import asyncio
from collections.abc import Callable
from functools import partial
from http import HTTPStatus
from pathlib import Path
from time import monotonic
from typing import Annotated, Any, Final
from urllib.parse import unquote_to_bytes

from fastapi import APIRouter, Depends, Header, HTTPException, Request, Response
from fastapi import Path as PathParameter
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect

from domain.delivery_errors import DoorTaken
from domain.errors import BadDelivery
from intake.delivery import refuse_name
from intake.hand_in import HandedIn, Sender, hand_in, receipt_given
from intake.quarantine import IntakeKeys
from intake.receipt import Receipt
from scoring_api.access import Deliverer, now
from scoring_api.answers import described, json_answer
from scoring_api.desk import Desk, DeskDep
from scoring_api.spool import spooled

router = APIRouter(tags=["documents"])

PATIENCE: Final = 10.0
"""Seconds to wait for another receipt to end."""
_PAUSE: Final = 0.05
_COUNTED: Final = 1 << 62
"""The framework's own limit would answer without a problem; the spool counts instead."""
_EXAMPLE: Final = """\
<?xml version="1.0" encoding="UTF-8"?>
<ceb:CEB311Message xmlns:ceb="http://www.chinaport.gov.cn/ceb" guid="311-1" version="1.0">
  <ceb:Order><ceb:OrderHead><ceb:appType>1</ceb:appType>...</ceb:OrderHead></ceb:Order>
</ceb:CEB311Message>
"""
_BINARY: Final = {"type": "string", "format": "binary"}
_BODY: Final[dict[str, Any]] = {
    "requestBody": {
        "required": True,
        "description": "The bytes of one file, as they are: a customs message or a transport "
        "envelope (.xml), No. 179 payment data (.json, .jsonl), or an extract (.parquet, .csv). "
        "At most 512 MiB. The name tells what it is, whatever the media type says.",
        "content": {
            "application/xml": {"schema": {"type": "string"}, "example": _EXAMPLE},
            "application/json": {"schema": {}},
            "application/octet-stream": {"schema": _BINARY},
        },
    }
}
_LOCATION: Final = {"Location": {"description": "The receipt.", "schema": {"type": "string"}}}
_REFUSED: Final = (408, 409, 413, 415, 422, 503)


async def _file_name(
    name: Annotated[
        str,
        Header(
            alias="X-File-Name",
            description="The file's name, as UTF-8 or percent-encoded. Its ending tells what it "
            "is; an extract's beginning is its table: `tax_filings-202605.csv`.",
            openapi_examples={
                "message": {"value": "CEB311Message.xml"},
                "extract": {"value": "tax_filings-202605.parquet"},
            },
            max_length=1000,
        ),
    ],
) -> str:
    """The name that the header gives; servers give headers in Latin-1, whatever was sent."""
    try:
        told = unquote_to_bytes(name.encode("latin-1")).decode("utf-8")
    except UnicodeDecodeError:
        raise BadDelivery(ascii(name), "its name is not in UTF-8.") from None
    refuse_name(told)
    return told


NameDep = Annotated[str, Depends(_file_name)]
Key = Annotated[
    str,
    Header(
        alias="Idempotency-Key",
        description="Names this delivery among yours, for good: sent again with the same name and "
        "bytes it gets the receipt it got, and is received once. A random UUID will do.",
        openapi_examples={"a UUID": {"value": "8e03978e-40d5-43dd-bc93-6894a57f9324"}},
        min_length=1,
        max_length=200,
        pattern=r"^[\x21-\x7e]+$",
    ),
]
Batch = Annotated[
    str,
    PathParameter(
        description="Name of the receipt, its `batch`.",
        openapi_examples={"a receipt": {"value": "000042-20260601T090000"}},
        max_length=100,
    ),
]


@router.post(
    "/documents",
    summary="Hand in a document",
    status_code=HTTPStatus.CREATED,
    responses=described(Receipt, *_REFUSED)
    | {
        200: {"model": Receipt, "headers": _LOCATION, "description": "Received before"},
        201: {"model": Receipt, "headers": _LOCATION, "description": "Received now"},
    },
    openapi_extra=_BODY,
    max_body_size=_COUNTED,
)
async def deliver(
    request: Request, desk: DeskDep, officer: Deliverer, name: NameDep, key: Key
) -> Response:
    """One file, as `sandan receive` takes it in; the answer is its receipt.

    For each table *offered = accepted + unchanged + quarantined*. What cannot be accepted is
    quarantined with the reason; that is an answer too, not a refusal of the request. Where no
    answer came, send the same again under the same key: it is received once.
    """
    keys = IntakeKeys(*desk.settings.keys())
    if request.headers.get("Content-Encoding", "identity") != "identity":
        raise HTTPException(HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
    try:
        async with spooled(request, desk.home, name) as file:
            act = partial(_receive, file, desk, keys, Sender(key, officer.name))
            handed = await _as_soon_as_alone(act)
    except ClientDisconnect as gone:
        raise HTTPException(HTTPStatus.BAD_REQUEST) from gone
    response = json_answer(handed.receipt.model_dump_json().encode())
    response.status_code = HTTPStatus.OK if handed.before else HTTPStatus.CREATED
    response.headers["Location"] = f"/api/receipts/{handed.receipt.batch}"
    return response


@router.get("/receipts/{batch}", summary="A receipt again", responses=described(Receipt, 404, 422))
def receipt(desk: DeskDep, officer: Deliverer, batch: Batch) -> Response:
    """The receipt of a delivery of yours, as it was given."""
    return json_answer(receipt_given(desk.lake.journal, batch, officer.name).encode())


def _receive(file: Path, desk: Desk, keys: IntakeKeys, sender: Sender) -> HandedIn:
    if not file.stat().st_size:
        raise BadDelivery(ascii(file.name), "it is empty.")
    return hand_in([file], desk.lake, keys, sender, now())


async def _as_soon_as_alone(act: Callable[[], HandedIn]) -> HandedIn:
    """Do it when no other receipt is under way; while it waits it holds no thread."""
    last = monotonic() + PATIENCE
    while True:
        try:
            return await run_in_threadpool(act)
        except DoorTaken:
            if monotonic() > last:
                raise
        await asyncio.sleep(_PAUSE)
