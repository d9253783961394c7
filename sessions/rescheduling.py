"""
A date at another hour is another question: who had said that they come to it is asked anew.

RFC 5546 - 3.2.2.1. Rescheduling an Event leaves to the organizer what becomes of the answers.
As calendar products do, a yes or a maybe to a date counts for the instant at which the date
was when it was given, whether the date alone is moved or the plan changes. A no may stay. What
was said to the whole series is no word about one date, and stays with it; when the series
itself changes its hour, `schedule.Carried.anew` decides about that.

A date that is moved and put back asks anew even if no letter has left in between: pages show
it at once where it is, and people answer there as well.
"""

from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

from sqlmodel.ext.asyncio.session import AsyncSession

from sessions import answers, recurrence, schedule
from sessions.keys import Keys
from sessions.recurrence import Pattern
from sessions.schedule import Booking, Changes, Means, Series, Wish


class Standing(NamedTuple):
    """Where the dates of a series are."""

    pattern: Pattern
    changes: Changes

    def instant(self, original: datetime) -> datetime | None:
        if not recurrence.follows(self.pattern, original):
            return None
        return recurrence.occurrence_at(self.pattern, self.changes, original).starts_at


async def change_date(
    db: AsyncSession,
    keys: Keys,
    booking: Booking,
    original: datetime,
    wish: Wish,
    *,
    now: datetime,
) -> Means:
    was = Standing(booking.series.pattern, booking.changes)
    means = await schedule.change_date(db, keys, booking, original, wish, now=now)
    await ask_anew(db, booking.series, was, booking.series, means)
    return means


async def restore_date(
    db: AsyncSession, keys: Keys, booking: Booking, original: datetime, *, now: datetime
) -> Means:
    was = Standing(booking.series.pattern, booking.changes)
    means = await schedule.restore_occurrence(db, keys, booking, original, now=now)
    await ask_anew(db, booking.series, was, booking.series, means)
    return means


async def ask_anew(
    db: AsyncSession,
    before: Series,
    was: Standing,
    after: Series,
    means: Means,
    *,
    name: Callable[[datetime], datetime | None] = lambda original: original,
) -> None:
    """
    Before the answers are taken along: they are still those to `before`, whose dates were as
    `was` says. `name` gives what a date is called in `after`.
    """
    changes = await schedule.changes_of(db, [after.id])
    now_is = Standing(after.pattern, changes[after.id])
    single = was.pattern.rule is None
    answered = await answers.answered_dates(db, before.id)
    originals = {original or was.pattern.start for original in answered if original or single}
    put_elsewhere = {original for original, change in was.changes.items() if change.moved_to}
    moved = {
        original
        for original in originals | put_elsewhere
        if (called := name(original)) and was.instant(original) != now_is.instant(called)
    }
    asked = await answers.ask_again(db, before.id, moved, single=single)
    # Whoever was to be asked when it was put there still is: no answer is left to show it.
    if (asked or moved & put_elsewhere) and "asked_anew" not in means.why:
        means.why.append("date_asked_anew")
