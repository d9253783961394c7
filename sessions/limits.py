"""How often somebody may ask; counted in the database, so that it holds across workers."""

from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from sqlalchemy import case, delete
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Field, SQLModel, col
from sqlmodel.ext.asyncio.session import AsyncSession

from sessions.errors import TooMany
from sessions.keys import Keys


class Limit(NamedTuple):
    name: str
    most: int
    seconds: int


class Spent(SQLModel, table=True):
    """How much of a limit was used in the window that began at `since`."""

    key: str = Field(primary_key=True, max_length=64)
    """A keyed hash: no host and no address is kept."""
    since: datetime
    used: int


async def allows(
    db: AsyncSession, keys: Keys, limit: Limit, who: str, *, now: datetime
) -> bool:
    """Use one of the limit up; whether there was one left. One statement, so atomic."""
    begin = _window(limit, now)
    insert = postgresql.insert if _is_postgres(db) else sqlite.insert
    row = insert(Spent).values(
        key=keys.fingerprints("limit", f"{limit.name}\0{who}")[0], since=begin, used=1
    )
    fresh = col(Spent.since) < begin
    counted = row.on_conflict_do_update(
        index_elements=["key"],
        set_={"used": case((fresh, 1), else_=col(Spent.used) + 1), "since": begin},
    ).returning(col(Spent.used))
    used: int = (await db.exec(counted)).scalar_one()
    return used <= limit.most


async def spend(db: AsyncSession, keys: Keys, limit: Limit, who: str, *, now: datetime) -> None:
    """Raises `TooMany` when nothing is left."""
    if not await allows(db, keys, limit, who, now=now):
        raise TooMany(seconds=limit.seconds - int(now.timestamp()) % limit.seconds)


def next_window(limit: Limit, *, now: datetime) -> datetime:
    """When there is something of it again."""
    return _window(limit, now) + timedelta(seconds=limit.seconds)


async def forget_old(db: AsyncSession, *, now: datetime) -> None:
    yesterday = datetime.fromtimestamp(now.timestamp() - 86400, tz=UTC)
    await db.exec(delete(Spent).where(col(Spent.since) < yesterday))


def _window(limit: Limit, now: datetime) -> datetime:
    return datetime.fromtimestamp(now.timestamp() // limit.seconds * limit.seconds, tz=UTC)


def _is_postgres(db: AsyncSession) -> bool:
    return db.get_bind().dialect.name == "postgresql"
