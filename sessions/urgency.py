"""
Which letters are about a date of the next hours: told a day later, they are told too late.

A date counts by where its plan has it and by where it is now; where it had been put in
between is not kept.
"""

from datetime import datetime, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from sessions import outbox, schedule
from sessions.letters.desk import original_of
from sessions.outbox import AnyLetter
from sessions.schedule import Dated, Series
from sessions.zones import resolve

AHEAD = timedelta(days=1)

AboutDates = (
    outbox.DateLetter
    | outbox.SeriesCancelled
    | outbox.SeriesChanged
    | outbox.SeriesRestored
    | outbox.SeatOffered
    | outbox.Reminder
)


async def has_urgent(db: AsyncSession, thread: list[AnyLetter], *, now: datetime) -> bool:
    """Whether one of them is; those of a thread are about one series."""
    letters = [letter for letter in thread if isinstance(letter, AboutDates)]
    series = await db.get(Series, letters[0].series) if letters else None
    if series is None:
        return False
    dated = Dated(series, (await schedule.changes_of(db, [series.id]))[series.id])
    return any(_is_near(dated, _about(letter), now=now) for letter in letters)


def _is_near(dated: Dated, planned: datetime | None, *, now: datetime) -> bool:
    if planned is None:
        return _meets(dated, after=now, before=now + AHEAD)
    return _first_of(dated, planned) < now + AHEAD


def _about(letter: AnyLetter) -> datetime | None:
    if isinstance(letter, outbox.SeriesChanged):
        return datetime.fromisoformat(letter.original) if letter.original else None
    return original_of(letter)


def _first_of(dated: Dated, planned: datetime) -> datetime:
    """Of where the date was planned and where it is."""
    moved = dated.changes.get(planned, schedule.UNCHANGED).moved_to
    return min(resolve(wall, dated.series.zone) for wall in (planned, moved) if wall)


def _meets(dated: Dated, *, after: datetime, before: datetime) -> bool:
    coming = schedule.dates_between(dated, after=after, before=before)
    return any(not date.cancelled for date in coming)
