"""The console's pages: what was issued, for a reader with a browser."""

from http import HTTPStatus
from typing import Annotated, Final
from urllib.parse import parse_qs

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from domain.errors import KeyUnknown, Refusal
from presentation.enterprise import EnterpriseNight
from presentation.issued import laundering_alerts, laundering_record
from presentation.words import Lang, language
from scoring_api.access import COOKIE, Reader
from scoring_api.answers import NightDep
from scoring_api.console import pages
from scoring_api.desk import DeskDep
from scoring_api.enterprises import Code
from scoring_api.problems import STATUS
from storage.officers import officer_of

router = APIRouter(include_in_schema=False)
CONSOLE: Final = "/console"
SIGN_IN: Final = "/console/sign-in"


async def _language(lang: Annotated[str | None, Query(max_length=10)] = None) -> Lang:
    return language(lang)


LangDep = Annotated[Lang, Depends(_language)]
_Text = Annotated[str, Query(max_length=100)]


async def _asked(
    q: _Text = "",
    tier: _Text = "",
    colour: _Text = "",
    department: _Text = "",
    typology: _Text = "",
) -> pages.Asked:
    return pages.Asked(q, tier, colour, department, typology)


AskedDep = Annotated[pages.Asked, Depends(_asked)]


@router.get("/")
async def front() -> Response:
    """The console is what a browser comes for."""
    return RedirectResponse(CONSOLE)


@router.get(CONSOLE)
def zone(
    desk: DeskDep, officer: Reader, lang: LangDep, as_of: NightDep, asked: AskedDep
) -> Response:
    """The zone on one night."""
    night = desk.zone_night(desk.ledger.scan(as_of), officer.regions)
    laundering = laundering_alerts(desk.compartment, officer, night.as_of)
    return _page(pages.zone_page(night, asked, officer, lang, laundering))


@router.get("/console/enterprises/{code}")
def enterprise(
    desk: DeskDep, officer: Reader, code: Code, lang: LangDep, as_of: NightDep
) -> Response:
    """One enterprise on one night."""
    assessment = desk.ledger.assessment(code, as_of, officer.regions)
    night = EnterpriseNight(
        assessment,
        desk.ledger.history(assessment.enterprise.code, officer.regions),
        desk.ledger.fraud_place(assessment, officer.regions),
        laundering_record(desk.compartment, officer, assessment),
    )
    return _page(pages.enterprise_page(night, officer, lang))


@router.get(SIGN_IN)
async def sign_in_form(lang: LangDep) -> Response:
    """Asks for the officer's key."""
    return _page(pages.sign_in_page(None, lang))


async def _offered_key(request: Request) -> str:
    form = parse_qs((await request.body()).decode("utf-8", "replace"))
    return form.get("key", [""])[0].strip()


@router.post(SIGN_IN)
def sign_in(
    request: Request, desk: DeskDep, lang: LangDep, key: Annotated[str, Depends(_offered_key)]
) -> Response:
    """Keeps the key in a cookie that scripts and other sites never see."""
    officer = officer_of(desk.home, key)
    if officer is None:
        return _page(pages.sign_in_page(pages.UNKNOWN_KEY, lang), HTTPStatus.UNAUTHORIZED)
    request.state.officer = officer.name
    answer = RedirectResponse(f"{CONSOLE}?lang={lang}", HTTPStatus.SEE_OTHER)
    secure = request.url.scheme == "https"
    answer.set_cookie(COOKIE, key, httponly=True, samesite="strict", secure=secure)
    return answer


@router.post("/console/sign-out")
async def sign_out() -> Response:
    """Takes the key back."""
    answer = RedirectResponse(SIGN_IN, HTTPStatus.SEE_OTHER)
    answer.delete_cookie(COOKIE, httponly=True, samesite="strict")
    return answer


def refused(refusal: Refusal, lang: Lang) -> Response:
    """What a browser gets for a refused page; without a key it is led to the sign-in."""
    if isinstance(refusal, KeyUnknown):
        return RedirectResponse(f"{SIGN_IN}?lang={lang}", HTTPStatus.SEE_OTHER)
    html = pages.refused_page(type(refusal), lang)
    return _page(html, STATUS.get(type(refusal), HTTPStatus.INTERNAL_SERVER_ERROR))


def _page(html: str, status: HTTPStatus = HTTPStatus.OK) -> Response:
    policy = {"Content-Security-Policy": pages.CONTENT_SECURITY_POLICY}
    return HTMLResponse(html, status, policy)
