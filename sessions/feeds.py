"""
The one secret feed of a person, for all of their circles.

The tag of an answer comes from what the entries are made of, so that a calendar app that
asks again and again costs a few rows and no writing. Entries are kept as bytes per
revision.
"""

import hashlib
from collections import OrderedDict
from datetime import datetime, timedelta
from importlib.metadata import version
from typing import NamedTuple

from sqlmodel.ext.asyncio.session import AsyncSession

from sessions import circles, ics, schedule
from sessions.entries import entry_of
from sessions.errors import NotFound
from sessions.ics import Event
from sessions.keys import Keys
from sessions.language import say
from sessions.people import Person, person_of_feed
from sessions.schedule import Booking
from sessions.settings import Settings

CANCELLED_SHOWN = timedelta(days=60)
REFRESH_HOURS = 4
KEPT_ENTRIES = 5000
TZDATA = version("tzdata")
"""Newer rules of a zone change what is written, though nobody changed a date."""


class Subscription(NamedTuple):
    person: Person
    bookings: list[Booking]
    tag: str


class EntryBytes:
    """The written entries by what they are made of; the oldest give way."""

    def __init__(self, size: int = KEPT_ENTRIES) -> None:
        self._size = size
        self._written: OrderedDict[tuple[object, ...], bytes] = OrderedDict()

    def __call__(self, event: Event) -> bytes:
        key = (
            event.uid,
            event.url,
            event.summary,
            event.description,
            event.conference,
            event.sequence,
            event.changed_at,
            event.stamped_at,
        )
        if key not in self._written:
            self._written[key] = ics.entry(event)
            if len(self._written) > self._size:
                self._written.popitem(last=False)
        self._written.move_to_end(key)
        return self._written[key]


async def subscription(
    db: AsyncSession, settings: Settings, token: str, *, now: datetime
) -> Subscription:
    """Raises `NotFound` for an address that never was or is no longer good."""
    person = await person_of_feed(db, token)
    if person is None:
        raise NotFound("unknown_link")
    mine = await circles.circles_of(db, person)
    bookings = [b for b in await schedule.bookings(db, mine) if is_shown(b, now=now)]
    return Subscription(person, bookings, _tag(settings, person, bookings, now=now))


def is_shown(booking: Booking, *, now: datetime) -> bool:
    """What was cancelled stays to be seen as cancelled, for a while."""
    cancelled_at = booking.series.cancelled_at
    return cancelled_at is None or now - cancelled_at < CANCELLED_SHOWN


def write(
    subscription: Subscription,
    *,
    keys: Keys,
    settings: Settings,
    written: EntryBytes,
    now: datetime,
) -> bytes:
    person = subscription.person
    stamp = _stamp(now)
    events = [
        entry_of(
            booking,
            person,
            keys=keys,
            settings=settings,
            # RFC 5545 - 3.8.7.2. Date-Time Stamp: without METHOD, when it was last revised
            stamped_at=stamp,
        )
        for booking in subscription.bookings
    ]
    name = person.summary or say(person.locale, "mail.neutral")
    if person.detail == "full":
        name = "Ronda"
    return ics.feed(events, name=name, refresh_hours=REFRESH_HOURS, entries=written)


def _stamp(now: datetime) -> datetime:
    """Once a year everything is written anew: an open series is told five years ahead."""
    return now.replace(month=1, day=1, hour=0, minute=0, second=0, microsecond=0)


def _tag(settings: Settings, person: Person, bookings: list[Booking], *, now: datetime) -> str:
    """RFC 9110 - 8.8.3. ETag: strong, as equal parts give equal bytes."""
    digest = hashlib.sha256()
    parts = [
        settings.public_url,
        TZDATA,
        str(now.year),
        str(person.changed_at.timestamp()),
        person.feed_hash,
        *(
            f"{b.series.id.hex} {b.series.sequence} {b.series.changed_at.timestamp()} "
            f"{b.mine.circle.changed_at.timestamp()} {b.mine.membership.generation}"
            for b in bookings
        ),
    ]
    digest.update("\n".join(parts).encode())
    return digest.hexdigest()[:40]
