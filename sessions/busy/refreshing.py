"""
Reads all calendars again and again: about hourly, and less often what cannot be read.

Several processes may do so; a lease keeps them apart. Nothing is fetched inside a transaction.
"""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

import structlog
from sqlalchemy import delete, update
from sqlmodel import col, select

from sessions.bell import Bell
from sessions.busy.calendars import host_of
from sessions.busy.child import Reader
from sessions.busy.fetching import Errand, Times, fetch
from sessions.busy.pruning import Unreadable
from sessions.busy.tables import BusyTime, ExternalCalendar
from sessions.clock import Clock
from sessions.db import Database
from sessions.keys import Keys
from sessions.outgoing import Outgoing, Trouble
from sessions.people import Person

AT_ONCE = 4
PER_HOST = 2
"""Subdomains cost nothing, but most people's calendars lie with the same few."""
MOST_LOOKED_AT = 500
IDLE_SECONDS = 20.0
EVERY = timedelta(hours=1)
AT_MOST = timedelta(hours=24)
"""Between two tries in vain."""
LEASE = timedelta(minutes=3)
GOOD_FOR = timedelta(hours=24)
"""After that it is read even if unchanged: two years from now is a day later."""

log = structlog.get_logger()


class Claim(NamedTuple):
    """A hold on a calendar, until its lease ends."""

    calendar: UUID
    person: UUID
    host: str
    until: datetime
    errand: Errand


class Refresher:
    """One task that lives as long as the app; `nudge` tells it that something is due."""

    def __init__(
        self, database: Database, keys: Keys, outgoing: Outgoing, reader: Reader, clock: Clock
    ) -> None:
        self.outgoing = outgoing
        self._database = database
        self._keys = keys
        self._reader = reader
        self._clock = clock
        self._bell = Bell()

    def nudge(self) -> None:
        self._bell.ring()

    async def run(self, wait: Callable[[float], Awaitable[None]] | None = None) -> None:
        """Until cancelled. A database that is away is waited for."""
        while True:
            self._bell.answer()
            try:
                await self.read_due()
            except Exception:
                log.exception("calendars_round_failed")
            await (wait or self._bell.wait)(IDLE_SECONDS)

    async def read_due(self) -> int:
        """Until nothing is due that may be read now; gives how many calendars were taken."""
        reading: dict[asyncio.Task[None], Claim] = {}
        taken = 0
        try:
            while True:
                for claim in await self._claim(reading.values()):
                    reading[asyncio.create_task(self._read(claim), name="calendar")] = claim
                    taken += 1
                if not reading:
                    return taken
                done, _ = await asyncio.wait(
                    reading, timeout=IDLE_SECONDS, return_when=asyncio.FIRST_COMPLETED
                )
                for task in done:
                    del reading[task]
                    task.result()
        finally:
            await self._stop(reading)

    async def _stop(self, reading: Mapping[asyncio.Task[None], Claim]) -> None:
        for task in reading:
            task.cancel()
        await asyncio.gather(*reading, return_exceptions=True)
        if reading:
            await self._hand_back(reading.values())

    async def _claim(self, reading: Collection[Claim] = ()) -> list[Claim]:
        now = self._clock()
        is_due = (col(ExternalCalendar.next_at) <= now) & (
            col(ExternalCalendar.lease_until).is_(None)
            | (col(ExternalCalendar.lease_until) <= now)
        )
        async with self._database.write() as db:
            due = await db.exec(
                select(ExternalCalendar)
                .where(is_due)
                # What could not be read last time can wait for what could.
                .order_by(col(ExternalCalendar.tries) > 0, col(ExternalCalendar.next_at))
                .limit(MOST_LOOKED_AT)
            )
            chosen = [calendar.id for calendar in self._fairly(due, reading)]
            found = await db.exec(
                select(ExternalCalendar, Person.zone)
                .join(Person, col(ExternalCalendar.person_id) == col(Person.id))
                .where(col(ExternalCalendar.id).in_(chosen), is_due)
                .with_for_update(of=ExternalCalendar, skip_locked=True)
            )
            return [self._take(calendar, zone, now) for calendar, zone in found]

    def _fairly(
        self, due: Iterable[ExternalCalendar], reading: Collection[Claim]
    ) -> Iterator[ExternalCalendar]:
        """So few of one person and of one server that the others have their turn."""
        persons = {claim.person for claim in reading}
        hosts = Counter(claim.host for claim in reading)
        left = AT_ONCE - len(reading)
        for calendar in due:
            if not left:
                return
            if calendar.person_id in persons:
                continue
            host = host_of(self._keys, calendar)
            if hosts[host] >= PER_HOST:
                continue
            persons.add(calendar.person_id)
            hosts[host] += 1
            left -= 1
            yield calendar

    def _take(self, calendar: ExternalCalendar, zone: str, now: datetime) -> Claim:
        calendar.lease_until = now + LEASE
        errand = Errand.of(self._keys, calendar, zone)
        if calendar.fetched_at is None or calendar.fetched_at <= now - GOOD_FOR:
            errand = errand._replace(etag=None)
        host = host_of(self._keys, calendar)
        return Claim(calendar.id, calendar.person_id, host, calendar.lease_until, errand)

    async def _read(self, claim: Claim) -> None:
        now = self._clock()
        try:
            times = await fetch(self.outgoing, self._reader, claim.errand, now=now)
        except (Trouble, Unreadable) as error:
            await self._note_trouble(claim, error.code)
        except Exception:
            # One odd calendar must not hold up the others. Its address stands in no log.
            log.exception("calendar_failed")
            await self._note_trouble(claim, "crash")
        else:
            await self._note_times(claim, times, now)

    async def _note_trouble(self, claim: Claim, code: str) -> None:
        """What was read before is kept: it is the best that is known."""
        now = self._clock()
        async with self._database.write() as db:
            calendar = await db.get(ExternalCalendar, claim.calendar, with_for_update=True)
            if calendar is None or calendar.lease_until != claim.until:
                return
            calendar.trouble, calendar.lease_until = code, None
            calendar.tries += 1
            calendar.next_at = now + min(EVERY * 2 ** min(calendar.tries - 1, 10), AT_MOST)
            await db.exec(
                delete(BusyTime).where(
                    col(BusyTime.calendar_id) == claim.calendar, col(BusyTime.ends_at) < now
                )
            )

    async def _note_times(self, claim: Claim, times: Times, now: datetime) -> None:
        async with self._database.write() as db:
            calendar = await db.get(ExternalCalendar, claim.calendar, with_for_update=True)
            if calendar is None or calendar.lease_until != claim.until:
                return
            calendar.trouble, calendar.lease_until, calendar.tries = None, None, 0
            calendar.next_at = self._clock() + EVERY
            calendar.etag = times.etag
            if times.spans is None:
                return
            calendar.fetched_at = now
            await db.exec(delete(BusyTime).where(col(BusyTime.calendar_id) == calendar.id))
            db.add_all(
                BusyTime(calendar_id=calendar.id, starts_at=begin, ends_at=end)
                for begin, end in times.spans
            )

    async def _hand_back(self, claims: Iterable[Claim]) -> None:
        """Stopped in the middle: the next process need not wait for the leases to end."""
        with suppress(Exception):  # they do end; nothing may keep the house from closing
            async with self._database.write() as db:
                await db.exec(
                    update(ExternalCalendar)
                    .where(col(ExternalCalendar.id).in_([claim.calendar for claim in claims]))
                    .values(lease_until=None)
                )
