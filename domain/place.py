"""Where an enterprise stands among others."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """Where an enterprise stands by a model's probability, among those the reader may see.

    Attributes:
        rank: 1 is the likeliest; equal probabilities share a rank.
        among: How many the model scored.
    """

    rank: int
    among: int
