"""Dates that are changed after they were booked, as a facilitator changes them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import datetime, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from sessions import recurrence, replanning, rescheduling, schedule
from sessions.demo.house import House, Made, deliver
from sessions.people import Person
from sessions.recurrence import Pattern
from sessions.schedule import Booking, Wish
from sessions.zones import ScheduleError


async def edit(house: House, made: Made) -> None:
    """Each change is told before the next one is made."""
    dates = recurrence.next_dates(made.weekly.pattern, {}, after=house.clock(), limit=10)
    third, fourth, tenth = (dates[index].original for index in (2, 3, 9))
    later = Wish(to=tenth + timedelta(hours=1), title="The carers' evening")
    async with _planning(house, made) as (db, booking):
        to = _free_evening(booking.series.pattern, third)
        await rescheduling.change_date(
            db, house.keys, booking, third, Wish(to=to), now=house.clock()
        )
    await deliver(house, made)
    async with _planning(house, made) as (db, booking):
        await schedule.cancel_occurrence(db, house.keys, booking, fourth, now=house.clock())
    await deliver(house, made)
    async with _planning(house, made) as (db, booking):
        await replanning.change(
            db, house.keys, booking, "following", tenth, later, now=house.clock()
        )
    await deliver(house, made)


@asynccontextmanager
async def _planning(house: House, made: Made) -> AsyncIterator[tuple[AsyncSession, Booking]]:
    async with house.database.write() as db:
        founder = await db.get_one(Person, made.mine.membership.person_id)
        yield db, await schedule.booking_for(db, founder, made.weekly.id)


def _free_evening(pattern: Pattern, original: datetime) -> datetime:
    """On the next day, at a time that its clock has."""
    for hour in range(24):
        to = original + timedelta(days=1, hours=hour)
        with suppress(ScheduleError):
            recurrence.check_move(pattern, original, to=to)
            return to
    return original + timedelta(days=2)
