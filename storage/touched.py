"""Documents that a batch touches, beside what stood with them at each moment of touching."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import pyarrow as pa
from duckdb import (
    CoalesceOperator,
    ColumnExpression,
    ConstantExpression,
    DuckDBPyRelation,
    FunctionExpression,
)

from domain.tables import TABLES
from storage.lake_batch import LakeBatch
from storage.parquet_files import SUPERSESSIONS_TABLE

_MOST_MOMENTS: Final = 50
"""What a batch touches more often is looked at once, at the last of these moments."""
_DOCUMENT: Final = "document_key, happened_at, enterprise_code, moment AS known_at"
_BEFORE: Final = """,
    lag(document_key) OVER (PARTITION BY link, moment ORDER BY happened_at, document_key)
        AS other_key,
    lag(happened_at) OVER (PARTITION BY link, moment ORDER BY happened_at, document_key)
        AS other_at
"""
_OFTEN: Final = """
    link, moment,
    count(*) OVER (PARTITION BY link) AS often,
    max(moment) OVER (PARTITION BY link) AS last
"""
_NEEDED: Final = ("document_key", "version", "known_at", "happened_at")


@dataclass(frozen=True, slots=True)
class Side:
    """A table whose rows are held against others.

    Attributes:
        table: Its name.
        link: The columns that link its rows to others; in the order of the other side's.
        direction: Only rows of this direction, if one is named.
    """

    table: str
    link: tuple[str, ...]
    direction: str | None = None


@dataclass(frozen=True, slots=True)
class Touched:
    """What one batch touches.

    Attributes:
        kept: The batch, all of whose rows are added.
        first: Nothing that happened before is looked at; None where all may matter.
        ends: Whether the batch ends versions.
        history: Whether what it brings became known at many moments; otherwise at one.
    """

    kept: LakeBatch
    first: datetime | None
    ends: bool
    history: bool

    def sums(self, head: Side, amount: str, part: Side, part_amount: str) -> pa.Table:
        """Documents that have parts: `found`, their amount, and `expected`, the sum of the parts.

        Args:
            head: The documents.
            amount: Their amount.
            part: The parts.
            part_amount: Their amounts.

        Returns:
            document_key, happened_at, enterprise_code, known_at (the moment), found, expected.
        """
        touched = self._touched((head, part))
        parts = self._alive(part, touched, part_amount)
        sums = parts.aggregate(
            "link, moment, CAST(sum(amount) AS DECIMAL(18, 5)) AS expected", "link, moment"
        )
        rows = self._alive(head, touched, amount).join(sums, "link, moment")
        return _arrow(rows.project(_DOCUMENT + ", amount AS found, expected"))

    def uses(self, head: Side) -> pa.Table:
        """Documents of every number that is touched, beside the one that used it before.

        Returns:
            document_key, happened_at, enterprise_code, known_at (the moment), and other_key and
            other_at, null for the first use.
        """
        rows = self._alive(head, self._touched((head,)), None)
        return _arrow(rows.project(_DOCUMENT + _BEFORE))

    def _touched(self, sides: Sequence[Side]) -> DuckDBPyRelation:
        """`link` and `moment` of the versions that the batch begins or ends."""
        every = self._begun(sides[0])
        for side in sides[1:]:
            every = every.union(self._begun(side))
        for side in sides if self.ends else ():
            every = every.union(self._ended(side))
        every = every.filter("link IS NOT NULL").distinct()
        if not self.history:
            return every
        asked = every.project(_OFTEN).filter(f"often <= {_MOST_MOMENTS} OR moment = last")
        return asked.select("link", "moment")

    def _begun(self, side: Side) -> DuckDBPyRelation:
        rows = self._linked(side, self.kept.fresh(side.table))
        return rows.project("link, known_at AS moment")

    def _ended(self, side: Side) -> DuckDBPyRelation:
        gone = self.kept.fresh(SUPERSESSIONS_TABLE)
        gone = gone.filter(ColumnExpression("table_name") == ConstantExpression(side.table))
        gone = gone.project("document_key, version, known_at AS moment")
        rows = self._linked(side, self.kept.rows(side.table))
        return rows.join(gone, "document_key, version").project("link, moment")

    def _alive(self, side: Side, touched: DuckDBPyRelation, amount: str | None) -> DuckDBPyRelation:
        """The rows of a side that stood at the moments of their link."""
        rows = self._linked(side, self.kept.rows(side.table), amount)
        if self.first is not None:
            rows = rows.filter(ColumnExpression("happened_at") >= ConstantExpression(self.first))
        rows = rows.join(touched, "link").filter("known_at <= moment")
        if not self.kept.holds(SUPERSESSIONS_TABLE):
            return rows
        rows = rows.join(self.kept.ends(side.table), "document_key, version", how="left")
        return rows.filter("superseded_at IS NULL OR superseded_at > moment")

    def _linked(
        self, side: Side, rows: DuckDBPyRelation, amount: str | None = None
    ) -> DuckDBPyRelation:
        if side.direction is not None:
            rows = rows.filter(ColumnExpression("direction") == ConstantExpression(side.direction))
        link = ColumnExpression(side.link[0])
        if len(side.link) > 1:
            parts = [
                CoalesceOperator(ColumnExpression(c), ConstantExpression("")) for c in side.link
            ]
            link = FunctionExpression("concat_ws", ConstantExpression("|"), *parts)
        amounts = [ColumnExpression(amount).alias("amount")] if amount else []
        subject = TABLES[side.table].subject
        code = ColumnExpression(subject) if subject else ConstantExpression(None)
        named = (link.alias("link"), code.alias("enterprise_code"))
        return rows.select(*map(ColumnExpression, _NEEDED), *named, *amounts)


def _arrow(rows: DuckDBPyRelation) -> pa.Table:
    table: pa.Table = rows.to_arrow_table()
    return table
