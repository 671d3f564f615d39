"""What every answer is made from; one per application, frozen."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property, lru_cache
from typing import Annotated, Final, cast

from fastapi import Depends, Request

from assessment.policy import policy_as_of
from domain.settings import Settings
from features.catalogue import FEATURE
from models.model import NightModels
from models.registry import open_models
from presentation.issued import zone_night
from presentation.zone import ZoneNight
from storage.chain import Scan
from storage.engine import connect
from storage.home import Home
from storage.lake import Lake
from storage.laundering import Compartment
from storage.ledger import Ledger

_KEPT_NIGHTS: Final = 4


@dataclass(frozen=True)
class Desk:
    """The home folder's ledgers, opened for reading, and the models in force."""

    home: Home
    ledger: Ledger
    compartment: Compartment
    settings: Settings

    @cached_property
    def lake(self) -> Lake:
        """What was received, opened when documents are first handed in."""
        threads, memory = self.settings.threads, self.settings.memory_limit_mb
        return Lake(self.home, connect(self.home, threads=threads, memory_limit_mb=memory))

    @cached_property
    def models(self) -> Callable[[date], NightModels]:
        """The models to judge a what-if of a night with, the compartment's left out.

        Champions are loaded at the first what-if; a new one needs a restart. The call raises
        ModelDamaged or ModelMismatch where one cannot be used.
        """

        @cache
        def under(policy: date) -> NightModels:
            scorecard = policy_as_of(policy).scorecard
            return open_models(self.home, scorecard, FEATURE)

        return lambda as_of: under(policy_as_of(as_of).first_day)

    @cached_property
    def zone_night(self) -> Callable[[Scan, tuple[str, ...]], ZoneNight]:
        """A scan as the zone page shows it to one who sees some regions.

        What was issued never changes, so the last few are kept read.
        """

        @lru_cache(maxsize=_KEPT_NIGHTS)
        def read(scan: Scan, regions: tuple[str, ...]) -> ZoneNight:
            return zone_night(self.ledger, scan.as_of, regions)

        return read


async def desk_of(request: Request) -> Desk:
    """The desk of the application that serves the request."""
    return cast("Desk", request.app.state.desk)


DeskDep = Annotated[Desk, Depends(desk_of)]
