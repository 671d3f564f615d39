"""What was issued for the zone: nights, alerts and tiers."""

from dataclasses import asdict, replace
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Response

from domain.officer import Department, Right
from domain.results import Colour
from scoring_api.access import Reader, holding
from scoring_api.answers import (
    AlertList,
    Counted,
    Found,
    Health,
    NightDep,
    Nights,
    described,
    list_answer,
    night_line,
    noun_answer,
)
from scoring_api.desk import DeskDep
from storage.queries import AlertFilter, HeadFilter

router = APIRouter(tags=["zone"])


def _asked(
    officer: Reader,
    colour: Annotated[Colour | None, Query(description="Alerts of this colour.")] = None,
    typology: Annotated[
        str | None,
        Query(
            description="Code of a typology, or `model` where only a model speaks.",
            openapi_examples={"splitting under limits": {"value": "T3"}},
            max_length=20,
        ),
    ] = None,
    department: Annotated[
        Department | None, Query(description="Alerts that rest on this department's data.")
    ] = None,
    limit: Annotated[int, Query(description="The first by rank.", ge=1, le=1000)] = 100,
) -> AlertFilter:
    return AlertFilter(colour, typology, department, officer.regions, limit)


def _page(
    after: Annotated[str, Query(max_length=20, description="Last code of the page before.")] = "",
    limit: Annotated[int, Query(description="The first by code.", ge=1, le=1000)] = 200,
) -> HeadFilter:
    return HeadFilter(after=after, limit=limit)


@router.get("/alerts", summary="What to check first", responses=described(AlertList, 404, 422))
def alerts(
    desk: DeskDep, as_of: NightDep, asked: Annotated[AlertFilter, Depends(_asked)]
) -> Response:
    """Alerts of a night by rank: unconfirmed leads, never findings."""
    scan = desk.ledger.scan(as_of)
    return list_answer(scan.as_of, "alerts", desk.ledger.alert_payloads(scan.as_of, asked))


@router.get("/tiers/{tier}", summary="Who holds a tier", responses=described(Found, 404, 422))
def tier(
    desk: DeskDep,
    officer: Reader,
    as_of: NightDep,
    tier: Annotated[
        str,
        Path(
            description="Tier code of the policy in force, or `unrated`.",
            openapi_examples={"worst": {"value": "E"}},
            max_length=20,
        ),
    ],
    page: Annotated[HeadFilter, Depends(_page)],
) -> Response:
    """The enterprises of a tier by code, page by page."""
    scan = desk.ledger.scan(as_of)
    heads = desk.ledger.heads(scan.as_of, officer.regions, replace(page, tier=tier))
    return noun_answer(Found(as_of=scan.as_of, enterprises=heads))


@router.get("/counts", summary="How many of what", responses=described(Counted, 404, 422))
def counts(desk: DeskDep, officer: Reader, as_of: NightDep) -> Response:
    """Enterprises of a night by tier, alerts by colour and typology."""
    scan = desk.ledger.scan(as_of)
    counted = desk.ledger.counts(scan.as_of, officer.regions)
    return noun_answer(Counted(as_of=scan.as_of, **asdict(counted)))


@router.get(
    "/nights",
    summary="The nights there are",
    responses=described(Nights),
    dependencies=[Depends(holding(Right.READ))],
)
def nights(desk: DeskDep) -> Response:
    """Every scan in force, oldest first."""
    in_force = {scan.as_of: scan for scan in desk.ledger.chain.scans()}
    return noun_answer(Nights(nights=[night_line(in_force[day]) for day in sorted(in_force)]))


@router.get("/health", summary="Whether the service answers")
async def health() -> Health:
    """Open to all; says nothing of the zone."""
    return Health()
