"""
How many letters one circle may mail to somebody in a day.

Dates can be moved to and fro all day, by somebody who means harm or through an account that
was stolen; who was only invited never asked for any of it. What is beyond the ration is not
lost: it leaves when the day is over (UTC). About a series one letter then tells all that is
known, so that what had to wait behind it need not be said any more.
"""

from datetime import datetime

from sqlmodel import col, or_, select
from sqlmodel.ext.asyncio.session import AsyncSession

from sessions import limits, outbox
from sessions.answers import Answer
from sessions.circles import Membership
from sessions.keys import Keys
from sessions.limits import Limit
from sessions.outbox import AnyLetter, OutboxEntry, ToMember
from sessions.polls import PollAnswer
from sessions.schedule import Series

A_DAY = 86400
KNOWN = Limit("mail from a circle", most=50, seconds=A_DAY)
UNKNOWN = Limit("mail from a circle never answered", most=10, seconds=A_DAY)
ALL_UNKNOWN = Limit("mail from all circles never answered", most=30, seconds=A_DAY)


async def hold_back(db: AsyncSession, keys: Keys, entry: OutboxEntry, *, now: datetime) -> bool:
    """Whether the letter has to wait; if not, it is counted."""
    letter = outbox.read(keys, entry)
    until = await _used_up_until(db, keys, letter, now=now)
    if until is None:
        return False
    outbox.hold_back(keys, entry, until=until, instead=await _all_in_one(db, letter))
    return True


async def _used_up_until(
    db: AsyncSession, keys: Keys, letter: AnyLetter, *, now: datetime
) -> datetime | None:
    if not isinstance(letter, ToMember):
        return None
    member = await db.get_one(Membership, letter.membership)
    rations = [(KNOWN, member.id)]
    if not await _has_come(db, member):
        rations = [(UNKNOWN, member.id), (ALL_UNKNOWN, member.person_id)]
    for limit, whose in rations:
        if not await limits.allows(db, keys, limit, whose.hex, now=now):
            return limits.next_window(limit, now=now)
    return None


async def _all_in_one(db: AsyncSession, letter: AnyLetter) -> AnyLetter:
    """What a letter about one of many dates says a day later: all of them, as they are then."""
    if not isinstance(letter, outbox.DateChanged | outbox.DateCancelled):
        return letter
    series = await db.get_one(Series, letter.series)
    if series.rule is None:
        return letter
    return outbox.SeriesChanged(letter.membership, letter.series, letter.sequence)


async def _has_come(db: AsyncSession, member: Membership) -> bool:
    """Whether this person ever answered the circle, read its calendar, or was in its room."""
    if member.agreed_version or member.feed_used_on:
        return True
    answered = select(Answer.id).where(Answer.membership_id == member.id).exists()
    polled = select(PollAnswer.poll_id).where(PollAnswer.membership_id == member.id).exists()
    found = await db.exec(
        select(Membership.id).where(col(Membership.id) == member.id, or_(answered, polled))
    )
    return found.first() is not None
