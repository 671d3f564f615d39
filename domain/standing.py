"""What earlier nights said."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Standing:
    """What earlier nights said, as far as a later night needs it.

    Attributes:
        as_of: The last night before; None when there is none.
        tiers: Enterprise code -> tier on that night.
        alerts: Alert id -> first night of every alert still open on that night.
    """

    as_of: date | None
    tiers: Mapping[str, str]
    alerts: Mapping[str, date]
