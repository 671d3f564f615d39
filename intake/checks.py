"""What is noticed in one accepted row: amounts, currency, check digits, the order of times.

Nothing is refused for it; a row that does not hold becomes a flag.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from domain.identity import CREDIT_CODE_LENGTH, is_credit_code
from domain.results import Words
from domain.table import ARROW_TYPES, Kind, Table
from domain.tables.flags import Check
from intake.offered import Mask, Values
from intake.register import Register
from intake.typed import mask_of

_AMOUNT: Final = ARROW_TYPES[Kind.AMOUNT]
CENT: Final = Decimal("0.01")
_TOP: Final = Decimal(10) ** 13
_CNY: Final = "142"
_TIMES: Final = {
    "payments": "paid_at",
    "waybill_status": "status_at",
    "departures": "left_at",
}
"""Table -> the time that cannot lie after the report of it."""


CHECK_WORDS: Final[dict[str, Words]] = {
    Check.AMOUNT_IDENTITY: Words(
        zh="实付金额不等于货款加运费加税款减抵扣",
        en="the amount paid is not goods and freight and tax less the deduction",
    ),
    Check.CHECK_DIGIT: Words(
        zh="代码或证件号码校验位不符", en="a code or ID number has a wrong check character"
    ),
    Check.CURRENCY: Words(zh="进口单证币制不是人民币", en="an import document is not in CNY"),
    Check.LINE_SUM: Words(
        zh="表体合计与表头货款不符", en="the lines do not come to the price of the goods"
    ),
    Check.LINE_TOTAL: Words(zh="单价乘数量不等于总价", en="a line is not price times quantity"),
    Check.PAYMENT_AMOUNT: Words(
        zh="支付合计与实付金额不符", en="payments do not come to what was paid"
    ),
    Check.TIME_ORDER: Words(zh="报送早于业务发生", en="it was reported before it happened"),
    Check.WAYBILL_REUSE: Words(
        zh="运单号六个月内重复使用", en="a waybill number was used again within six months"
    ),
    Check.WEIGHT: Words(zh="净重大于毛重", en="net weight is over gross weight"),
}
"""What a flag says, for people."""


@dataclass(frozen=True, slots=True)
class Noticed:
    """Rows in which one thing does not hold.

    Attributes:
        check: Which.
        rows: Which rows.
        found: The amounts in all rows, where it is one.
        expected: The amounts that would agree, where there is one.
    """

    check: Check
    rows: Mask
    found: Values | None = None
    expected: Values | None = None


def notice(table: Table, rows: pa.Table, register: Register) -> Iterator[Noticed]:
    """What does not hold in rows in lake shape, check by check."""
    for check in (*_CHECKS.get(table.name, ()), *_EVERYWHERE):
        for noticed in check(table, rows, register):
            if noticed.rows.any():
                yield noticed


def _amount_identity(_: Table, rows: pa.Table, __: Register) -> Iterator[Noticed]:
    """Paid = goods + freight + tax - deduction (acturalPaid, CEB311)."""
    due = pc.add(pc.add(rows["goods_value"], rows["freight"]), rows["tax_total"])
    due = pc.subtract(due, rows["discount"])
    yield _differing(Check.AMOUNT_IDENTITY, rows["actual_paid"], due)


def _line_total(_: Table, rows: pa.Table, __: Register) -> Iterator[Noticed]:
    """Line total = price x quantity (totalPrice)."""
    product = pc.multiply(rows["price"], rows["quantity"])
    yield _differing(Check.LINE_TOTAL, rows["total_price"], product)


def _differing(check: Check, found: Values, expected: Values) -> Noticed:
    gap = pc.abs(pc.subtract(expected, found))
    fits = pc.less(pc.abs(expected), pa.scalar(_TOP, pa.decimal128(38, 10)))
    held = pc.round(pc.if_else(fits, expected, None), ndigits=5).cast(_AMOUNT)
    return Noticed(check, mask_of(pc.greater(gap, pa.scalar(CENT))), found, held)


def _currency(_: Table, rows: pa.Table, __: Register) -> Iterator[Noticed]:
    """Every import document is in CNY."""
    imported = pc.equal(rows["direction"], pa.scalar("I"))
    strange = pc.not_equal(rows["currency"], pa.scalar(_CNY))
    yield Noticed(Check.CURRENCY, mask_of(pc.and_(imported, strange)))


def _weight(_: Table, rows: pa.Table, __: Register) -> Iterator[Noticed]:
    """Net weight is at most gross weight."""
    heavier = mask_of(pc.greater(rows["net_weight"], rows["gross_weight"]))
    yield Noticed(Check.WEIGHT, heavier, rows["net_weight"], rows["gross_weight"])


def _time_order(table: Table, rows: pa.Table, _: Register) -> Iterator[Noticed]:
    """Nothing is reported before it happened."""
    ahead = pc.greater(rows[_TIMES[table.name]], rows["reported_at"])
    yield Noticed(Check.TIME_ORDER, mask_of(ahead))


def _check_digit(table: Table, rows: pa.Table, register: Register) -> Iterator[Noticed]:
    """Codes that are on no roll, the roll's own codes, and ID numbers end as they must."""
    wrong = [mask_of(pc.invert(rows[n])) for n in rows.column_names if n.endswith("_id_valid")]
    if table.name == "enterprises":
        wrong.append(_wrong_codes(rows["credit_code"], lambda _: False))
    wrong += [_wrong_codes(rows[name], register.holds) for name in table.role_columns()]
    for mask in wrong[1:]:
        wrong[0] = wrong[0] | mask
    if wrong:
        yield Noticed(Check.CHECK_DIGIT, wrong[0])


def _wrong_codes(codes: Values, known: Callable[[str], bool]) -> Mask:
    distinct = pc.unique(codes).drop_null().to_pylist()
    wrong = [
        code
        for code in distinct
        if len(code) == CREDIT_CODE_LENGTH and not known(code) and not is_credit_code(code)
    ]
    return mask_of(pc.is_in(codes, pa.array(wrong, pa.string())))


_Checker = Callable[[Table, pa.Table, Register], Iterator[Noticed]]
_EVERYWHERE: Final[tuple[_Checker, ...]] = (_check_digit,)
_CHECKS: Final[dict[str, tuple[_Checker, ...]]] = {
    "orders": (_amount_identity, _currency),
    "order_lines": (_line_total,),
    "payments": (_currency, _time_order),
    "waybills": (_currency,),
    "waybill_status": (_time_order,),
    "declarations": (_currency, _weight),
    "declaration_lines": (_line_total,),
    "departures": (_time_order,),
}
