"""Which time suits best. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Suits = Literal["yes", "maybe", "no"]
"""It suits; it would, if need be; it does not."""


@dataclass(frozen=True, slots=True)
class Count:
    yes: int = 0
    maybe: int = 0
    no: int = 0

    @property
    def rank(self) -> tuple[int, int]:
        """How many could come at all; of those, how many gladly."""
        return self.yes + self.maybe, self.yes


def count(answers: Iterable[Suits]) -> Count:
    given = list(answers)
    return Count(given.count("yes"), given.count("maybe"), given.count("no"))


def best(counts: Mapping[datetime, Count]) -> set[datetime]:
    """
    All times than which none suits more people; a tie is not broken for anybody.

    None is the best as long as nobody could come to any.
    """
    top = max((one.rank for one in counts.values()), default=(0, 0))
    return {start for start, one in counts.items() if one.rank == top} if any(top) else set()
