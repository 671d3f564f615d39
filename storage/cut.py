"""One night cut out of the lake: what was known by then, under the codes in force by then."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Final

import ibis
from duckdb import ColumnExpression, ConstantExpression, DuckDBPyRelation
from ibis.backends.duckdb import Backend

from domain.tables import KEPT_TABLES
from storage.parquet_files import SUPERSESSIONS_TABLE, named, read, schema_of

_ALIASES: Final = "aliases"
_ROLL: Final = "enterprises"


class Cut:
    """What cuts one night out of the lake."""

    def __init__(self, night: Backend, files: Mapping[str, list[Path]], end: datetime) -> None:
        """Cut a night.

        Args:
            night: The connection that the night's views lie in.
            files: The files that count.
            end: The first moment after the night.
        """
        self._night = night
        self._files = files
        self._end = end
        self._gone = self._superseded()
        self._renamed = self._codes_replaced()

    def known(self, name: str) -> ibis.Table:
        """A table as known by then, as a view that lasts as long as the connection."""
        rows = self._standing(name)
        if self._renamed is not None:
            rows = _under_codes_in_force(name, rows, self._renamed)
        self._night.con.execute(f'CREATE TEMPORARY VIEW "{name}" AS {rows.sql_query()}')
        return named(self._night, name, schema_of(name))

    def _standing(self, name: str) -> DuckDBPyRelation:
        rows = self._before(name)
        if name not in self._gone:
            return rows
        ended = self._before(SUPERSESSIONS_TABLE)
        ended = ended.filter(ColumnExpression("table_name") == ConstantExpression(name))
        ended = ended.select("document_key", "version")
        return rows.join(ended, "document_key, version", how="anti")

    def _before(self, name: str) -> DuckDBPyRelation:
        rows = read(self._night.con, name, self._files[name])
        return rows.filter(ColumnExpression("known_at") < ConstantExpression(self._end))

    def _superseded(self) -> frozenset[str]:
        """Tables of which a version was superseded by then."""
        if SUPERSESSIONS_TABLE not in self._files:
            return frozenset()
        ended = self._before(SUPERSESSIONS_TABLE).select("table_name").distinct()
        return frozenset(name for (name,) in ended.fetchall())

    def _codes_replaced(self) -> DuckDBPyRelation | None:
        """Credit code -> the one that replaced it, as known by then; None where none was."""
        if _ALIASES not in self._files:
            return None
        rows = self._standing(_ALIASES)
        rows = rows.filter(ColumnExpression("kind") == ConstantExpression("credit_code"))
        pairs = rows.order("valid_from").select("alias", "enterprise_code").fetchall()
        last = _last(dict(pairs))
        if not last:
            return None
        self._night.con.execute("CREATE TEMPORARY TABLE renamed (old VARCHAR, new VARCHAR)")
        self._night.con.executemany("INSERT INTO renamed VALUES (?, ?)", list(last.items()))
        renamed: DuckDBPyRelation = self._night.con.table("renamed")
        return renamed


def _under_codes_in_force(
    name: str, rows: DuckDBPyRelation, renamed: DuckDBPyRelation
) -> DuckDBPyRelation:
    """Rows whose credit codes are those in force; the roll has no line for a replaced one."""
    if name == _ROLL:
        replaced = renamed.project("old AS credit_code")
        return rows.join(replaced, "credit_code", how="anti")
    for column in KEPT_TABLES[name].role_columns():
        both = rows.set_alias("kept").join(
            renamed.set_alias("renamed"), f"kept.{column} = renamed.old", how="left"
        )
        rows = both.project(f"kept.* REPLACE (coalesce(renamed.new, kept.{column}) AS {column})")
    return rows


def _last(renamed: Mapping[str, str]) -> dict[str, str]:
    """Where each code leads in the end; codes that lead in a circle stay."""

    def end(old: str) -> str:
        seen, code = {old}, renamed[old]
        while code in renamed and code not in seen:
            seen.add(code)
            code = renamed[code]
        return old if code in seen else code

    ends = {old: end(old) for old in renamed}
    return {old: new for old, new in ends.items() if old != new}
