"""Other authorities' grades, each on its own scale and in the published proportions."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from pilot_zone.columns import choose, day, picked, serial
from pilot_zone.conduct import Life
from pilot_zone.delivery import Delivery, within
from pilot_zone.plan import DAY, Flags, Ints
from pilot_zone.registry import since_start
from pilot_zone.world import World


@dataclass(frozen=True, slots=True)
class Scale:
    """One authority's scale.

    Attributes:
        scheme: Its name in the contract.
        grades: Best first.
        shares: Published or usual share of each grade.
        every: Months between evaluations.
        noise: How much else than care and records decides.
        exporters: Only enterprises that export are graded.
    """

    scheme: str
    grades: tuple[str, ...]
    shares: tuple[float, ...]
    every: int
    noise: float
    exporters: bool = False


_REBATE = ("一类", "二类", "三类", "四类")
_CUSTOMS = ("高级认证", "认证", "常规", "失信", "严重失信")
SCALES = (
    Scale("customs", _CUSTOMS, (0.006, 0.005, 0.972, 0.013, 0.004), 3, 0.4),
    Scale("tax", ("A", "B", "M", "C", "D"), (0.16, 0.47, 0.28, 0.06, 0.03), 12, 0.6),
    Scale("samr", ("A", "B", "C", "D"), (0.73, 0.19, 0.05, 0.03), 3, 0.5),
    Scale("rebate", _REBATE, (0.08, 0.74, 0.14, 0.04), 12, 0.6, exporters=True),
    Scale("safe", ("A", "B", "C"), (0.94, 0.045, 0.015), 6, 0.6),
    Scale("ndrc", ("优", "良", "中", "差"), (0.20, 0.52, 0.21, 0.07), 6, 0.6),
)


def write_grades(world: World, life: Life, delivery: Delivery) -> None:
    """Write every grade when it is given or changes; the one before then ends."""
    for scale in SCALES:
        rng = world.plan.rng(f"grades {scale.scheme}")
        months = _evaluations(world, scale)
        ranks = np.column_stack([_rank(world, life, scale, month) for month in months])
        _write(world, rng, scale, (months, ranks), delivery)


def _evaluations(world: World, scale: Scale) -> Ints:
    """Months of evaluation; yearly scales speak in April."""
    calendar = world.plan.month_starts()[:-1].astype("datetime64[D]").astype("datetime64[M]")
    if scale.every < 12:
        return np.arange(0, world.plan.months, scale.every)
    april = np.flatnonzero(calendar.astype(int) % 12 == 3)
    return np.unique(np.concatenate([[0], april]))


def _rank(world: World, life: Life, scale: Scale, month: int) -> Ints:
    """Grade index of every enterprise, worst risk last; -1 where it is not graded."""
    rng, lasting = (world.plan.rng(f"rank {scale.scheme}", part) for part in (month, -1 % 97))
    count = world.roll.count
    own = lasting.normal(0, 1, count) * 0.8 + rng.normal(0, 1, count) * 0.4
    risk = -life.quality[:, month] + 0.9 * life.burden[:, month] + scale.noise * own
    if scale.scheme == "customs":
        risk[: world.roll.merchants] -= 1.2 * np.log(world.roll.size)
    graded = _graded(world, scale, month)
    out = np.full(count, -1)
    order = np.flatnonzero(graded)[np.argsort(risk[graded], kind="stable")]
    bounds = np.rint(np.cumsum(scale.shares) * order.size).astype(int)
    out[order] = np.searchsorted(bounds[:-1], np.arange(order.size), side="right")
    return out


def _graded(world: World, scale: Scale, month: int) -> Flags:
    alive = world.roll.alive(int(world.plan.month_starts()[month]) - 60)
    if not scale.exporters:
        return alive
    exports = np.zeros(world.roll.count, bool)
    exports[: world.roll.merchants] = ~world.roll.imports
    return alive & exports


def _write(
    world: World,
    rng: np.random.Generator,
    scale: Scale,
    evaluated: tuple[Ints, Ints],
    delivery: Delivery,
) -> None:
    months, ranks = evaluated
    before = np.hstack([np.full((ranks.shape[0], 1), -1), ranks[:, :-1]])
    firm, place = np.nonzero((ranks >= 0) & (ranks != before))
    starts = world.plan.month_starts()
    since = starts[months[place]] + rng.integers(0, 25, firm.size)
    since[place == 0] -= 200
    columns = {
        "enterprise_code": choose(world.roll.codes, firm),
        "scheme": pa.repeat(scale.scheme, firm.size),
        "grade": choose(scale.grades, ranks[firm, place]),
        "valid_from": day(since),
        "document_no": serial(f"{scale.scheme[:2].upper()}", np.arange(firm.size), 7),
    }
    known = since_start(world, since * DAY + within(rng, firm.size, 1, 30))
    delivery.write("authority_grades", columns, known)
    replaced = np.flatnonzero(firm[:-1] == firm[1:])
    ended = {name: picked(column, replaced) for name, column in columns.items()}
    ended["valid_to"] = day(since[replaced + 1] - 1)
    later = np.maximum(known[replaced] + DAY, known[replaced + 1])
    delivery.write("authority_grades", ended, later, "2")
