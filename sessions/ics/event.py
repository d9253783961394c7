"""What there is to be written, and over which time it stretches."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from sessions.recurrence import (
    UNCHANGED,
    Change,
    Occurrence,
    Pattern,
    follows,
    last_start,
    occurrence_at,
    uneven,
)
from sessions.zones import resolve

HORIZON = timedelta(days=5 * 366)
"""How far an open series is told; to be written anew long before that."""

Method = Literal["REQUEST", "CANCEL", "DECLINECOUNTER"]
Participation = Literal["NEEDS-ACTION", "ACCEPTED", "DECLINED", "TENTATIVE"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What one reader is told of one date; None is as in the rest of the series."""

    summary: str | None = None
    description: str | None = None
    partstat: Participation | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """A series or a single date, in the words that one reader may see."""

    uid: str
    """Opaque, and the same for as long as the series lives."""
    sequence: int
    """The revision; the same number in all that is written of it."""
    summary: str
    pattern: Pattern
    changes: Mapping[datetime, Change]
    """By original start."""
    changed_at: datetime
    """
    When what is told here last became something else. Google takes nothing over else.

    No CREATED beside it: it would be the same in the copies of all who have the series.
    """
    stamped_at: datetime
    """When this message is made; an open series is told from here on."""
    words: Mapping[datetime, Words] = field(default_factory=dict)
    """By original start: dates that have words of their own, in this reader's copy alone."""
    url: str = ""
    description: str = ""
    """What follows the address, which is always the first line."""
    organizer: str | None = None
    attendee: str | None = None
    """The reader, and nobody beside."""
    partstat: Participation = "NEEDS-ACTION"
    """The reader's answer for the whole series."""
    conference: bool = False
    """Say that the address is a call with sound and picture."""
    private: bool = False
    cancelled: bool = False


def begin_of(event: Event) -> datetime:
    return min(resolve(wall, event.pattern.zone) for wall in _walls(event))


def end_of(event: Event) -> datetime:
    latest = max(resolve(wall, event.pattern.zone) for wall in _walls(event))
    if last_start(event.pattern) is None:
        latest = max(latest, event.stamped_at + HORIZON)
    # The longest meeting, and a night's sleep.
    return latest + timedelta(days=2)


def special(event: Event) -> list[Occurrence]:
    """The dates of a series that its rule alone does not tell, in order."""
    if event.pattern.rule is None:
        return []
    told = {o for o, change in event.changes.items() if change != UNCHANGED}
    originals = {o for o in told | event.words.keys() if follows(event.pattern, o)}
    originals.update(uneven(event.pattern, before=end_of(event)))
    return [occurrence_at(event.pattern, event.changes, o) for o in sorted(originals)]


def _walls(event: Event) -> Iterator[datetime]:
    """Times between which everything happens that the event tells of."""
    yield event.pattern.start
    yield last_start(event.pattern) or event.pattern.start + HORIZON
    for original, change in event.changes.items():
        yield original
        yield change.moved_to or original
