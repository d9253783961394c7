"""Whether anything is new: one statement, whatever a feed is about."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from importlib.metadata import version
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Executable,
    Row,
    Select,
    bindparam,
    func,
    literal,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import Mapped
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from sessions.circles import Circle, Membership
from sessions.errors import NotFound
from sessions.keys import digest_of
from sessions.people import Person
from sessions.schedule import MOST_SERIES, WORTH_SHOWING, Series
from sessions.settings import Settings

CANCELLED_SHOWN = timedelta(days=60)
"""What was cancelled stays to be seen as cancelled, for a while."""
TZDATA = version("tzdata")
"""Newer rules of a zone change what is written, though nobody changed a date."""


@dataclass(frozen=True, slots=True)
class Tagged:
    """What an app that asks again needs."""

    person: UUID
    membership: UUID
    """Of a feed for one circle, the person in it; else any of theirs."""
    only: bool
    """For one circle."""
    used_on: date | None
    tag: str
    good_until: datetime
    """From then on the tag may be another, though nobody has changed anything."""


async def tagged(db: AsyncSession, settings: Settings, token: str, *, now: datetime) -> Tagged:
    """Raises `NotFound` for an address that is not good."""
    digest = digest_of(token)
    rows = await rows_of(db, PARTS, digest=digest, since=now - CANCELLED_SHOWN)
    if not rows:
        raise NotFound("unknown_link")
    first = rows[0]
    shown = [row for row in rows if row.series is not None]
    parts = [digest, f"{first.changed.timestamp()}", *map(_revision, shown)]
    return Tagged(
        person=first.person,
        membership=first.membership,
        only=bool(first.only),
        used_on=first.used_on,
        tag=tag_of(settings, parts, now=now),
        good_until=good_until((row.off for row in shown), now=now),
    )


async def rows_of(
    db: AsyncSession, statement: Executable, **params: object
) -> Sequence[Row[Any]]:
    """Past the ORM, which would take longer over it than the database."""
    return await db.run_sync(
        lambda session: session.connection().execute(statement, params).all()
    )


def tag_of(settings: Settings, parts: Iterable[str], *, now: datetime) -> str:
    """RFC 9110 - 8.8.3. ETag: strong, as equal parts give equal bytes."""
    given = [settings.public_url, TZDATA, str(now.year), *parts]
    return hashlib.sha256("\n".join(given).encode()).hexdigest()[:40]


def good_until(cancelled: Iterable[datetime | None], *, now: datetime) -> datetime:
    """Midnight at the latest: years end, and each day's first visit is written down."""
    midnight = datetime.combine(now.date() + timedelta(days=1), time(), UTC)
    return min([midnight, *(off + CANCELLED_SHOWN for off in cancelled if off)])


def shown_in(circle: Mapped[UUID]) -> ColumnElement[bool]:
    """The series of a circle, but for what was cancelled before `:since`."""
    off = col(Series.cancelled_at)
    return (col(Series.circle_id) == circle) & or_(off.is_(None), off > bindparam("since"))


def _revision(row: Row[Any]) -> str:
    parts = f"{row.series.hex} {row.sequence} {row.revised.timestamp()} {row.generation}"
    # Discreet, nothing of the circle is in it.
    return f"{parts} {row.circle_changed.timestamp()}" if row.detail == "full" else parts


def _parts() -> Executable:
    belongs = (col(Membership.person_id) == col(Person.id)) & col(Membership.ended_at).is_(None)
    of_person = (
        _columns(Person, only=False)
        .select_from(Person)
        .outerjoin(Membership, belongs)
        .where(col(Person.feed_hash) == bindparam("digest"))
    )
    of_circle = (
        _columns(Membership, only=True)
        .select_from(Membership)
        .join(Person, belongs)
        .where(col(Membership.feed_hash) == bindparam("digest"))
    )
    both = [
        each.outerjoin(Circle, col(Circle.id) == col(Membership.circle_id)).outerjoin(
            Series, shown_in(col(Circle.id))
        )
        for each in (of_person, of_circle)
    ]
    found = union_all(*both).subquery()
    return (
        select(found)
        .where(found.c.place <= MOST_SERIES)
        .order_by(found.c.booked, found.c.series)
    )


def _columns(owner: type[Person | Membership], *, only: bool) -> Select[Any]:
    columns: Sequence[Any] = (
        literal(int(only)).label("only"),
        col(Person.id).label("person"),
        col(Membership.id).label("membership"),
        col(owner.feed_used_on).label("used_on"),
        col(Person.changed_at).label("changed"),
        col(Person.detail).label("detail"),
        col(Membership.generation).label("generation"),
        col(Circle.changed_at).label("circle_changed"),
        col(Series.id).label("series"),
        col(Series.created_at).label("booked"),
        col(Series.sequence).label("sequence"),
        col(Series.changed_at).label("revised"),
        col(Series.cancelled_at).label("off"),
        func.row_number()
        .over(partition_by=col(Membership.id), order_by=WORTH_SHOWING)
        .label("place"),
    )
    return select(*columns)


PARTS = _parts()
"""Made once: to put it together takes longer than to ask."""
