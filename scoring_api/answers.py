"""Shapes of answers that are more than one stored noun."""

from datetime import date, datetime
from typing import Annotated, Any, Final

from fastapi import Depends, Query, Response
from pydantic import BaseModel

from domain.errors import BadDate
from domain.results import Alert, AssessmentHead, LaunderingRecord, Versions
from scoring_api.problems import Problem
from storage.certificate import Certificate
from storage.chain import Scan
from storage.payloads import canonical

EXAMPLE_CODE: Final = "91320300000000003Q"


class Found(BaseModel):
    """Enterprises of one night."""

    as_of: date
    enterprises: list[AssessmentHead]


class History(BaseModel):
    """One enterprise through the nights, oldest first."""

    nights: list[AssessmentHead]


class AlertList(BaseModel):
    """Alerts of one night, first to check first."""

    as_of: date
    alerts: list[Alert]


class Counted(BaseModel):
    """How many enterprises hold each tier, and alerts each colour and typology."""

    as_of: date
    tiers: dict[str, int]
    colours: dict[str, int]
    typologies: dict[str, int]


class RecordList(BaseModel):
    """Laundering records with an alert, first to check first."""

    as_of: date
    records: list[LaunderingRecord]


class NightLine(BaseModel):
    """A scan that is in force.

    Attributes:
        covered: Source -> last complete day, as known that night.
        stale: Sources that were too late; what needs them is provisional or unknown.
    """

    as_of: date
    scan_id: str
    issued_at: datetime
    covered: dict[str, date]
    stale: tuple[str, ...]
    versions: Versions


class Nights(BaseModel):
    """The nights in the ledger, oldest first."""

    nights: list[NightLine]


class Health(BaseModel):
    """That the service answers."""

    status: str = "ok"


def json_answer(body: bytes) -> Response:
    """Bytes that are JSON already."""
    return Response(body, media_type="application/json")


def noun_answer(noun: BaseModel) -> Response:
    """A noun in its canonical JSON."""
    return json_answer(canonical(noun))


def list_answer(as_of: date, name: str, items: list[bytes]) -> Response:
    """Stored JSON items as one object: the night and the list."""
    return json_answer(
        b'{"as_of":"%b","%b":[%b]}' % (as_of.isoformat().encode(), name.encode(), b",".join(items))
    )


def night_line(scan: Scan) -> NightLine:
    """What readers are told of a scan; its certificate is for the operator."""
    certificate = Certificate.model_validate_json(scan.certificate)
    return NightLine(
        as_of=scan.as_of,
        scan_id=scan.scan_id,
        issued_at=scan.issued_at,
        covered=certificate.covered,
        stale=certificate.stale,
        versions=certificate.versions,
    )


async def _day(
    as_of: Annotated[
        str | None,
        Query(
            description="The night, YYYY-MM-DD; the latest when left out.",
            openapi_examples={"a night": {"value": "2026-06-30"}},
            json_schema_extra={"format": "date"},
            max_length=40,
        ),
    ] = None,
) -> date | None:
    return None if as_of is None else day_of(as_of)


NightDep = Annotated[date | None, Depends(_day)]


def day_of(text: str) -> date:
    """The day that `text` names.

    Raises:
        BadDate: It names none.
    """
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise BadDate(text) from None
    if day.isoformat() != text:
        raise BadDate(text)
    return day


def described(model: type[BaseModel], *refusals: int) -> dict[int | str, dict[str, Any]]:
    """The `responses` of an endpoint: its model, and the statuses it may refuse with."""
    answers: dict[int | str, dict[str, Any]] = {200: {"model": model}}
    return answers | {status: {"model": Problem} for status in sorted({401, 403, *refusals})}
