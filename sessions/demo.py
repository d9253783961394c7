"""
A circle to try everything with, made by the product's own functions and courier.

Nothing is written behind their back: what works here works for real people.
"""

import asyncio
import secrets
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from sessions import circles, invites, people, recurrence, schedule, signin
from sessions.circles import Belonging, CirclePlan
from sessions.clock import Clock
from sessions.courier import Courier
from sessions.db import Database
from sessions.keys import Keys
from sessions.letters import message_id
from sessions.mail import FolderMailer, file_of
from sessions.outbox import OutboxEntry
from sessions.people import Person
from sessions.recurrence import Pattern, Rule
from sessions.schedule import Series
from sessions.settings import Settings
from sessions.zones import WEEKDAYS

GUESTS = 3
WEEKS = 26
EVENING = time(19, 0)
MINUTES = 75
OPEN_MINUTES = 720
NAME = "Tuesday lamp"
PURPOSE = "A quiet hour for people who care for somebody."
AGREEMENT = "What is said here stays here.\nEverybody may pass.\nNobody records."
LETTERS_SECONDS = 30.0


class NotHere(Exception):
    """A demonstration would put strangers' links on a public server."""

    def __init__(self) -> None:
        super().__init__(
            "A demonstration is only made on a private instance: without RONDA_SMTP_URL, "
            "with a localhost RONDA_PUBLIC_URL and a loopback RONDA_HOST."
        )


class Made(NamedTuple):
    mine: Belonging
    weekly: Series
    guests: list[Belonging]
    facilitator: str
    """Mail address, to sign in with."""


async def make(
    settings: Settings, keys: Keys, clock: Clock, *, zone: str = "Asia/Jerusalem"
) -> dict[str, Any]:
    """One JSON object that says where everything is. Raises `NotHere` and `ScheduleError`."""
    if settings.mail_folder is None or not settings.is_local:
        raise NotHere
    database = Database(settings.database_url)
    try:
        async with database.write() as db:
            made = await _make(db, settings, keys, zone=zone, now=clock())
        folder = settings.mail_folder
        courier = Courier(database, keys, FolderMailer(folder), settings, clock)
        paths = await asyncio.wait_for(
            _letters(database, courier, settings, made, folder), LETTERS_SECONDS
        )
        async with database.read() as db:
            member = await db.get_one(Person, made.guests[0].membership.person_id)
    finally:
        await database.close()
    return _description(settings, keys, made, member, paths, now=clock())


async def _make(
    db: AsyncSession, settings: Settings, keys: Keys, *, zone: str, now: datetime
) -> Made:
    mark = secrets.token_hex(3)
    address = f"facilitator.{mark}@example.org"
    founder = await people.find_or_add(db, keys, address, locale="en", zone=zone, now=now)
    people.change_person(founder, now=now, name="Dana", detail="full")
    mine = await circles.make_circle(
        db,
        keys,
        founder,
        CirclePlan(
            NAME, PURPOSE, ["en", "he", "ar"], "invitation", 12, settings.can_hide_addresses
        ),
        agreement=AGREEMENT,
        can_hide=settings.can_hide_addresses,
        now=now,
    )
    weekly = await schedule.book(
        db, keys, mine, title=NAME, pattern=weekly_pattern(zone, now=now), now=now
    )
    await schedule.book(db, keys, mine, title="Open now", pattern=_now_pattern(now), now=now)
    addresses = [f"guest{number}.{mark}@example.org" for number in range(1, GUESTS + 1)]
    await invites.invite(db, keys, mine, addresses, locale="en", zone=zone, now=now)
    guests = [
        Belonging(mine.circle, membership)
        for membership, person in await circles.people_in(db, mine.circle.id)
        if person.id != founder.id
    ]
    member = await db.get_one(Person, guests[0].membership.person_id)
    people.change_person(member, now=now, detail="full")
    await signin.send_link(
        db,
        keys,
        address,
        locale="en",
        zone=zone,
        host=f"demo {mark}",
        now=now,
        signup=settings.signup,
    )
    return Made(mine, weekly, guests, address)


def weekly_pattern(zone: str, *, now: datetime) -> Pattern:
    """Weekly at 19:00 from tomorrow on, or from the next day on which that time is good."""
    tomorrow = now.date() + timedelta(days=1)
    for day in (tomorrow + timedelta(days=days) for days in range(7)):
        pattern = _evening(day, zone)
        try:
            recurrence.check(pattern)
        except recurrence.ClockChange:
            continue
        return pattern
    recurrence.check(pattern)
    return pattern


def _evening(day: date, zone: str) -> Pattern:
    rule = Rule(weekdays=(WEEKDAYS[day.weekday()],))
    return Pattern(datetime.combine(day, EVENING), zone, MINUTES, rule)


def _now_pattern(now: datetime) -> Pattern:
    """A single session whose room is open already; in UTC, where no clock ever changes."""
    minute = now.replace(second=0, microsecond=0, tzinfo=None) + timedelta(minutes=1)
    return Pattern(minute, "UTC", OPEN_MINUTES, None)


async def _letters(
    database: Database, courier: Courier, settings: Settings, made: Made, folder: Path
) -> list[str]:
    """Wait until every invitation is written, by this courier or that of a running server."""
    ids = [guest.membership.id for guest in made.guests]
    # Another process may be the courier of some of them: only the database tells.
    while await courier.deliver_everything() or await _unfinished(database, ids):  # noqa: ASYNC110
        await asyncio.sleep(0.05)
    async with database.read() as db:
        found = await db.exec(
            select(OutboxEntry)
            .where(col(OutboxEntry.membership_id).in_(ids))
            .order_by(col(OutboxEntry.created_at), col(OutboxEntry.order))
        )
        return [str(folder / file_of(message_id(settings, entry.id))) for entry in found]


async def _unfinished(database: Database, ids: list[UUID]) -> bool:
    async with database.read() as db:
        found = await db.exec(
            select(OutboxEntry.id).where(
                col(OutboxEntry.membership_id).in_(ids), col(OutboxEntry.done_at).is_(None)
            )
        )
        return found.first() is not None


def _description(
    settings: Settings,
    keys: Keys,
    made: Made,
    member: Person,
    mails: list[str],
    *,
    now: datetime,
) -> dict[str, Any]:
    base = settings.public_url
    dates = recurrence.next_dates(made.weekly.pattern, {}, after=now, limit=WEEKS)
    return {
        "base_url": base,
        "circle": str(made.mine.circle.id),
        "series": str(made.weekly.id),
        "zone": made.weekly.zone,
        "occurrences": [f"{d.starts_at:%Y-%m-%dT%H:%M:%SZ}" for d in dates],
        "feed": f"{base}/feed/{people.feed_token(keys, member)}.ics",
        "facilitator": made.facilitator,
        "facilitator_link": f"{base}/j#{circles.ticket(keys, made.mine.membership)}",
        "guest_links": [f"{base}/j#{circles.ticket(keys, g.membership)}" for g in made.guests],
        "answer_links": [
            f"{base}/a#{circles.answer_token(keys, g.membership)}" for g in made.guests
        ],
        "mails": mails,
        "direct": not made.mine.circle.hide_addresses,
    }
