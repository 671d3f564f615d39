"""Personal identifiers into keyed hashes, after deriving what analysis needs.

A hash is HMAC-SHA256 over the kind of identifier and its normal form, the first 128 bits in
hex: equal people, phones, addresses meet; nobody without the key can try numbers against it.
Each distinct value is hashed once.
"""

import hmac
import re
import unicodedata
from collections.abc import Callable
from datetime import date
from functools import lru_cache

import pyarrow as pa

from domain.table import ARROW_TYPES, Column, Personal
from intake.offered import Values

_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ID_CHECKS = "10X98765432"
_ID_SHAPE = re.compile(r"\d{17}[\dX]")
_OLD_ID_SHAPE = re.compile(r"\d{15}")
_OTHER_PAPER = re.compile(r"[A-Z]{1,3}\d{6,12}|\d{8}")
"""A passport, a permit of Hong Kong, Macao or Taiwan residents, an old card of foreigners."""
_PHONE_PREFIX = re.compile(r"^(?:\+|00)?86(?=1\d{10}$)")
_NOT_DIGIT = re.compile(r"[^\d+]")
_DASHES = re.compile(r"[‐‑‒–—―−~～_]")
_NOT_ADDRESS = re.compile(r"[^\w-]|(?<!\d)-|-(?!\d)")
_SPACES = re.compile(r"[\s·•・]+")
_HASH_LENGTH = 32
_REMEMBERED = 65_536
_Derived = tuple[str | bool | int | None, ...]


class Pseudonymiser:
    """Replaces identifiers by what is kept of them.

    Attributes:
        key: The zone's HMAC key. Another key makes hashes that meet none of the old ones.
    """

    def __init__(self, key: bytes) -> None:
        self._key = key
        # the same people come again and again, in every document of a trade
        self._remembered = lru_cache(_REMEMBERED)(self._row)

    def derive(self, column: Column, values: Values) -> dict[str, Values]:
        """The lake columns that stand for a personal column.

        Args:
            column: The offered column; its `personal` kind decides what is derived.
            values: Its texts.
        """
        kept = column.derived()
        if column.personal is None:
            return {column.name: values}
        encoded = values.combine_chunks().dictionary_encode()
        kind = column.personal
        rows = [self._remembered(kind, value) for value in encoded.dictionary.to_pylist()]
        distinct = zip(*rows, strict=True) if rows else [()] * len(kept)
        return {
            one.name: pa.array(each, ARROW_TYPES[one.kind]).take(encoded.indices)
            for one, each in zip(kept, distinct, strict=True)
        }

    def _row(self, kind: Personal, value: str) -> _Derived:
        normal, *rest = _DERIVE[kind](value)
        return (self.hash(kind, str(normal)) if normal else None, *rest)

    def hash(self, kind: str, normal: str) -> str:
        """Keyed hash of a value in normal form; equal values of two kinds do not meet."""
        message = f"{kind}:{normal}".encode()
        return hmac.digest(self._key, message, "sha256").hex()[:_HASH_LENGTH]


def normal_text(value: str) -> str:
    """Full width to half width, lower case, no white space, no middle dots in names."""
    return _SPACES.sub("", unicodedata.normalize("NFKC", value)).casefold()


def normal_id_number(value: str) -> str:
    """An ID number in 18 characters: the old 15 digits get century and check character."""
    number = normal_text(value).upper()
    if not _OLD_ID_SHAPE.fullmatch(number):
        return number
    body = f"{number[:6]}19{number[6:]}"
    return body + id_check_character(body)


def id_check_character(body: str) -> str:
    """The 18th character of an ID number (GB 11643-1999) for its first 17 digits."""
    total = sum(int(digit) * weight for digit, weight in zip(body, _ID_WEIGHTS, strict=True))
    return _ID_CHECKS[total % 11]


def normal_phone(value: str) -> str:
    """Digits only, without the country code of a Chinese mobile number."""
    digits = _NOT_DIGIT.sub("", unicodedata.normalize("NFKC", value))
    return _PHONE_PREFIX.sub("", digits)


def normal_address(value: str) -> str:
    """Letters, digits and the dashes between digits: 2-101 must not meet 21-01."""
    return _NOT_ADDRESS.sub("", _DASHES.sub("-", normal_text(value)))


def _id_number(value: str) -> _Derived:
    """Of a paper that has no check character it cannot be said whether the number holds."""
    number = normal_id_number(value)
    if not _ID_SHAPE.fullmatch(number):
        return number, None if _OTHER_PAPER.fullmatch(number) else False, None, None
    return number, id_number_holds(number), int(number[6:10]), number[:6]


def id_number_holds(number: str) -> bool:
    """Whether 18 characters in normal form name a day and end as GB 11643 has it."""
    return _born(number) and id_check_character(number[:17]) == number[17]


def _born(number: str) -> bool:
    try:
        date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return False
    return True


def _phone(value: str) -> _Derived:
    number = normal_phone(value)
    return number, number[:3] or None


_DERIVE: dict[Personal, Callable[[str], _Derived]] = {
    Personal.ID_NUMBER: _id_number,
    Personal.PHONE: _phone,
    Personal.NAME: lambda value: (normal_text(value),),
    Personal.ADDRESS: lambda value: (normal_address(value),),
    Personal.ACCOUNT: lambda value: (normal_text(value),),
    Personal.DEVICE: lambda value: (normal_text(value),),
}
