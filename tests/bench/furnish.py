"""A house with people in it, made by the product's own functions before the server starts."""

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple
from uuid import UUID, uuid4

from sqlalchemy import update
from sqlmodel.ext.asyncio.session import AsyncSession

from sessions import circles, feeds, invites, people, schedule, signin
from sessions.circles import Belonging, CirclePlan
from sessions.cli import prepare
from sessions.clock import Clock
from sessions.db import Database
from sessions.demo import weekly_pattern
from sessions.keys import Keys
from sessions.outbox import OutboxEntry
from sessions.schedule import Series
from sessions.settings import Settings
from signaling.passes import Pass, mint

ZONES = ("Asia/Jerusalem", "Europe/Berlin", "America/New_York")
PASS_SECONDS = 110.0


class Size(NamedTuple):
    circles: int = 20
    people: int = 12
    series: int = 3
    rooms: int = 75
    seats: int = 8


class Visitor(NamedTuple):
    """Somebody who is signed in, with what they would ask for."""

    cookie: str
    circle: UUID
    series: UUID
    feed: str


async def furnish(settings: Settings, clock: Clock, size: Size) -> tuple[Keys, list[Visitor]]:
    keys = await prepare(settings)
    database = Database(settings.database_url)
    visitors: list[Visitor] = []
    try:
        for number in range(size.circles):
            async with database.write() as db:
                made = await _make_circle(db, keys, number, size, now=clock())
                visitors += [await _sign_in(db, keys, *each, now=clock()) for each in made]
        async with database.write() as db:
            # As if all letters were out: how fast they are written is not measured here.
            await db.exec(update(OutboxEntry).values(done_at=clock()))
    finally:
        await database.close()
    return keys, visitors


async def _make_circle(
    db: AsyncSession, keys: Keys, number: int, size: Size, *, now: datetime
) -> list[tuple[Belonging, people.Person, Series]]:
    zone = ZONES[number % len(ZONES)]
    founder = await people.find_or_add(
        db, keys, f"founder{number}@example.org", locale="en", zone=zone, now=now
    )
    plan = CirclePlan(
        f"Circle {number}", "To listen.", ["en"], "invitation", size.people, False
    )
    mine = await circles.make_circle(
        db, keys, founder, plan, agreement="Kindness.", can_hide=False, now=now
    )
    pattern = weekly_pattern(zone, now=now)
    series = [
        await schedule.book(db, keys, mine, title=f"Evening {each}", pattern=pattern, now=now)
        for each in range(size.series)
    ]
    addresses = [f"member{number}.{each}@example.org" for each in range(1, size.people)]
    await invites.invite(db, keys, mine, addresses, locale="he", zone=zone, now=now)
    return [
        (Belonging(mine.circle, membership), person, series[0])
        for membership, person in await circles.people_in(db, mine.circle.id)
    ]


async def _sign_in(
    db: AsyncSession,
    keys: Keys,
    mine: Belonging,
    person: people.Person,
    series: Series,
    *,
    now: datetime,
) -> Visitor:
    cookie = signin.sign_in(db, person, now=now)
    feed = f"/feed/{feeds.token_of(keys, person)}.ics"
    return Visitor(cookie, mine.circle.id, series.id, feed)


def passes(keys: Keys, size: Size, *, now: float) -> Iterator[str]:
    """For rooms in which nobody waits at the door."""
    for _ in range(size.rooms):
        room = f"{uuid4().hex}.20260310T190000"
        for seat in range(size.seats):
            yield mint(_pass(room, f"seat-{seat}", size, now=now), keys.passes)


def _pass(room: str, seat: str, size: Size, *, now: float) -> Pass:
    return Pass(
        id=uuid4().hex,
        room=room,
        seat=seat,
        device=uuid4().hex,
        name=seat,
        role="member",
        title="Bench",
        lobby=False,
        direct=True,
        capacity=size.seats,
        closes_at=now + 3600,
        expires_at=now + PASS_SECONDS,
    )
