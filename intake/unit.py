"""Rows that are judged and decided together: a slice of an extract, or a pool of messages."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from domain.table import Table
from intake.gate import Door, Judged, judge
from intake.lake_shape import pseudonymised, with_keys
from intake.lines import DECIDED_BY, Sent, changed, vanished, with_ends
from intake.offered import KNOWN_AT, OPERATION, Offered, Values, entity_numbers
from intake.pseudonym import Pseudonymiser
from intake.reasons import Reason
from intake.register import Register
from intake.versions import DELETED, UNCHANGED, Decided, Past, decide
from storage.lake import Lake

_Numbers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Bench:
    """What settling needs besides the rows.

    Attributes:
        lake: What is known so far.
        register: Which codes are on the roll.
        pseudonymiser: Replaces identifiers.
        door: The moment.
        batch: The batch being received.
    """

    lake: Lake
    register: Register
    pseudonymiser: Pseudonymiser
    door: Door
    batch: str


@dataclass(frozen=True, slots=True)
class Settled:
    """What became of the rows of one table.

    Attributes:
        judged: The rows with their keys, and what is wrong with each.
        shaped: Those with nothing wrong until then, in lake shape, with entity and operation.
        versions: What each of `shaped` became, as in `Decided.version`.
        accepted: New versions, ready for the lake.
        superseded: Document key, version, moment of each version that ended.
    """

    judged: Judged
    shaped: pa.Table
    versions: _Numbers
    accepted: pa.Table
    superseded: list[tuple[str, int, datetime]]

    @property
    def accepted_rows(self) -> int:
        """Rows that became a version or ended one; lines that vanished were no rows."""
        return int(np.count_nonzero((self.versions > 0) | (self.versions == DELETED)))

    @property
    def unchanged_rows(self) -> int:
        """Rows that said nothing new."""
        return int(np.count_nonzero(self.versions == UNCHANGED))


def settle(offered: Sequence[Offered], bench: Bench) -> list[Settled]:
    """Judge rows and decide what becomes of each; nothing is written.

    Args:
        offered: One table of an extract, or the tables of messages, documents before lines. A
            business entity is taken whole: one bad part refuses all of it.
        bench: What it is judged by.
    """
    judged = [_keyed(judge(rows, bench.register, bench.door)) for rows in offered]
    if len(judged) == 1:
        return [_settle(judged[0], (), bench)]
    for one in judged:
        _refuse_repeated_lines(one)
    _refuse_whole(judged, judged)
    settled: list[Settled] = []
    sendings: dict[tuple[str, ...], list[Sent]] = {}
    for number, one in enumerate(judged, start=1):
        settled.append(_settle(one, sendings.get(one.table.key[:-1], ()), bench))
        sendings[one.table.key] = _sendings(settled[-1])
        _refuse_whole(judged, judged[number:])
    return settled


def _keyed(judged: Judged) -> Judged:
    return Judged(judged.table, with_keys(judged.table, judged.rows), judged.problems)


def _refuse_repeated_lines(judged: Judged) -> None:
    """A document that numbers two lines alike is ambiguous."""
    if judged.table.line is None:
        return
    line = next(c for c in judged.table.columns if c.name == judged.table.line)
    keys: Values = judged.rows["document_key"].combine_chunks().dictionary_encode()
    pairs = np.stack([entity_numbers(judged.rows), keys.indices.to_numpy()])
    _, first = np.unique(pairs, axis=1, return_index=True)
    again = np.ones(judged.rows.num_rows, np.bool_)
    again[first] = False
    judged.problems.mark(again, Reason.DUPLICATE, line)


def _refuse_whole(judged: Sequence[Judged], onto: Sequence[Judged]) -> None:
    """Where one part of a business entity is refused, refuse its parts in `onto` with it."""
    refused = [entity_numbers(one.rows)[one.problems.any()] for one in judged]
    spoilt = np.unique(np.concatenate(refused))
    for one in onto:
        one.problems.mark(np.isin(entity_numbers(one.rows), spoilt), Reason.PART_REFUSED)


def _settle(judged: Judged, sendings: Sequence[Sent], bench: Bench) -> Settled:
    good: _Numbers = np.flatnonzero(~judged.problems.any())
    picked: Values = pa.array(good)
    rows = judged.rows.take(picked)
    shaped = pseudonymised(judged.table, rows, bench.pseudonymiser)
    shaped = shaped.append_column(OPERATION, rows[OPERATION])
    entities = entity_numbers(rows)
    decided, origin = _decide(judged.table, shaped, entities, sendings, bench)
    versions = _by_row(decided, origin, good.size)
    _mark(judged, good, decided, origin)
    return Settled(
        judged=judged,
        shaped=shaped.append_column("entity", pa.array(entities)),
        versions=versions,
        accepted=_accepted(judged.table, shaped, versions, bench),
        superseded=list(decided.superseded),
    )


def _decide(
    table: Table, shaped: pa.Table, entities: _Numbers, sendings: Sequence[Sent], bench: Bench
) -> tuple[Decided, _Numbers]:
    """Decide on rows, and on the lines that the documents sent no longer have."""
    rows, origin = shaped.select(list(DECIDED_BY)), np.arange(shaped.num_rows)
    losing = changed(sendings) if table.line is not None else []
    if losing:
        own = _lines_by_entity(shaped, entities, losing)
        ended = vanished(losing, own, _standing_lines(table, losing, bench.lake))
        if ended:
            rows, origin = with_ends(shaped, entities, ended)
    keys = rows.select(["document_key"]).group_by("document_key").aggregate([])
    dated = any(column.name == "reported_at" for column in table.columns)
    versions = bench.lake.versions(table.name, keys)
    past = Past(versions, bench.batch, dated=dated, asserted=bench.door.history)
    return decide(rows, past), origin


def _lines_by_entity(
    shaped: pa.Table, entities: _Numbers, sendings: Sequence[Sent]
) -> dict[int, set[str]]:
    wanted = np.isin(entities, [sent.entity for sent in sendings])
    keys: Values = shaped.filter(pa.array(wanted))["document_key"].to_pylist()
    own: dict[int, set[str]] = {}
    for entity, key in zip(entities[wanted].tolist(), keys, strict=True):
        own.setdefault(entity, set()).add(key)
    return own


def _standing_lines(table: Table, sendings: Sequence[Sent], lake: Lake) -> dict[str, set[str]]:
    parents: Values = pa.array(sorted({sent.key for sent in sendings}), pa.string())
    known = lake.versions(table.name, pa.table({"parent_key": parents}))
    known = known.filter(pc.is_null(known["superseded_at"]))
    pairs: list[Values] = [known[name].to_pylist() for name in ("parent_key", "document_key")]
    standing: dict[str, set[str]] = {}
    for parent, line in zip(*pairs, strict=True):
        standing.setdefault(parent, set()).add(line)
    return standing


def _by_row(decided: Decided, origin: _Numbers, count: int) -> _Numbers:
    versions: _Numbers = np.zeros(count, np.int64)
    versions[origin[origin >= 0]] = decided.version[origin >= 0]
    return versions


def _mark(judged: Judged, good: _Numbers, decided: Decided, origin: _Numbers) -> None:
    for reason in sorted(set(decided.refused.values())):
        rows = [row for row, why in decided.refused.items() if why is reason]
        places = good[[origin[row] for row in rows if origin[row] >= 0]]
        marked = np.zeros(judged.rows.num_rows, np.bool_)
        marked[places] = True
        judged.problems.mark(marked, reason)


def _accepted(table: Table, shaped: pa.Table, versions: _Numbers, bench: Bench) -> pa.Table:
    new: Values = pa.array(np.flatnonzero(versions > 0))
    rows = shaped.take(new)
    numbers: Values = pa.array(versions[versions > 0])
    asserted: Values = pa.scalar(bench.door.history)
    batch: Values = pa.scalar(bench.batch)
    rows = rows.append_column("version", numbers)
    rows = rows.append_column("asserted", pa.repeat(asserted, rows.num_rows))
    rows = rows.append_column("batch", pa.repeat(batch, rows.num_rows))
    return rows.select(table.lake_schema().names)


def _sendings(settled: Settled) -> list[Sent]:
    """The documents accepted, so that lines they no longer have can end; none if all are new."""
    became = settled.versions
    if not ((became > 1) | (became == DELETED)).any():
        return []
    taken = (became > 0) | (became == DELETED)
    rows = settled.shaped.filter(pa.array(taken))
    columns: list[Values] = [
        rows[name].to_pylist() for name in ("entity", "document_key", OPERATION, KNOWN_AT)
    ]
    return [Sent(*row) for row in zip(*columns, became[taken].tolist(), strict=True)]
