"""
Who facilitates a circle, and what becomes of their dates.

Nobody does by somebody else's word: they are asked, and until they say yes nothing of it
reaches them.
"""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime
from uuid import UUID, uuid4

from sqlmodel.ext.asyncio.session import AsyncSession

from sessions import circles, outbox, schedule
from sessions.circles import Belonging
from sessions.errors import Conflict, NotAllowed
from sessions.keys import Keys
from sessions.rota.telling import told


async def offer_role(
    db: AsyncSession, keys: Keys, mine: Belonging, membership_id: UUID, *, now: datetime
) -> None:
    """One letter a day at most, however often the offer is withdrawn and made again."""
    if not mine.leads:
        raise NotAllowed
    membership = await circles.member(db, mine.circle, membership_id)
    if membership.role == "facilitator" or membership.offered_at is not None:
        return
    membership.offered_at = now
    letter = outbox.RoleOffered(membership.id, now.date().isoformat())
    await outbox.post_again(db, keys, letter, now=now)


async def accept_role(db: AsyncSession, keys: Keys, mine: Belonging, *, now: datetime) -> None:
    """To say yes twice changes nothing. Raises `Conflict` for an offer that was withdrawn."""
    membership = await circles.member(db, mine.circle, mine.membership.id)
    if membership.role == "facilitator":
        return
    if membership.offered_at is None:
        raise Conflict("not_offered")
    async with _dates_told(db, keys, mine, now=now):
        membership.offered_at = None
        membership.role = "facilitator"


def decline_role(mine: Belonging) -> None:
    mine.membership.offered_at = None


async def end_role(
    db: AsyncSession, keys: Keys, mine: Belonging, membership_id: UUID, *, now: datetime
) -> None:
    """
    Of oneself, it hands the circle over; an offer is withdrawn.

    Dates of somebody who facilitates no more stay without anybody until they are filled.
    """
    if not mine.leads:
        raise NotAllowed
    membership = await circles.member(db, mine.circle, membership_id)
    membership.offered_at = None
    if membership.role == "member":
        return
    await circles.check_not_last(db, mine.circle, membership)
    async with _dates_told(db, keys, mine, now=now):
        membership.role = "member"
        membership.shows_busy = False
    if membership.id != mine.membership.id:
        outbox.post(db, keys, outbox.RoleChanged(membership.id, uuid4()), now=now)


@asynccontextmanager
async def _dates_told(
    db: AsyncSession, keys: Keys, mine: Belonging, *, now: datetime
) -> AsyncIterator[None]:
    async with AsyncExitStack() as stack:
        for booking in await schedule.bookings(db, [mine]):
            if schedule.has_dates(booking, now=now):
                await stack.enter_async_context(told(db, keys, booking, now=now))
        yield
