"""How often each source is expected to speak, and who is expected to: dated data."""

import tomllib
from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache
from importlib.resources import files

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from domain.table import Source


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Reporters(_Frozen):
    """Who is expected to send.

    Attributes:
        flag: Flag of the roll that they have; None for every enterprise.
        table: Table that shows that they did.
        column: Its column that names them.
        within_days: Days within which they should have, by when it happened.
    """

    flag: str | None = None
    table: str
    column: str
    within_days: int


class Expected(_Frozen):
    """What is expected of one source.

    Attributes:
        latest_days: Days by which its last complete day may lie behind.
        reporters: Who is expected to send, where somebody is.
    """

    latest_days: int
    reporters: Reporters | None = None

    def is_late(self, complete_to: date, as_of: date) -> bool:
        """Whether a source that is complete to a day lies too far behind."""
        return complete_to < as_of - timedelta(days=self.latest_days)


class _Block(_Frozen):
    first_day: date = Field(alias="from")
    sources: dict[Source, Expected]


def expected_as_of(as_of: date) -> Mapping[Source, Expected]:
    """What is expected of every source on a day; before the first block, what that one says."""
    blocks = _blocks()
    held = [block for block in blocks if block.first_day <= as_of]
    return (held or list(blocks[:1]))[-1].sources


@cache
def _blocks() -> tuple[_Block, ...]:
    text = files("domain").joinpath("cadence.toml").read_text("utf-8")
    blocks = TypeAdapter(list[_Block]).validate_python(tomllib.loads(text)["cadence"])
    return tuple(sorted(blocks, key=lambda block: block.first_day))
