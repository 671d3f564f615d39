"""The mapping of a foreign extract: a small TOML file that lies beside it.

`taxes-202605.csv` is read by `taxes-202605.toml`, or by `taxes.toml` for all its parts:

    table = "tax_filings"
    encoding = "GB18030"
    separator = ","
    dates = ["%Y年%m月%d日"]
    [columns]
    "纳税人识别号" = "enterprise_code"
"""

import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from domain.errors import BadDelivery
from domain.table import Table
from domain.tables import TABLES
from intake.offered import KNOWN_AT, OPERATION

SUFFIX = ".toml"
_ENCODINGS = {"UTF-8": "utf-8-sig", "GB18030": "gb18030", "GBK": "gb18030"}


@dataclass(frozen=True, slots=True)
class Mapping:
    """How an extract is read.

    Attributes:
        table: The contract it is offered under.
        columns: Header -> column; other headers are taken under their own name.
        encoding: Python's name of the text encoding of a CSV.
        separator: What stands between the fields of a CSV.
        dates: Forms of days and times besides the official ones, as `strptime` knows them.
    """

    table: Table
    columns: dict[str, str] = field(default_factory=dict)
    encoding: str = _ENCODINGS["UTF-8"]
    separator: str = ","
    dates: tuple[str, ...] = ()

    def column(self, header: str) -> str:
        """The column that a header names."""
        return self.columns.get(header, header)

    def knows(self, column: str) -> bool:
        """Whether the contract or the envelope has such a column."""
        return column in {*self.table.offered_schema().names, OPERATION, KNOWN_AT}


class _File(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    table: str
    encoding: str = "UTF-8"
    separator: Annotated[str, Field(min_length=1, max_length=1)] = ","
    dates: tuple[str, ...] = ()
    columns: dict[str, str] = {}


def mapping_file(extract: Path) -> Path | None:
    """The mapping that lies beside an extract, if one does."""
    names = (extract.stem, extract.stem.split("-")[0])
    found = (extract.with_name(f"{name}{SUFFIX}") for name in names)
    return next((path for path in found if path.is_file()), None)


def mapping_of(extract: Path) -> Mapping | None:
    """How an extract is read: by its mapping file, or by its name; None if neither tells.

    Raises:
        BadDelivery: The mapping file says something that cannot be.
    """
    path = mapping_file(extract)
    if path is not None:
        return _read(path)
    table = table_named(extract)
    return None if table is None else Mapping(table)


def table_named(extract: Path) -> Table | None:
    """The table that an extract's own name tells, if it does."""
    return TABLES.get(extract.stem.split("-")[0])


def _read(path: Path) -> Mapping:
    try:
        said = _File.model_validate(tomllib.loads(path.read_text("utf-8")))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as broken:
        raise BadDelivery(path, "it is no TOML file in UTF-8.") from broken
    except ValidationError as broken:
        where = ", ".join(".".join(map(str, error["loc"])) for error in broken.errors())
        raise BadDelivery(path, f"what it says under {where} is not right.") from broken
    if said.table not in TABLES:
        raise BadDelivery(path, f"there is no table {said.table!r}.")
    encoding = _ENCODINGS.get(said.encoding.upper())
    if encoding is None:
        raise BadDelivery(
            path, f"the encoding {said.encoding!r} is none of {', '.join(_ENCODINGS)}."
        )
    mapping = Mapping(TABLES[said.table], said.columns, encoding, said.separator, said.dates)
    wrong = [name for name in said.columns.values() if not mapping.knows(name)]
    if wrong:
        raise BadDelivery(path, f"the table {said.table!r} has no column {', '.join(wrong)}.")
    return mapping
