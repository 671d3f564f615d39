"""What the gate noticed in documents that it accepted all the same."""

from enum import StrEnum

from domain.table import Column, Kind, Role, Source, Table
from domain.tables.columns import amount


class Check(StrEnum):
    """What may not hold in a document that is accepted; each is counted under its name."""

    AMOUNT_IDENTITY = "amount_identity"
    CHECK_DIGIT = "check_digit"
    CURRENCY = "currency"
    LINE_SUM = "line_sum"
    LINE_TOTAL = "line_total"
    PAYMENT_AMOUNT = "payment_amount"
    TIME_ORDER = "time_order"
    WAYBILL_REUSE = "waybill_reuse"
    WEIGHT = "weight"


FLAGS = Table(
    name="flags",
    source=Source.PLATFORM,
    meaning="Documents that disagree with themselves or with each other, noticed at the gate",
    key=("table_name", "flagged_key", "check"),
    happened="document_at",
    columns=(
        Column("table_name", Kind.TEXT, "Table of the document", required=True),
        Column("flagged_key", Kind.TEXT, "document_key of the document", required=True),
        Column("check", Kind.TEXT, "What does not hold", required=True, codes=tuple(Check)),
        Column(
            "enterprise_code",
            Kind.TEXT,
            "The enterprise that the document's table speaks of",
            role=Role.ENTERPRISE,
        ),
        amount("found", "The amount in the document"),
        amount("expected", "The amount that would agree"),
        Column("other_key", Kind.TEXT, "document_key of the document it disagrees with"),
        Column("document_at", Kind.MOMENT, "When the document happened", required=True),
    ),
)
"""Written by the gate alone: nobody can hand it in. A flag ends with the version it speaks of."""
