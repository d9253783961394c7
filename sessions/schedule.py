"""
Series and their dates: booked, moved, cancelled, and told to everyone who was invited.

A table holds what was decided; instants are computed from wall time and zone. An
occurrence is named for ever by the start its pattern gave it, however often it moves.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import NamedTuple
from uuid import UUID, uuid4

from pydantic import NaiveDatetime
from sqlalchemy import JSON
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from sessions import outbox, recurrence
from sessions.circles import Belonging, Circle, Membership
from sessions.errors import Conflict, Invalid, NotAllowed, NotFound
from sessions.keys import Keys
from sessions.people import Person
from sessions.recurrence import Change, Occurrence, Pattern, Rule
from sessions.text import clean_line
from sessions.zones import resolve

OPENS_BEFORE = timedelta(minutes=15)
CLOSES_AFTER = timedelta(minutes=60)
SHOWN = 12
SERIES_PER_CIRCLE = 50

Changes = dict[datetime, Change]


class Series(SQLModel, table=True):
    """A session that happens once, or again and again."""

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    uid: str = Field(max_length=64, unique=True)
    """RFC 5545 - 3.8.4.7. Unique Identifier: random, says nothing, stable for life."""
    circle_id: UUID = Field(foreign_key="circle.id", ondelete="CASCADE", index=True)
    title: str = Field(max_length=120)
    start: NaiveDatetime
    """Wall time in `zone`; the aware instants are computed, never stored."""
    zone: str = Field(max_length=64)
    minutes: int
    weekdays: list[str] | None = Field(default=None, sa_type=JSON, nullable=True)
    """`None`: it happens once."""
    interval: int = 1
    count: int | None = None
    until: date | None = None
    sequence: int = 0
    """RFC 5545 - 3.8.7.4. Sequence Number: goes up each time we tell people something new."""
    booking_key: str | None = Field(default=None, max_length=64, unique=True)
    """Keyed hash of the request's Idempotency-Key: the same request books once."""
    created_at: datetime
    changed_at: datetime
    cancelled_at: datetime | None = None

    @property
    def pattern(self) -> Pattern:
        rule = None
        if self.weekdays is not None:
            rule = Rule(tuple(self.weekdays), self.interval, self.count, self.until)
        return Pattern(self.start, self.zone, self.minutes, rule)


class OccurrenceChange(SQLModel, table=True):
    __tablename__ = "occurrence_change"

    series_id: UUID = Field(foreign_key="series.id", ondelete="CASCADE", primary_key=True)
    original: NaiveDatetime = Field(primary_key=True)
    moved_to: NaiveDatetime | None = None
    """Wall time in the series' zone; `None`: cancelled."""
    changed_at: datetime


class Told(SQLModel, table=True):
    """That a person has this series in their calendar, and in which revision."""

    membership_id: UUID = Field(
        foreign_key="membership.id", ondelete="CASCADE", primary_key=True
    )
    series_id: UUID = Field(foreign_key="series.id", ondelete="CASCADE", primary_key=True)
    sequence: int
    told_at: datetime


class Dated(NamedTuple):
    """A series with its changes."""

    series: Series
    changes: Changes


class Booking(NamedTuple):
    """A series with its changes, as one of its circle's people sees it."""

    series: Series
    changes: Changes
    mine: Belonging


async def book(
    db: AsyncSession,
    keys: Keys,
    mine: Belonging,
    *,
    title: str,
    pattern: Pattern,
    now: datetime,
    idempotency_key: str | None = None,
) -> Series:
    """Book a series and invite everyone in the circle to it; the same key books once."""
    booking_keys = _booking_keys(keys, mine, idempotency_key)
    if before := await _booked_with(db, booking_keys):
        return before
    title = clean_line(title)
    if not title:
        raise Invalid("needed", field="title")
    recurrence.check(pattern)
    last = recurrence.last_start(pattern)
    if last is not None and resolve(last, pattern.zone) < now:
        raise Invalid("in_the_past", field="start")
    await _check_room_for_more(db, mine.circle)
    series = Series(
        uid=str(uuid4()),
        circle_id=mine.circle.id,
        title=title,
        start=pattern.start,
        zone=pattern.zone,
        minutes=pattern.minutes,
        booking_key=next(iter(booking_keys), None),
        created_at=now,
        changed_at=now,
    )
    if rule := pattern.rule:
        series.weekdays, series.interval = list(rule.weekdays), rule.interval
        series.count, series.until = rule.count, rule.until
    db.add(series)
    await db.flush()
    for membership in await _others(db, mine):
        outbox.post(db, keys, outbox.Booked(membership.id, series.id, 0), now=now)
    return series


