"""A whole series called off, for everyone or for one person, and put back."""

from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from sessions import outbox
from sessions.circles import Membership
from sessions.errors import Conflict
from sessions.keys import Keys
from sessions.schedule.booking import check_room_for_more
from sessions.schedule.means import Means
from sessions.schedule.reading import Booking, Dated, changes_of, extras_of, has_dates
from sessions.schedule.tables import Series
from sessions.schedule.telling import (
    check_leads,
    listeners,
    lock,
    raise_sequence,
    send,
    tell,
)


async def cancel_series(
    db: AsyncSession, keys: Keys, booking: Booking, *, now: datetime
) -> Means:
    """
    All of its dates, and those beside the rule that are still to come.

    Saying it twice changes nothing.
    """
    check_leads(booking)
    means = Means()
    await lock(db, booking.series)
    if booking.series.cancelled_at is not None:
        return means
    for series in await _with_extras(db, booking.series):
        is_beside = series.id != booking.series.id
        if series.cancelled_at or (is_beside and not await _is_ahead(db, series, now=now)):
            continue
        series.cancelled_at = now
        raise_sequence(series, now=now, openly=True)
        hearing = await listeners(db, series, acting=booking.mine.membership)
        wording = outbox.SeriesCancelled
        await tell(db, keys, series, hearing, wording, said="cancel", means=means, now=now)
    return means


async def restore_series(
    db: AsyncSession, keys: Keys, booking: Booking, *, now: datetime
) -> Means:
    """It takes place after all, with those dates beside the rule that went with it."""
    check_leads(booking)
    means, when = Means(), booking.series.cancelled_at
    await lock(db, booking.series)
    if booking.series.cancelled_at is None:
        return means
    await check_room_for_more(db, booking.mine.circle, now=now)
    for series in await _with_extras(db, booking.series):
        if series.cancelled_at == when:
            await _restore(db, keys, series, booking, means=means, now=now)
    return means


async def _restore(
    db: AsyncSession,
    keys: Keys,
    series: Series,
    booking: Booking,
    *,
    means: Means,
    now: datetime,
) -> None:
    series.cancelled_at = None
    if not await _is_ahead(db, series, now=now):
        if series.id == booking.series.id:
            raise Conflict("already_over")
        series.cancelled_at = now
        return
    raise_sequence(series, now=now, openly=True)
    hearing = await listeners(db, series, acting=booking.mine.membership)
    wording = outbox.SeriesRestored
    await tell(db, keys, series, hearing, wording, said="request", means=means, now=now)


async def _is_ahead(db: AsyncSession, series: Series, *, now: datetime) -> bool:
    changes = (await changes_of(db, [series.id]))[series.id]
    return has_dates(Dated(series, changes), now=now)


async def _with_extras(db: AsyncSession, series: Series) -> list[Series]:
    extras = await extras_of(db, series)
    for extra in extras:
        await lock(db, extra)
    return [series, *extras]


async def take_back(
    db: AsyncSession, keys: Keys, membership: Membership, series: Series, *, now: datetime
) -> None:
    """Cancel the series for one person; whether they ever heard of it shows when it leaves."""
    letter = outbox.SeriesCancelled(membership.id, series.id, series.sequence)
    await send(db, keys, letter, now=now)
