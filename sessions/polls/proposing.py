"""A poll is made, and closed again."""

from datetime import date, datetime

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from sessions import limits, outbox, recurrence
from sessions.circles import Belonging, people_in
from sessions.errors import Conflict, Invalid, NotAllowed
from sessions.keys import Keys
from sessions.polls.tables import Poll, PollTime
from sessions.recurrence import Pattern
from sessions.text import clean_line
from sessions.zones import ScheduleError, resolve

MAX_TIMES = 20
OPEN_PER_CIRCLE = 5
PER_DAY = limits.Limit("polls", most=10, seconds=86400)


async def propose(
    db: AsyncSession,
    keys: Keys,
    mine: Belonging,
    *,
    title: str,
    zone: str,
    minutes: int,
    times: list[datetime],
    until: date,
    now: datetime,
) -> Poll:
    """Ask everybody in the circle but the one who asks."""
    title = clean_line(title)
    if not title:
        raise Invalid("needed", field="title")
    check_times(zone, minutes, times, now=now)
    poll = Poll(
        circle_id=mine.circle.id,
        title=title,
        zone=zone,
        minutes=minutes,
        until=until,
        created_at=now,
    )
    _check_until(poll, times, now=now)
    await _check_room_for_more(db, keys, mine, now=now)
    db.add(poll)
    await db.flush()
    db.add_all(PollTime(poll_id=poll.id, start=start) for start in times)
    for membership, _ in await people_in(db, mine.circle.id):
        if membership.ended_at is None and membership.id != mine.membership.id:
            outbox.post(db, keys, outbox.PollAsked(membership.id, poll.id), now=now)
    return poll


def check_times(zone: str, minutes: int, times: list[datetime], *, now: datetime) -> None:
    """Each could be booked as it is: no clock skips it, and it is still to come."""
    if len(set(times)) < len(times):
        raise Invalid("time_twice", field="times")
    for start in times:
        try:
            recurrence.check(Pattern(start, zone, minutes))
        except ScheduleError as error:
            error.field = "times" if error.field == "start" else error.field
            raise
        if resolve(start, zone) < now:
            raise Invalid("in_the_past", field="times")


async def close(db: AsyncSession, mine: Belonging, poll: Poll, *, now: datetime) -> None:
    """Nobody is told: who still looks sees it. Saying it twice changes nothing."""
    if not mine.leads:
        raise NotAllowed
    await lock(db, poll)
    poll.closed_at = poll.closed_at or now


async def lock(db: AsyncSession, poll: Poll) -> None:
    """One decision at a time; reads it again."""
    await db.refresh(poll, with_for_update={"key_share": True})


def _check_until(poll: Poll, times: list[datetime], *, now: datetime) -> None:
    """There must be time to answer, and the answers must come before the last time is over."""
    if poll.until > max(times).date():
        raise Invalid("until_after_times", field="until")
    if poll.ends_at <= now:
        raise Invalid("in_the_past", field="until")


async def _check_room_for_more(
    db: AsyncSession, keys: Keys, mine: Belonging, *, now: datetime
) -> None:
    # Held until the transaction ends, so that nobody gets in between.
    await db.refresh(mine.circle, with_for_update={"key_share": True})
    going_on = (Poll.circle_id == mine.circle.id, col(Poll.closed_at).is_(None))
    found = await db.exec(select(Poll).where(*going_on))
    if sum(poll.is_open(now=now) for poll in found) >= OPEN_PER_CIRCLE:
        raise Conflict("too_many_polls", count=OPEN_PER_CIRCLE)
    await limits.spend(db, keys, PER_DAY, str(mine.circle.id), now=now)
