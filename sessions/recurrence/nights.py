"""What the nights in which clocks are changed do to a series."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from itertools import pairwise
from operator import attrgetter

from sessions.recurrence.dates import LATEST, follows, last_start
from sessions.recurrence.pattern import Occurrence, Pattern
from sessions.zones import flaw, resolve, transitions, zone

SLACK = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class Shift:
    """In `zone` this date is `minutes` later by the clock than the date before it."""

    zone: str
    original: datetime
    minutes: int


@lru_cache(maxsize=4096)
def uneven(pattern: Pattern, *, before: datetime) -> tuple[datetime, ...]:
    """
    Original starts in a night of clock change whose end is not simply `minutes` later on
    the wall. Calendar apps count those differently, unless they are told the end.

    Remembered: the calendars of a whole circle ask for the same plan.
    """
    at = pattern.start.time()
    nights = (datetime.combine(day, at) for day in change_days(pattern, before))
    return tuple(s for s in nights if not even(pattern, s) and follows(pattern, s))


def even(pattern: Pattern, start: datetime) -> bool:
    """Whether a clock on the wall shows, at the end, `minutes` more than at `start`."""
    end = start + timedelta(minutes=pattern.minutes)
    if flaw(end, pattern.zone):
        return False
    length = resolve(end, pattern.zone) - resolve(start, pattern.zone)
    return length == timedelta(minutes=pattern.minutes)


def shifts(pattern: Pattern, zones: Iterable[str], dates: Iterable[Occurrence]) -> list[Shift]:
    """Where the clocks of another zone part from, or return to, those of the series."""
    pairs = list(pairwise(dates))
    found = [
        Shift(name, now.original, minutes)
        for name in zones
        for past, now in pairs
        if (minutes := _ahead(name, pattern, now) - _ahead(name, pattern, past))
    ]
    return sorted(found, key=attrgetter("original"))


def change_days(pattern: Pattern, before: datetime, *, ahead: timedelta = SLACK) -> list[date]:
    """Days on which a start, or the end of a meeting begun there, meets a clock change."""
    last = resolve(last_start(pattern) or LATEST, pattern.zone) + SLACK
    changes = transitions(
        pattern.zone,
        after=resolve(pattern.start, pattern.zone) - ahead,
        before=min(last, before),
    )
    days = (c.local.date() + timedelta(days=d) for c in changes for d in range(-2, 2))
    return sorted(set(days))


def _ahead(name: str, pattern: Pattern, at: Occurrence) -> int:
    """Minutes by which clocks in `name` are ahead of the series' own."""
    there, here = (
        at.starts_at.astimezone(zone(z)).utcoffset() or timedelta()
        for z in (name, pattern.zone)
    )
    return (there - here) // timedelta(minutes=1)
