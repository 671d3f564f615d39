"""The customs code tables, `customs_codes.csv`: letters and names that stand for a numeric code.

Messages bring the numeric codes of old, other declarations ISO letters since 2018. One number
means different things by table: 142 is China, the renminbi, and a bottle. Another edition of
the tables is other rows; what they do not name stays as it was given.
"""

import csv
from importlib.resources import files

from intake.offered import Values, each_text


def _read() -> dict[str, dict[str, str]]:
    """Column -> what may stand there -> numeric code."""
    tables: dict[str, dict[str, str]] = {}
    text = (files("intake") / "customs_codes.csv").read_text(encoding="utf-8")
    for row in csv.DictReader(text.splitlines()):
        tables.setdefault(row["column"], {})[row["also"]] = row["code"]
    return tables


_CODES = _read()


def numeric(column: str, texts: Values) -> Values:
    """The texts of a column, letters and names replaced by the numeric code they stand for."""
    if column not in _CODES:
        return texts
    named = _CODES[column]
    return each_text(texts, lambda text: named.get(text.upper(), text))
