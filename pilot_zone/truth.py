"""The known truth, apart from everything the system may read."""

from collections import Counter
from pathlib import Path
from typing import TypedDict

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from pilot_zone.columns import Column, choose, day, serial
from pilot_zone.history import History
from pilot_zone.patterns import Members
from pilot_zone.plan import ZonePlan


class Planted(TypedDict):
    """How much was planted."""

    cases: dict[str, int]
    scheme_firms: int
    lookalike_firms: dict[str, int]


def write_truth(history: History, folder: Path) -> Planted:
    """Write schemes and look-alikes, and count them."""
    folder.mkdir(parents=True)
    plan, codes = history.world.plan, history.world.roll.codes
    schemes, alike = history.schemes, history.lookalikes
    planted = pa.table(
        {
            "case_id": serial("CASE", schemes.case, 4),
            "typology": _typologies(schemes),
            "kind": _kinds(schemes),
            "enterprise_code": choose(codes, schemes.firm),
            **_span(plan, schemes),
            "strength": pa.array(schemes.strength),
        }
    )
    honest = pa.table(
        {
            "typology": _typologies(alike),
            "kind": _kinds(alike),
            "enterprise_code": choose(codes, alike.firm),
            **_span(plan, alike),
        }
    )
    pq.write_table(planted, folder / "schemes.parquet")
    pq.write_table(honest, folder / "lookalikes.parquet")
    _, first = np.unique(schemes.case, return_index=True)
    return Planted(
        cases=_counts(_typologies(schemes).take(pa.array(first, pa.int64()))),
        scheme_firms=int(np.unique(schemes.firm).size),
        lookalike_firms=_counts(_typologies(alike)),
    )


def _typologies(members: Members) -> Column:
    return choose([pattern.typology for pattern in members.patterns], members.pattern)


def _kinds(members: Members) -> Column:
    return choose([pattern.kind for pattern in members.patterns], members.pattern)


def _span(plan: ZonePlan, members: Members) -> dict[str, Column]:
    starts = plan.period_starts()
    return {"starts_on": day(starts[members.first]), "ends_on": day(starts[members.last] - 1)}


def _counts(names: Column) -> dict[str, int]:
    found = Counter(str(name) for name in names.to_pylist())
    return {name: found[name] for name in sorted(found, key=lambda text: int(text[1:]))}
