"""Rooms outlive the server's process, whichever place keeps their state."""

from collections.abc import AsyncIterator, Iterator

import pytest

from sessions.db import Database
from sessions.keys import Keys
from sessions.settings import Settings
from sessions.snapshots import RedisSnapshots, Snapshots, forget_old, open_snapshots
from tests.conftest import SetClock
from tests.machine.redis import redis_server

STATE = b"who is in the room: Noa"


@pytest.fixture(scope="session")
def redis_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with redis_server(tmp_path_factory.mktemp("redis")) as url:
        yield url


@pytest.fixture(params=["database", "redis"])
async def snapshots(
    request: pytest.FixtureRequest,
    settings: Settings,
    database: Database,
    keys: Keys,
    clock: SetClock,
    redis_url: str,
) -> AsyncIterator[Snapshots]:
    url = redis_url if request.param == "redis" else ""
    chosen = Settings(database_url=settings.database_url, redis_url=url)
    snapshots = open_snapshots(chosen, database, keys, clock)
    for room in await snapshots.rooms():
        await snapshots.delete(room)
    yield snapshots
    await snapshots.close()


async def test_what_was_saved_last_is_what_is_loaded(snapshots: Snapshots) -> None:
    await snapshots.save("a room", b"earlier")
    await snapshots.save("a room", STATE)

    assert await snapshots.load("a room") == STATE
    assert await snapshots.load("another room") is None


async def test_rooms_left_behind_are_known_until_they_are_deleted(snapshots: Snapshots) -> None:
    await snapshots.save("one", STATE)
    await snapshots.save("two", STATE)
    await snapshots.delete("one")

    assert await snapshots.rooms() == ["two"]
    assert await snapshots.load("one") is None


async def test_names_lie_sealed(redis_url: str, keys: Keys) -> None:
    snapshots = RedisSnapshots(redis_url, keys)
    await snapshots.save("a room", STATE)
    lying = await snapshots._redis.get("ronda/room/a room")
    await snapshots.close()

    assert lying
    assert b"Noa" not in lying


async def test_a_database_forgets_what_no_server_deleted(
    settings: Settings, database: Database, keys: Keys, clock: SetClock
) -> None:
    snapshots = open_snapshots(settings, database, keys, clock)
    await snapshots.save("a room", STATE)

    async with database.write() as db:
        await forget_old(db, now=clock().replace(year=clock().year + 1))

    assert await snapshots.rooms() == []
