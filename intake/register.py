"""Which enterprise a code speaks of: credit codes and customs codes, resolved to credit codes."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

import pyarrow as pa

from intake.offered import Mask, Values
from intake.typed import mask_of

_NOBODY = "无"


@dataclass(frozen=True, slots=True)
class Resolved:
    """Codes after resolving.

    Attributes:
        codes: Credit codes; a code that nobody on the roll holds stays as it was given.
        unknown: Rows whose code nobody on the roll holds.
    """

    codes: Values
    unknown: Mask


class Register:
    """Every code of every enterprise on the roll, as accepted so far."""

    def __init__(self) -> None:
        self._credit_codes: dict[str, str] = {}

    def enter(self, credit_codes: Iterable[str], customs_codes: Iterable[str | None]) -> None:
        """Enter enterprises, oldest version first: a customs code leads to its latest holder."""
        for credit, customs in zip(credit_codes, customs_codes, strict=True):
            self._credit_codes[credit] = credit
            if customs is not None:
                self._credit_codes[customs] = credit

    def resolve(self, codes: Values) -> Resolved:
        """Resolve a column of codes; 无, which a foreign platform may write, becomes null."""
        encoded = codes.combine_chunks().dictionary_encode()
        distinct = [normal_code(code) for code in encoded.dictionary.to_pylist()]
        given = [None if code == _NOBODY else code for code in distinct]
        credit = [self._credit_codes.get(code, code) if code else None for code in given]
        known = [code is None or code in self._credit_codes for code in given]
        unknown = pa.array([not k for k in known], pa.bool_()).take(encoded.indices)
        return Resolved(pa.array(credit, pa.string()).take(encoded.indices), mask_of(unknown))


def normal_code(code: str) -> str:
    """An enterprise code in half width and upper case."""
    return unicodedata.normalize("NFKC", code).strip().upper()
