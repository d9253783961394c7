"""
Carries letters out of the outbox: claims, writes, hands over, writes down what happened.

A letter is written once, at the first try, and kept sealed: a resend has the same bytes,
the same Message-ID and the same SEQUENCE. Several couriers may run; a lease keeps them apart.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager, suppress
from datetime import datetime

import structlog
from sqlmodel.ext.asyncio.session import AsyncSession

from sessions import outbox, rations
from sessions.bell import Bell
from sessions.clock import Clock
from sessions.db import Database
from sessions.keys import Keys
from sessions.letters import Nothing, Written, write
from sessions.mail import Mailer, Refused, Unreachable, Unsure
from sessions.outbox import Claim, OutboxEntry, Outcome
from sessions.schedule import note_told
from sessions.settings import Settings

BATCH = 20
IDLE_SECONDS = 5.0

log = structlog.get_logger()


class LostHold(Exception):
    """Its lease ended before its turn came, and somebody else has it, or it is withdrawn."""


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
        self._bell = Bell()

    def nudge(self) -> None:
        self._bell.ring()

    async def run(self, wait: Callable[[float], Awaitable[None]] | None = None) -> None:
        """Until cancelled. A database that is away is waited for."""
        while True:
            self._bell.answer()
            try:
                while await self.deliver():
                    pass
            except Exception:
                log.exception("courier_round_failed")
            await (wait or self._bell.wait)(IDLE_SECONDS)

    async def deliver(self) -> int:
        """One round; gives how many letters were taken."""
        async with self._database.write() as db:
            claims = await outbox.claim(db, now=self._clock(), limit=BATCH)
        waiting = deque(claims)
        try:
            while waiting:
                await self._deliver_one(waiting[0])
                waiting.popleft()
        except asyncio.CancelledError:
            await self._hand_back(waiting)
            raise
        return len(claims)

    async def deliver_everything(self) -> int:
        """Until nothing is due; for commands that end."""
        total = 0
        while taken := await self.deliver():
            total += taken
        return total

    async def _deliver_one(self, claim: Claim) -> None:
        try:
            written = await self._write(claim)
            if written is None:
                return
            await self._mailer.send(written.message, sender=written.sender, to=written.to)
        except LostHold:
            return
        except Nothing:
            await self._finish(claim, "withdrawn")
        except Refused as error:
            await self._finish(claim, "failed", trouble=str(error), taken=False)
        except Unreachable as error:
            await self._put_off(claim, str(error), taken=isinstance(error, Unsure))
        except Exception as error:
            # One bad letter must not hold up the others.
            log.exception("letter_failed")
            await self._put_off(claim, type(error).__name__, taken=True)
        else:
            await self._note_sent(claim)

    async def _write(self, claim: Claim) -> Written | None:
        """
        The letter as first written, or written now and kept before it is handed over.

        `None`: whom it is for has had enough of them today.
        """
        async with self._database.write() as db:
            entry = await db.get(OutboxEntry, claim.entry, with_for_update=True)
            if entry is None or not claim.holds(entry):
                raise LostHold
            # Letters before it may have taken long: its own two minutes begin here.
            entry.lease_until = self._clock() + outbox.LEASE
            now = self._clock()
            until = outbox.good_until(outbox.read(self._keys, entry))
            if until is not None and until <= now:
                raise Nothing
            if await outbox.is_overtaken(db, self._keys, entry):
                raise Nothing
            if entry.written is not None:
                entry.given += 1
                return Written.unseal(self._keys, entry.written)
            written = await self._compose(db, entry, now=now)
            if written is not None:
                entry.written, entry.revision = written.seal(self._keys), written.revision
                entry.given += 1
            return written

    async def _compose(
        self, db: AsyncSession, entry: OutboxEntry, *, now: datetime
    ) -> Written | None:
        """
        Written before it is counted, what is needless is not counted. What was held back may
        be much, and is not written anew each time it has to wait longer.
        """
        held = outbox.was_postponed(entry)
        if held and await rations.hold_back(db, self._keys, entry, now=now):
            return None
        letter = entry.letter
        written = await write(db, self._keys, self._settings, entry, now=now)
        if not held and await rations.hold_back(db, self._keys, entry, now=now):
            return None
        if entry.letter == letter:
            return written
        return await write(db, self._keys, self._settings, entry, now=now)

    async def _note_sent(self, claim: Claim) -> None:
        """Whoever holds it now: it has left, and need not leave again."""
        async with self._database.write() as db:
            entry = await db.get(OutboxEntry, claim.entry, with_for_update=True)
            if entry is not None and entry.done_at is None:
                await self._end(db, entry, "sent")

    async def _finish(
        self, claim: Claim, outcome: Outcome, *, trouble: str | None = None, taken: bool = True
    ) -> None:
        async with self._held(claim, taken=taken) as (db, entry):
            if entry is not None:
                await self._end(db, entry, outcome, trouble=trouble)

    async def _put_off(self, claim: Claim, trouble: str, *, taken: bool) -> None:
        async with self._held(claim, taken=taken) as (db, entry):
            if entry is None:
                return
            if await outbox.is_overtaken(db, self._keys, entry):
                # Meanwhile it has become wrong: what overtakes it need not wait for a retry.
                await self._end(db, entry, "withdrawn")
            elif outbox.is_given_up(entry):
                await self._end(db, entry, "failed", trouble=trouble)
            else:
                outbox.put_off(entry, trouble, now=self._clock())

    async def _end(
        self,
        db: AsyncSession,
        entry: OutboxEntry,
        outcome: Outcome,
        *,
        trouble: str | None = None,
    ) -> None:
        if entry.given:
            await note_told(db, self._keys, entry, now=self._clock())
        outbox.finish(entry, outcome, now=self._clock(), trouble=trouble)

    @asynccontextmanager
    async def _held(
        self, claim: Claim, *, taken: bool
    ) -> AsyncIterator[tuple[AsyncSession, OutboxEntry | None]]:
        """
        None when another courier has taken over: then what happens to it is theirs to say.

        `taken`: the mail server may have it now.
        """
        async with self._database.write() as db:
            entry = await db.get(OutboxEntry, claim.entry, with_for_update=True)
            if entry is None or not claim.holds(entry):
                yield db, None
                return
            if not taken:
                entry.given -= 1
            yield db, entry

    async def _hand_back(self, claims: Iterable[Claim]) -> None:
        """Stopped in the middle: the next courier need not wait for the leases to end."""
        with suppress(Exception):  # they do end; nothing may keep the house from closing
            async with self._database.write() as db:
                await outbox.hand_back(db, ids=[c.entry for c in claims], now=self._clock())
