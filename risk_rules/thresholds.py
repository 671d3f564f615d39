"""Limits of the rules: dated values with their reference, read as of a day."""

import hashlib
import tomllib
from collections.abc import Mapping
from datetime import date
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, model_validator

Limits = Mapping[str, float]
"""Limit name -> value in force; a limit not in force on the day is absent."""


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class DatedValue(_Frozen):
    """A value and the first day on which it holds; no value means the limit was repealed."""

    first_day: date = Field(alias="from")
    value: float | None = None


class Limit(_Frozen):
    """One limit and its history.

    Attributes:
        description: What it limits.
        unit: Unit of the values.
        reference: Norm, or why this number where none is published.
        mark: S found in a published source, M known without a source found, D a tunable default.
        history: Values, oldest first.
    """

    description: str
    unit: str
    reference: str
    mark: Literal["S", "M", "D"]
    history: tuple[DatedValue, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _is_in_order(self) -> "Limit":
        days = [dated.first_day for dated in self.history]
        if days != sorted(set(days)):
            message = f"the history must run from the oldest day on, each day once: {days}"
            raise ValueError(message)
        return self

    def value_as_of(self, as_of: date) -> float | None:
        """The value in force on a day; None before the first one and after a repeal."""
        held = [dated.value for dated in self.history if dated.first_day <= as_of]
        return held[-1] if held else None


def _text() -> str:
    return files("risk_rules").joinpath("thresholds.toml").read_text("utf-8")


@cache
def thresholds() -> Mapping[str, Limit]:
    """Every limit by name, as published with this version."""
    parsed = TypeAdapter(dict[str, Limit]).validate_python(tomllib.loads(_text()))
    return MappingProxyType(parsed)


def limits_as_of(as_of: date) -> Limits:
    """The limits in force on a day."""
    dated = {name: limit.value_as_of(as_of) for name, limit in thresholds().items()}
    return MappingProxyType({name: value for name, value in dated.items() if value is not None})


@cache
def thresholds_digest() -> str:
    """Digest of the published limits with their whole history."""
    return hashlib.sha256(_text().encode()).hexdigest()
