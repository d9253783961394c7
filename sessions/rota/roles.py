"""
Who facilitates a circle, and what becomes of their dates.

Nobody does by somebody else's word: they are asked, and until they say yes nothing of it
reaches them. An offer is good for two weeks, and no longer than the one who made it goes on:
since nobody knows any more who that was, all offers of a circle end when somebody who
facilitated it does not any more.
"""

from collections.abc import AsyncIterator, Iterable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import update
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from sessions import circles, outbox, schedule
from sessions.circles import Belonging, Circle, Membership
from sessions.errors import Conflict, NotAllowed
from sessions.keys import Keys
from sessions.rota.telling import told

OFFER_LASTS = timedelta(days=14)


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
    """
    The others who facilitate are told.

    To say yes twice changes nothing. Raises `Conflict` when the offer does not stand any more.
    """
    membership = await circles.member(db, mine.circle, mine.membership.id)
    if membership.role == "facilitator":
        return
    if membership.offered_at is None:
        raise Conflict("not_offered")
    async with _dates_told(db, keys, mine, now=now):
        membership.offered_at = None
        membership.role = "facilitator"
    for member, _ in await circles.people_in(db, mine.circle.id):
        if member.role == "facilitator" and member.ended_at is None and member != membership:
            letter = outbox.RoleTaken(member.id, membership.id, uuid4())
            outbox.post(db, keys, letter, now=now)


def decline_role(mine: Belonging) -> None:
    mine.membership.offered_at = None


async def withdraw_offer(db: AsyncSession, mine: Belonging, membership_id: UUID) -> None:
    """Raises `Conflict` for somebody who has said yes meanwhile: that is not taken back."""
    if not mine.leads:
        raise NotAllowed
    membership = await circles.member(db, mine.circle, membership_id)
    if membership.role == "facilitator":
        raise Conflict("offer_accepted")
    membership.offered_at = None


async def end_offers(db: AsyncSession, ended: Iterable[Circle]) -> None:
    """Of these circles, all that stand."""
    ids = [circle.id for circle in ended]
    await db.exec(
        update(Membership).where(col(Membership.circle_id).in_(ids)).values(offered_at=None)
    )


async def forget_offers(db: AsyncSession, *, now: datetime) -> None:
    """Those that nobody answered."""
    await db.exec(
        update(Membership)
        .where(col(Membership.offered_at) <= now - OFFER_LASTS)
        .values(offered_at=None)
    )


async def end_role(
    db: AsyncSession, keys: Keys, mine: Belonging, membership_id: UUID, *, now: datetime
) -> None:
    """
    Of oneself, it hands the circle over. Offers in this circle end as well.

    Dates of somebody who facilitates no more stay without anybody until they are filled.
    """
    if not mine.leads:
        raise NotAllowed
    membership = await circles.member(db, mine.circle, membership_id)
    if membership.role == "member":
        return
    await circles.check_not_last(db, mine.circle, membership)
    async with _dates_told(db, keys, mine, now=now):
        membership.role = "member"
        membership.shows_busy = False
    await end_offers(db, [mine.circle])
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
