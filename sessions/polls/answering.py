"""What people say to the proposed times; no account is needed."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from sessions import limits
from sessions.circles import Belonging
from sessions.errors import Conflict, NotFound
from sessions.keys import Keys
from sessions.polls.counting import Suits
from sessions.polls.proposing import lock
from sessions.polls.reading import times_of
from sessions.polls.tables import Poll, PollAnswer

KEPT = timedelta(days=30)
PER_MEMBER = limits.Limit("poll-answers", most=120, seconds=3600)


async def poll_of(db: AsyncSession, mine: Belonging, poll_id: UUID) -> Poll:
    """A poll of the circle that a personal link leads to."""
    poll = await db.get(Poll, poll_id)
    if poll is None or poll.circle_id != mine.circle.id:
        raise NotFound
    return poll


async def answer(
    db: AsyncSession,
    keys: Keys,
    mine: Belonging,
    poll: Poll,
    answers: Mapping[datetime, Suits],
    *,
    now: datetime,
) -> None:
    """
    The last word counts; what is not mentioned stays as it was.

    Raises `Conflict`, `NotFound` and `TooMany`.
    """
    await limits.spend(db, keys, PER_MEMBER, mine.membership.id.hex, now=now)
    await lock(db, poll)
    if not poll.is_open(now=now):
        raise Conflict("poll_closed")
    if not set(answers) <= set(await times_of(db, poll)):
        raise NotFound("no_such_date")
    for start, said in answers.items():
        given = PollAnswer(
            poll_id=poll.id,
            start=start,
            membership_id=mine.membership.id,
            answer=said,
            answered_at=now,
        )
        await db.merge(given)


async def answers_of(db: AsyncSession, memberships: list[UUID]) -> list[PollAnswer]:
    """All that is stored of somebody."""
    found = await db.exec(
        select(PollAnswer)
        .where(col(PollAnswer.membership_id).in_(memberships))
        .order_by(col(PollAnswer.poll_id), col(PollAnswer.start))
    )
    return list(found)


async def forget_old(db: AsyncSession, *, now: datetime) -> None:
    """The poll and its answers, 30 days after it was closed, or should have been answered."""
    limit = now - KEPT
    await db.exec(delete(Poll).where(col(Poll.closed_at) < limit))
    await db.exec(delete(Poll).where(col(Poll.until) < limit.date()))
