"""The bytes of a feed."""

from collections.abc import Callable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import NamedTuple
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from sessions import circles, ics, rota, schedule
from sessions.circles import Circle
from sessions.entries import entry_of
from sessions.feeds.tags import CANCELLED_SHOWN, Tagged, tagged
from sessions.ics import Event, Words
from sessions.keys import Keys
from sessions.language import say
from sessions.people import Person
from sessions.schedule import Booking
from sessions.settings import Settings

REFRESH_HOURS = 4


class Subscription(NamedTuple):
    person: Person
    bookings: list[Booking]
    tag: str
    circle: Circle | None = None
    """The only one that it is about."""
    own: Mapping[UUID, set[datetime]] = MappingProxyType({})
    """By series, the dates that the person facilitates: it stands in their copy alone."""


async def subscription(
    db: AsyncSession, settings: Settings, token: str, *, now: datetime
) -> Subscription:
    return await load(db, await tagged(db, settings, token, now=now), now=now)


async def load(db: AsyncSession, head: Tagged, *, now: datetime) -> Subscription:
    person = await db.get_one(Person, head.person)
    mine = await circles.circles_of(db, person)
    if head.only:
        mine = [each for each in mine if each.membership.id == head.membership]
    shown = await schedule.bookings(
        db, mine, cancelled_after=now - CANCELLED_SHOWN, most=schedule.MOST_SERIES
    )
    # Discreet, an entry does not say who facilitates.
    own = await rota.own_dates(db, shown, now=now) if person.detail == "full" else {}
    return Subscription(person, shown, head.tag, mine[0].circle if head.only else None, own)


def write(
    subscription: Subscription,
    *,
    keys: Keys,
    settings: Settings,
    written: Callable[[Event], bytes],
    now: datetime,
) -> bytes:
    person = subscription.person
    events = [
        entry_of(
            booking,
            person,
            keys=keys,
            settings=settings,
            # RFC 5545 - 3.8.7.2. Date-Time Stamp: without METHOD, when it was last revised
            stamped_at=stamp(now),
            words=_words(booking, person, subscription.own.get(booking.series.id, set())),
        )
        for booking in subscription.bookings
    ]
    name = _name(subscription)
    return ics.feed(events, name=name, refresh_hours=REFRESH_HOURS, entries=written)


def _words(booking: Booking, person: Person, own: set[datetime]) -> dict[datetime, Words]:
    duty = f"{booking.mine.circle.name}\n{say(person.locale, 'entry.on_duty')}"
    return {original: Words(description=duty) for original in sorted(own)}


def stamp(now: datetime) -> datetime:
    """Once a year everything is written anew: an open series is told five years ahead."""
    return now.replace(month=1, day=1, hour=0, minute=0, second=0, microsecond=0)


def _name(subscription: Subscription) -> str:
    """What the calendar app calls it."""
    person, circle = subscription.person, subscription.circle
    if person.detail == "full":
        return "Ronda" if circle is None else circle.name
    return person.summary or say(person.locale, "mail.neutral")
