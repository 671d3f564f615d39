"""What is noticed between accepted documents: sums of parts, and numbers used again.

Every document that a batch touches is asked, at every moment at which it is touched, what stood
then. So a flag begins and ends when what it speaks of becomes known.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from domain.tables.flags import Check
from intake.checks import CENT
from intake.offered import Mask, Values
from intake.typed import mask_of
from storage.touched import Side, Touched

_Moments = npt.NDArray[np.datetime64]
_US: Final = np.dtype("datetime64[us]")
_MONTHS, _DAYS = np.dtype("datetime64[M]"), np.dtype("datetime64[D]")


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

    check: Check
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

    check: Check
    head: Side

    @property
    def tables(self) -> frozenset[str]:
        """What it reads."""
        return frozenset({self.head.table})

    def evaluate(self, touched: Touched) -> tuple[pa.Table, Mask]:
        """Documents at the moments at which they are touched, and which of them fail."""
        rows = touched.uses(self.head)
        free = _six_months_after(rows["other_at"].to_numpy().astype(_US))
        return rows, rows["happened_at"].to_numpy().astype(_US) < free


def _six_months_after(moments: _Moments) -> _Moments:
    """The same day and time six months later, or the last day of a month too short for it."""
    day, month = moments.astype(_DAYS), moments.astype(_MONTHS)
    later = month + np.timedelta64(6, "M")
    first, next_first = later.astype(_DAYS), (later + np.timedelta64(1, "M")).astype(_DAYS)
    into_month = (day - month.astype(_DAYS)).astype(np.dtype("timedelta64[D]"))
    that_day: _Moments = np.minimum(first + into_month, next_first - np.timedelta64(1, "D"))
    return that_day + (moments - day).astype(np.dtype("timedelta64[us]"))


_WAYBILL: Final = ("carrier_code", "waybill_no")
_ORDER: Final = ("platform_code", "order_no")
AGREEMENTS: Final = (
    Sum(
        Check.LINE_SUM,
        Side("orders", ("document_key",)),
        "goods_value",
        Side("order_lines", ("parent_key",)),
        "total_price",
    ),
    Sum(
        Check.PAYMENT_AMOUNT,
        Side("orders", _ORDER, "I"),
        "actual_paid",
        Side("payments", _ORDER, "I"),
        "amount",
    ),
    Reuse(Check.WAYBILL_REUSE, Side("waybills", _WAYBILL)),
    Reuse(Check.WAYBILL_REUSE, Side("declarations", _WAYBILL)),
)
"""Every check between documents."""
