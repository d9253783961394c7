"""Places that became free are offered to those who wait, one after the other."""

from datetime import datetime
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from sessions import answers, limits, outbox, schedule
from sessions.answers import OpenHall, Place, Waiting, Word, open_hall
from sessions.circles import Belonging
from sessions.db import Database
from sessions.keys import Keys
from sessions.schedule import Series
from sessions.seating import Offer

PER_MEMBER = limits.Limit("answers", most=120, seconds=3600)
"""Each is weighed against all others, and may be followed by a mail to somebody who waits."""


async def answer(
    db: AsyncSession,
    keys: Keys,
    mine: Belonging,
    series_id: UUID,
    *,
    original: datetime | None,
    word: Word,
    now: datetime,
) -> Place | None:
    """As `answers.answer`, and whom it makes room for is told."""
    await limits.spend(db, keys, PER_MEMBER, mine.membership.id.hex, now=now)
    place = await answers.answer(db, mine, series_id, original=original, answer=word, now=now)
    await settle(db, keys, await db.get_one(Series, series_id), now=now)
    return place


async def take(
    db: AsyncSession,
    keys: Keys,
    mine: Belonging,
    series_id: UUID,
    *,
    original: datetime | None,
    now: datetime,
) -> Place | None:
    """As `answers.take`, and whoever is next for another date is told."""
    await limits.spend(db, keys, PER_MEMBER, mine.membership.id.hex, now=now)
    place = await answers.take(db, mine, series_id, original=original, now=now)
    await settle(db, keys, await db.get_one(Series, series_id), now=now)
    return place


async def pass_on(
    db: AsyncSession,
    keys: Keys,
    mine: Belonging,
    series_id: UUID,
    *,
    original: datetime | None,
    now: datetime,
) -> Place | None:
    """Not this time: out of the line, and the place goes to the next."""
    return await answer(db, keys, mine, series_id, original=original, word="no", now=now)


async def settle(db: AsyncSession, keys: Keys, series: Series, *, now: datetime) -> int:
    """
    End offers whose time is over and make new ones; gives how many.

    Right after whatever may have made a place free; every minute for what only time does.
    """
    await schedule.lock(db, series)
    if not await _anybody_waits(db, series):
        return 0
    opened = await open_hall(db, series, now=now)
    made = _settled(opened, now=now)
    for offer in made:
        letter = outbox.SeatOffered(
            offer.who,
            series.id,
            offer.level.isoformat() if offer.level else "",
            now,
            offer.until,
        )
        outbox.post(db, keys, letter, now=now)
    await opened.close(db, now=now)
    return len(made)


def say_so(
    db: AsyncSession,
    keys: Keys,
    mine: Belonging,
    series: Series,
    original: datetime | None,
    *,
    now: datetime,
) -> None:
    """Mail somebody who said yes in a calendar app that they wait for a place."""
    at = original.isoformat() if original else ""
    letter = outbox.InLine(mine.membership.id, series.id, at, now)
    outbox.post(db, keys, letter, now=now)


async def settle_all(database: Database, keys: Keys, *, now: datetime) -> int:
    """One series after the other, and nothing is locked where there is nothing to do."""
    async with database.read() as db:
        ids = [one for one in await _with_a_line(db) if await _is_due(db, one, now=now)]
    made = 0
    for series_id in ids:
        async with database.write() as db:
            series = await db.get(Series, series_id)
            if series is not None:
                made += await settle(db, keys, series, now=now)
    return made


async def _with_a_line(db: AsyncSession) -> list[UUID]:
    found = await db.exec(
        select(Waiting.series_id)
        .join(Series, col(Waiting.series_id) == col(Series.id))
        .where(col(Series.cancelled_at).is_(None))
        .distinct()
    )
    return list(found)


async def _anybody_waits(db: AsyncSession, series: Series) -> bool:
    found = await db.exec(select(Waiting.id).where(Waiting.series_id == series.id).limit(1))
    return found.first() is not None


async def _is_due(db: AsyncSession, series_id: UUID, *, now: datetime) -> bool:
    opened = await open_hall(db, await db.get_one(Series, series_id), now=now)
    before = dict(opened.hall.waits)
    _settled(opened, now=now)
    return opened.hall.waits != before or bool(opened.stale)


def _settled(opened: OpenHall, *, now: datetime) -> list[Offer]:
    opened.hall.expire(now=now)
    return opened.hall.offer(now=now)
