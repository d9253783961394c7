"""What is planned, what is changed, and what comes of it."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

Frequency = Literal["weekly", "monthly"]


@dataclass(frozen=True, slots=True)
class Rule:
    """
    Open without an end, and in every `interval`-th week or month:

    * weekly: on these weekdays. Weeks begin on `week_start`, which matters to every second
      one: to Israel, the Sunday after a Saturday is next week, to France it is not.
    * monthly with `day`: on that day of the month, and `weekdays` is empty.
    * monthly with `position`: the first (1) to fourth, or the last (-1), of the days of the
      month that are one of `weekdays`. The last of Monday to Friday is the last working day.
    """

    weekdays: tuple[str, ...] = ()
    interval: int = 1
    count: int | None = None
    until: date | None = None
    """The last day on which it may start, in the series' own zone."""
    frequency: Frequency = "weekly"
    day: int | None = None
    position: int | None = None
    week_start: str = "MO"


@dataclass(frozen=True, slots=True)
class Pattern:
    start: datetime
    """Naive wall time in `zone`."""
    zone: str
    minutes: int
    rule: Rule | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """What is different about one date; without any of it, nothing is."""

    moved_to: datetime | None = None
    """
    Wall time in the series' own zone. Apps have a cancelled date where it had been put; of a
    skipped one nobody was told, and it is where the pattern has it.
    """
    cancelled: bool = False
    skipped: bool = False
    """Off from the first: nobody was ever told of it, and no calendar app will be."""
    minutes: int | None = None

    @property
    def off(self) -> bool:
        return self.cancelled or self.skipped


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One moment people will meet, or would have met."""

    original: datetime  # naive wall time; the identity of this occurrence
    starts_at: datetime  # UTC
    ends_at: datetime  # UTC
    local: datetime  # naive wall time, where it is now
    cancelled: bool = False
    moved: bool = False
    skipped: bool = False  # then cancelled as well
