"""What stands in people's calendars, written anew in other words; the dates are the same."""

from datetime import datetime
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from sessions import outbox
from sessions.circles import Circle, Membership
from sessions.keys import Keys
from sessions.people import Person
from sessions.schedule.reading import bookings_in, has_dates
from sessions.schedule.telling import lock, raise_sequence, send
from sessions.schedule.told import reached


def look_of(person: Person) -> tuple[str, ...]:
    """What an entry of theirs looks like; when this changes, so do those they have."""
    if person.detail == "full":
        return ("full",)
    return ("discreet", person.summary or f"word of {person.locale}")


async def redraw(db: AsyncSession, keys: Keys, person: Person, *, now: datetime) -> None:
    """For one who wants something else to be seen; what was mailed before remains as it is."""
    found = await db.exec(
        select(Circle, Membership)
        .join(Membership, col(Membership.circle_id) == col(Circle.id))
        .where(Membership.person_id == person.id, col(Membership.ended_at).is_(None))
    )
    for circle, membership in found.all():
        await _redraw(db, keys, circle, {membership.id}, now=now)


async def redraw_circle(db: AsyncSession, keys: Keys, circle: Circle, *, now: datetime) -> None:
    """It has another name, which stands in the entries of all who chose to see it."""
    found = await db.exec(
        select(Membership.id)
        .join(Person, col(Membership.person_id) == col(Person.id))
        .where(
            Membership.circle_id == circle.id,
            col(Membership.ended_at).is_(None),
            Person.detail == "full",
        )
    )
    await _redraw(db, keys, circle, set(found), now=now)


async def _redraw(
    db: AsyncSession, keys: Keys, circle: Circle, whose: set[UUID], *, now: datetime
) -> None:
    for dated in await bookings_in(db, [circle]):
        series = dated.series
        if not has_dates(dated, now=now):
            continue
        seeing = sorted(whose & await reached(db, series))
        if not seeing:
            continue
        await lock(db, series)
        raise_sequence(series, now=now, openly=False)
        for membership in seeing:
            letter = outbox.Redrawn(membership, series.id, series.sequence)
            await send(db, keys, letter, now=now)
