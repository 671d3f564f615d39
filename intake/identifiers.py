"""ID numbers and phone numbers that were written where no person is meant.

A number of an order, a name of goods, a code of an enterprise may hold one. Within such a text
it is replaced by `#` and its keyed hash: texts that were equal stay equal, so documents still
meet, and the person's documents are found by the same hash as everywhere.
"""

import re
import unicodedata
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from domain.identity import is_credit_code
from domain.table import Column, Kind, Personal, Table
from intake.offered import Values
from intake.pseudonym import (
    Pseudonymiser,
    id_number_holds,
    normal_id_number,
    normal_phone,
    normal_text,
)
from intake.typed import mask_of

_SHORTEST: Final = 11
_DAY: Final = "(0[1-9]|1[0-2])(0[1-9]|[12][0-9]|3[01])"
_SUSPECT: Final = (
    "(^|[^0-9])((86|0086)[ -]?)?1[3-9][0-9][ -]?[0-9]{4}[ -]?[0-9]{4}([^0-9]|$)"
    f"|(^|[^0-9])[0-9]{{6}}(18|19|20)[0-9]{{2}}{_DAY}[0-9]{{3}}[0-9Xx]([^0-9A-Za-z]|$)"
    "|[０-９]"
)
"""What is worth looking at more closely; whatever `_ID_NUMBER` or `_PHONE` would find is."""
_ID_NUMBER: Final = re.compile(r"(?<!\d)\d{17}[\dXx](?![0-9A-Za-z])")
_PHONE: Final = re.compile(r"(?<!\d)(?:(?:\+?86|0086)[ -]?)?1[3-9]\d[ -]?\d{4}[ -]?\d{4}(?!\d)")
_GIVEN: Final = re.compile(r"\d{4}20[1-4]\d{10}[\dXx]")
_OFFICIAL: Final = frozenset({"declaration_no", "pre_no", "tax_no", "summary_tax_no"})
"""Numbers that customs gives: district, year, serial. Some look like an ID number by chance."""


def without_identifiers(table: Table, rows: pa.Table, pseudonymiser: Pseudonymiser) -> pa.Table:
    """Rows of a table whose other columns hold no ID or phone number in clear."""
    for column in table.columns:
        if column.kind is not Kind.TEXT or column.personal or column.codes:
            continue
        values = rows[column.name]
        kept = (_hashed if column.hashed else _scrubbed)(column, values, pseudonymiser)
        if kept is not values:
            rows = rows.set_column(rows.column_names.index(column.name), column.name, kept)
    return rows


def scrub(text: str, pseudonymiser: Pseudonymiser) -> str:
    """A text whose ID and phone numbers are replaced by their hashes."""
    text = unicodedata.normalize("NFKC", text)

    def number(found: re.Match[str]) -> str:
        normal = normal_id_number(found.group())
        whole = id_number_holds(normal) and not is_credit_code(normal)
        return f"#{pseudonymiser.hash(Personal.ID_NUMBER, normal)}" if whole else found.group()

    def phone(found: re.Match[str]) -> str:
        return f"#{pseudonymiser.hash(Personal.PHONE, normal_phone(found.group()))}"

    return _PHONE.sub(phone, _ID_NUMBER.sub(number, text))


def _hashed(_: Column, values: Values, pseudonymiser: Pseudonymiser) -> Values:
    encoded = values.combine_chunks().dictionary_encode()
    tokens = [
        f"#{pseudonymiser.hash(Personal.ACCOUNT, normal_text(account))}"
        for account in encoded.dictionary.to_pylist()
    ]
    return pa.array(tokens, pa.string()).take(encoded.indices)


def _scrubbed(column: Column, values: Values, pseudonymiser: Pseudonymiser) -> Values:
    lengths: Values = pc.binary_length(values)
    longest: int | None = pc.max(lengths).as_py()
    if longest is None or longest < _SHORTEST:
        return values
    suspect = mask_of(pc.match_substring_regex(values, _SUSPECT))
    if not suspect.any():
        return values
    places: Values = pa.array(suspect)
    texts = values.filter(places).to_pylist()
    given = column.name in _OFFICIAL
    clean = [
        text if given and _GIVEN.fullmatch(text) else scrub(text, pseudonymiser) for text in texts
    ]
    return pc.replace_with_mask(values.combine_chunks(), places, pa.array(clean, pa.string()))
