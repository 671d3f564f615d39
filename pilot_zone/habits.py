"""Habits: how often an enterprise's documents show a trait, half-month by half-month.

Every honest enterprise has its own level of each; schemes and look-alikes raise some of them
for a while. Trade and money are drawn from habits and know nothing of why they are high.
"""

import numpy as np

from pilot_zone.enterprises import Roll
from pilot_zone.plan import Flags, Floats, Ints, ZonePlan

_USUAL: dict[str, tuple[float, float]] = {
    # share of documents that show it, and how alike enterprises are in it
    "night": (0.09, 12),
    "same_second": (0.02, 2.0),
    "near_limit": (0.015, 1.0),
    "split": (0.015, 0.8),
    "ring_buyer": (0.004, 0.5),
    "collection": (0.02, 0.6),
    "station": (0.08, 5),
    "shared_phone": (0.02, 2),
    "payer_other": (0.06, 4),
    "bad_id": (0.008, 2),
    "odd_age": (0.012, 3),
    "virtual_phone": (0.02, 3),
    "new_account": (0.08, 4),
    "same_basket": (0.08, 2),
    "low_price": (0.07, 1.6),
    "high_price": (0.03, 1.5),
    "gift": (0.04, 3),
    "coupon": (0.18, 3),
    "link_gap": (0.05, 1.5),
    "unpaid": (0.010, 2),
    "paid_gap": (0.012, 2),
    "identity_break": (0.006, 2),
    "line_break": (0.006, 2),
    "early_payment": (0.010, 2),
    "no_waybill": (0.014, 1.0),
    "weight_gap": (0.04, 2.5),
    "consignee_other": (0.02, 1.5),
    "unsigned": (0.04, 2.5),
    "reused_waybill": (0.003, 0.5),
    "early_sign": (0.012, 0.8),
    "same_weight": (0.05, 1.5),
    "undeparted": (0.03, 2),
    "rejected": (0.02, 4),
    "manual": (0.03, 4),
    "inspected": (0.024, 6),
    "detained": (0.002, 2),
    "cancelled": (0.012, 4),
    "returned": (0.05, 4),
    "amended": (0.02, 4),
    "unseen_owner": (0.08, 0.7),
    "disclosed_owner": (0.04, 1),
    "reimport": (0.006, 0.5),
    "idle_receipt": (0.05, 1.5),
    "pass_through": (0.15, 1.5),
    "third_country": (0.08, 1.5),
    "round_amount": (0.08, 2),
    "scattered": (0.10, 1.5),
    "cycle": (0.03, 0.6),
    "young_supplier": (0.12, 1.5),
    "abnormal_supplier": (0.04, 1.2),
    "top_supplier": (0.35, 3),
    "rebate_stretch": (0.06, 1.2),
    "thin_assets": (0.15, 1.2),
    "idle_staff": (0.15, 1.2),
    "subsidy": (0.15, 1.2),
    "victims": (0.01, 0.6),
}
_SLOPPY = frozenset(
    [
        "unpaid",
        "paid_gap",
        "identity_break",
        "line_break",
        "early_payment",
        "no_waybill",
        "weight_gap",
        "rejected",
        "manual",
        "amended",
        "consignee_other",
        "bad_id",
        "cancelled",
        "unsigned",
    ]
)
_LOGS = ("volume", "receipts_log", "receipt_lag")
_MOST = 0.92


class Habits:
    """The level of every habit for every enterprise and half-month."""

    def __init__(self, plan: ZonePlan, roll: Roll) -> None:
        self._periods = plan.periods
        self._usual = {name: _draw(plan, roll, name) for name in _USUAL}
        still = np.zeros(roll.count)
        rng = plan.rng("habit", 0)
        gap = rng.normal(0, 0.12, roll.count) * rng.exponential(1, roll.count)
        self._usual |= {"volume": still, "receipts_log": gap, "receipt_lag": still}
        self._raised: dict[str, Floats] = {}

    def raise_by(self, name: str, firm: int, periods: slice, level: float) -> None:
        """Add `level` to a habit of one enterprise for some half-months."""
        if name not in self._raised:
            self._raised[name] = np.zeros((self._usual[name].size, self._periods))
        self._raised[name][firm, periods] += level

    def at(self, name: str, firms: Ints, periods: Ints) -> Floats:
        """The habit's level: a share from 0 to 1, or a logarithm."""
        level = self._usual[name][firms]
        if name in self._raised:
            level = level + self._raised[name][firms, periods]
        return level if name in _LOGS else np.clip(level, 0, _MOST)

    def usual(self, name: str) -> Floats:
        """The habit's lasting level of every enterprise."""
        return self._usual[name]

    def table(self, name: str) -> Floats:
        """Levels of all enterprises (rows) in all half-months (columns)."""
        firms = np.arange(self._usual[name].size)[:, None]
        level = self.at(name, firms, np.arange(self._periods)[None, :])
        return np.broadcast_to(level, (firms.size, self._periods))

    def show(self, rng: np.random.Generator, name: str, firms: Ints, periods: Ints) -> Flags:
        """Whether each document shows the trait."""
        return rng.random(firms.size) < self.at(name, firms, periods)


def _draw(plan: ZonePlan, roll: Roll, name: str) -> Floats:
    mean, alike = _USUAL[name]
    rng = plan.rng(f"habit {name}")
    level = rng.beta(mean * alike + 0.015, (1 - mean) * alike, roll.count)
    return level * np.exp(-0.3 * roll.quality) if name in _SLOPPY else level
