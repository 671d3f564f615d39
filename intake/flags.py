"""The flags that a batch leads to: noticed row by row, then between documents, then settled."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from domain.tables.flags import FLAGS
from intake.agreement import AGREEMENTS, Reuse, Sum
from intake.checks import Noticed, notice
from intake.gate import CHANGE, DELETE
from intake.offered import FILE, KNOWN_AT, OPERATION, POSITION, Offered, Values
from intake.unit import Bench, Settled, settle
from storage.parquet_files import SUPERSESSIONS_TABLE
from storage.touched import Touched

_LATE: Final = timedelta(days=730)
"""How long before what a batch brings the other side may have happened."""
_KEY: Final = list(FLAGS.key)
_DOCUMENT: Final = ["table_name", "flagged_key"]
_OFFERED: Final = FLAGS.offered_schema().append(pa.field(KNOWN_AT, pa.timestamp("us")))
_AT_ONCE: Final = 20_000
_NOTHING: Final = _OFFERED.empty_table()


@dataclass(slots=True)
class Flags:
    """The flags of one batch.

    Attributes:
        bench: What the batch is settled with.
    """

    bench: Bench
    _noticed: list[pa.Table] = field(default_factory=list)
    _touched: set[str] = field(default_factory=set)
    _ended: bool = False
    _first: datetime | None = None

    def notice(self, settled: Settled) -> None:
        """Look at the rows that were accepted, one by one."""
        table, rows = settled.judged.table, settled.accepted
        if settled.superseded or rows.num_rows:
            self._touched.add(table.name)
        self._ended = self._ended or bool(settled.superseded)
        if rows.num_rows:
            first = pc.min(rows["happened_at"]).as_py()
            self._first = min(self._first or first, first)
        for noticed in notice(table, rows, self.bench.register):
            self._noticed.append(_flags(settled, noticed))

    def settle(self) -> Counter[str]:
        """Look at the documents side by side, then write the flags that begin and end.

        Returns:
            Check -> flags that begin.
        """
        between = [self._between(check) for check in AGREEMENTS if self._concerns(check)]
        begun = pa.concat_tables([_NOTHING, *self._noticed, *(fails for fails, _ in between)])
        rows = _offered(begun, [*(holds for _, holds in between), self._gone(begun)])
        counts: Counter[str] = Counter()
        for some in _by_key(rows):
            (settled,) = settle([Offered(FLAGS, some)], self.bench)
            self.bench.kept.append(SUPERSESSIONS_TABLE, settled.ended)
            self.bench.kept.append(FLAGS.name, settled.accepted)
            checks: list[Values] = settled.accepted["check"].to_pylist()
            counts.update(checks)
        return counts

    def _concerns(self, check: Sum | Reuse) -> bool:
        whole = all(self.bench.kept.holds(table) for table in check.tables)
        return whole and bool(check.tables & self._touched)

    def _between(self, check: Sum | Reuse) -> tuple[pa.Table, pa.Table]:
        """Documents that fail a check when they are touched, and flagged ones that hold."""
        first = None if self._ended or self._first is None else self._first - _LATE
        touched = Touched(self.bench.kept, first, ends=self._ended, history=self.bench.door.history)
        rows, fails = check.evaluate(touched)
        whole = _whole(rows, check.check, check.head.table)
        failing = whole.filter(pa.array(fails))
        return failing, self._flagged(whole.filter(pa.array(~fails)), failing)

    def _flagged(self, rows: pa.Table, begun: pa.Table) -> pa.Table:
        """Those of some rows whose document was ever flagged so."""
        before = self.bench.kept.among(FLAGS.name, rows.select(_KEY)).select(*_KEY)
        known = pa.concat_tables([begun.select(_KEY), before.to_arrow_table()])
        flagged: Values = pc.is_in(_joined(rows, _KEY), _joined(known, _KEY))
        return rows.filter(flagged)

    def _gone(self, begun: pa.Table) -> pa.Table:
        """The flags of versions that end with this batch, at that moment."""
        if not self._ended:
            return _NOTHING
        gone = self.bench.kept.fresh(SUPERSESSIONS_TABLE).to_arrow_table()
        gone = gone.select(["table_name", "document_key", KNOWN_AT])
        gone = gone.rename_columns([*_DOCUMENT, KNOWN_AT])
        before = self.bench.kept.among(FLAGS.name, gone.select(_DOCUMENT)).select(*_KEY)
        flagged = pa.concat_tables([begun.select(_KEY), before.to_arrow_table()])
        flagged = flagged.group_by(_KEY).aggregate([])
        ends = gone.join(flagged, _DOCUMENT, join_type="inner")
        return _shaped(ends)


def _flags(settled: Settled, noticed: Noticed) -> pa.Table:
    """The flags of one check on rows of one table."""
    table, rows = settled.judged.table, settled.accepted
    told = ("document_key", "happened_at", KNOWN_AT)
    columns: dict[str, Values] = {name: rows[name] for name in told}
    columns |= {"enterprise_code": rows[table.subject]} if table.subject else {}
    amounts = {"found": noticed.found, "expected": noticed.expected}
    columns |= {name: values for name, values in amounts.items() if values is not None}
    picked = pa.table(columns).filter(pa.array(noticed.rows))
    return _whole(picked, noticed.check, table.name)


def _whole(rows: pa.Table, check: str, table: str) -> pa.Table:
    """Rows of a table as flags of a check."""
    count = rows.num_rows
    renamed = {"document_key": "flagged_key", "happened_at": "document_at"}
    rows = rows.rename_columns([renamed.get(name, name) for name in rows.column_names])
    rows = rows.append_column("check", pa.repeat(pa.scalar(check), count))
    return _shaped(rows.append_column("table_name", pa.repeat(pa.scalar(table), count)))


def _shaped(rows: pa.Table) -> pa.Table:
    """Rows in the offered shape; a column that they lack is null."""
    lacking: Values = pa.nulls(rows.num_rows)
    columns: list[Values] = [
        (rows[name] if name in rows.column_names else lacking).cast(type_)
        for name, type_ in zip(_OFFERED.names, _OFFERED.types, strict=True)
    ]
    return pa.Table.from_arrays(columns, schema=_OFFERED)


def _offered(begun: pa.Table, over: Sequence[pa.Table]) -> pa.Table:
    """Flags that begin, and ends of flags that do not begin anew at the same moment."""
    at, ends = [*_KEY, KNOWN_AT], pa.concat_tables(over)
    anew: Values = pc.is_in(_joined(ends, at), _joined(begun, at))
    still: Values = pc.invert(anew)
    ends = ends.filter(still)
    operations = [DELETE] * ends.num_rows + [CHANGE] * begun.num_rows
    rows = pa.concat_tables([ends, begun])
    rows = rows.append_column(OPERATION, pa.array(operations, pa.string()))
    rows = rows.append_column(FILE, pa.array(np.zeros(rows.num_rows, np.int32)))
    return rows.append_column(POSITION, pa.array(np.arange(1, rows.num_rows + 1)))


def _by_key(rows: pa.Table) -> Iterator[pa.Table]:
    """Rows in parts of bounded size, all rows of one flag in one part."""
    keys = _joined(rows, _KEY).dictionary_encode().indices.to_numpy()
    parts = -(-rows.num_rows // _AT_ONCE)
    for part in range(parts):
        yield rows.filter(pa.array(keys % parts == part))


def _joined(rows: pa.Table, names: list[str]) -> Values:
    """Several columns of each row as one text."""
    texts: list[Values] = [rows[name].cast(pa.string()) for name in names]
    joined: Values = pc.binary_join_element_wise(*texts, pa.scalar("|"))
    return joined.combine_chunks()
