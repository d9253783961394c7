"""Series as their circle's people see them, and when their doors are open."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, func
from sqlmodel import col, or_, select
from sqlmodel.ext.asyncio.session import AsyncSession

from sessions import recurrence
from sessions.circles import Belonging, Circle, Membership
from sessions.errors import NotFound
from sessions.people import Person
from sessions.recurrence import Occurrence
from sessions.schedule.tables import DateChange, OccurrenceChange, Series, Shown

OPENS_BEFORE = timedelta(minutes=15)
CLOSES_AFTER = timedelta(minutes=60)
SHOWN = 12
MOST_SERIES = 300
"""Of a circle, that are shown in one answer."""
WORTH_SHOWING = (
    col(Series.cancelled_at).is_not(None),
    col(Series.frequency) == "once",
    col(Series.created_at).desc(),
    col(Series.id),
)
"""What goes on before what is off, what repeats before what is once, then the latest."""

END_OF_TIME = datetime.max.replace(tzinfo=UTC)

Changes = dict[datetime, DateChange]
UNCHANGED = DateChange()


class Dated(NamedTuple):
    """A series with its changes."""

    series: Series
    changes: Changes


class Booking(NamedTuple):
    """A series with its changes, as one of its circle's people sees it."""

    series: Series
    changes: Changes
    mine: Belonging

    def shown(self, original: datetime) -> Shown:
        return self.changes.get(original, UNCHANGED).over(self.series)


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


async def bookings(
    db: AsyncSession,
    belongings: Iterable[Belonging],
    *,
    cancelled_after: datetime | None = None,
    most: int | None = None,
) -> list[Booking]:
    """As `bookings_in`."""
    by_circle = {mine.circle.id: mine for mine in belongings}
    circles = [mine.circle for mine in by_circle.values()]
    dated = await bookings_in(db, circles, cancelled_after=cancelled_after, most=most)
    return [Booking(s, changes, by_circle[s.circle_id]) for s, changes in dated]


async def bookings_in(
    db: AsyncSession,
    circles: Iterable[Circle],
    *,
    cancelled_after: datetime | None = None,
    most: int | None = None,
) -> list[Dated]:
    """
    All series of these circles, the oldest first; cancelled ones too, or only those that were
    so after a moment. Of each circle as many as are worth showing, or all.
    """
    of_these = [circle.id for circle in circles]
    series: ColumnElement[bool] = col(Series.circle_id).in_(of_these)
    if cancelled_after is not None:
        off = col(Series.cancelled_at)
        series &= or_(off.is_(None), off > cancelled_after)
    asked = select(Series).where(series)
    if most is not None:
        place = func.row_number().over(
            partition_by=col(Series.circle_id), order_by=WORTH_SHOWING
        )
        ranked = select(Series.id, place.label("place")).where(series).subquery()
        worth = select(ranked.c.id).where(ranked.c.place <= most)
        asked = select(Series).where(col(Series.id).in_(worth))
    rows = list(await db.exec(asked.order_by(col(Series.created_at), col(Series.id))))
    changes = await changes_of(db, [series.id for series in rows])
    return [Dated(series, changes[series.id]) for series in rows]


async def extras_of(db: AsyncSession, series: Series) -> list[Series]:
    """Single dates beside the rule, the earliest first."""
    return (await extras_by_series(db, [series.id]))[series.id]


async def extras_by_series(db: AsyncSession, ids: Iterable[UUID]) -> dict[UUID, list[Series]]:
    found = await db.exec(
        select(Series)
        .where(col(Series.extra_of).in_(ids))
        .order_by(col(Series.start), col(Series.id))
    )
    extras: dict[UUID, list[Series]] = defaultdict(list)
    for extra in found:
        if extra.extra_of is not None:
            extras[extra.extra_of].append(extra)
    return extras


async def changes_of(db: AsyncSession, ids: list[UUID]) -> dict[UUID, Changes]:
    found = await db.exec(
        select(OccurrenceChange).where(col(OccurrenceChange.series_id).in_(ids))
    )
    changes: dict[UUID, Changes] = defaultdict(dict)
    for change in found:
        changes[change.series_id][change.original] = change.change
    return changes


def next_dates(
    booking: Booking | Dated,
    *,
    now: datetime,
    limit: int = SHOWN,
    with_cancelled: bool = True,
    with_skipped: bool = False,
) -> list[Occurrence]:
    """From the one that may still be running on; of what is skipped nobody was told."""
    after = now - _longest(booking) - CLOSES_AFTER
    coming = (
        date
        for date in dates_between(
            booking, after=after, before=END_OF_TIME, with_skipped=with_skipped
        )
        if date.skipped or with_cancelled or not date.cancelled
    )
    return list(islice(coming, limit))


def dates_between(
    booking: Booking | Dated, *, after: datetime, before: datetime, with_skipped: bool = False
) -> Iterator[Occurrence]:
    """Those that begin in [after, before)."""
    pattern, changes = booking.series.pattern, booking.changes
    found = recurrence.occurrences(pattern, changes, after=after, before=before)
    return (date for date in found if with_skipped or not date.skipped)


def _longest(booking: Booking | Dated) -> timedelta:
    own = (change.minutes or 0 for change in booking.changes.values())
    return timedelta(minutes=max(booking.series.minutes, *own, 0))


def has_dates(booking: Booking | Dated, *, now: datetime) -> bool:
    """Whether anything of it is still to take place."""
    if booking.series.cancelled_at is not None:
        return False
    return bool(next_dates(booking, now=now, limit=1, with_cancelled=False))


def may_have_dates(booking: Booking | Dated, *, now: datetime) -> bool:
    """Also when all that are to come are off: one may be put back."""
    if booking.series.cancelled_at is not None:
        return False
    return bool(next_dates(booking, now=now, limit=1))


def is_open(occurrence: Occurrence, *, now: datetime) -> bool:
    """Whether its room can be entered: 15 minutes before until 60 after."""
    return opens_at(occurrence) <= now < closes_at(occurrence) and not occurrence.cancelled


def opens_at(occurrence: Occurrence) -> datetime:
    return occurrence.starts_at - OPENS_BEFORE


def closes_at(occurrence: Occurrence) -> datetime:
    return occurrence.ends_at + CLOSES_AFTER
