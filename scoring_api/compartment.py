"""The laundering compartment, for officers with the right alone.

Everyone else gets the same refusal, whatever is asked for and whatever is in it.
"""

from fastapi import APIRouter, Response

from domain.results import LaunderingRecord
from scoring_api.access import LaunderingReader
from scoring_api.answers import NightDep, RecordList, described, json_answer, list_answer
from scoring_api.desk import DeskDep
from scoring_api.enterprises import Code

router = APIRouter(prefix="/laundering", tags=["laundering"])


@router.get("", summary="Records with an alert", responses=described(RecordList, 404, 422))
def records(officer: LaunderingReader, desk: DeskDep, as_of: NightDep) -> Response:
    """Laundering records of a night, first to check first."""
    night = desk.compartment.night(officer, as_of)
    return list_answer(night, "records", desk.compartment.alerted(officer, night))


@router.get(
    "/{code}", summary="An enterprise's record", responses=described(LaunderingRecord, 404, 422)
)
def record(officer: LaunderingReader, desk: DeskDep, code: Code, as_of: NightDep) -> Response:
    """The record as the scan wrote it; a night on which nothing spoke has none."""
    return json_answer(desk.compartment.payload(code, officer, as_of))
