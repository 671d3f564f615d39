"""What was refused of a sender's own deliveries: which document, where, why, what would be right.

Nothing of what was sent is repeated, save the business key as the lake would keep it.
"""

from typing import Annotated, Final

from fastapi import APIRouter, Depends, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from domain.results import Words
from intake.entries import Page, State
from intake.hand_in import receipt_given
from intake.listing import Listing
from intake.receipt import Receipt
from scoring_api.access import Deliverer
from scoring_api.answers import described, noun_answer
from scoring_api.desk import Desk, DeskDep
from scoring_api.documents import Batch
from storage.engine import connect
from storage.lake import Lake

router = APIRouter(tags=["documents"])

_MOST: Final = 1000
_FURTHEST: Final = 1_000_000_000


class RefusedRow(BaseModel):
    """One refused row.

    Attributes:
        entry_id: Its name in quarantine; officers find it by any beginning of it.
        file: The file's name, as the receipt has it.
        file_sha256: Digest of the file.
        kind: CEBnnn, PAY179, or the table of an extract.
        table: Table of the data contracts it was meant for; `unreadable` where none can be told.
        position: Number of the row or business entity in the file, from 1.
        document_key: Its business key, as far as it could be read.
        field: Column of the data contracts that is not right, if one.
        element: Element of the message that the column is read from; null in an extract.
        reason: Why; the receipt counts by it.
        why: The reason in words.
        right: What would be right.
        state: Whether it is open, or was resubmitted or discarded since.
    """

    model_config = ConfigDict(from_attributes=True)

    entry_id: str
    file: str
    file_sha256: str
    kind: str
    table: str = Field(validation_alias="table_name")
    position: int
    document_key: str
    field: str | None
    element: str | None
    reason: str
    why: Words = Field(validation_alias="refusal")
    right: Words
    state: State


class RefusedRows(BaseModel):
    """What was refused of the files of a receipt.

    Attributes:
        batch: Name of the receipt.
        total: How many rows were refused in all, whatever part of them is given here.
        refused: By file and position.
    """

    batch: str
    total: int
    refused: list[RefusedRow]


def _page(
    skip: Annotated[
        int, Query(description="How many to leave out before.", ge=0, le=_FURTHEST)
    ] = 0,
    limit: Annotated[int, Query(description="How many at most.", ge=1, le=_MOST)] = 100,
) -> Page:
    return Page(skip, limit)


@router.get(
    "/receipts/{batch}/refused",
    summary="What was refused, and what would be right",
    responses=described(RefusedRows, 404, 422),
)
def refused_rows(
    desk: DeskDep, officer: Deliverer, batch: Batch, page: Annotated[Page, Depends(_page)]
) -> Response:
    """Each refused row of a delivery of yours, page by page.

    A file that came before is listed too, with what was refused of it then: the receipt counts
    that as unchanged. What is refused as `part_refused` is right itself; its document has another
    row that is not.
    """
    receipt = Receipt.model_validate_json(receipt_given(desk.lake.journal, batch, officer.name))
    digests = [file.sha256 for file in receipt.files]
    total, entries = Listing(_reading(desk)).of_files(digests, page)
    refused = [RefusedRow.model_validate(each) for each in entries]
    return noun_answer(RefusedRows(batch=batch, total=total, refused=refused))


def _reading(desk: Desk) -> Lake:
    """The lake for one answer: a connection serves one at a time, and another may be receiving."""
    memory = desk.settings.memory_limit_mb
    return Lake(desk.home, connect(desk.home, threads=1, memory_limit_mb=memory))
