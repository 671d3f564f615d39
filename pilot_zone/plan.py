"""What a simulated zone is to be, and the clock and chance that everything in it shares."""

from dataclasses import dataclass
from datetime import date
from typing import Final
from zlib import crc32

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

DAY: Final = 86_400
"""Seconds of a day; times are China wall-clock seconds since 1970."""
PERIODS_PER_MONTH: Final = 2
"""Conduct changes at the 1st and the 16th of a month."""


@dataclass(frozen=True, slots=True)
class ZonePlan:
    """A whole zone follows from this and nothing else: same plan, same bytes.

    Attributes:
        seed: Seed of all chance.
        enterprises: Enterprises on the roll, service firms included.
        months: Calendar months of history.
        orders: Orders reported in these months (goods that come back add a few).
        ends_on: Last day of the history; nothing known later is delivered.
        strength: How strongly schemes show; 0 plants none.
        message_documents: Orders of each direction that leave as customs messages.
    """

    seed: int
    enterprises: int = 2000
    months: int = 36
    orders: int = 500_000
    ends_on: date = date(2026, 6, 30)
    strength: float = 1.0
    message_documents: int = 6000

    def rng(self, name: str, *part: int) -> np.random.Generator:
        """The stream of chance of one subject; no subject's draws disturb another's."""
        return np.random.default_rng([self.seed, crc32(name.encode()), *part])

    @property
    def periods(self) -> int:
        """Number of half-months."""
        return self.months * PERIODS_PER_MONTH

    def month_starts(self, before: int = 0) -> Ints:
        """First days of the months as day numbers, the day after the last month included."""
        last = np.datetime64(self.ends_on, "M").astype(np.int64)
        months = np.arange(last - self.months + 1 - before, last + 2)
        return months.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)

    def period_starts(self) -> Ints:
        """First days of the half-months as day numbers, the day after the last included."""
        starts = self.month_starts()
        return np.sort(np.concatenate([starts, starts[:-1] + 15]))

    @property
    def first_day(self) -> int:
        """Day number of the first day of the history."""
        return int(self.month_starts()[0])

    @property
    def last_day(self) -> int:
        """Day number of `ends_on`."""
        return day_number(self.ends_on)


def day_number(day: date) -> int:
    """Days since 1970-01-01."""
    return int(np.datetime64(day, "D").astype(np.int64))
