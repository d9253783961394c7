"""What is planned, what is changed, and what comes of it."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Rule:
    """Weekly, on these weekdays, in every `interval`-th week; open without an end."""

    weekdays: tuple[str, ...]
    interval: int = 1
    count: int | None = None
    until: date | None = None
    """The last day on which it may start, in the series' own zone."""


@dataclass(frozen=True, slots=True)
class Pattern:
    start: datetime
    """Naive wall time in `zone`."""
    zone: str
    minutes: int
    rule: Rule | None = None


@dataclass(frozen=True, slots=True)
class Change:
    moved_to: datetime | None
    """Wall time in the series' own zone; None is a cancelled date."""


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One moment people will meet, or would have met."""

    original: datetime  # naive wall time; the identity of this occurrence
    starts_at: datetime  # UTC
    ends_at: datetime  # UTC
    local: datetime  # naive wall time, where it is now
    cancelled: bool = False
    moved: bool = False
