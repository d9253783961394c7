"""What was told and holds no more is told again; looked at at the start and once a day."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime

import structlog

from sessions import schedule
from sessions.clock import Clock
from sessions.db import Database
from sessions.keys import Keys

EVERY_SECONDS = 24 * 3600.0

log = structlog.get_logger()


async def run(
    database: Database,
    keys: Keys,
    clock: Clock,
    nudge: Callable[[], None],
    wait: Callable[[float], Awaitable[None]] = asyncio.sleep,
) -> None:
    """Until cancelled. A database that is away is tried again the next day."""
    while True:
        try:
            told = await tell_anew(database, keys, now=clock())
            if told:
                log.warning("told_anew", series=told)
                nudge()
        except Exception:
            log.exception("reissues_failed")
        await wait(EVERY_SECONDS)


async def tell_anew(database: Database, keys: Keys, *, now: datetime) -> int:
    """Gives how many series it was; each is a transaction of its own."""
    async with database.read() as db:
        late = await schedule.outdated(db, now=now)
    told = 0
    for series in late:
        async with database.write() as db:
            told += await schedule.tell_anew(db, keys, series, now=now)
    return told
