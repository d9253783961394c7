"""The order of turns, and single dates that are different."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from sessions import recurrence, schedule
from sessions.errors import Conflict, Invalid, NotFound
from sessions.keys import Keys
from sessions.rota.reading import Rota, duty_at, rota_of
from sessions.rota.rule import By, next_after
from sessions.rota.tables import RotaDate, RotaPlan, RotaSkip
from sessions.rota.telling import told
from sessions.schedule import Booking


async def set_order(
    db: AsyncSession,
    keys: Keys,
    booking: Booking,
    order: list[UUID],
    *,
    every: int,
    now: datetime,
) -> None:
    """From the next date on; what was set by hand, and what somebody left out, stays."""
    schedule.check_leads(booking)
    async with told(db, keys, booking, now=now):
        rota = await rota_of(db, booking)
        if len(set(order)) < len(order) or not set(order) <= set(rota.facilitators):
            raise Invalid("not_facilitating", field="order")
        start_at = _next_start(booking, now=now)
        plan = RotaPlan(
            series_id=booking.series.id,
            order=[str(one) for one in order],
            every=every,
            start_at=start_at,
        )
        await db.merge(plan)
        here = col(RotaSkip.series_id) == booking.series.id
        await db.exec(delete(RotaSkip).where(here, col(RotaSkip.original) < start_at))


async def set_date(
    db: AsyncSession,
    keys: Keys,
    booking: Booking,
    original: datetime,
    who: UUID | None,
    *,
    now: datetime,
) -> None:
    """By hand; the turns of all other dates stay where they are."""
    schedule.check_leads(booking)
    check_to_come(booking, original, now=now)
    async with told(db, keys, booking, now=now):
        rota = await rota_of(db, booking)
        if who is not None and who not in rota.facilitators:
            raise Invalid("not_facilitating", field="membership")
        await choose(db, booking, original, who, by="hand")


async def free_date(
    db: AsyncSession, keys: Keys, booking: Booking, original: datetime, *, now: datetime
) -> None:
    """As the order says again, whatever was set by hand, swapped or left out."""
    schedule.check_leads(booking)
    check_to_come(booking, original, now=now)
    async with told(db, keys, booking, now=now):
        for table in (RotaDate, RotaSkip):
            here = col(table.series_id) == booking.series.id
            await db.exec(delete(table).where(here, col(table.original) == original))


async def skip(
    db: AsyncSession, keys: Keys, booking: Booking, original: datetime, *, now: datetime
) -> None:
    """
    Whoever has this date does not take it, and the next one in the order does.

    A date of the order: the two change places. One that was set by hand or swapped: it
    goes on by hand, for the order has nothing to do with it.
    """
    schedule.check_leads(booking)
    check_to_come(booking, original, now=now)
    async with told(db, keys, booking, now=now):
        rota = await rota_of(db, booking)
        duty = duty_at(booking, rota, original)
        if duty.who is None:
            raise Conflict("nobody_on_duty")
        key = (booking.series.id, original, duty.who)
        if await db.get(RotaSkip, key) is None:
            db.add(RotaSkip(series_id=key[0], original=original, membership_id=duty.who))
        if duty.by != "order":
            await choose(db, booking, original, _next(rota, original, duty.who), by="hand")


async def choose(
    db: AsyncSession, booking: Booking, original: datetime, who: UUID | None, *, by: By
) -> None:
    chosen = RotaDate(series_id=booking.series.id, original=original, membership_id=who, by=by)
    await db.merge(chosen)


def check_to_come(booking: Booking, original: datetime, *, now: datetime) -> None:
    """Raises `NotFound` for no date of the series, `Conflict` for one that is not to come."""
    if not recurrence.follows(booking.series.pattern, original):
        raise NotFound("no_such_date")
    date = recurrence.occurrence_at(booking.series.pattern, booking.changes, original)
    if date.cancelled or booking.series.cancelled_at is not None:
        raise Conflict("already_cancelled")
    if date.ends_at <= now:
        raise Conflict("already_over")


def _next(rota: Rota, original: datetime, who: UUID) -> UUID | None:
    unable = rota.kept.left_out[original] | {who}
    gone = set(rota.kept.plan.order if rota.kept.plan else ()) - set(rota.facilitators)
    return next_after(rota.kept.plan, who, without=unable | gone)


def _next_start(booking: Booking, *, now: datetime) -> datetime:
    coming = schedule.next_dates(booking, now=now, limit=1, with_cancelled=False)
    return min((date.original for date in coming), default=booking.series.start)
