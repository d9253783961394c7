"""
What was told of a series, and whether it still holds.

Wall time is what was booked; its instants follow the rules of the zone, and governments
change those. What the offsets from UTC were when people were told is written down; when
today's rules give others for a date to come, everyone who was told is told anew. A series
with an end is told to its last date. An open one is told five years ahead, whether or not a
date falls there, so once a year it is told again.
"""

import asyncio
from bisect import bisect_right
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from itertools import groupby
from operator import itemgetter
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from sessions import outbox
from sessions.ics import HORIZON
from sessions.keys import Keys
from sessions.recurrence import Occurrence, last_start
from sessions.schedule.means import Means
from sessions.schedule.reading import END_OF_TIME, Dated, changes_of, dates_between
from sessions.schedule.tables import Series
from sessions.schedule.telling import Wording, listeners, lock, raise_sequence, tell
from sessions.zones import resolve, zone

YEAR = timedelta(days=366)
Announced = list[list[str | int]]
"""From which wall time on, ISO 8601, which offset in minutes was told; the last is the end."""


async def announce(db: AsyncSession, series: Series, *, now: datetime) -> None:
    """Write down what is told with the present revision: all of it."""
    dated = await _dated(db, series)
    series.announced = _runs(dated, [], _end_of_telling(series, now=now), now=now)


async def announce_date(
    db: AsyncSession, series: Series, original: datetime | None, *, now: datetime
) -> None:
    """
    Of this date, or of none. What was told of the others stays as it was told, and nothing
    is told beyond it.
    """
    known = series.announced
    if known is None:  # it was told before this was written down, and is taken for right
        await announce(db, series, now=now)
        return
    end = _end(known) if _is_open(series) else None
    series.announced = _runs(await _dated(db, series), known, end, anew=original, now=now)


async def outdated(db: AsyncSession, *, now: datetime) -> list[UUID]:
    """Series of which something else holds now than was told."""
    found = await db.exec(select(Series).where(col(Series.cancelled_at).is_(None)))
    series = list(found)
    changes = await changes_of(db, [each.id for each in series])
    # In threads: there may be thousands, one with a far end takes long, and others have to
    # be served.
    return [
        each.id
        for each in series
        if await asyncio.to_thread(_is_outdated, Dated(each, changes[each.id]), now)
    ]


async def tell_anew(db: AsyncSession, keys: Keys, series_id: UUID, *, now: datetime) -> bool:
    """Another process may have been faster: with the series in hand, it is looked at again."""
    series = await db.get(Series, series_id)
    if series is None:
        return False
    await lock(db, series)
    if _falls_short(await _dated(db, series), now=now):
        await announce_date(db, series, None, now=now)
    letter = wording(await _dated(db, series), now=now)
    if letter is None:
        return False
    raise_sequence(series, now=now, openly=True)
    await announce(db, series, now=now)
    hearing = [each for each in await listeners(db, series, acting=None) if each.reached]
    await tell(db, keys, series, hearing, letter, said="request", means=Means(), now=now)
    return True


def wording(dated: Dated, *, now: datetime) -> Wording | None:
    """Which letter is due, if one is."""
    series, announced = dated.series, dated.series.announced
    if announced is None or series.cancelled_at is not None:
        return None
    for date in _dates(dated, now=now):
        told = _told(announced, date.local)
        if told not in (None, resolve_offset(date.local, series.zone)):
            return outbox.SeriesChanged
    if _is_open(series) and _end(announced) < _wall(series, now + HORIZON - YEAR):
        return partial(outbox.Redrawn, renewed=True)
    return None


def _is_outdated(dated: Dated, now: datetime) -> bool:
    return _falls_short(dated, now=now) or wording(dated, now=now) is not None


def _falls_short(dated: Dated, *, now: datetime) -> bool:
    """Whether dates were told without their offsets being written down."""
    announced = dated.series.announced
    if announced is None or _is_open(dated.series):
        return announced is None
    return any(date.local > _end(announced) for date in _dates(dated, now=now))


async def _dated(db: AsyncSession, series: Series) -> Dated:
    return Dated(series, (await changes_of(db, [series.id]))[series.id])


def _is_open(series: Series) -> bool:
    return last_start(series.pattern) is None


def _end_of_telling(series: Series, *, now: datetime) -> datetime | None:
    """On the wall, how far calendars are told an open series; None: to its last date."""
    if not _is_open(series):
        return None
    return _wall(series, max(now, resolve(series.start, series.zone)) + HORIZON)


def _dates(dated: Dated, *, now: datetime) -> Iterator[Occurrence]:
    """All to come that are told."""
    series = dated.series
    end = _end_of_telling(series, now=now)
    before = resolve(end, series.zone) if end else END_OF_TIME
    coming = dates_between(dated, after=now, before=before)
    return (date for date in coming if not date.cancelled)


def _runs(
    dated: Dated,
    known: Announced,
    end: datetime | None,
    *,
    anew: datetime | None = None,
    now: datetime,
) -> Announced:
    """`anew`: the one date that is told again, whatever is known of it."""
    places = [(date.local, date.original) for date in _dates(dated, now=now)]
    if end is not None:
        places = [place for place in places if place[0] < end] + [(end, end)]
    pairs = []
    for wall, original in sorted(places):
        told = _told(known, wall) if original != anew else None
        now_so = resolve_offset(wall, dated.series.zone)
        pairs.append((wall, now_so if told is None else told))
    firsts = [next(run) for _, run in groupby(pairs, key=itemgetter(1))]
    ends = pairs[-1:] if pairs[-1:] != firsts[-1:] else []
    return [[wall.isoformat(), offset] for wall, offset in [*firsts, *ends]]


def resolve_offset(wall: datetime, zone_name: str) -> int:
    """Minutes by which clocks there are ahead of UTC."""
    ahead = wall - resolve(wall, zone_name).replace(tzinfo=None)
    return ahead // timedelta(minutes=1)


def _told(announced: Announced, wall: datetime) -> int | None:
    """None for what lies beyond all that was told."""
    if not announced or wall > _end(announced):
        return None
    at = bisect_right([str(start) for start, _ in announced], wall.isoformat())
    return int(announced[at - 1][1]) if at else None


def _end(announced: Announced) -> datetime:
    return datetime.fromisoformat(str(announced[-1][0])) if announced else datetime.min  # noqa: DTZ901 - wall time


def _wall(series: Series, moment: datetime) -> datetime:
    return moment.astimezone(zone(series.zone)).replace(tzinfo=None)
