from dataclasses import fields

import pytest

from domain.signals import Signals
from domain.table import HISTORY, Kind, Personal, Table
from domain.tables import KEPT_TABLES, TABLES

ALL = pytest.mark.parametrize("table", KEPT_TABLES.values(), ids=lambda table: table.name)


def test_signals_holds_exactly_the_tables() -> None:
    names = {field.name for field in fields(Signals)} - {"as_of", "covered", "_kept", "keep"}
    assert names == set(KEPT_TABLES)


@ALL
def test_keys_and_clocks_are_columns(table: Table) -> None:
    offered = {column.name: column for column in table.columns}
    assert set(table.key) <= set(offered)
    assert offered[table.happened].kind in {Kind.DATE, Kind.MOMENT}
    assert offered[table.happened].required
    assert table.subject is None or offered[table.subject].role is not None
    assert table.line is None or table.key[-1] == table.line


@ALL
def test_no_personal_identifier_reaches_the_lake(table: Table) -> None:
    kept = {column.name for column in table.lake_columns()}
    for column in table.columns:
        if column.personal:
            assert column.name not in kept
            assert column.name.endswith(f"_{column.personal}")


@ALL
def test_column_names_are_unique_and_history_is_last(table: Table) -> None:
    names = [column.name for column in table.lake_columns()]
    assert len(names) == len(set(names))
    assert names[-len(HISTORY) :] == [column.name for column in HISTORY]


@ALL
def test_nothing_is_a_float(table: Table) -> None:
    assert not [f for f in table.lake_schema() if "double" in str(f.type) or "float" in str(f.type)]


def test_an_id_number_becomes_a_hash_and_what_analysis_needs() -> None:
    buyer = next(c for c in TABLES["orders"].columns if c.personal is Personal.ID_NUMBER)
    assert [column.name for column in buyer.derived()] == [
        "buyer_hash",
        "buyer_id_valid",
        "buyer_birth_year",
        "buyer_division",
    ]


def test_lines_carry_the_key_of_their_document() -> None:
    assert "parent_key" in TABLES["declaration_lines"].lake_schema().names
    assert "parent_key" not in TABLES["declarations"].lake_schema().names
