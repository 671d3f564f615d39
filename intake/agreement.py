"""What is noticed between accepted documents: sums of parts, and numbers used again.

Every document that a batch touches is asked, at every moment at which it is touched, what stood
then. So a flag begins and ends when what it speaks of becomes known.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from intake.checks import CENT
from intake.offered import Mask, Values
from intake.typed import mask_of
from storage.touched import Side, Touched

REUSE: Final = timedelta(days=183)


@dataclass(frozen=True, slots=True)
class Sum:
    """The parts of a document come to an amount in it.

    Attributes:
        check: Its name.
        head: The documents.
        amount: Their amount.
        part: The parts.
        part_amount: Their amounts.
    """

    check: str
    head: Side
    amount: str
    part: Side
    part_amount: str

    @property
    def tables(self) -> frozenset[str]:
        """What it reads."""
        return frozenset({self.head.table, self.part.table})

    def evaluate(self, touched: Touched) -> tuple[pa.Table, Mask]:
        """Documents at the moments at which they are touched, and which of them fail."""
        rows = touched.sums(self.head, self.amount, self.part, self.part_amount)
        gap: Values = pc.abs(pc.subtract(rows["found"], rows["expected"]))
        return rows, mask_of(pc.greater(gap, pa.scalar(CENT)))


@dataclass(frozen=True, slots=True)
class Reuse:
    """A number is not used again within six months; the later document is flagged.

    Attributes:
        check: Its name.
        head: The documents, linked by their number.
    """

    check: str
    head: Side

    @property
    def tables(self) -> frozenset[str]:
        """What it reads."""
        return frozenset({self.head.table})

    def evaluate(self, touched: Touched) -> tuple[pa.Table, Mask]:
        """Documents at the moments at which they are touched, and which of them fail."""
        rows = touched.uses(self.head)
        since: Values = pc.subtract(rows["happened_at"], rows["other_at"])
        return rows, mask_of(pc.less(since, pa.scalar(REUSE, pa.duration("us"))))


_WAYBILL: Final = ("carrier_code", "waybill_no")
_ORDER: Final = ("platform_code", "order_no")
AGREEMENTS: Final = (
    Sum(
        "line_sum",
        Side("orders", ("document_key",)),
        "goods_value",
        Side("order_lines", ("parent_key",)),
        "total_price",
    ),
    Sum(
        "payment_amount",
        Side("orders", _ORDER, "I"),
        "actual_paid",
        Side("payments", _ORDER, "I"),
        "amount",
    ),
    Reuse("waybill_reuse", Side("waybills", _WAYBILL)),
    Reuse("waybill_reuse", Side("declarations", _WAYBILL)),
)
"""Every check between documents."""
