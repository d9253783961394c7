from datetime import timedelta

from sqlmodel import select

from sessions import snapshots
from sessions.db import Database
from sessions.keys import Keys
from sessions.snapshots import DatabaseSnapshots, RoomSnapshot
from tests.conftest import SECRET, SetClock


async def test_a_room_comes_back_as_it_was_saved_last(
    database: Database, keys: Keys, clock: SetClock
) -> None:
    store = DatabaseSnapshots(database, keys, clock)
    await store.save("r1", b"first")
    await store.save("r1", b"second")
    await store.save("r2", b"other")

    assert await store.load("r1") == b"second"
    assert sorted(await store.rooms()) == ["r1", "r2"]
    await store.delete("r1")
    assert await store.load("r1") is None
    assert await store.load("r2") == b"other"


async def test_names_in_it_lie_sealed_and_outlive_a_change_of_secrets(
    database: Database, keys: Keys, clock: SetClock
) -> None:
    await DatabaseSnapshots(database, keys, clock).save("r1", b"Lamp")

    async with database.read() as db:
        [row] = list(await db.exec(select(RoomSnapshot)))
    newer = Keys(("a newer secret that is long enough", SECRET))

    assert b"Lamp" not in row.state
    assert await DatabaseSnapshots(database, newer, clock).load("r1") == b"Lamp"


async def test_a_room_nobody_came_back_to_is_forgotten_after_a_day(
    database: Database, keys: Keys, clock: SetClock
) -> None:
    store = DatabaseSnapshots(database, keys, clock)
    await store.save("r1", b"state")

    for age, kept in ((timedelta(days=1), b"state"), (timedelta(days=1, seconds=1), None)):
        async with database.write() as db:
            await snapshots.forget_old(db, now=clock() + age)
        assert await store.load("r1") == kept
