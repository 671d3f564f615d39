"""Codes and names by which enterprises are known (GB 32100, customs registration)."""

import unicodedata
from typing import Final

_ALPHABET: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_WEIGHTS: Final = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
CREDIT_CODE_LENGTH: Final = 18
CUSTOMS_CODE_LENGTH: Final = 10


def credit_code_check_character(body: str) -> str:
    """The 18th character of a unified social credit code (GB 32100-2015).

    Args:
        body: The first 17 characters.

    Raises:
        ValueError: A character is not of the code's alphabet, or the length is not 17.
    """
    weighted = zip(body, _WEIGHTS, strict=True)
    total = sum(_ALPHABET.index(character) * weight for character, weight in weighted)
    return _ALPHABET[-total % 31]


def is_credit_code(code: str) -> bool:
    """Whether `code` is a unified social credit code with the right check character."""
    if len(code) != CREDIT_CODE_LENGTH or not set(code) <= set(_ALPHABET):
        return False
    return credit_code_check_character(code[:-1]) == code[-1]


def is_customs_code(code: str) -> bool:
    """Whether `code` has the form of a customs registration code: 10 letters and digits."""
    return len(code) == CUSTOMS_CODE_LENGTH and code.isascii() and code.isalnum()


def normal_code(code: str) -> str:
    """An enterprise's code as the register writes it: half-width capitals, no spaces around."""
    return unicodedata.normalize("NFKC", code).strip().upper()


def folded(text: str) -> str:
    """A name as searched: full-width and case differences taken out, no spaces around."""
    return unicodedata.normalize("NFKC", text).casefold().strip()
