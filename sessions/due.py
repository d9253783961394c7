"""What is looked at every minute: reminders that are due, and places kept long enough."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

import structlog

from sessions import reminders, waiting
from sessions.clock import Clock
from sessions.db import Database
from sessions.keys import Keys

EVERY_SECONDS = 60.0
MARGIN = timedelta(minutes=5)
"""Looked at once more: clocks of two machines, and a transaction that took its time."""

log = structlog.get_logger()


async def run(
    database: Database,
    keys: Keys,
    clock: Clock,
    nudge: Callable[[], None],
    wait: Callable[[float], Awaitable[None]] = asyncio.sleep,
) -> None:
    """Until cancelled. A database that is away is waited for, and nothing is left out."""
    looked_at: datetime | None = None
    while True:
        now = clock()
        since = looked_at - MARGIN if looked_at else now - reminders.LONGEST
        try:
            posted = await reminders.post_due(database, keys, since=since, now=now)
            looked_at = now
            posted += await waiting.settle_all(database, keys, now=now)
            if posted:
                nudge()
        except Exception:
            log.exception("due_failed")
        await wait(EVERY_SECONDS)
