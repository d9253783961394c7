"""Booking a series: checked, written down, and everyone invited to it."""

from collections.abc import Collection
from datetime import datetime
from uuid import uuid4

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from sessions import limits, outbox, recurrence
from sessions.circles import Belonging, Circle
from sessions.errors import Conflict, Invalid
from sessions.keys import Keys
from sessions.recurrence import Pattern
from sessions.schedule.announced import announce
from sessions.schedule.means import Means
from sessions.schedule.reading import UNCHANGED, bookings_in, has_dates
from sessions.schedule.tables import AgendaKey, OccurrenceChange, Series
from sessions.schedule.telling import listeners, tell
from sessions.text import clean_line
from sessions.zones import resolve

SERIES_PER_CIRCLE = 50
BOOKED_PER_DAY = limits.Limit("booked", most=100, seconds=86400)
"""In a circle: what is over or cancelled is counted no more, but goes on to be shown."""


async def book(
    db: AsyncSession,
    keys: Keys,
    mine: Belonging,
    *,
    title: str,
    pattern: Pattern,
    now: datetime,
    seats: int | None = None,
    agenda: AgendaKey = "",
    skip: Collection[datetime] = (),
    beside: Series | None = None,
    idempotency_key: str | None = None,
    means: Means | None = None,
) -> Series:
    """
    Book a series and invite everyone in the circle to it; the same key books once.

    `skip` names original starts on which it does not take place, and never was to;
    `beside` the series of which this is an extra date.
    """
    booking_keys = _booking_keys(keys, mine, idempotency_key)
    if before := await _booked_with(db, booking_keys):
        return before
    title = clean_line(title)
    if not title:
        raise Invalid("needed", field="title")
    check_plan(pattern, skip, now=now)
    await count_one_more(db, keys, mine.circle, now=now)
    await check_room_for_more(db, mine.circle, now=now)
    series = new_series(mine.circle, title, pattern, now=now)
    series.seats, series.agenda = seats, agenda
    series.extra_of = beside.id if beside else None
    series.booking_key = next(iter(booking_keys), None)
    db.add(series)
    await db.flush()
    for original in set(skip):
        skipped = OccurrenceChange(series_id=series.id, original=original, changed_at=now)
        skipped.take(UNCHANGED.skip())
        db.add(skipped)
    await announce(db, series, now=now)
    hearing = await listeners(db, series, acting=mine.membership)
    await tell(
        db,
        keys,
        series,
        hearing,
        outbox.Booked,
        said="new_series",
        means=means or Means(),
        now=now,
    )
    return series


def new_series(circle: Circle, title: str, pattern: Pattern, *, now: datetime) -> Series:
    series = Series(
        uid=str(uuid4()),
        circle_id=circle.id,
        title=title,
        start=pattern.start,
        zone=pattern.zone,
        minutes=pattern.minutes,
        created_at=now,
        changed_at=now,
    )
    series.plan(pattern)
    return series


def check_plan(pattern: Pattern, skip: Collection[datetime] = (), *, now: datetime) -> None:
    """Raises `ScheduleError` and `Invalid`; some date of it has to be still to come."""
    check_skip(pattern, skip)
    last = recurrence.last_start(pattern)
    if last is not None and resolve(last, pattern.zone) < now:
        raise Invalid("in_the_past", field="start")
    changes = {original: UNCHANGED.skip() for original in skip}
    left = recurrence.next_dates(pattern, changes, after=now, limit=1, with_cancelled=False)
    if skip and not left:
        raise Invalid("nothing_left", field="skip")


def check_skip(pattern: Pattern, skip: Collection[datetime]) -> None:
    """Raises `ScheduleError` and `Invalid`: only what the plan has can be left out of it."""
    recurrence.check(pattern)
    if not all(recurrence.follows(pattern, original) for original in skip):
        raise Invalid("no_such_date", field="skip")


async def count_one_more(
    db: AsyncSession, keys: Keys, circle: Circle, *, now: datetime
) -> None:
    """Before anything else is counted: it lets nobody in between. Raises `TooMany`."""
    await limits.spend(db, keys, BOOKED_PER_DAY, circle.id.hex, now=now)


async def check_room_for_more(db: AsyncSession, circle: Circle, *, now: datetime) -> None:
    standing = await bookings_in(db, [circle], cancelled_after=now)
    if sum(has_dates(dated, now=now) for dated in standing) >= SERIES_PER_CIRCLE:
        raise Conflict("too_many_series", count=SERIES_PER_CIRCLE)


def _booking_keys(keys: Keys, mine: Belonging, idempotency_key: str | None) -> list[str]:
    if not idempotency_key:
        return []
    return keys.fingerprints("booking", f"{mine.membership.id} {idempotency_key}")


async def _booked_with(db: AsyncSession, booking_keys: list[str]) -> Series | None:
    found = await db.exec(select(Series).where(col(Series.booking_key).in_(booking_keys)))
    return found.first()
