"""Values of any type into the contract's types, row by row: a bad value spoils only its row."""

from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from domain.table import ARROW_TYPES, Kind
from intake.offered import Mask, Values
from intake.reasons import Reason

_NUMBER = r"^[+-]?(\d+\.?\d*|\.\d+)$"
_PLAIN_NUMBER = r"^\d{1,13}(\.\d{1,5})?$"
_TOO_BIG = r"^[+-]?0*[1-9]\d{13,}"
_TOO_FINE = r"\.\d{5}\d*[1-9]"
_INTEGER = r"^[+-]?\d+$"
_TOO_LONG = r"^[+-]?0*[1-9]\d{18,}$"
_DAY = r"^\d{4}(-\d{2}-|/\d{2}/|\d{2})\d{2}([ T]00:00:00(\.0+)?)?$"
_TIME = r"^\d{4}-?\d{2}-?\d{2}[ T]?\d{2}:?\d{2}:?\d{2}(\.?\d{1,6})?$"
_LONGEST = 65_536
_TRUE = ("true", "1", "是")
_FALSE = ("false", "0", "否")
_CHINA = "Asia/Shanghai"


@dataclass(frozen=True, slots=True)
class Typed:
    """Values in the contract's type; null where they could not be read.

    Attributes:
        values: The values.
        bad: Reason -> the rows that it spoils.
    """

    values: Values
    bad: dict[Reason, Mask] = field(default_factory=dict)


def typed(values: Values, kind: Kind) -> Typed:
    """Read `values` as `kind`. Blank texts are null; surrounding white space is dropped."""
    if kind is Kind.TEXT:
        return _text(values)
    if values.type == ARROW_TYPES[kind] or pa.types.is_null(values.type):
        return Typed(values.cast(ARROW_TYPES[kind]))
    if pa.types.is_timestamp(values.type) and kind is Kind.MOMENT:
        return Typed(_wall_clock(values))
    as_text = _text(values)
    read = _READERS[kind](as_text.values)
    for reason, mask in as_text.bad.items():
        read.bad[reason] = read.bad.get(reason, False) | mask
    return read


def mask_of(flags: Values) -> Mask:
    """Arrow flags as NumPy flags; null is false."""
    true: Values = pc.and_kleene(flags, flags.is_valid())
    return np.asarray(true, dtype=np.bool_)


def _text(values: Values) -> Typed:
    if pa.types.is_boolean(values.type):
        values = pc.if_else(values, "true", "false")
    try:
        trimmed: Values = pc.utf8_trim_whitespace(values.cast(pa.string()))
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        return _unreadable_text(values)
    length: Values = pc.binary_length(trimmed)
    if (pc.max(length).as_py() or 0) <= _LONGEST:
        return Typed(_filled(trimmed, length))
    too_long = pc.greater(length, pa.scalar(_LONGEST))
    short = pc.if_else(too_long, None, trimmed)
    return Typed(_filled(short, length), {Reason.OUT_OF_RANGE: mask_of(too_long)})


def _filled(texts: Values, length: Values) -> Values:
    """The texts, null where there is nothing in them."""
    if pc.min(length).as_py() != 0:
        return texts
    return pc.if_else(pc.greater(length, pa.scalar(0)), texts, None)


def _unreadable_text(values: Values) -> Typed:
    """Texts of which some are not UTF-8, or values that have no text at all."""
    present = mask_of(values.is_valid())
    if not (pa.types.is_string(values.type) or pa.types.is_large_string(values.type)):
        nothing = pa.chunked_array([pa.nulls(len(values), pa.string())])
        return Typed(nothing, {Reason.WRONG_TYPE: present})
    read = [_decoded(raw) for raw in values.cast(pa.large_binary()).to_pylist()]
    texts = pa.chunked_array([pa.array(read, pa.string())])
    wrong = {Reason.WRONG_TYPE: present & ~mask_of(texts.is_valid())}
    readable = _text(texts)
    return Typed(readable.values, {**readable.bad, **wrong})


def _decoded(raw: bytes | None) -> str | None:
    try:
        return None if raw is None else raw.decode()
    except UnicodeDecodeError:
        return None


