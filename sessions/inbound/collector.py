"""
Fetches the mails that came back, every minute, and marks them once they are in the database.

Killed in between, it finds the same mail again, which then changes no more. One that makes
trouble is set aside and holds up no other; a server that is away is asked less and less often.

What people wrote by hand to an address of ours stays there for the operator to read, and is
forgotten like what they answer.
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import date, timedelta
from typing import TypeVar

import structlog
from sqlalchemy.exc import InterfaceError, OperationalError

from sessions.clock import Clock
from sessions.courier import Courier
from sessions.db import Database
from sessions.inbound.mailbox import Away, LoginRefused, Mailbox, Waiting
from sessions.inbound.receiving import receive
from sessions.keys import Keys

EVERY_SECONDS = 60.0
SELDOM_SECONDS = 900.0
KEPT = timedelta(days=30)
DATABASE_AWAY = (OperationalError, InterfaceError, OSError)

log = structlog.get_logger()
T = TypeVar("T")


class Collector:
    """One task that lives as long as the app."""

    def __init__(
        self,
        url: str,
        database: Database,
        keys: Keys,
        courier: Courier,
        clock: Clock,
        *,
        us: str,
    ) -> None:
        """`us`: the sender of all mail, for what came to any other address is not ours."""
        self._url = url
        self._us = us
        self._database = database
        self._keys = keys
        self._courier = courier
        self._clock = clock
        self._forgot_on: date | None = None

    async def run(self, wait: Callable[[float], Awaitable[None]] = asyncio.sleep) -> None:
        """Until cancelled. A server or a database that is away is waited for."""
        pause = EVERY_SECONDS
        while True:
            pause = EVERY_SECONDS if await self._tried() else min(pause * 2, SELDOM_SECONDS)
            await wait(pause)

    async def _tried(self) -> bool:
        try:
            await self.collect()
        except LoginRefused:
            log.error("mailbox_login_refused", setting="RONDA_IMAP_URL")  # noqa: TRY400
        except Away as error:
            log.warning("mailbox_away", trouble=str(error))
        except Exception:
            log.exception("mailbox_round_failed")
        else:
            return True
        return False

    async def collect(self) -> int:
        """All that waits; gives how many mails were looked at."""
        mailbox = Mailbox(self._url)
        seen: set[str] = set()
        try:
            await _in_thread(mailbox, mailbox.open)
            while mails := await self._new(mailbox, seen):
                for mail in mails:
                    await self._look_at(mailbox, mail)
                    seen.add(mail.uid)
                await _in_thread(mailbox, mailbox.empty)
                self._courier.nudge()
            await self._forget(mailbox)
        finally:
            await _in_thread(mailbox, mailbox.close)
        return len(seen)

    async def _forget(self, mailbox: Mailbox) -> None:
        """Once a day, for it looks at all that is old."""
        today = self._clock().date()
        if today != self._forgot_on:
            before = today - KEPT
            forgotten = await _in_thread(
                mailbox, lambda: mailbox.forget(before=before, us=self._us)
            )
            self._forgot_on = today
            log.info("mails_forgotten", count=forgotten)

    async def _new(self, mailbox: Mailbox, seen: set[str]) -> list[Waiting]:
        """Some servers keep no flags: such a mail is there again, and would be for ever."""
        mails = await _in_thread(mailbox, mailbox.waiting)
        return [mail for mail in mails if mail.uid not in seen]

    async def _look_at(self, mailbox: Mailbox, mail: Waiting) -> None:
        if mail.too_big or not await self._is_done(mailbox, mail):
            await _in_thread(mailbox, lambda: mailbox.leave(mail))
            log.info("mail_left_in_the_box")
        else:
            await _in_thread(mailbox, lambda: mailbox.delete(mail))

    async def _is_done(self, mailbox: Mailbox, mail: Waiting) -> bool:
        raw = await _in_thread(mailbox, lambda: mailbox.fetch(mail))
        if raw is None:
            return True
        try:
            fate = await receive(self._database, self._keys, raw, now=self._clock())
        except DATABASE_AWAY:
            raise
        except Exception:
            # One mail that nobody thought of must not hold up the others.
            log.exception("mail_failed")
            return False
        return fate == "done"


async def _in_thread(mailbox: Mailbox, ask: Callable[[], T]) -> T:
    """Cancelled, it does not leave a thread behind that waits for an answer."""
    work = asyncio.ensure_future(asyncio.to_thread(ask))
    try:
        return await asyncio.shield(work)
    except asyncio.CancelledError:
        mailbox.hang_up()
        await asyncio.gather(work, return_exceptions=True)
        raise
