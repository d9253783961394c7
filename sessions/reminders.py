"""
One neutral mail before a date, as long before as each person wants it.

What is due is found anew every minute, and the outbox knows what was said already: nothing
is kept beside it, so that a crash, a restart or a second process says nothing twice. After a
time in which nobody looked, only the nearest of the choices that were missed is said. Whoever
was invited, or told of a new time, later than the reminder was due, has just been reminded.
"""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import NamedTuple, get_args
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import SelectOfScalar

from sessions import answers, outbox, recurrence, schedule
from sessions.circles import Membership
from sessions.db import Database
from sessions.keys import Keys
from sessions.people import Minutes, Person
from sessions.recurrence import Occurrence
from sessions.schedule import OccurrenceChange, Series

CHOICES: tuple[int, ...] = get_args(Minutes)
LONGEST = timedelta(minutes=max(CHOICES))


class Ahead(NamedTuple):
    """A date for which it may be time."""

    series: Series
    date: Occurrence
    told_at: datetime
    """When people heard of it as it is now."""

    def before(self, minutes: int) -> datetime:
        return self.date.starts_at - timedelta(minutes=minutes)

    def may_be_due(self, since: datetime, now: datetime) -> bool:
        return any(since < self.before(minutes) <= now for minutes in CHOICES)


class Guest(NamedTuple):
    membership: Membership
    person: Person


async def post_due(database: Database, keys: Keys, *, since: datetime, now: datetime) -> int:
    """What became due after `since`; gives how many. Where nothing did, nothing is written."""
    async with database.read() as db:
        due = await _due(db, since=since, now=now)
        said = await outbox.was_posted(db, keys, due)
    by_series: dict[UUID, list[outbox.Reminder]] = defaultdict(list)
    for letter in due:
        if letter not in said:
            by_series[letter.series].append(letter)
    posted = 0
    for series_id, letters in by_series.items():
        async with database.write() as db:
            posted += await _post(db, keys, series_id, letters, now=now)
    return posted


async def _post(
    db: AsyncSession,
    keys: Keys,
    series_id: UUID,
    letters: list[outbox.Reminder],
    *,
    now: datetime,
) -> int:
    """Locked, so that of two processes the second sees what the first has posted."""
    series = await db.get(Series, series_id)
    if series is None:
        return 0
    await schedule.lock(db, series)
    said = await outbox.was_posted(db, keys, letters)
    unsaid = [letter for letter in letters if letter not in said]
    for letter in unsaid:
        outbox.post(db, keys, letter, now=now)
    return len(unsaid)


async def _due(db: AsyncSession, *, since: datetime, now: datetime) -> list[outbox.Reminder]:
    ahead = [one for one in await _dates_ahead(db, now=now) if one.may_be_due(since, now)]
    guests = await _guests(db, {one.series.circle_id for one in ahead})
    ids = [guest.membership.id for group in guests.values() for guest in group]
    series = {one.series.id for one in ahead}
    said = await answers.said_by(db, ids, about=series, now=now)
    return [
        outbox.Reminder(
            guest.membership.id,
            one.series.id,
            one.date.original.isoformat(),
            one.date.starts_at,
            minutes,
        )
        for one in ahead
        for guest in guests[one.series.circle_id]
        if (minutes := _time_for(guest, one, since=since, now=now)) is not None
        and answers.may_come(
            said[guest.membership.id],
            guest.membership,
            one.series.id,
            one.date.original,
        )
    ]


def _time_for(guest: Guest, one: Ahead, *, since: datetime, now: datetime) -> int | None:
    """The nearest of the choices whose time has come."""
    due = [minutes for minutes in guest.person.reminders if one.before(minutes) <= now]
    nearest = min(due, default=None)
    if nearest is None or one.before(nearest) <= since:
        return None
    known_since = max(one.told_at, guest.membership.created_at)
    return nearest if one.before(nearest) >= known_since else None


async def _dates_ahead(db: AsyncSession, *, now: datetime) -> list[Ahead]:
    series = list(await db.exec(_may_have_dates(now)))
    changed = await _changed(db, [one.id for one in series])
    return [ahead for one in series for ahead in _ahead(one, changed[one.id], now=now)]


def _ahead(
    series: Series, changed: dict[datetime, OccurrenceChange], *, now: datetime
) -> Iterator[Ahead]:
    changes = {original: row.change for original, row in changed.items()}
    before = now + LONGEST + timedelta(minutes=1)
    for date in recurrence.occurrences(series.pattern, changes, after=now, before=before):
        if date.starts_at > now and not date.cancelled:
            told_at = changed[date.original].changed_at if date.moved else series.created_at
            yield Ahead(series, date, told_at)


def _may_have_dates(now: datetime) -> SelectOfScalar[Series]:
    """Wall time, so with a day of slack on either side."""
    early = (now - timedelta(days=1)).replace(tzinfo=None)
    late = (now + LONGEST + timedelta(days=1)).replace(tzinfo=None)
    moved = select(OccurrenceChange.series_id).where(
        col(OccurrenceChange.moved_to).between(early, late)
    )
    by_rule = (
        (col(Series.start) <= late)
        & ((col(Series.frequency) != "once") | (col(Series.start) >= early))
        & (col(Series.until).is_(None) | (col(Series.until) >= early.date()))
    )
    return select(Series).where(
        col(Series.cancelled_at).is_(None), by_rule | col(Series.id).in_(moved)
    )


async def _changed(
    db: AsyncSession, ids: list[UUID]
) -> dict[UUID, dict[datetime, OccurrenceChange]]:
    changed: dict[UUID, dict[datetime, OccurrenceChange]] = defaultdict(dict)
    found = await db.exec(
        select(OccurrenceChange).where(col(OccurrenceChange.series_id).in_(ids))
    )
    for row in found:
        changed[row.series_id][row.original] = row
    return changed


async def _guests(db: AsyncSession, circles: set[UUID]) -> dict[UUID, list[Guest]]:
    """Who can be written to, and wants to be."""
    found = await db.exec(
        select(Membership, Person)
        .join(Person, col(Membership.person_id) == col(Person.id))
        .where(
            col(Membership.circle_id).in_(circles),
            col(Membership.ended_at).is_(None),
            col(Person.address).is_not(None),
        )
    )
    guests: dict[UUID, list[Guest]] = defaultdict(list)
    for membership, person in found:
        guests[membership.circle_id].append(Guest(membership, person))
    return guests
