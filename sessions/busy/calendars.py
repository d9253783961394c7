"""The calendars that a person keeps elsewhere: named, read again, forgotten."""

import re
from datetime import datetime
from urllib.parse import urlsplit
from uuid import UUID

from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from sessions.busy.fetching import Access
from sessions.busy.tables import BusyTime, ExternalCalendar, Kind
from sessions.errors import Conflict, Invalid, NotFound
from sessions.keys import Keys
from sessions.limits import Limit, spend
from sessions.outgoing import Outgoing, Trouble
from sessions.people import Person
from sessions.text import clean_line

MOST = 10
READ_AGAIN = Limit("read a calendar again", most=12, seconds=3600)
ADDED = Limit("add a calendar", most=30, seconds=86400)
SUBSCRIBED = re.compile(r"^webcals?:", re.IGNORECASE)
"""What a browser opens in a calendar app; behind it is HTTPS."""


async def add(
    db: AsyncSession,
    keys: Keys,
    outgoing: Outgoing,
    person: Person,
    *,
    kind: Kind,
    access: Access,
    label: str,
    now: datetime,
) -> ExternalCalendar:
    """To be read soon; raises `Invalid` for what can never be read."""
    address = SUBSCRIBED.sub("https:", access.address.strip())
    try:
        outgoing.check(address)
    except Trouble as error:
        raise Invalid(error.code, field="address") from error
    if ":" in access.username:  # RFC 7617 - 2. The 'Basic' Authentication Scheme
        raise Invalid("wrong", field="username")
    label = clean_line(label)
    if not label:
        raise Invalid("needed", field="label")
    if len(await of(db, person)) >= MOST:
        raise Conflict("too_many_calendars", count=MOST)
    await spend(db, keys, ADDED, person.id.hex, now=now)
    calendar = ExternalCalendar(
        person_id=person.id,
        kind=kind,
        access=Access(address, access.username, access.password).seal(keys),
        label=label,
        next_at=now,
        created_at=now,
    )
    db.add(calendar)
    await db.flush()
    return calendar


async def of(db: AsyncSession, person: Person) -> list[ExternalCalendar]:
    found = await db.exec(
        select(ExternalCalendar)
        .where(ExternalCalendar.person_id == person.id)
        .order_by(col(ExternalCalendar.created_at), col(ExternalCalendar.id))
    )
    return list(found)


async def read_again(
    db: AsyncSession, keys: Keys, person: Person, calendar_id: UUID, *, now: datetime
) -> ExternalCalendar:
    """Raises `NotFound`, or `TooMany`: strangers' servers are not ours to wear out."""
    calendar = await _one(db, person, calendar_id)
    await spend(db, keys, READ_AGAIN, person.id.hex, now=now)
    calendar.next_at = now
    return calendar


async def remove(db: AsyncSession, person: Person, calendar_id: UUID) -> None:
    await db.delete(await _one(db, person, calendar_id))


async def counts(db: AsyncSession, person: Person) -> dict[UUID, int]:
    """How many busy times each of them has."""
    found = await db.exec(
        select(BusyTime.calendar_id, func.count())
        .join(ExternalCalendar, col(BusyTime.calendar_id) == col(ExternalCalendar.id))
        .where(ExternalCalendar.person_id == person.id)
        .group_by(col(BusyTime.calendar_id))
    )
    return dict(found.all())


async def times_of(
    db: AsyncSession, calendar: ExternalCalendar
) -> list[tuple[datetime, datetime]]:
    found = await db.exec(
        select(BusyTime.starts_at, BusyTime.ends_at)
        .where(BusyTime.calendar_id == calendar.id)
        .order_by(col(BusyTime.starts_at))
    )
    return [(begin, end) for begin, end in found]


def host_of(keys: Keys, calendar: ExternalCalendar) -> str:
    """All that is shown of an address again."""
    return urlsplit(Access.unseal(keys, calendar.access).address).hostname or ""


async def _one(db: AsyncSession, person: Person, calendar_id: UUID) -> ExternalCalendar:
    calendar = await db.get(ExternalCalendar, calendar_id)
    if calendar is None or calendar.person_id != person.id:
        raise NotFound
    return calendar
