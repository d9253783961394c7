"""
What was told of a series, and whether it still holds.

Wall time is what was booked; its instants follow the rules of the zone, and governments
change those. What the offsets from UTC were when people were told is written down; when
today's rules give others for a date to come, everyone who was told is told anew. An open
series is told five years ahead, so once a year it is told again.
"""

import asyncio
from bisect import bisect_right
from collections.abc import Iterable
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
from sessions.recurrence import last_start
from sessions.schedule.means import Means
from sessions.schedule.reading import Dated, changes_of, dates_between
from sessions.schedule.tables import Series
from sessions.schedule.telling import Wording, listeners, lock, raise_sequence, tell
from sessions.zones import resolve

YEAR = timedelta(days=366)
Announced = list[list[str | int]]
"""From which wall time on, ISO 8601, which offset in minutes was told; the last is the end."""


async def announce(db: AsyncSession, series: Series, *, now: datetime) -> None:
    """Write down what is told with the present revision."""
    changes = (await changes_of(db, [series.id]))[series.id]
    series.announced = _runs(_walls(Dated(series, changes), now=now), series.zone)


async def outdated(db: AsyncSession, *, now: datetime) -> list[UUID]:
    """Series of which something else holds now than was told."""
    found = await db.exec(select(Series).where(col(Series.cancelled_at).is_(None)))
    series = list(found)
    changes = await changes_of(db, [each.id for each in series])
    late = []
    for each in series:
        if each.announced is None or wording(Dated(each, changes[each.id]), now=now):
            late.append(each.id)
        await asyncio.sleep(0)  # there may be thousands, and others have to be served
    return late


async def tell_anew(db: AsyncSession, keys: Keys, series_id: UUID, *, now: datetime) -> bool:
    """Another process may have been faster: with the series in hand, it is looked at again."""
    series = await db.get(Series, series_id)
    if series is None:
        return False
    await lock(db, series)
    if series.announced is None:  # it was told before this was written down
        await announce(db, series, now=now)
    changes = (await changes_of(db, [series.id]))[series.id]
    letter = wording(Dated(series, changes), now=now)
    if letter is None:
        return False
    raise_sequence(series, now=now)
    await announce(db, series, now=now)
    hearing = [each for each in await listeners(db, series, acting=None) if each.reached]
    await tell(db, keys, series, hearing, letter, said="request", means=Means(), now=now)
    return True


def wording(dated: Dated, *, now: datetime) -> Wording | None:
    """Which letter is due, if one is."""
    announced = dated.series.announced
    if announced is None or dated.series.cancelled_at is not None:
        return None
    walls = _walls(dated, now=now)
    if any(_told(announced, wall) not in (None, _offset(wall, dated)) for wall in walls):
        return outbox.SeriesChanged
    if last_start(dated.series.pattern) is None and _end(announced) < _reach(now):
        return partial(outbox.Redrawn, renewed=True)
    return None


def _walls(dated: Dated, *, now: datetime) -> list[datetime]:
    """Of all dates to come, as far as they are told."""
    coming = dates_between(dated, after=now, before=now + HORIZON)
    return sorted(date.local for date in coming if not date.cancelled)


def _runs(walls: Iterable[datetime], zone: str) -> Announced:
    pairs = [(wall, resolve_offset(wall, zone)) for wall in walls]
    firsts = [next(run) for _, run in groupby(pairs, key=itemgetter(1))]
    ends = pairs[-1:] if pairs[-1:] != firsts[-1:] else []
    return [[wall.isoformat(), offset] for wall, offset in [*firsts, *ends]]


def resolve_offset(wall: datetime, zone: str) -> int:
    """Minutes by which clocks there are ahead of UTC."""
    ahead = wall - resolve(wall, zone).replace(tzinfo=None)
    return ahead // timedelta(minutes=1)


def _offset(wall: datetime, dated: Dated) -> int:
    return resolve_offset(wall, dated.series.zone)


def _told(announced: Announced, wall: datetime) -> int | None:
    """None for what lies beyond all that was told."""
    if not announced or wall > _end(announced):
        return None
    at = bisect_right([str(start) for start, _ in announced], wall.isoformat())
    return int(announced[at - 1][1]) if at else None


def _end(announced: Announced) -> datetime:
    return datetime.fromisoformat(str(announced[-1][0])) if announced else datetime.min  # noqa: DTZ901 - wall time


def _reach(now: datetime) -> datetime:
    """How far an open series has to be told at least."""
    return (now + HORIZON - YEAR).replace(tzinfo=None)
