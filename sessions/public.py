"""
What all the world may know of a circle that is openly listed: what it is for, and when.

Nobody's name, no link into a room, and nothing by which somebody's own calendar could be
told to be this circle's, but for the hour: at which times it is, how long it takes, and which
dates are moved or off, is the same in both, as it has to be.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from sessions import circles, feeds, ics, schedule
from sessions.circles import Circle
from sessions.errors import NotFound
from sessions.feeds.tags import good_until, rows_of, shown_in
from sessions.ics import Event
from sessions.keys import Keys
from sessions.recurrence import Occurrence
from sessions.schedule import Dated, Series
from sessions.settings import Settings

SHOWN = 12


class Listed(NamedTuple):
    """What an app that asks again needs."""

    tag: str
    good_until: datetime
    """From then on the tag may be another, though nobody has changed anything."""


class Listing(NamedTuple):
    circle: Circle
    dated: list[Dated]


class Date(NamedTuple):
    series: Series
    occurrence: Occurrence


async def listed(
    db: AsyncSession, settings: Settings, circle_id: UUID, *, now: datetime
) -> Listed:
    """One statement. Raises `NotFound` for a circle that is not listed."""
    rows = await rows_of(
        db,
        select(
            col(Circle.public_sequence).label("circle_sequence"),
            col(Circle.languages),
            col(Series.id).label("series"),
            col(Series.public_sequence),
            col(Series.cancelled_at).label("off"),
        )
        .select_from(Circle)
        .outerjoin(Series, shown_in(col(Circle.id)))
        .where(col(Circle.id) == circle_id, col(Circle.openness) == "open")
        .order_by(*schedule.WORTH_SHOWING)
        .limit(schedule.MOST_SERIES),
        since=now - feeds.CANCELLED_SHOWN,
    )
    if not rows:
        raise NotFound
    shown = [r for r in rows if r.series is not None]
    parts = [circle_id.hex, f"{rows[0].circle_sequence}", *rows[0].languages]
    parts += [f"{r.series.hex} {r.public_sequence}" for r in shown]
    tag = feeds.tag_of(settings, parts, now=now)
    return Listed(tag, good_until((r.off for r in shown), now=now))


async def listing(db: AsyncSession, circle_id: UUID, *, now: datetime) -> Listing:
    """Raises `NotFound` for a circle that is not listed."""
    circle = await circles.open_circle(db, circle_id)
    shown = await schedule.bookings_in(
        db, [circle], cancelled_after=now - feeds.CANCELLED_SHOWN, most=schedule.MOST_SERIES
    )
    return Listing(circle, shown)


async def listings(
    db: AsyncSession, listed_circles: Sequence[Circle], *, now: datetime
) -> list[Listing]:
    """With what is not cancelled."""
    by_circle: dict[UUID, list[Dated]] = defaultdict(list)
    for dated in await schedule.bookings_in(
        db, listed_circles, cancelled_after=now, most=schedule.MOST_SERIES
    ):
        by_circle[dated.series.circle_id].append(dated)
    return [Listing(circle, by_circle[circle.id]) for circle in listed_circles]


def dates(listing: Listing, *, now: datetime) -> list[Date]:
    """The next ones of all series, soonest first; those that are off as well."""
    found = [
        Date(dated.series, occurrence)
        for dated in listing.dated
        if dated.series.cancelled_at is None
        for occurrence in schedule.next_dates(dated, now=now, limit=SHOWN)
        if occurrence.ends_at > now and not occurrence.skipped
    ]
    return sorted(found, key=lambda date: date.occurrence.starts_at)[:SHOWN]


def feed(
    listing: Listing,
    *,
    keys: Keys,
    settings: Settings,
    written: Callable[[Event], bytes],
    now: datetime,
) -> bytes:
    events = list(_events(listing, keys, settings, now=now))
    name = listing.circle.name
    return ics.feed(events, name=name, refresh_hours=feeds.REFRESH_HOURS, entries=written)


def _events(
    listing: Listing, keys: Keys, settings: Settings, *, now: datetime
) -> Iterator[Event]:
    circle = listing.circle
    for series, changes in listing.dated:
        at = revised_at(keys, circle, series, now=now)
        yield Event(
            uid=public_uid(keys, series),
            sequence=public_sequence(keys, circle, series),
            # Not its title, which is not listed: members may have chosen it among themselves.
            summary=circle.name,
            description=circle.purpose,
            pattern=series.pattern,
            changes={original: change.time for original, change in changes.items()},
            changed_at=at,
            stamped_at=at,
            url=page_url(settings, circle),
            cancelled=series.cancelled_at is not None,
        )


def public_uid(keys: Keys, series: Series) -> str:
    """
    Another one than members have: who sees both calendars learns nothing from it.

    By the oldest key, for it must outlive a change of secrets.
    """
    return _fingerprint(keys, series)[:32]


def public_sequence(keys: Keys, circle: Circle, series: Series) -> int:
    """
    Counted apart from that of members, which also goes up with what happens among them, and
    from a number that nobody can guess.
    """
    begin = int(_fingerprint(keys, series)[32:34], 16)
    return begin + circle.public_sequence + series.public_sequence


def revised_at(keys: Keys, circle: Circle, series: Series, *, now: datetime) -> datetime:
    """
    No moment at which anything happened, for that would stand in members' calendars as well.

    It moves on with each change, or Google would not take it over (RFC 5545 - 3.8.7.3. Last
    Modified); and with the year, as all that is written does.
    """
    return feeds.stamp(now) + timedelta(seconds=public_sequence(keys, circle, series))


def _fingerprint(keys: Keys, series: Series) -> str:
    return keys.fingerprints("public event", series.uid)[-1]


def page_url(settings: Settings, circle: Circle) -> str:
    return f"{settings.public_url}/open/{circle.id}"


def feed_url(settings: Settings, circle: Circle) -> str:
    return f"{page_url(settings, circle)}.ics"
