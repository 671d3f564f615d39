"""Officers: who asks, for which department, with which rights."""

from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from domain.errors import RightMissing


class Department(StrEnum):
    """The departments whose data is fused and whose supervision follows."""

    CUSTOMS = "customs"
    LOGISTICS = "logistics"
    PAYMENT = "payment"  # PBOC, SAFE and payment supervision
    TAX = "tax"
    MARKET_SUPERVISION = "market_supervision"
    ZONE_OFFICE = "zone_office"


class Right(StrEnum):
    """What an officer may do; each is granted by name, none follows from another."""

    READ = "read"  # grades, alerts, reasons, reports
    SCORE = "score"  # single scoring and what-if
    LAUNDERING = "laundering"  # the anti-laundering compartment
    UNSEAL = "unseal"  # open sealed bytes to correct an entity
    DELIVER = "deliver"  # hand documents in over the API, and see the receipts given for them


class Officer(BaseModel):
    """A named officer, frozen: what they may see depends on nothing else.

    Attributes:
        name: Who it is, for the log.
        department: Whose measures they decide.
        regions: GB/T 2260 prefixes they see; empty means the whole zone.
        rights: What they may do.
    """

    model_config = ConfigDict(frozen=True)

    name: str
    department: Department
    regions: tuple[str, ...] = ()
    rights: frozenset[Right] = frozenset({Right.READ})

    def may(self, right: Right) -> bool:
        """Whether the officer holds `right`."""
        return right in self.rights

    def require(self, right: Right) -> None:
        """Go on only with `right`.

        Raises:
            RightMissing: The officer does not hold it.
        """
        if not self.may(right):
            raise RightMissing(right)
