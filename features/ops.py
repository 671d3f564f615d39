"""The only home of risky operations.

What engines do differently, or what floats make depend on the order of rows, is written here
once: sums are of exact decimals, and floats arise only in the last division.
"""

from datetime import date, timedelta
from decimal import Decimal

import ibis
from ibis.expr import types as ir

EXACT = "decimal(18,5)"
_WIDE = "decimal(38,5)"  # holds every product, at a hundred times the cost of
_NARROW = "decimal(18,10)"  # which overflows at 1e8
_FITS = 10_000


def exact(number: str) -> ir.DecimalScalar:
    """A decimal constant, as text so that no float comes near it."""
    return ibis.literal(Decimal(number), type=EXACT)


def product(left: ir.NumericValue, right: ir.NumericValue) -> ir.DecimalValue:
    """Exact product of two amounts, rounded to five decimals."""
    fit = (left.abs() < _FITS) & (right.abs() < _FITS)
    quick = (left * right).cast(_NARROW).cast(EXACT)
    return ibis.ifelse(fit, quick, (left.cast(_WIDE) * right).cast(EXACT))


def quotient(amount: ir.NumericValue, by: ir.NumericValue) -> ir.DecimalValue:
    """One row's amount divided by a rate, rounded to five decimals; null where `by` is 0."""
    return ratio(amount, by).cast(EXACT)


def ratio(top: ir.NumericValue, bottom: ir.NumericValue) -> ir.FloatingValue:
    """The last division; null where `bottom` is 0 or null."""
    return top.cast("float64") / bottom.cast("float64").nullif(0.0)


def share(flag: ir.BooleanValue) -> ir.FloatingValue:
    """Share of rows where `flag` is true among the rows where it is not null."""
    return ratio(flag.cast("int64").sum(), flag.count())


def share_of(amount: ir.NumericValue, flag: ir.BooleanValue) -> ir.FloatingValue:
    """Share of the sum of `amount` that lies in rows where `flag` is true."""
    return ratio(total_where(amount, flag), total_where(amount, flag.notnull()))


def count_where(flag: ir.BooleanValue) -> ir.IntegerValue:
    """Number of rows where `flag` is true; 0 where there are none."""
    return flag.cast("int64").sum().coalesce(0)


def total(amount: ir.NumericValue) -> ir.NumericValue:
    """Exact sum; 0 where there is nothing to add."""
    return amount.sum().coalesce(0)


def total_where(amount: ir.NumericValue, flag: ir.BooleanValue) -> ir.NumericValue:
    """Exact sum over the rows where `flag` is true; 0 where there are none."""
    return total(ibis.ifelse(flag, amount, None))


def distinct_where(value: ir.Value, flag: ir.BooleanValue) -> ir.IntegerValue:
    """Number of distinct values among the rows where `flag` is true."""
    return ibis.ifelse(flag, value, None).nunique()


def quantile(value: ir.NumericValue, at: float) -> ir.FloatingValue:
    """Exact quantile, interpolated between neighbours."""
    return value.cast("float64").quantile(at)


def log_ratio(value: ir.NumericValue, reference: ir.NumericValue) -> ir.FloatingValue:
    """Natural logarithm of one row's value over its reference; null unless both are > 0."""
    both = (value > 0) & (reference > 0)
    return ibis.ifelse(both, ratio(value, reference), None).ln()


def differ(left: ir.NumericValue, right: ir.NumericValue, by_more_than: str) -> ir.BooleanValue:
    """Whether two amounts lie further apart than the tolerance; null if one is null."""
    return (left - right).abs() > exact(by_more_than)


def day(when: date) -> ir.TimestampScalar:
    """The first moment of a day."""
    return ibis.timestamp(f"{when.isoformat()} 00:00:00")


def after(moment: ir.TimestampValue, *, days: int) -> ir.TimestampValue:
    """The moment so many days later (earlier if negative)."""
    return moment + ibis.interval(days=days)


def days_between(first: ir.Value, last: ir.Value) -> ir.IntegerValue:
    """Calendar days from one date or moment to another."""
    return last.cast("date").epoch_days() - first.cast("date").epoch_days()


def sum_after(amount: ir.NumericValue, *, seconds: int) -> ir.NumericValue:
    """Exact sum of the enterprise's amounts from the row's `second` to so many seconds later."""
    window = ibis.range_window(
        group_by="enterprise", order_by="second", preceding=0, following=seconds
    )
    return amount.sum().over(window)


def trailing(rows: ir.Table, as_of: date, days: int) -> ir.Table:
    """The rows that happened in the `days` days that end with `as_of`."""
    return since(rows, as_of - timedelta(days=days - 1), as_of)


def since(rows: ir.Table, first: date, as_of: date) -> ir.Table:
    """The rows that happened from `first` to the end of `as_of`."""
    end = day(as_of + timedelta(days=1))
    return rows.filter((rows.happened_at >= day(first)) & (rows.happened_at < end))


def month_of(moment: ir.Value) -> ir.DateValue:
    """First day of the month."""
    return moment.cast("date").truncate("M")


def quarter_of(moment: ir.Value) -> ir.DateValue:
    """First day of the quarter."""
    return moment.cast("date").truncate("Q")


def found(flag: ir.BooleanValue) -> ir.BooleanValue:
    """The flag of a left join: false, not null, where nothing was joined."""
    return flag.notnull() & flag


def first_of(*group: str) -> ir.BooleanColumn:
    """True on the earliest row of each group, the same one whatever the order of rows."""
    order = [ibis.asc("happened_at"), ibis.asc("document_key")]
    return ibis.row_number().over(ibis.window(group_by=list(group), order_by=order)) == 0


def last_of(*group: str) -> ir.BooleanColumn:
    """True on the latest row of each group, the same one whatever the order of rows."""
    order = [ibis.desc("happened_at"), ibis.desc("document_key")]
    return ibis.row_number().over(ibis.window(group_by=list(group), order_by=order)) == 0


def running_count(flag: ir.BooleanValue) -> ir.IntegerValue:
    """Where `flag` is true, its place among the enterprise's true rows, the latest first."""
    order = [ibis.desc("happened_at"), ibis.asc("table"), ibis.asc("document_key")]
    window = ibis.cumulative_window(group_by="enterprise", order_by=order)
    return ibis.ifelse(flag, flag.cast("int64").sum().over(window), None)
