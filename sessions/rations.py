"""
How many letters one circle may mail to somebody in a day.

Dates can be moved to and fro all day, by somebody who means harm or through an account that
was stolen; who was only invited never asked for any of it. What is beyond the ration is not
lost: when the day is over (UTC) the oldest are next, as many as that day's ration allows. About
a series one letter then tells all that is known, so that what had to wait behind it need not
be said any more.

A date of the next hours does not wait for that: a few letters a day leave beyond the ration,
and take along what has to be said before them.
"""

from datetime import datetime

from sqlmodel import col, or_, select
from sqlmodel.ext.asyncio.session import AsyncSession

from sessions import limits, outbox, urgency
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
URGENT = Limit("mail about a date of the next hours", most=5, seconds=A_DAY)


async def hold_back(db: AsyncSession, keys: Keys, entry: OutboxEntry, *, now: datetime) -> bool:
    """Whether the letter has to wait; if not, it is counted."""
    letter = outbox.read(keys, entry)
    if not isinstance(letter, ToMember):
        return False
    member = await db.get_one(Membership, letter.membership)
    ration, whose = KNOWN if await _has_come(db, member) else UNKNOWN, member.id.hex
    if await limits.allows(db, keys, ration, whose, now=now):
        return False
    waiting = await outbox.waiting_from(db, keys, entry)
    instead = await _all_in_one(db, letter, alone=len(waiting) == 1)
    urgent = await urgency.has_urgent(db, waiting, now=now)
    if urgent and await limits.allows(db, keys, URGENT, whose, now=now):
        if len(waiting) > 1:
            outbox.say_instead(keys, entry, instead)
        return False
    until = limits.next_window(ration, now=now)
    outbox.say_instead(keys, entry, instead)
    await outbox.postpone(db, entry, until=until)
    return True


async def _all_in_one(db: AsyncSession, letter: AnyLetter, *, alone: bool) -> AnyLetter:
    """
    What a letter about one of many dates says when it has to wait: all of them, as they are
    then, so that what waits behind it need not be said any more.
    """
    if isinstance(letter, outbox.DateLetter):
        original = letter.original
    elif isinstance(letter, outbox.Redrawn) and not alone:
        original = ""
    else:
        return letter
    series = await db.get_one(Series, letter.series)
    if series.rule is None:
        return letter
    return outbox.SeriesChanged(letter.membership, letter.series, letter.sequence, original)


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
