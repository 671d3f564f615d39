"""The field table is whole: each official element is mapped or kept aside, columns are real."""

import csv
from pathlib import Path

import pytest

from domain.tables import TABLES
from intake.ceb_fields import MESSAGES
from intake.offered import KNOWN_AT, OPERATION

OFFICIAL = Path(__file__).parents[3] / "shared/data/ceb_fields.csv"
KINDS = "311 411 511 513 621 622 303 403 505 603 604 605"


def test_the_kinds_asked_for_are_read() -> None:
    assert set(MESSAGES) == {f"CEB{number}" for number in KINDS.split()}


@pytest.mark.parametrize("kind", MESSAGES)
def test_targets_are_columns_of_the_contract_and_fill_what_is_required(kind: str) -> None:
    for name, targets in MESSAGES[kind].tables.items():
        columns = {column.name: column for column in TABLES[name].columns}
        named = [target.column for target in targets]
        assert len(named) == len(set(named))
        assert set(named) <= {*columns, OPERATION, KNOWN_AT}
        assert KNOWN_AT in named
        assert {name for name, column in columns.items() if column.required} <= set(named)


@pytest.mark.parametrize("kind", MESSAGES)
def test_every_official_element_is_mapped_or_kept_aside(kind: str) -> None:
    if not OFFICIAL.exists():
        pytest.skip("the official field table is not beside the project")
    direction = "import" if kind[3] in "3456" and kind[4:] in {"11", "13", "21", "22"} else "export"
    official: dict[str, set[str]] = {}
    for row in csv.DictReader(OFFICIAL.read_text().splitlines()):
        if row["direction"] == direction:
            official.setdefault(row["entity"], set()).add(row["element"])
    message = MESSAGES[kind]
    for part, elements in message.elements.items():
        assert elements == official[part or message.entity]