def _amount(texts: Values) -> Typed:
    if _all(pc.match_substring_regex(texts, _PLAIN_NUMBER)):
        return Typed(texts.cast(ARROW_TYPES[Kind.AMOUNT]))
    number = pc.match_substring_regex(texts, _NUMBER)
    big = pc.match_substring_regex(texts, _TOO_BIG)
    fine = pc.match_substring_regex(texts, _TOO_FINE)
    outside = pc.and_(number, pc.or_(big, fine))
    good = pc.if_else(pc.and_not(number, outside), texts, None)
    plain = pc.replace_substring_regex(good, r"(\.\d{5})0+$", r"\1")
    plain = pc.replace_substring_regex(plain, r"^\+", "")
    wrong = {Reason.WRONG_TYPE: _not(number), Reason.OUT_OF_RANGE: mask_of(outside)}
    return Typed(plain.cast(ARROW_TYPES[Kind.AMOUNT]), wrong)


def _count(texts: Values) -> Typed:
    integer = pc.match_substring_regex(texts, _INTEGER)
    outside = pc.match_substring_regex(texts, _TOO_LONG)
    good = pc.if_else(pc.and_not(integer, outside), texts, None)
    plain = pc.replace_substring_regex(good, r"^\+", "")
    wrong = {Reason.WRONG_TYPE: _not(integer), Reason.OUT_OF_RANGE: mask_of(outside)}
    return Typed(plain.cast(ARROW_TYPES[Kind.COUNT]), wrong)


def _day(texts: Values) -> Typed:
    shaped = pc.match_substring_regex(texts, _DAY)
    digits = pc.utf8_slice_codeunits(_digits(texts, shaped), 0, 8)
    days = _calendar(digits, pc.strptime(digits, format="%Y%m%d", unit="us", error_is_null=True))
    return Typed(days.cast(ARROW_TYPES[Kind.DATE]), _bad_times(shaped, days))


def _moment(texts: Values) -> Typed:
    shaped = pc.match_substring_regex(texts, _TIME)
    digits = _digits(texts, shaped)
    whole = pc.utf8_slice_codeunits(digits, 0, 14)
    read = pc.strptime(whole, format="%Y%m%d%H%M%S", unit="us", error_is_null=True)
    seconds = pc.if_else(_says(pc.second(read), whole, 12), _calendar(whole, read), None)
    fraction = pc.utf8_rpad(pc.utf8_slice_codeunits(digits, 14, 20), 6, "0")
    fraction = fraction.cast(pa.int64()).cast(pa.duration("us"))
    return Typed(pc.add(seconds, fraction), _bad_times(shaped, seconds))


def _flag(texts: Values) -> Typed:
    lower = pc.utf8_lower(texts)
    true = pc.is_in(lower, pa.array(_TRUE))
    read = pc.or_(true, pc.is_in(lower, pa.array(_FALSE)))
    wrong = mask_of(texts.is_valid()) & ~mask_of(read)
    return Typed(pc.if_else(read, true, None), {Reason.WRONG_TYPE: wrong})


def _digits(texts: Values, shaped: Values) -> Values:
    """The digits of the texts that have the right shape."""
    if _all(pc.and_(shaped, pc.utf8_is_digit(texts))):
        return texts
    return pc.replace_substring_regex(pc.if_else(shaped, texts, None), r"\D", "")


def _calendar(digits: Values, read: Values) -> Values:
    """Moments, null where the calendar has none: parsing alone rolls 0230 over to 0301."""
    return pc.if_else(_says(pc.day(read), digits, 6), read, None)


def _says(part: Values, digits: Values, place: int) -> Values:
    """Whether a part of a moment is what two digits said."""
    return pc.equal(part, pc.utf8_slice_codeunits(digits, place, place + 2).cast(pa.int64()))


def _bad_times(shaped: Values, read: Values) -> dict[Reason, Mask]:
    impossible = mask_of(shaped) & ~mask_of(read.is_valid())
    return {Reason.WRONG_TYPE: _not(shaped), Reason.IMPOSSIBLE_DATE: impossible}


def _wall_clock(values: Values) -> Values:
    if values.type.tz is not None:
        values = pc.local_timestamp(values.cast(pa.timestamp("us", _CHINA), safe=False))
    return values.cast(ARROW_TYPES[Kind.MOMENT], safe=False)


def _all(flags: Values) -> bool:
    """Whether all that is present is true."""
    return bool(pc.all(flags, min_count=0).as_py())


def _not(flags: Values) -> Mask:
    """Present and false: null stays out."""
    return mask_of(pc.invert(flags))


_READERS = {Kind.AMOUNT: _amount, Kind.COUNT: _count, Kind.DATE: _day, Kind.MOMENT: _moment}
_READERS[Kind.FLAG] = _flag