def _booking_keys(keys: Keys, mine: Belonging, idempotency_key: str | None) -> list[str]:
    if not idempotency_key:
        return []
    return keys.fingerprints("booking", f"{mine.membership.id} {idempotency_key}")


async def _booked_with(db: AsyncSession, booking_keys: list[str]) -> Series | None:
    found = await db.exec(select(Series).where(col(Series.booking_key).in_(booking_keys)))
    return found.first()


async def _check_room_for_more(db: AsyncSession, circle: Circle) -> None:
    going_on = (Series.circle_id == circle.id, col(Series.cancelled_at).is_(None))
    found = await db.exec(select(Series.id).where(*going_on))
    if len(list(found)) >= SERIES_PER_CIRCLE:
        raise Conflict("too_many_series", count=SERIES_PER_CIRCLE)


async def move_occurrence(
    db: AsyncSession,
    keys: Keys,
    booking: Booking,
    original: datetime,
    *,
    to: datetime,
    now: datetime,
) -> None:
    """
    Move one date and tell everyone who was invited.

    `original` names the date by the start its pattern gave it; `to` is wall time in the
    series' own zone.
    """
    change = await _changeable(db, booking, original)
    recurrence.check_move(booking.series.pattern, original, to=to)
    if change is not None and change.moved_to is None:
        raise Conflict("already_cancelled")
    _check_not_over(booking, original, now=now)
    if resolve(to, booking.series.zone) < now:
        raise Invalid("in_the_past", field="to")
    if change is not None and change.moved_to == to:
        return
    await db.merge(_change(booking, original, to, now))
    await _tell_about_date(db, keys, booking, original, outbox.DateChanged, now=now)


async def cancel_occurrence(
    db: AsyncSession, keys: Keys, booking: Booking, original: datetime, *, now: datetime
) -> None:
    change = await _changeable(db, booking, original)
    if change is not None and change.moved_to is None:
        return
    _check_not_over(booking, original, now=now)
    await db.merge(_change(booking, original, None, now))
    await _tell_about_date(db, keys, booking, original, outbox.DateCancelled, now=now)


async def restore_occurrence(
    db: AsyncSession, keys: Keys, booking: Booking, original: datetime, *, now: datetime
) -> None:
    """Take back a move or a cancellation: the date is again where the pattern put it."""
    change = await _changeable(db, booking, original)
    if change is None:
        return
    if resolve(original, booking.series.zone) < now:
        raise Conflict("already_over")
    await db.delete(change)
    await _tell_about_date(db, keys, booking, original, outbox.DateRestored, now=now)


async def cancel_series(
    db: AsyncSession, keys: Keys, booking: Booking, *, now: datetime
) -> None:
    """All of its dates; saying it twice changes nothing."""
    series = booking.series
    _check_leads(booking)
    await lock(db, series)
    if series.cancelled_at is not None:
        return
    series.cancelled_at = now
    raise_sequence(series, now=now)
    for membership in await _others(db, booking.mine):
        await take_back(db, keys, membership, series, now=now)


async def take_back(
    db: AsyncSession, keys: Keys, membership: Membership, series: Series, *, now: datetime
) -> None:
    """Cancel the series for one person; whether they ever heard of it shows when it leaves."""
    letter = outbox.SeriesCancelled(membership.id, series.id, series.sequence)
    await outbox.withdraw(db, keys, letter, now=now)
    outbox.post(db, keys, letter, now=now)


async def was_told(db: AsyncSession, membership: Membership, series: Series) -> bool:
    return await db.get(Told, (membership.id, series.id)) is not None


async def lock(db: AsyncSession, series: Series) -> None:
    """One change at a time, or two of them would have the same SEQUENCE; reads it again."""
    await db.refresh(series, with_for_update={"key_share": True})


def raise_sequence(series: Series, *, now: datetime) -> None:
    series.sequence += 1
    series.changed_at = now


async def booking_for(db: AsyncSession, person: Person, series_id: UUID) -> Booking:
    """Raises `NotFound` for a series that does not exist and for one that is not theirs."""
    found = await db.exec(
        select(Series, Circle, Membership)
        .join(Circle, col(Series.circle_id) == col(Circle.id))
        .join(Membership, col(Membership.circle_id) == col(Circle.id))
        .where(
            Series.id == series_id,
            Membership.person_id == person.id,
            col(Membership.ended_at).is_(None),
        )
    )
    row = found.first()
    if row is None:
        raise NotFound
    series, circle, membership = row
    changes = await changes_of(db, [series.id])
    return Booking(series, changes[series.id], Belonging(circle, membership))


