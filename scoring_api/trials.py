"""What-if and single scoring: the night's judging on numbers that no night has issued."""

from typing import Annotated

import pandas as pd
from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict, Field, FiniteFloat

from assessment.what_if import what_if
from domain.errors import UnknownFeature
from domain.results import Assessment, Trial
from features.catalogue import FEATURE
from features.peers import PeerTables
from scoring_api.access import Scorer
from scoring_api.answers import EXAMPLE_CODE, day_of, described, noun_answer
from scoring_api.desk import Desk, DeskDep

router = APIRouter(tags=["what-if"])

Numbers = Annotated[dict[str, FiniteFloat | None], Field(max_length=1000)]


class Question(BaseModel):
    """Numbers to judge in the place of an enterprise's own.

    Attributes:
        code: Whose caps, peers and coverage stand.
        as_of: The night, YYYY-MM-DD; the latest when left out.
        changes: Feature -> number, null for missing; the others stay as they were.
        features: A whole row in the place of the night's; what it does not name is missing.
    """

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"code": EXAMPLE_CODE, "changes": {"late_filing_count": 0}}]
        },
    )

    code: str = Field(max_length=100)
    as_of: str | None = Field(default=None, max_length=40)
    changes: Numbers = {}
    features: Numbers | None = None


@router.post(
    "/score", summary="What if the numbers were others", responses=described(Trial, 404, 422, 503)
)
def score(desk: DeskDep, officer: Scorer, question: Question) -> Response:
    """Grade, scores and rule outcomes that would follow; nothing is kept.

    Judged by the path, the policy and the peers of the night, with the models in force.
    `not_renewed` names the features that cannot follow the change, the network's above all.
    """
    named = {**question.changes, **(question.features or {})}
    unknown = sorted(named.keys() - FEATURE.keys())
    if unknown:
        raise UnknownFeature(unknown[:10])
    day = None if question.as_of is None else day_of(question.as_of)
    issued = desk.ledger.assessment(question.code, day, officer.regions)
    values = _values(desk, issued, question)
    return noun_answer(what_if(issued, values, _peers(desk, issued), desk.models(issued.as_of)))


def _values(desk: Desk, issued: Assessment, question: Question) -> pd.Series:
    if question.features is None:
        frame = desk.ledger.frame("features", issued.as_of)
        row = frame.loc[[issued.enterprise.code]].iloc[0]
    else:
        row = pd.Series(question.features, dtype=float)
    changes = pd.Series(question.changes, dtype=float)
    renewed: pd.Series = pd.concat([row.drop(changes.index, errors="ignore"), changes])
    return renewed


def _peers(desk: Desk, issued: Assessment) -> PeerTables:
    median, mad, size = (
        desk.ledger.frame(f"peer_{name}", issued.as_of) for name in ("median", "mad", "size")
    )
    return PeerTables(median, mad, size["size"])
