"""
Carries letters out of the outbox: claims, writes, hands over, writes down what happened.

A letter is written once, at the first try, and kept sealed: a resend has the same bytes,
the same Message-ID and the same SEQUENCE. Several couriers may run; a lease keeps them apart.
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from uuid import UUID

import structlog
from sqlmodel import col, select

from sessions import outbox
from sessions.clock import Clock
from sessions.db import Database
from sessions.keys import Keys
from sessions.letters import Nothing, Written, write
from sessions.mail import Mailer, Refused, Unreachable
from sessions.outbox import OutboxEntry
from sessions.settings import Settings

BATCH = 20
IDLE_SECONDS = 5.0

log = structlog.get_logger()


class Courier:
    """One task that lives as long as the app; `nudge` tells it that there may be post."""

    def __init__(
        self, database: Database, keys: Keys, mailer: Mailer, settings: Settings, clock: Clock
    ) -> None:
        self._database = database
        self._keys = keys
        self._mailer = mailer
        self._settings = settings
        self._clock = clock
        self._nudged = asyncio.Event()

    def nudge(self) -> None:
        self._nudged.set()

    async def run(self, wait: Callable[[float], Awaitable[None]] | None = None) -> None:
        """Until cancelled. A database that is away is waited for."""
        while True:
            self._nudged.clear()
            try:
                while await self.deliver():
                    pass
            except Exception:
                log.exception("courier_round_failed")
            await (wait or self._until_nudged)(IDLE_SECONDS)

    async def _until_nudged(self, seconds: float) -> None:
        try:
            await asyncio.wait_for(self._nudged.wait(), seconds)
        except TimeoutError:
            return

    async def deliver(self) -> int:
        """One round; gives how many letters were taken."""
        async with self._database.write() as db:
            ids = [entry.id for entry in await outbox.claim(db, now=self._clock(), limit=BATCH)]
        for entry_id in ids:
            await self._deliver_one(entry_id)
        return len(ids)

    async def deliver_everything(self) -> int:
        """Until nothing is due; for commands that end."""
        total = 0
        while taken := await self.deliver():
            total += taken
        return total

    async def _deliver_one(self, entry_id: UUID) -> None:
        try:
            written = await self._write(entry_id)
        except Nothing:
            await self._note(
                entry_id, lambda e: outbox.finish(e, "withdrawn", now=self._clock())
            )
            return
        try:
            await self._mailer.send(written.message, sender=written.sender, to=written.to)
        except Refused as error:
            trouble = str(error)
            await self._note(
                entry_id,
                lambda e: outbox.finish(e, "failed", now=self._clock(), trouble=trouble),
            )
        except Unreachable as error:
            trouble = str(error)
            await self._note(entry_id, lambda e: outbox.put_off(e, trouble, now=self._clock()))
        else:
            await self._note(entry_id, lambda e: outbox.finish(e, "sent", now=self._clock()))

    async def _write(self, entry_id: UUID) -> Written:
        """The letter as first written, or written now and kept before it is handed over."""
        async with self._database.write() as db:
            entry = await db.get_one(OutboxEntry, entry_id)
            if entry.written is not None:
                return Written.unseal(self._keys, entry.written)
            written = await write(db, self._keys, self._settings, entry, now=self._clock())
            entry.written = written.seal(self._keys)
            return written

    async def _note(self, entry_id: UUID, change: Callable[[OutboxEntry], None]) -> None:
        async with self._database.write() as db:
            change(await db.get_one(OutboxEntry, entry_id))


async def backlog(database: Database, *, older_than: timedelta, clock: Clock) -> int:
    """How many letters have waited longer than that; for the operator's page."""
    async with database.read() as db:
        found = await db.exec(
            select(OutboxEntry.id).where(
                col(OutboxEntry.done_at).is_(None),
                col(OutboxEntry.created_at) < clock() - older_than,
            )
        )
        return len(list(found))