async def bookings(db: AsyncSession, belongings: Iterable[Belonging]) -> list[Booking]:
    """All series of these circles, cancelled ones too, the oldest first."""
    by_circle = {mine.circle.id: mine for mine in belongings}
    dated = await bookings_in(db, [mine.circle for mine in by_circle.values()])
    return [Booking(s, changes, by_circle[s.circle_id]) for s, changes in dated]


async def bookings_in(db: AsyncSession, circles: Iterable[Circle]) -> list[Dated]:
    found = await db.exec(
        select(Series)
        .where(col(Series.circle_id).in_([circle.id for circle in circles]))
        .order_by(col(Series.created_at), col(Series.id))
    )
    rows = list(found)
    changes = await changes_of(db, [series.id for series in rows])
    return [Dated(series, changes[series.id]) for series in rows]


async def changes_of(db: AsyncSession, ids: list[UUID]) -> dict[UUID, Changes]:
    found = await db.exec(
        select(OccurrenceChange).where(col(OccurrenceChange.series_id).in_(ids))
    )
    changes: dict[UUID, Changes] = defaultdict(dict)
    for change in found:
        changes[change.series_id][change.original] = Change(change.moved_to)
    return changes


def next_dates(
    booking: Booking | Dated, *, now: datetime, limit: int = SHOWN, with_cancelled: bool = True
) -> list[Occurrence]:
    """From the one that may still be running on."""
    after = now - timedelta(minutes=booking.series.minutes) - CLOSES_AFTER
    return recurrence.next_dates(
        booking.series.pattern,
        booking.changes,
        after=after,
        limit=limit,
        with_cancelled=with_cancelled,
    )


def has_dates(booking: Booking | Dated, *, now: datetime) -> bool:
    """Whether anything of it is still to take place."""
    coming = next_dates(booking, now=now, limit=1, with_cancelled=False)
    return booking.series.cancelled_at is None and bool(coming)


def is_open(occurrence: Occurrence, *, now: datetime) -> bool:
    """Whether its room can be entered: 15 minutes before until 60 after."""
    return opens_at(occurrence) <= now < closes_at(occurrence) and not occurrence.cancelled


def opens_at(occurrence: Occurrence) -> datetime:
    return occurrence.starts_at - OPENS_BEFORE


def closes_at(occurrence: Occurrence) -> datetime:
    return occurrence.ends_at + CLOSES_AFTER


def _check_leads(booking: Booking) -> None:
    if not booking.mine.leads:
        raise NotAllowed


async def _changeable(
    db: AsyncSession, booking: Booking, original: datetime
) -> OccurrenceChange | None:
    _check_leads(booking)
    await lock(db, booking.series)
    if booking.series.cancelled_at is not None:
        raise Conflict("already_cancelled")
    if not recurrence.follows(booking.series.pattern, original):
        raise NotFound("no_such_date")
    key = (booking.series.id, original)
    return await db.get(OccurrenceChange, key, populate_existing=True)


def _change(
    booking: Booking, original: datetime, to: datetime | None, now: datetime
) -> OccurrenceChange:
    return OccurrenceChange(
        series_id=booking.series.id, original=original, moved_to=to, changed_at=now
    )


def _check_not_over(booking: Booking, original: datetime, *, now: datetime) -> None:
    change = booking.changes.get(original)
    local = (change and change.moved_to) or original
    ends = resolve(local, booking.series.zone) + timedelta(minutes=booking.series.minutes)
    if ends <= now:
        raise Conflict("already_over")


async def _tell_about_date(
    db: AsyncSession,
    keys: Keys,
    booking: Booking,
    original: datetime,
    kind: type[outbox.DateChanged | outbox.DateRestored | outbox.DateCancelled],
    *,
    now: datetime,
) -> None:
    series = booking.series
    raise_sequence(series, now=now)
    for membership in await _others(db, booking.mine):
        letter = kind(membership.id, series.id, original.isoformat(), series.sequence)
        await outbox.withdraw(db, keys, letter, now=now)
        outbox.post(db, keys, letter, now=now)


async def _others(db: AsyncSession, mine: Belonging) -> list[Membership]:
    """Everyone of the circle but the one who acts, who sees it on the page."""
    found = await db.exec(
        select(Membership).where(
            Membership.circle_id == mine.circle.id,
            col(Membership.ended_at).is_(None),
            Membership.id != mine.membership.id,
        )
    )
    return list(found)
