"""Every refusal as problem details (RFC 9457)."""

import re
from http import HTTPStatus
from typing import Final, cast

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

from domain.delivery_errors import (
    DeliveryUnderWay,
    DocumentTooLarge,
    DoorTaken,
    KeyReused,
    NoReceipt,
)
from domain.errors import (
    BadCode,
    BadDate,
    BadDelivery,
    KeyMissing,
    KeyUnknown,
    KeyUnusable,
    ModelDamaged,
    ModelMismatch,
    ModelMissing,
    NoNight,
    NothingKnown,
    NotScored,
    Refusal,
    RightMissing,
    UnknownEnterprise,
    UnknownFeature,
)

STATUS: Final[dict[type[Refusal], HTTPStatus]] = {
    KeyUnknown: HTTPStatus.UNAUTHORIZED,
    RightMissing: HTTPStatus.FORBIDDEN,
    UnknownEnterprise: HTTPStatus.NOT_FOUND,
    NoNight: HTTPStatus.NOT_FOUND,
    NothingKnown: HTTPStatus.NOT_FOUND,
    NotScored: HTTPStatus.NOT_FOUND,
    NoReceipt: HTTPStatus.NOT_FOUND,
    DeliveryUnderWay: HTTPStatus.CONFLICT,
    DocumentTooLarge: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    BadCode: HTTPStatus.UNPROCESSABLE_ENTITY,
    BadDate: HTTPStatus.UNPROCESSABLE_ENTITY,
    UnknownFeature: HTTPStatus.UNPROCESSABLE_ENTITY,
    BadDelivery: HTTPStatus.UNPROCESSABLE_ENTITY,
    KeyReused: HTTPStatus.UNPROCESSABLE_ENTITY,
    ModelMissing: HTTPStatus.SERVICE_UNAVAILABLE,
    ModelDamaged: HTTPStatus.SERVICE_UNAVAILABLE,
    ModelMismatch: HTTPStatus.SERVICE_UNAVAILABLE,
    KeyMissing: HTTPStatus.SERVICE_UNAVAILABLE,
    KeyUnusable: HTTPStatus.SERVICE_UNAVAILABLE,
    DoorTaken: HTTPStatus.SERVICE_UNAVAILABLE,
}
"""Refusal -> status of its answer. A refusal that no request can cause answers 500."""

_RETRY_AFTER: Final = {DoorTaken: "10", DeliveryUnderWay: "10"}
"""Refusal that passes by itself -> seconds after which to ask again."""

_LONGEST: Final = 200
_MOST_FAULTS: Final = 20


class Fault(BaseModel):
    """One thing in a request that cannot be accepted."""

    where: str
    what: str


class Problem(BaseModel):
    """Problem details (RFC 9457)."""

    type: str = Field(examples=["urn:sandan:unknown-enterprise"])
    title: str = Field(examples=["No enterprise of that code has been graded"])
    status: int = Field(examples=[404])
    detail: str = Field(examples=["No enterprise with the code '...' is on the roll; ..."])
    instance: str = Field(examples=["/api/enterprises/..."])
    errors: list[Fault] | None = None


def kind_of(refusal: type[Refusal]) -> str:
    """The URN of a kind of refusal."""
    return f"urn:sandan:{re.sub(r'(?<=[a-z])(?=[A-Z])', '-', refusal.__name__).lower()}"


def problem_of(refusal: Refusal, instance: str) -> Problem:
    """Problem details of a refused request."""
    kind = type(refusal)
    return Problem(
        type=kind_of(kind),
        title=(kind.__doc__ or kind.__name__).splitlines()[0].rstrip("."),
        status=STATUS.get(kind, HTTPStatus.INTERNAL_SERVER_ERROR),
        detail=str(refusal),
        instance=instance,
    )


def refused(refusal: Refusal, instance: str) -> Response:
    """The answer to a refused request."""
    response = answer(problem_of(refusal, instance))
    if type(refusal) in _RETRY_AFTER:
        response.headers["Retry-After"] = _RETRY_AFTER[type(refusal)]
    return response


def answer(problem: Problem) -> Response:
    """`problem` as the answer to its request."""
    body = problem.model_dump_json(exclude_none=True)
    return Response(body, problem.status, media_type="application/problem+json")


def answer_with_problems(app: FastAPI) -> None:
    """Make every error of `app` that is not a refusal answer with problem details."""
    app.add_exception_handler(RequestValidationError, _on_invalid)
    app.add_exception_handler(HTTPException, _on_http)
    app.add_exception_handler(Exception, _on_failure)


async def _on_invalid(request: Request, error: Exception) -> Response:
    faults = [
        Fault(where=".".join(map(str, each["loc"]))[:_LONGEST], what=each["msg"][:_LONGEST])
        for each in cast("RequestValidationError", error).errors()[:_MOST_FAULTS]
    ]
    problem = Problem(
        type="urn:sandan:invalid-request",
        title="The request is not as the API describes it",
        status=HTTPStatus.UNPROCESSABLE_ENTITY,
        detail="; ".join(f"{fault.where}: {fault.what}" for fault in faults),
        instance=request.url.path,
        errors=faults,
    )
    return answer(problem)


async def _on_http(request: Request, error: Exception) -> Response:
    return _plain(HTTPStatus(cast("HTTPException", error).status_code), request.url.path)


async def _on_failure(request: Request, _: Exception) -> Response:
    return _plain(HTTPStatus.INTERNAL_SERVER_ERROR, request.url.path)


def _plain(status: HTTPStatus, instance: str) -> Response:
    detail = status.description or status.phrase
    problem = Problem(
        type="about:blank", title=status.phrase, status=status, detail=detail, instance=instance
    )
    return answer(problem)
