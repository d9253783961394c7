"""Who facilitates a date sees it in their own calendar, and nobody else in theirs."""

from collections import defaultdict
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from sessions import outbox, schedule
from sessions.circles import Membership
from sessions.keys import Keys
from sessions.people import Person
from sessions.rota.reading import duties, kept_of, rota_of
from sessions.schedule import Booking

Own = dict[UUID, set[datetime]]
"""By membership, the original starts of their dates."""


@asynccontextmanager
async def told(
    db: AsyncSession, keys: Keys, booking: Booking, *, now: datetime
) -> AsyncIterator[None]:
    """Whoever has other dates after what is done inside, hears of it; one change at a time."""
    await schedule.lock(db, booking.series)
    before = await _own(db, booking, now=now)
    yield
    await db.flush()
    after = await _own(db, booking, now=now)
    changed = [who for who in {**before, **after} if before.get(who) != after.get(who)]
    if not changed:
        return
    schedule.raise_sequence(booking.series, now=now, openly=False)
    for who in changed:
        await _tell(db, keys, booking, who, now=now)


async def _tell(
    db: AsyncSession, keys: Keys, booking: Booking, who: UUID, *, now: datetime
) -> None:
    """In the calendar where one can be told; by a plain letter where it is news."""
    membership = await db.get_one(Membership, who)
    person = await db.get_one(Person, membership.person_id)
    letter: outbox.Redrawn | outbox.RotaChanged
    if person.detail == "full" and await schedule.was_told(db, membership, booking.series):
        letter = outbox.Redrawn(who, booking.series.id, booking.series.sequence)
    elif membership.role == "facilitator" and who != booking.mine.membership.id:
        letter = outbox.RotaChanged(who, booking.series.id, booking.series.sequence)
    else:
        return
    await schedule.send(db, keys, letter, now=now)


async def own_dates(
    db: AsyncSession, bookings: Iterable[Booking], *, now: datetime
) -> dict[UUID, set[datetime]]:
    """
    By series, the original starts of the dates that the reader of these facilitates.

    From the year before `now` to the one after: the same all year, so that what is written
    of it stays the same as well.
    """
    led = [b for b in bookings if b.mine.leads]
    kept = await kept_of(db, [b.series.id for b in led]) if led else {}
    begin, end = _year(now, -1), _year(now, 2)
    return {
        b.series.id: {
            duty.original
            for duty in duties(
                b, kept[b.series.id], [b.mine.membership.id], after=begin, before=end
            ).values()
            if duty.who
        }
        for b in led
        if kept[b.series.id].plan or kept[b.series.id].chosen
    }


async def _own(db: AsyncSession, booking: Booking, *, now: datetime) -> Own:
    rota = await rota_of(db, booking)
    found = duties(booking, rota.kept, rota.facilitators, after=now, before=_year(now, 2))
    own: Own = defaultdict(set)
    for duty in found.values():
        if duty.who:
            own[duty.who].add(duty.original)
    return own


def _year(now: datetime, ahead: int) -> datetime:
    return datetime(now.year + ahead, 1, 1, tzinfo=UTC)
