"""More of the same: a single date beside the rule, and a copy of the whole plan."""

from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from sessions.circles import Belonging
from sessions.keys import Keys
from sessions.recurrence import Pattern
from sessions.schedule.booking import book
from sessions.schedule.means import Means
from sessions.schedule.reading import Booking
from sessions.schedule.tables import Series
from sessions.schedule.telling import check_leads, open_for_change
from sessions.schedule.wishes import cloned


async def add_extra(
    db: AsyncSession,
    keys: Keys,
    booking: Booking,
    *,
    start: datetime,
    minutes: int | None = None,
    title: str | None = None,
    now: datetime,
    idempotency_key: str | None = None,
    means: Means | None = None,
) -> Series:
    """An event of its own: few apps understand RDATE. It goes when its series goes."""
    series = await open_for_change(db, booking)
    beside = await db.get_one(Series, series.extra_of or series.id)
    return await book(
        db,
        keys,
        booking.mine,
        title=series.title if title is None else title,
        pattern=Pattern(start, series.zone, series.minutes if minutes is None else minutes),
        seats=series.seats,
        agenda=series.agenda,
        beside=beside,
        now=now,
        idempotency_key=idempotency_key,
        means=means,
    )


async def clone_series(
    db: AsyncSession,
    keys: Keys,
    booking: Booking,
    *,
    start: datetime,
    into: Belonging | None = None,
    now: datetime,
    idempotency_key: str | None = None,
    means: Means | None = None,
) -> Series:
    """The same plan from another day on, without what was changed about single dates."""
    check_leads(booking)
    series = booking.series
    return await book(
        db,
        keys,
        into or booking.mine,
        title=series.title,
        pattern=cloned(series.pattern, start),
        seats=series.seats,
        agenda=series.agenda,
        now=now,
        idempotency_key=idempotency_key,
        means=means,
    )
