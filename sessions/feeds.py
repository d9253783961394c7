"""
The one secret feed of a person, for all of their circles.

The tag of an answer comes from what the entries are made of, so that a calendar app that
asks again and again costs a few rows and no writing. Entries are kept as bytes per
revision.
"""

import hashlib
from collections import OrderedDict
from datetime import date, datetime, timedelta
from importlib.metadata import version
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Executable, select
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from sessions import circles, ics, schedule
from sessions.circles import Circle, Membership
from sessions.entries import entry_of
from sessions.errors import NotFound
from sessions.ics import Event
from sessions.keys import Keys, digest_of
from sessions.language import say
from sessions.people import Person
from sessions.schedule import Booking, Series
from sessions.settings import Settings

CANCELLED_SHOWN = timedelta(days=60)
REFRESH_HOURS = 4
KEPT_ENTRIES = 5000
TZDATA = version("tzdata")
"""Newer rules of a zone change what is written, though nobody changed a date."""


class Tagged(NamedTuple):
    """What an app that asks again needs: whether anything is new."""

    person: UUID
    used_on: date | None
    tag: str


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


async def tagged(db: AsyncSession, settings: Settings, token: str, *, now: datetime) -> Tagged:
    """One statement: apps ask all day. Raises `NotFound` for an address that is not good."""
    connection = await db.connection()
    rows = (await connection.execute(_parts(token))).all()
    if not rows:
        raise NotFound("unknown_link")
    person = rows[0]
    shown = [row for row in rows if row.series is not None and _is_shown(row.off, now=now)]
    parts = [
        settings.public_url,
        TZDATA,
        str(now.year),
        str(person.changed.timestamp()),
        person.feed_hash,
        *(
            f"{row.series.hex} {row.sequence} {row.revised.timestamp()} "
            f"{row.circle_changed.timestamp()} {row.generation}"
            for row in shown
        ),
    ]
    digest = hashlib.sha256("\n".join(parts).encode()).hexdigest()
    # RFC 9110 - 8.8.3. ETag: strong, as equal parts give equal bytes.
    return Tagged(person.id, person.feed_used_on, digest[:40])


def _parts(token: str) -> Executable:
    belongs = (col(Membership.person_id) == col(Person.id)) & col(Membership.ended_at).is_(None)
    return (
        select(
            col(Person.id),
            col(Person.feed_used_on),
            col(Person.feed_hash),
            col(Person.changed_at).label("changed"),
            col(Membership.generation),
            col(Circle.changed_at).label("circle_changed"),
            col(Series.id).label("series"),
            col(Series.sequence),
            col(Series.changed_at).label("revised"),
            col(Series.cancelled_at).label("off"),
        )
        .select_from(Person)
        .outerjoin(Membership, belongs)
        .outerjoin(Circle, col(Circle.id) == col(Membership.circle_id))
        .outerjoin(Series, col(Series.circle_id) == col(Circle.id))
        .where(col(Person.feed_hash) == digest_of(token))
        .order_by(col(Series.created_at), col(Series.id))
    )


async def subscription(
    db: AsyncSession, settings: Settings, token: str, *, now: datetime
) -> Subscription:
    return await load(db, await tagged(db, settings, token, now=now), now=now)


async def load(db: AsyncSession, head: Tagged, *, now: datetime) -> Subscription:
    person = await db.get_one(Person, head.person)
    mine = await circles.circles_of(db, person)
    bookings = await schedule.bookings(db, mine)
    shown = [b for b in bookings if _is_shown(b.series.cancelled_at, now=now)]
    return Subscription(person, shown, head.tag)


def _is_shown(cancelled_at: datetime | None, *, now: datetime) -> bool:
    """What was cancelled stays to be seen as cancelled, for a while."""
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
