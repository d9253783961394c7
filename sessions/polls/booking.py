"""The chosen time becomes a date, or the first of a series."""

from datetime import datetime
from typing import Literal

from sqlmodel.ext.asyncio.session import AsyncSession

from sessions import schedule
from sessions.circles import Belonging
from sessions.errors import Conflict, Invalid, NotAllowed
from sessions.keys import Keys
from sessions.polls.proposing import lock
from sessions.polls.reading import times_of
from sessions.polls.tables import Poll
from sessions.recurrence import Pattern, Rule
from sessions.schedule import Series
from sessions.zones import WEEKDAYS

Again = Literal["once", "weekly", "fortnightly", "monthly"]


async def book(
    db: AsyncSession,
    keys: Keys,
    mine: Belonging,
    poll: Poll,
    start: datetime,
    *,
    again: Again,
    count: int | None,
    now: datetime,
) -> Series:
    """Book one of the times and close the poll; the invitations are what everybody is told."""
    if not mine.leads:
        raise NotAllowed
    await lock(db, poll)
    if poll.series_id is not None:
        raise Conflict("poll_booked")
    if start not in await times_of(db, poll):
        raise Invalid("wrong", field="start")
    pattern = Pattern(start, poll.zone, poll.minutes, rule_from(start, again, count))
    series = await schedule.book(db, keys, mine, title=poll.title, pattern=pattern, now=now)
    poll.series_id, poll.closed_at = series.id, poll.closed_at or now
    return series


def rule_from(start: datetime, again: Again, count: int | None) -> Rule | None:
    """Again as on the day of `start`; by the month, as the same weekday of the month."""
    days = (WEEKDAYS[start.weekday()],)
    match again:
        case "once":
            return None
        case "weekly":
            return Rule(days, 1, count)
        case "fortnightly":
            return Rule(days, 2, count)
        case "monthly":
            return Rule(days, 1, count, frequency="monthly", position=position(start))


def position(start: datetime) -> int:
    """First to fourth; a fifth is the last, as many months have no fifth."""
    number = (start.day - 1) // 7 + 1
    return number if number <= 4 else -1
