"""How far one number alone would give a scheme away: the largest single-feature AUC."""

import numpy as np

from pilot_zone.patterns import Members
from pilot_zone.plan import Floats, Ints, ZonePlan
from pilot_zone.tally import Tally

WINDOW = 6
"""Months of a window."""
_ACTIVE_DAYS = 45
_FEWEST = 5
"""Fewest enterprises on the scheme's side for an AUC to mean anything."""
ANY = "any"
"""Key of the AUC against all schemes together."""


def giveaway(plan: ZonePlan, tally: Tally, schemes: Members) -> dict[str, dict[str, float]]:
    """For every typology and for all together: AUC of each number, largest first.

    An observation is a merchant in the six months before the end of a quarter. It counts for a
    typology if a scheme of it was active for 45 of these days; it counts against if no scheme was.
    """
    ends = np.arange(WINDOW, plan.months + 1, 3)
    values = tally.windows(ends, WINDOW)
    kinds = sorted({p.typology for p in schemes.patterns}, key=lambda text: int(text[1:]))
    active = {
        kind: _active(plan, schemes, kind, ends, next(iter(values.values()))) for kind in kinds
    }
    anywhere = np.any(list(active.values()), axis=0)
    out = {}
    for kind, positive in {**active, ANY: anywhere}.items():
        aucs = {name: auc(value, positive, ~anywhere) for name, value in values.items()}
        known = {name: round(value, 4) for name, value in aucs.items() if not np.isnan(value)}
        out[kind] = dict(sorted(known.items(), key=lambda pair: -pair[1]))
    return out


def _active(plan: ZonePlan, schemes: Members, kind: str, ends: Ints, like: Floats) -> Floats:
    starts, months = plan.period_starts(), plan.month_starts()
    active = np.zeros(like.shape, bool)
    for row in range(schemes.count):
        if schemes.patterns[schemes.pattern[row]].typology == kind:
            first = np.maximum(starts[schemes.first[row]], months[ends - WINDOW])
            last = np.minimum(starts[schemes.last[row]], months[ends])
            active[schemes.firm[row]] |= last - first >= _ACTIVE_DAYS
    return active


def auc(value: Floats, positive: Floats, negative: Floats) -> float:
    """Chance that a positive ranks apart from a negative, in the better direction.

    Observations without the number are left out; NaN when a side is then (nearly) empty.
    """
    known = ~np.isnan(value)
    high, low = value[known & positive], np.sort(value[known & negative])
    firms = np.count_nonzero((known & positive).any(axis=1))
    if firms < _FEWEST or not low.size:
        return float("nan")
    below = np.searchsorted(low, high, "left") + np.searchsorted(low, high, "right")
    share = float(below.sum() / (2 * high.size * low.size))
    return max(share, 1 - share)
