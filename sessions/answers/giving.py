"""Answering, and taking an offered place."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from sessions import recurrence, schedule
from sessions.answers.halls import open_hall
from sessions.answers.tables import Answer
from sessions.circles import Belonging
from sessions.errors import Conflict, NotFound
from sessions.schedule import Series
from sessions.seating import Place, Word
from sessions.zones import resolve

FURTHEST = timedelta(days=400)
"""Nobody knows their evenings longer ahead, and each answer is counted with all others."""


async def answer(
    db: AsyncSession,
    mine: Belonging,
    series_id: UUID,
    *,
    original: datetime | None,
    answer: Word,
    now: datetime,
) -> Place | None:
    """
    Answer for one date or for the whole series; the last word counts.

    An answer for the series is the default of its dates; those answered on their own stay.
    A yes may have to wait for a place: what it came to is given back. Places that become
    free are offered to others by `waiting.settle`.
    """
    series = await _answerable(db, mine, series_id, original, now=now)
    await schedule.lock(db, series)
    if mine.leads:
        await _note(db, mine, series, original, answer, now=now)
        return None
    opened = await open_hall(db, series, now=now, also=original)
    if original is not None and original not in opened.hall.nights:
        await _note(db, mine, series, original, answer, now=now)  # it has begun
        return "held" if answer == "yes" else None
    opened.hall.expire(now=now)
    opened.hall.answer(mine.membership.id, original, answer, now=now)
    await opened.close(db, now=now)
    return opened.hall.place(mine.membership.id, original)


async def take(
    db: AsyncSession,
    mine: Belonging,
    series_id: UUID,
    *,
    original: datetime | None,
    now: datetime,
) -> Place | None:
    """Accept an offered place, or one that is free. Raises `Conflict` when it is gone."""
    series = await _answerable(db, mine, series_id, original, now=now)
    await schedule.lock(db, series)
    opened = await open_hall(db, series, now=now, also=original)
    me = mine.membership.id
    opened.hall.expire(now=now)
    had = opened.hall.place(me, original)
    if had != "held" and not opened.hall.take(me, original, now=now):
        raise Conflict("place_gone")
    await opened.close(db, now=now)
    return opened.hall.place(me, original)


async def _answerable(
    db: AsyncSession,
    mine: Belonging,
    series_id: UUID,
    original: datetime | None,
    *,
    now: datetime,
) -> Series:
    series = await db.get(Series, series_id)
    if series is None or series.circle_id != mine.circle.id:
        raise NotFound
    if series.cancelled_at is not None:
        raise Conflict("already_cancelled")
    if original is not None and not recurrence.follows(series.pattern, original):
        raise NotFound("no_such_date")
    if original is not None and resolve(original, series.zone) > now + FURTHEST:
        raise Conflict("too_far_ahead")
    return series


async def _note(
    db: AsyncSession,
    mine: Belonging,
    series: Series,
    original: datetime | None,
    answer: Word,
    *,
    now: datetime,
) -> None:
    """An answer that takes no place."""
    me = mine.membership.id
    found = await db.exec(
        select(Answer).where(
            Answer.membership_id == me,
            Answer.series_id == series.id,
            col(Answer.original).is_(None) if original is None else Answer.original == original,
        )
    )
    given = found.first()
    if given is None:
        given = Answer(
            membership_id=me,
            series_id=series.id,
            original=original,
            answer=answer,
            answered_at=now,
        )
        db.add(given)
    given.answer, given.answered_at = answer, now
