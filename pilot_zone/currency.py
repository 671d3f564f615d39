"""Currencies of the zone's markets and their monthly parity."""

import numpy as np

from pilot_zone.plan import Floats, ZonePlan

CURRENCIES = ("142", "502", "303", "300", "116", "133")
"""Customs numeric codes; 142 is the renminbi."""
_USUAL = np.array([1.0, 7.16, 9.1, 7.8, 0.049, 0.0052])
MARKETS = ("502", "303", "304", "305", "344", "116", "133", "601")
"""Customs numeric country codes of export markets."""
MARKET_CURRENCY = np.array([1, 2, 3, 3, 1, 1, 1, 1])
"""Index of the currency in which each market pays."""


def parities(plan: ZonePlan) -> Floats:
    """CNY for one unit, months (rows) by currencies, rounded to 0.00001."""
    steps = plan.rng("currency").normal(0, 0.006, (plan.months, len(CURRENCIES)))
    steps[:, 0] = 0
    return np.round(_USUAL * np.exp(np.cumsum(steps, axis=0)), 5)
