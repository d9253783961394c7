"""
Where rooms keep their state, so that they outlive the server's process.

The state holds the names people go by in the room: it is sealed, and deleted at the end.
It never holds chat.
"""

from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from sessions.clock import Clock
from sessions.db import Database
from sessions.keys import Keys

KEPT = timedelta(days=1)


class RoomSnapshot(SQLModel, table=True):
    __tablename__ = "room_snapshot"

    room: str = Field(primary_key=True, max_length=80)
    state: bytes
    saved_at: datetime


class DatabaseSnapshots:
    """Is signaling's `SnapshotStore`; each save is its own transaction."""

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


async def unfinished_rooms(database: Database) -> list[str]:
    """Rooms that a server left behind; they are to be looked after until they close."""
    async with database.read() as db:
        return list(await db.exec(select(RoomSnapshot.room)))


async def forget_old(db: AsyncSession, *, now: datetime) -> None:
    await db.exec(delete(RoomSnapshot).where(col(RoomSnapshot.saved_at) < now - KEPT))
