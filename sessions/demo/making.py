"""The circle, its people and its dates, before anything is changed."""

import secrets
from datetime import date, datetime, time, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from sessions import circles, invites, people, recurrence, schedule, signin
from sessions.circles import Belonging, CirclePlan
from sessions.demo.house import Made
from sessions.keys import Keys
from sessions.people import Person
from sessions.recurrence import Pattern, Rule
from sessions.settings import Settings
from sessions.zones import WEEKDAYS

GUESTS = 3
EVENING = time(19, 0)
MINUTES = 75
OPEN_MINUTES = 720
NAME = "Harvest lantern"
PURPOSE = "A quiet hour for people who care for somebody."
AGREEMENT = "What is said here stays here.\nEverybody may pass.\nNobody records."
SECRET_WORDS = ("Harvest", "lantern", "quiet hour", "people who care", "carers' evening")
"""Of the circle's name, its purpose and the titles of its dates."""


async def make_circle(
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
