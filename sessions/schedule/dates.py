"""One date changed, cancelled or put back; it is named by its original start."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from sessions import outbox, recurrence
from sessions.errors import Conflict, Invalid, NotFound
from sessions.keys import Keys
from sessions.recurrence import Pattern
from sessions.schedule.announced import announce_date
from sessions.schedule.means import Means
from sessions.schedule.reading import UNCHANGED, Booking
from sessions.schedule.tables import DateChange, OccurrenceChange, Series
from sessions.schedule.telling import listeners, open_for_change, raise_sequence, tell
from sessions.schedule.wishes import Wish, one_date
from sessions.zones import resolve

DateLetter = Callable[[UUID, UUID, str, int], outbox.DateLetter]


async def change_date(
    db: AsyncSession,
    keys: Keys,
    booking: Booking,
    original: datetime,
    wish: Wish,
    *,
    now: datetime,
) -> Means:
    """Another time, length or title for one date, and other seats or another agenda."""
    row = await _changeable(db, booking, original, now=now)
    series, before = booking.series, row.change
    if before.off:
        raise Conflict("already_cancelled")
    _check_not_over(series, original, before, now=now)
    change = one_date(series, original, before, wish)
    if change == before:
        return Means(why=["for_nobody"])
    if change.moved_to != before.moved_to:
        check_to_come(replace(series.pattern, start=change.moved_to or original), now=now)
    await _write(db, row, change, now=now)
    if change.time == before.time and change.title == before.title:
        return Means(why=["for_nobody"])
    back = change.time == UNCHANGED.time and change.title is None
    letter = outbox.DateRestored if back else outbox.DateChanged
    title_only = change.time == before.time
    means = await _tell(db, keys, booking, original, letter, title_only=title_only, now=now)
    changes = {**booking.changes, original: change}
    if change.moved_to != before.moved_to and recurrence.is_out_of_turn(
        series.pattern, changes, original
    ):
        means.why.append("out_of_turn")
    return means


async def cancel_occurrence(
    db: AsyncSession, keys: Keys, booking: Booking, original: datetime, *, now: datetime
) -> Means:
    row = await _changeable(db, booking, original, now=now)
    before = row.change
    if before.off:
        return Means()
    _check_not_over(booking.series, original, before, now=now)
    await _write(db, row, replace(before, cancelled=True), now=now)
    return await _tell(db, keys, booking, original, outbox.DateCancelled, now=now)


async def restore_occurrence(
    db: AsyncSession, keys: Keys, booking: Booking, original: datetime, *, now: datetime
) -> Means:
    """
    What is off takes place again, as and where it was to before; of any other date all that
    was changed is taken back.
    """
    row = await _changeable(db, booking, original, now=now)
    if row not in db:
        return Means()
    before = row.change
    change = replace(before, cancelled=False, skipped=False) if before.off else UNCHANGED
    if resolve(change.moved_to or original, booking.series.zone) < now:
        raise Conflict("already_over")
    await _write(db, row, change, now=now)
    return await _tell(db, keys, booking, original, outbox.DateRestored, now=now)


def check_to_come(pattern: Pattern, *, now: datetime) -> None:
    if resolve(pattern.start, pattern.zone) < now:
        raise Invalid("in_the_past", field="to")


async def _changeable(
    db: AsyncSession, booking: Booking, original: datetime, *, now: datetime
) -> OccurrenceChange:
    """What is changed already, or a fresh one that is not yet in `db`."""
    series = await open_for_change(db, booking)
    if not recurrence.follows(series.pattern, original):
        raise NotFound("no_such_date")
    key = (series.id, original)
    known = await db.get(OccurrenceChange, key, populate_existing=True)
    return known or OccurrenceChange(series_id=key[0], original=original, changed_at=now)


def _check_not_over(
    series: Series, original: datetime, change: DateChange, *, now: datetime
) -> None:
    date = recurrence.occurrence_at(series.pattern, {original: change}, original)
    if date.ends_at <= now:
        raise Conflict("already_over")


async def _write(
    db: AsyncSession, row: OccurrenceChange, change: DateChange, *, now: datetime
) -> None:
    if change != UNCHANGED:
        row.take(change)
        row.changed_at = now
        db.add(row)
    elif row in db:
        await db.delete(row)
    await db.flush()


async def _tell(
    db: AsyncSession,
    keys: Keys,
    booking: Booking,
    original: datetime,
    letter: DateLetter,
    *,
    title_only: bool = False,
    now: datetime,
) -> Means:
    series, means, name = booking.series, Means(), original.isoformat()
    raise_sequence(series, now=now, openly=not title_only)
    await announce_date(db, series, original, now=now)
    acting = booking.mine.membership
    hearing = await listeners(db, series, acting=acting, title_only=title_only)
    await tell(
        db,
        keys,
        series,
        hearing,
        lambda member, about, sequence: letter(member, about, name, sequence),
        said="one_date",
        means=means,
        now=now,
    )
    return means
