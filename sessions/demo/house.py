"""What a demonstration is made with, and that its letters leave."""

import asyncio
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

from sqlmodel import col, select

from sessions.circles import Belonging
from sessions.clock import Clock
from sessions.courier import Courier
from sessions.db import Database
from sessions.keys import Keys
from sessions.outbox import OutboxEntry
from sessions.schedule import Series
from sessions.settings import Settings

LETTERS_SECONDS = 30.0


class Made(NamedTuple):
    mine: Belonging
    weekly: Series
    guests: list[Belonging]
    facilitator: str
    """Mail address, to sign in with."""


class House(NamedTuple):
    """What everything is made with."""

    settings: Settings
    keys: Keys
    clock: Clock
    database: Database
    courier: Courier
    folder: Path


async def deliver(house: House, made: Made) -> None:
    """Until every letter is written, by this courier or that of a running server."""
    ids = [guest.membership.id for guest in made.guests]
    async with asyncio.timeout(LETTERS_SECONDS):
        # Another process may be the courier of some of them: only the database tells.
        while await house.courier.deliver_everything() or await _unfinished(house, ids):  # noqa: ASYNC110
            await asyncio.sleep(0.05)


async def _unfinished(house: House, ids: list[UUID]) -> bool:
    async with house.database.read() as db:
        found = await db.exec(
            select(OutboxEntry.id).where(
                col(OutboxEntry.membership_id).in_(ids), col(OutboxEntry.done_at).is_(None)
            )
        )
        return found.first() is not None
