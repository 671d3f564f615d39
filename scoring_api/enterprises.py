"""What was issued for one enterprise."""

from typing import Annotated, Literal

import orjson
from fastapi import APIRouter, Path, Query, Response

from domain.errors import NotScored
from domain.results import Assessment, ModelScore
from scoring_api.access import Reader
from scoring_api.answers import (
    EXAMPLE_CODE,
    Found,
    History,
    NightDep,
    described,
    json_answer,
    noun_answer,
)
from scoring_api.desk import DeskDep

router = APIRouter(prefix="/enterprises", tags=["enterprises"])

Code = Annotated[
    str,
    Path(
        description="Unified social credit code (18) or customs registration code (10).",
        openapi_examples={"credit code": {"value": EXAMPLE_CODE}},
        max_length=100,
    ),
]


@router.get("", summary="Search by name or code", responses=described(Found, 404, 422))
def search(
    desk: DeskDep,
    officer: Reader,
    q: Annotated[
        str,
        Query(
            description="Part of a name, or the start of either code; case does not matter.",
            openapi_examples={"name": {"value": "徐州"}},
            min_length=1,
            max_length=100,
        ),
    ],
    limit: Annotated[int, Query(description="The first by name.", ge=1, le=200)] = 20,
) -> Response:
    """Enterprises of the latest night."""
    heads = desk.ledger.search(q, limit, officer.regions)
    return noun_answer(Found(as_of=desk.ledger.scan().as_of, enterprises=heads))


@router.get(
    "/{code}", summary="The assessment as issued", responses=described(Assessment, 404, 422)
)
def assessment(desk: DeskDep, officer: Reader, code: Code, as_of: NightDep) -> Response:
    """Grade, measures, alerts, reasons and documents: the bytes that the scan wrote."""
    return json_answer(desk.ledger.payload(code, as_of, officer.regions))


@router.get("/{code}/history", summary="Night by night", responses=described(History, 404, 422))
def history(desk: DeskDep, officer: Reader, code: Code) -> Response:
    """One line per night, oldest first."""
    return noun_answer(History(nights=desk.ledger.history(code, officer.regions)))


@router.get(
    "/{code}/explanation",
    summary="Why a model says what it says",
    responses=described(ModelScore, 404, 422),
)
def explanation(
    desk: DeskDep,
    officer: Reader,
    code: Code,
    as_of: NightDep,
    model: Annotated[
        Literal["credit", "fraud"], Query(description="Behind the grade, or behind alerts.")
    ] = "credit",
) -> Response:
    """`base` plus the contributions of all `reasons` is `margin`, within 1e-9."""
    issued = orjson.loads(desk.ledger.payload(code, as_of, officer.regions))
    if issued[model] is None:
        raise NotScored(issued["enterprise"]["code"], model, issued["as_of"])
    return json_answer(orjson.dumps(issued[model], option=orjson.OPT_SORT_KEYS))
