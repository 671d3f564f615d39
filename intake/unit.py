"""Rows that are judged and decided together: a slice of an extract, or a pool of messages."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from domain.table import SUPERSESSIONS, Table
from intake.gate import Door, Judged, judge
from intake.identifiers import without_identifiers
from intake.lake_shape import pseudonymised, with_keys
from intake.lines import DECIDED_BY, Sent, changed, vanished, with_ends
from intake.offered import FILE, KNOWN_AT, OPERATION, POSITION, Offered, Values, entity_numbers
from intake.pseudonym import Pseudonymiser
from intake.reasons import Reason
from intake.register import Register
from intake.versions import DELETED, UNCHANGED, Decided, Past, decide
from storage.lake_batch import LakeBatch

_Numbers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Bench:
    """What settling needs besides the rows.

    Attributes:
        kept: What is known so far, and the batch being received.
        register: Which codes are on the roll.
        pseudonymiser: Replaces identifiers.
        door: The moment.
    """

    kept: LakeBatch
    register: Register
    pseudonymiser: Pseudonymiser
    door: Door


@dataclass(frozen=True, slots=True)
class Settled:
    """What became of the rows of one table.

    Attributes:
        judged: The rows' places and keys, and what is wrong with each.
        shaped: Key, operation, time of knowing and entity of those with nothing wrong until then.
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
    def ended(self) -> pa.Table:
        """The versions that ended, in the shape of `SUPERSESSIONS`."""
        keys, versions, moments = (
            zip(*self.superseded, strict=True) if self.superseded else [()] * 3
        )
        names = [self.judged.table.name] * len(keys)
        columns: list[Values] = [names, keys, versions, moments]
        listed: list[Values] = [
            pa.array(column, type_)
            for column, type_ in zip(columns, SUPERSESSIONS.types, strict=True)
        ]
        return pa.Table.from_arrays(listed, schema=SUPERSESSIONS)

    @property
    def accepted_rows(self) -> int:
        """Rows that became a version or ended one; lines that vanished were no rows."""
        return int(np.count_nonzero((self.versions > 0) | (self.versions == DELETED)))

    @property
    def unchanged_rows(self) -> int:
        """Rows that said nothing new."""
        return int(np.count_nonzero(self.versions == UNCHANGED))


def settle(offered: Sequence[Offered], bench: Bench) -> Iterator[Settled]:
    """Judge rows and decide what becomes of each, table by table; nothing is written.

    Args:
        offered: One table of an extract, or the tables of messages, documents before lines. A
            business entity is taken whole: one bad part refuses all of it.
        bench: What it is judged by.
    """
    judged = [_keyed(judge(rows, bench.register, bench.door), bench) for rows in offered]
    if len(judged) > 1:
        for one in judged:
            _refuse_repeated_lines(one)
    _refuse_whole(judged, judged)
    sendings: dict[tuple[str, ...], list[Sent]] = {}
    for number in range(len(judged)):
        key = judged[number].table.key
        settled = _settle(judged[number], sendings.get(key[:-1], ()), bench)
        judged[number] = settled.judged
        sendings[key] = _sendings(settled)
        _refuse_whole(judged, judged[number + 1 :])
        yield settled


def _keyed(judged: Judged, bench: Bench) -> Judged:
    rows = without_identifiers(judged.table, judged.rows, bench.pseudonymiser)
    return Judged(judged.table, with_keys(judged.table, rows), judged.problems)


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
    rows = judged.rows if good.size == judged.rows.num_rows else judged.rows.take(picked)
    shaped = pseudonymised(judged.table, rows, bench.pseudonymiser)
    shaped = shaped.append_column(OPERATION, rows[OPERATION])
    entities = entity_numbers(rows)
    decided, origin = _decide(judged.table, shaped, entities, sendings, bench)
    versions = _by_row(decided, origin, good.size)
    _mark(judged, good, decided, origin)
    told = shaped.select(["document_key", OPERATION, KNOWN_AT])
    place = judged.rows.select([FILE, POSITION, "document_key"])
    return Settled(
        judged=Judged(judged.table, place, judged.problems),
        shaped=told.append_column("entity", pa.array(entities)),
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
        ended = vanished(losing, own, _standing_lines(table, losing, bench.kept))
        if ended:
            rows, origin = with_ends(shaped, entities, ended)
    keys = rows.select(["document_key"]).group_by("document_key").aggregate([])
    dated = any(column.name == "reported_at" for column in table.columns)
    versions = bench.kept.versions(table.name, keys)
    past = Past(versions, bench.kept.name, dated=dated, asserted=bench.door.history)
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


def _standing_lines(table: Table, sendings: Sequence[Sent], kept: LakeBatch) -> dict[str, set[str]]:
    parents: Values = pa.array(sorted({sent.key for sent in sendings}), pa.string())
    known = kept.versions(table.name, pa.table({"parent_key": parents}))
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
    rows = shaped if len(new) == shaped.num_rows else shaped.take(new)
    numbers: Values = pa.array(versions[versions > 0])
    asserted: Values = pa.scalar(bench.door.history)
    batch: Values = pa.scalar(bench.kept.name)
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
