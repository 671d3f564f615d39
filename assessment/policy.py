"""The zone's policy: tiers, caps, recognition, measures, colours and scorecard, by first day."""

import hashlib
import tomllib
from collections.abc import Mapping
from datetime import date
from functools import cache
from importlib.resources import files

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, model_validator

from domain.errors import NoPolicy
from domain.results import Colour, Measure, Words
from models.scorecard import Scorecard

UNRATED = "unrated"


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Tier(_Frozen):
    """One step of the common axis.

    Attributes:
        up_to: Highest probability of an adverse act within the horizon that still has this tier.
    """

    code: str
    label: Words
    up_to: float


class Unrated(_Frozen):
    """When evidence is too thin to grade.

    Attributes:
        least_known_features: Credit features that must be known.
        least_age_days: Days since registration that a firm without documents must have.
    """

    label: Words
    least_known_features: int
    least_age_days: int


class AlertPolicy(_Frozen):
    """When a model's score becomes a lead.

    Attributes:
        model_share: Share of all enterprises, the likeliest first, that may be checked.
        model_floor: Least probability, however much room the share leaves.
        model_reasons: How many of a model's reasons an alert carries.
    """

    model_share: float = Field(gt=0, le=1)
    model_floor: float = Field(ge=0, le=1)
    model_reasons: int = Field(gt=0)


class ColourRow(_Frozen):
    """A colour, and how many independent layers and departments it takes at least."""

    layers: int
    departments: int
    colour: Colour


class Recognition(_Frozen):
    """Where another authority's grade stands on the common axis.

    Attributes:
        caps: Whether the grade also holds our tier down to `tier`, as rebate class 4 does.
        given_from: First day of grades of this meaning; scales change under the same words.
        given_to: Last day of grades of this meaning.
    """

    scheme: str
    grade: str
    tier: str
    caps: bool
    label: Words
    reference: str = Field(min_length=1)
    given_from: date = date.min
    given_to: date = date.max

    def means(self, scheme: str, grade: str, given_on: date) -> bool:
        """Whether this row speaks of that grade as given on that day."""
        same = (scheme, grade) == (self.scheme, self.grade)
        return same and self.given_from <= given_on <= self.given_to


class EventCap(_Frozen):
    """A kind of registry event that holds the tier down while it is in force."""

    kind: str
    tier: str
    label: Words
    reference: str = Field(min_length=1)


class TierMeasure(Measure):
    """A measure, and the tier it follows from."""

    tier: str

    @model_validator(mode="after")
    def _has_a_basis(self) -> "TierMeasure":
        if self.restricts and not self.basis:
            message = f"measure {self.code} of tier {self.tier} restricts without a legal basis"
            raise ValueError(message)
        return self


class Policy(_Frozen):
    """Everything the zone decides about grades and alerts, from one day on.

    Attributes:
        model_days: Days after its cut-off on which a trained model still grades firmly; later
            its grades are provisional.
        tiers: Best first; the last one takes every probability.
        colours: Strongest first.
    """

    first_day: date = Field(alias="from")
    model_days: int = Field(gt=0)
    tiers: tuple[Tier, ...]
    unrated: Unrated
    recognition: tuple[Recognition, ...]
    event_caps: tuple[EventCap, ...]
    measures: tuple[TierMeasure, ...]
    colours: tuple[ColourRow, ...]
    alerts: AlertPolicy
    scorecard: Scorecard

    @model_validator(mode="after")
    def _is_whole(self) -> "Policy":
        bounds = [tier.up_to for tier in self.tiers]
        if bounds != sorted(set(bounds)) or bounds[-1] != 1:
            message = f"tiers must widen from best to worst and end at 1: {bounds}"
            raise ValueError(message)
        named = {entry.tier for entry in self.recognition}
        named |= {entry.tier for entry in self.event_caps} | {entry.tier for entry in self.measures}
        unknown = named - self._codes().keys() - {UNRATED}
        if unknown:
            message = f"no such tier: {sorted(unknown)}; the tiers are {list(self._codes())}"
            raise ValueError(message)
        return self

    def _codes(self) -> dict[str, int]:
        return {tier.code: place for place, tier in enumerate(self.tiers)}

    def tier_of(self, probability: float) -> str:
        """The tier of a probability of an adverse act; a higher one never has a better tier."""
        return next(tier.code for tier in self.tiers if probability <= tier.up_to)

    def place_of(self, tier: str) -> int:
        """0 for the best tier, rising; unrated stands before all, so that any cap is worse."""
        return self._codes().get(tier, -1)

    def label_of(self, tier: str) -> Words:
        """The tier in words."""
        labels = {step.code: step.label for step in self.tiers}
        return labels.get(tier, self.unrated.label)

    def measures_of(self, tier: str) -> tuple[Measure, ...]:
        """The supervision that follows from a tier."""
        return tuple(
            Measure(**entry.model_dump(exclude={"tier"}))
            for entry in self.measures
            if entry.tier == tier
        )

    def colour_of(self, layers: int, departments: int) -> Colour:
        """The colour for so many independent layers from so many departments."""
        return next(
            row.colour
            for row in self.colours
            if layers >= row.layers and departments >= row.departments
        )

    def digest(self) -> str:
        """Digest of the whole policy."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()


@cache
def policies() -> tuple[Policy, ...]:
    """Every policy published with this version, oldest first."""
    text = files("assessment").joinpath("policy.toml").read_text("utf-8")
    tables: Mapping[str, object] = tomllib.loads(text)
    parsed = TypeAdapter(tuple[Policy, ...]).validate_python(tables["policy"])
    return tuple(sorted(parsed, key=lambda policy: policy.first_day))


def policy_as_of(as_of: date) -> Policy:
    """The policy in force on a day.

    Raises:
        NoPolicy: The day lies before the first policy.
    """
    held = [policy for policy in policies() if policy.first_day <= as_of]
    if not held:
        raise NoPolicy(as_of, policies()[0].first_day)
    return held[-1]
