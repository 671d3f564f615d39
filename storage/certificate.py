"""What a scan certifies of the night it issued."""

from datetime import date

from pydantic import BaseModel, ConfigDict

from domain.results import Versions


class Certificate(BaseModel):
    """What a night rests on and what it came to, laundering apart.

    Attributes:
        rows: Table -> rows known by the end of that day.
        covered: Source -> last complete day, as known that night.
        stale: Sources that were too late or silent; what needs them is provisional or unknown.
        tiers: Tier -> enterprises.
        provisional: Enterprises whose grade is provisional.
        colours: Colour -> alerts.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    as_of: date
    rows: dict[str, int]
    covered: dict[str, date]
    stale: tuple[str, ...]
    versions: Versions
    tiers: dict[str, int]
    provisional: int
    colours: dict[str, int]
