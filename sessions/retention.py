"""What must be forgotten is forgotten: one job, soon after the start and then every hour."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from pathlib import Path

import structlog
from sqlmodel.ext.asyncio.session import AsyncSession

from sessions import (
    admission,
    answers,
    circles,
    join_requests,
    limits,
    outbox,
    passkeys,
    polls,
    proposals,
    rota,
    signin,
    snapshots,
)
from sessions.clock import Clock
from sessions.db import Database
from sessions.migrate import forget_copies

EVERY_SECONDS = 3600.0
JOBS = (
    signin.forget_old,
    passkeys.forget_old,
    limits.forget_old,
    outbox.forget_old,
    admission.forget_old,
    snapshots.forget_old,
    answers.forget_old,
    join_requests.forget_old,
    proposals.forget_old,
    rota.forget_old,
    rota.forget_offers,
    polls.forget_old,
    circles.forget_old,
)

log = structlog.get_logger()


async def forget_old(db: AsyncSession, *, now: datetime) -> None:
    for job in JOBS:
        await job(db, now=now)


async def run(
    database: Database,
    clock: Clock,
    wait: Callable[[float], Awaitable[None]] = asyncio.sleep,
    *,
    data: Path | None = None,
) -> None:
    """Until cancelled. `data`: where copies of an older database may lie."""
    while True:
        try:
            async with database.write() as db:
                await forget_old(db, now=clock())
            await database.truncate_journal()
            if data is not None:
                await asyncio.to_thread(forget_copies, data, now=clock())
        except Exception:
            log.exception("retention_failed")
        await wait(EVERY_SECONDS)
