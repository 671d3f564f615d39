"""What every answer is made from; one per application, frozen."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property, lru_cache
from typing import Annotated, Final, cast

from fastapi import Depends, Request

from assessment.policy import policy_as_of
from features.catalogue import FEATURE
from models.model import NightModels
from models.registry import open_models
from presentation.zone import ZoneNight
from storage.certificate import Certificate
from storage.chain import Scan
from storage.home import Home
from storage.laundering import Compartment
from storage.ledger import Ledger
from storage.queries import AlertFilter

_KEPT_NIGHTS: Final = 4
_EVERY_ALERT: Final = 1_000_000


@dataclass(frozen=True)
class Desk:
    """The home folder's ledgers, opened for reading, and the models in force."""

    home: Home
    ledger: Ledger
    compartment: Compartment

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
        return lru_cache(maxsize=_KEPT_NIGHTS)(self._zone_night)

    def _zone_night(self, scan: Scan, regions: tuple[str, ...]) -> ZoneNight:
        certificate = Certificate.model_validate_json(scan.certificate)
        every = AlertFilter(regions=regions, limit=_EVERY_ALERT)
        return ZoneNight(
            as_of=scan.as_of,
            heads=tuple(self.ledger.heads(scan.as_of, regions)),
            alerts=tuple(self.ledger.alerts(scan.as_of, every)),
            covered=certificate.covered,
            versions=certificate.versions,
            stale=certificate.stale,
        )


async def desk_of(request: Request) -> Desk:
    """The desk of the application that serves the request."""
    return cast("Desk", request.app.state.desk)


DeskDep = Annotated[Desk, Depends(desk_of)]
