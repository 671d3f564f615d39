"""What a feature is: one number per enterprise, defined by one function."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

import ibis

from domain.officer import Department
from domain.results import Words
from domain.signals import Signals
from domain.table import Role, Source


class Use(StrEnum):
    """What a feature may speak for.

    Credit: confirmed acts, other authorities' grades, capability, filing discipline.
    Suspicion: everything unconfirmed; never reaches a grade.
    """

    CREDIT = "credit"
    SUSPICION = "suspicion"


View = Callable[[Signals], ibis.Table]
"""Documents prepared for features: columns `enterprise` (credit code), `table`,
`document_key`, and what the features on it read. Views are shared: features on one view are
computed in one aggregation."""


@dataclass(frozen=True, slots=True)
class Feature:
    """One number per enterprise.

    Attributes:
        define: Aggregate over the enterprise's rows of the view. Its name is the column, the
            API field and the feature's name; its docstring is the published meaning.
        view: The rows it reads.
        label: What it is, in words.
        unit: "count", "CNY", "ratio", "days", "kg", "CNY/kg", "z", ... A count or sum ("count",
            "CNY", "kg") over no rows is 0 where its source covers the enterprise; every other
            unit over no rows is missing.
        role: The role it speaks of; missing for an enterprise that does not hold it.
        sources: Missing when one of them is stale or never spoke.
        departments: Whose data it rests on.
        use: What it may speak for.
        risk: Whether risk moves up or down with it; "none" leaves a model free.
        evidence: The view's rows that speak for it, for leading to documents.
        level: A state such as net assets, not a sum: missing over no rows whatever its unit.
    """

    define: Callable[[ibis.Table], ibis.Value]
    view: View
    label: Words
    unit: str
    role: Role
    sources: tuple[Source, ...]
    departments: tuple[Department, ...]
    use: Use
    risk: Literal["up", "down", "none"]
    evidence: Callable[[ibis.Table], ibis.expr.types.BooleanValue]
    level: bool = False

    @property
    def name(self) -> str:
        """Column, API field and documentation name."""
        return self.define.__name__

    @property
    def meaning(self) -> str:
        """The published meaning.

        Raises:
            TypeError: The function has no docstring.
        """
        if not self.define.__doc__:
            message = f"feature {self.name} has no docstring; it is its published meaning"
            raise TypeError(message)
        return self.define.__doc__.strip()

    @property
    def empty(self) -> float | None:
        """The value over no rows: 0 for counts and sums, missing for the rest."""
        is_sum = self.unit in {"count", "CNY", "kg"} and not self.level
        return 0.0 if is_sum else None
