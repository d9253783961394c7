"""Two facilitators change dates: one asks, the other says yes or no."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from sessions import outbox, schedule
from sessions.errors import Conflict, NotFound
from sessions.keys import Keys
from sessions.rota.changing import check_to_come, choose
from sessions.rota.reading import Rota, duty_at, rota_of
from sessions.rota.tables import RotaDate, RotaSwap
from sessions.rota.telling import told
from sessions.schedule import Booking

KEPT = timedelta(days=30)


async def ask_swap(
    db: AsyncSession,
    keys: Keys,
    booking: Booking,
    mine: datetime,
    theirs: datetime,
    *,
    now: datetime,
) -> None:
    """Ask the one who has `theirs` to take `mine`; asking twice changes nothing."""
    asker, asked = await _holders(db, booking, mine, theirs, now=now)
    if asker != booking.mine.membership.id:
        raise Conflict("not_your_date")
    wanted = (RotaSwap.mine == mine, RotaSwap.theirs == theirs, RotaSwap.asker_id == asker)
    known = select(RotaSwap).where(RotaSwap.series_id == booking.series.id, *wanted)
    if (await db.exec(known)).first() is not None:
        return
    swap = RotaSwap(
        series_id=booking.series.id,
        mine=mine,
        theirs=theirs,
        asker_id=asker,
        asked_id=asked,
        asked_at=now,
    )
    db.add(swap)
    outbox.post(db, keys, outbox.RotaAsked(asked, booking.series.id, swap.id), now=now)


async def swap_agreed(
    db: AsyncSession,
    keys: Keys,
    booking: Booking,
    one: datetime,
    other: datetime,
    *,
    now: datetime,
) -> None:
    """Both have said yes elsewhere, and any facilitator writes it down."""
    holders = await _holders(db, booking, one, other, now=now)
    async with told(db, keys, booking, now=now):
        await _exchange(db, booking, (one, other), holders)


async def accept_swap(
    db: AsyncSession, keys: Keys, booking: Booking, swap_id: UUID, *, now: datetime
) -> None:
    """Raises `Conflict` when the two dates are not theirs any more, or over."""
    swap = await _swap(db, booking, swap_id)
    if swap.asked_id != booking.mine.membership.id:
        raise NotFound
    holders = await _holders(db, booking, swap.mine, swap.theirs, now=now)
    if holders != (swap.asker_id, swap.asked_id):
        raise Conflict("swap_outdated")
    async with told(db, keys, booking, now=now):
        await _exchange(db, booking, (swap.mine, swap.theirs), holders)
        await db.delete(swap)


async def decline_swap(db: AsyncSession, booking: Booking, swap_id: UUID) -> None:
    """By the one who was asked; or taken back by the one who asks."""
    swap = await _swap(db, booking, swap_id)
    if booking.mine.membership.id not in (swap.asked_id, swap.asker_id):
        raise NotFound
    await db.delete(swap)


async def open_swaps(
    db: AsyncSession, booking: Booking, rota: Rota, *, now: datetime
) -> list[RotaSwap]:
    """Those that can still be said yes to, the oldest first."""
    found = await db.exec(
        select(RotaSwap)
        .where(RotaSwap.series_id == booking.series.id)
        .order_by(col(RotaSwap.asked_at), col(RotaSwap.id))
    )
    return [swap for swap in found if is_open(swap, booking, rota, now=now)]


def is_open(swap: RotaSwap, booking: Booking, rota: Rota, *, now: datetime) -> bool:
    try:
        for original in (swap.mine, swap.theirs):
            check_to_come(booking, original, now=now)
    except (Conflict, NotFound):
        return False
    held = tuple(duty_at(booking, rota, o).who for o in (swap.mine, swap.theirs))
    return held == (swap.asker_id, swap.asked_id)


async def forget_old(db: AsyncSession, *, now: datetime) -> None:
    """
    30 days after the date, or after the question.

    Original starts are wall time; nobody counts the hours here.
    """
    limit = now - KEPT
    wall = limit.replace(tzinfo=None)
    await db.exec(delete(RotaDate).where(col(RotaDate.original) < wall))
    await db.exec(delete(RotaSwap).where(col(RotaSwap.asked_at) < limit))


async def _swap(db: AsyncSession, booking: Booking, swap_id: UUID) -> RotaSwap:
    schedule.check_leads(booking)
    swap = await db.get(RotaSwap, swap_id)
    if swap is None or swap.series_id != booking.series.id:
        raise NotFound
    return swap


async def _holders(
    db: AsyncSession, booking: Booking, one: datetime, other: datetime, *, now: datetime
) -> tuple[UUID, UUID]:
    schedule.check_leads(booking)
    for original in (one, other):
        check_to_come(booking, original, now=now)
    rota = await rota_of(db, booking)
    first, second = (duty_at(booking, rota, original).who for original in (one, other))
    if first is None or second is None:
        raise Conflict("nobody_on_duty")
    if first == second:
        raise Conflict("same_person")
    return first, second


async def _exchange(
    db: AsyncSession,
    booking: Booking,
    dates: tuple[datetime, datetime],
    holders: tuple[UUID, UUID],
) -> None:
    for original, who in zip(dates, reversed(holders), strict=True):
        await choose(db, booking, original, who, by="swap")
