"""A circle and its people, changed as requests do it: each act is one transaction."""

# ruff: noqa: DTZ001 - wall time has no zone

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from sessions import circles, feeds, invites, people, replanning, rescheduling, schedule
from sessions.circles import Belonging, CirclePlan, Membership
from sessions.courier import Courier
from sessions.db import Database
from sessions.feeds import EntryBytes
from sessions.keys import Keys
from sessions.language import Locale
from sessions.mail import Mailer
from sessions.outbox import OutboxEntry
from sessions.people import Person
from sessions.recurrence import Pattern, Rule
from sessions.schedule import Booking, Means, Scope, Series, Wish, rehearsed
from sessions.settings import Settings
from tests.conftest import SetClock
from tests.fakes import Delivered, Pigeon

DANA, BO, CY = "dana@example.org", "bo@example.org", "cy@example.org"
EVENINGS = Pattern(datetime(2026, 3, 10, 19), "Asia/Jerusalem", 75, Rule(("TU",), count=12))
FIRST, SECOND, THIRD = (EVENINGS.start + timedelta(weeks=week) for week in range(3))
A_MINUTE = timedelta(minutes=1)


class Replanned(NamedTuple):
    series: UUID
    """The one that has the dates now."""
    means: Means


class Village:
    circle: UUID
    """The last one that was founded."""
    planned: UUID
    """The series that was booked last."""

    def __init__(
        self, database: Database, keys: Keys, settings: Settings, clock: SetClock
    ) -> None:
        self.database = database
        self.keys = keys
        self.settings = settings
        self.clock = clock

    async def found(self, founder: str = DANA, **changes: Any) -> UUID:
        plan: dict[str, Any] = {
            "name": "Lantern",
            "purpose": "To listen.",
            "languages": ["en"],
            "openness": "invitation",
            "seats": 12,
            "hide_addresses": False,
        }
        async with self.database.write() as db:
            person = await people.find_or_add(
                db, self.keys, founder, locale="en", zone="Asia/Jerusalem", now=self.clock()
            )
            mine = await circles.make_circle(
                db,
                self.keys,
                person,
                CirclePlan(**(plan | changes)),
                agreement="Kindness.",
                can_hide=True,
                now=self.clock(),
            )
            self.circle = mine.circle.id
        return self.circle

    @asynccontextmanager
    async def acting(self, who: str = DANA) -> AsyncIterator[tuple[AsyncSession, Belonging]]:
        """A transaction, and where this person stands in the circle."""
        async with self.database.write() as db:
            person = await people.find_person(db, self.keys, who)
            assert person is not None
            yield db, await circles.belonging(db, person, self.circle)

    @asynccontextmanager
    async def planning(
        self, series: UUID, who: str = DANA
    ) -> AsyncIterator[tuple[AsyncSession, Booking]]:
        async with self.acting(who) as (db, mine):
            person = await db.get_one(Person, mine.membership.person_id)
            yield db, await schedule.booking_for(db, person, series)

    async def invite(
        self, *addresses: str, locale: Locale = "en", who: str = DANA
    ) -> invites.Invited:
        async with self.acting(who) as (db, mine):
            return await invites.invite(
                db,
                self.keys,
                mine,
                list(addresses),
                locale=locale,
                zone="Europe/London",
                now=self.clock(),
            )

    async def welcome(self, *addresses: str) -> None:
        """Invited, and the letter that says so has left."""
        await self.invite(*addresses)
        await self.post()

    async def book(
        self,
        pattern: Pattern = EVENINGS,
        *,
        title: str = "Evening hour",
        key: str | None = None,
        who: str = DANA,
        **more: Any,
    ) -> UUID:
        async with self.acting(who) as (db, mine):
            series = await schedule.book(
                db,
                self.keys,
                mine,
                title=title,
                pattern=pattern,
                now=self.clock(),
                idempotency_key=key,
                **more,
            )
            self.planned = series.id
            return series.id

    async def move(
        self, series: UUID, original: datetime, *, to: datetime, who: str = DANA
    ) -> None:
        async with self.planning(series, who) as (db, booking):
            await rescheduling.change_date(
                db, self.keys, booking, original, Wish(to=to), now=self.clock()
            )

    async def cancel(self, series: UUID, original: datetime, *, who: str = DANA) -> None:
        async with self.planning(series, who) as (db, booking):
            await schedule.cancel_occurrence(db, self.keys, booking, original, now=self.clock())

    async def restore(self, series: UUID, original: datetime) -> None:
        async with self.planning(series) as (db, booking):
            await rescheduling.restore_date(db, self.keys, booking, original, now=self.clock())

    async def cancel_series(self, series: UUID, *, who: str = DANA) -> None:
        async with self.planning(series, who) as (db, booking):
            await schedule.cancel_series(db, self.keys, booking, now=self.clock())

    async def restore_series(self, series: UUID) -> None:
        async with self.planning(series) as (db, booking):
            await schedule.restore_series(db, self.keys, booking, now=self.clock())

    async def change(
        self,
        series: UUID,
        scope: Scope,
        original: datetime | None = None,
        *,
        dry: bool = False,
        who: str = DANA,
        **wish: Any,
    ) -> Replanned:
        async with self.planning(series, who) as (db, booking), rehearsed(db, dry=dry):
            changed = await replanning.change(
                db, self.keys, booking, scope, original, Wish(**wish), now=self.clock()
            )
            return Replanned(changed.series.id, changed.means)

    async def add_date(self, series: UUID, start: datetime, **more: Any) -> UUID:
        async with self.planning(series) as (db, booking):
            added = await schedule.add_extra(
                db, self.keys, booking, start=start, now=self.clock(), **more
            )
            return added.id

    async def clone(self, series: UUID, start: datetime, **more: Any) -> UUID:
        async with self.planning(series) as (db, booking):
            cloned = await schedule.clone_series(
                db, self.keys, booking, start=start, now=self.clock(), **more
            )
            return cloned.id

    async def let_go(self, address: str) -> None:
        membership = await self.membership(address)
        async with self.acting() as (db, mine):
            await invites.let_go(db, self.keys, mine, membership.id, now=self.clock())

    async def choose(self, address: str, **changes: Any) -> None:
        """What the person wants their calendar to show."""
        async with self.database.write() as db:
            person = await people.find_person(db, self.keys, address)
            assert person is not None
            people.change_person(person, now=self.clock(), **changes)

    async def person(self, address: str) -> Person:
        async with self.database.read() as db:
            person = await people.find_person(db, self.keys, address)
            assert person is not None
            return person

    async def membership(self, address: str) -> Membership:
        person = await self.person(address)
        async with self.database.read() as db:
            found = await db.exec(
                select(Membership).where(
                    Membership.person_id == person.id, Membership.circle_id == self.circle
                )
            )
            return found.one()

    async def series(self, series: UUID) -> Series:
        async with self.database.read() as db:
            return await db.get_one(Series, series)

    async def ticket(self, address: str) -> str:
        return circles.ticket(self.keys, await self.membership(address))

    def courier(self, mailer: Mailer) -> Courier:
        return Courier(self.database, self.keys, mailer, self.settings, self.clock)

    async def post(self, address: str | None = None) -> list[Delivered]:
        """What is mailed now: all of it, or what goes to one address."""
        pigeon = Pigeon()
        await self.courier(pigeon).deliver_everything()
        return pigeon.delivered if address is None else pigeon.to(address)

    async def box(self) -> list[OutboxEntry]:
        """All that stands in the outbox, in the order in which it was put there."""
        async with self.database.read() as db:
            found = await db.exec(
                select(OutboxEntry).order_by(
                    col(OutboxEntry.created_at), col(OutboxEntry.order)
                )
            )
            return list(found)

    async def feed_token(self, address: str) -> str:
        token = feeds.token_of(self.keys, await self.person(address))
        assert token is not None
        return token

    async def subscription(self, token: str) -> feeds.Subscription:
        async with self.database.read() as db:
            return await feeds.subscription(db, self.settings, token, now=self.clock())

    async def feed(self, address: str, *, written: EntryBytes | None = None) -> bytes:
        return feeds.write(
            await self.subscription(await self.feed_token(address)),
            keys=self.keys,
            settings=self.settings,
            written=written or EntryBytes(),
            now=self.clock(),
        )
