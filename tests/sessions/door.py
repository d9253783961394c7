"""Coming to the door of a room, as requests do it."""

from datetime import UTC, datetime
from typing import Any

from sessions import admission
from sessions.admission import Door, Entry
from signaling.passes import Pass, verify
from tests.sessions.village import BO, Village

OPENING = datetime(2026, 3, 10, 16, 45, tzinfo=UTC)
"""Of the first of the `EVENINGS`."""


async def look(village: Village, who: str = BO, *, device: str | None = None) -> Door:
    ticket = await village.ticket(who)
    async with village.database.write() as db:
        return await admission.look(
            db, village.keys, ticket, device=device, now=village.clock()
        )


async def enter(village: Village, who: str = BO, **changes: Any) -> Entry:
    wanted: dict[str, Any] = {
        "name": "Lamp", "agreement": 1, "seat_cookie": None, "can_hide": False,
    }  # fmt: skip
    ticket = await village.ticket(who)
    async with village.database.write() as db:
        return await admission.enter(
            db, village.keys, ticket, now=village.clock(), **(wanted | changes)
        )


async def come_back(village: Village, cookie: bytes | None) -> Entry:
    async with village.database.write() as db:
        return await admission.come_back(
            db, village.keys, cookie, can_hide=False, now=village.clock()
        )


def read(village: Village, entry: Entry) -> Pass:
    return verify(entry.token, village.keys.passes, village.clock().timestamp())
