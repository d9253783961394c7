"""
Where rooms keep their state, so that they outlive the server's process.

The state holds the names people go by in the room: it is sealed, and deleted at the end.
It never holds chat. One machine keeps it in its database, several share a Redis.
"""

from datetime import datetime, timedelta
from typing import Protocol

from redis.asyncio import Redis
from sqlalchemy import delete
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from sessions.clock import Clock
from sessions.db import Database
from sessions.keys import Keys
from sessions.settings import Settings
from signaling.live import SnapshotStore

KEPT = timedelta(days=1)
PREFIX = "ronda/room/"


class RoomSnapshot(SQLModel, table=True):
    __tablename__ = "room_snapshot"

    room: str = Field(primary_key=True, max_length=80)
    state: bytes
    saved_at: datetime


class Snapshots(SnapshotStore, Protocol):
    async def rooms(self) -> list[str]:
        """Rooms that a server left behind; they are to be looked after until they close."""

    async def close(self) -> None: ...


class DatabaseSnapshots:
    """Each save is its own transaction."""

    def __init__(self, database: Database, keys: Keys, clock: Clock) -> None:
        self._database = database
        self._keys = keys
        self._clock = clock

    async def save(self, room: str, state: bytes) -> None:
        snapshot = RoomSnapshot(room=room, state=self._keys.seal(state), saved_at=self._clock())
        async with self._database.write() as db:
            await db.merge(snapshot)

    async def load(self, room: str) -> bytes | None:
        async with self._database.read() as db:
            snapshot = await db.get(RoomSnapshot, room)
            return None if snapshot is None else self._keys.open(snapshot.state)

    async def delete(self, room: str) -> None:
        async with self._database.write() as db:
            await db.exec(delete(RoomSnapshot).where(col(RoomSnapshot.room) == room))

    async def rooms(self) -> list[str]:
        async with self._database.read() as db:
            return list(await db.exec(select(RoomSnapshot.room)))

    async def close(self) -> None:
        """The database is closed by who opened it."""


class RedisSnapshots:
    """Redis forgets by itself what no server deleted."""

    def __init__(self, url: str, keys: Keys) -> None:
        self._redis = Redis.from_url(url)
        self._keys = keys

    async def save(self, room: str, state: bytes) -> None:
        await self._redis.set(f"{PREFIX}{room}", self._keys.seal(state), ex=KEPT)

    async def load(self, room: str) -> bytes | None:
        sealed = await self._redis.get(f"{PREFIX}{room}")
        return self._keys.open(sealed) if isinstance(sealed, bytes) else None

    async def delete(self, room: str) -> None:
        await self._redis.delete(f"{PREFIX}{room}")

    async def rooms(self) -> list[str]:
        found = self._redis.scan_iter(match=f"{PREFIX}*")
        return [key.decode().removeprefix(PREFIX) async for key in found]

    async def close(self) -> None:
        await self._redis.aclose()


def open_snapshots(
    settings: Settings, database: Database, keys: Keys, clock: Clock
) -> Snapshots:
    if settings.redis_url:
        return RedisSnapshots(settings.redis_url, keys)
    return DatabaseSnapshots(database, keys, clock)


async def forget_old(db: AsyncSession, *, now: datetime) -> None:
    await db.exec(delete(RoomSnapshot).where(col(RoomSnapshot.saved_at) < now - KEPT))
