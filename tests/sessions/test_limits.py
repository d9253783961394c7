import asyncio
from datetime import timedelta

import pytest
from sqlmodel import select

from sessions import limits
from sessions.db import Database
from sessions.errors import TooMany
from sessions.keys import Keys
from sessions.limits import Limit, Spent
from tests.conftest import NOON

THREE_AN_HOUR = Limit("three", most=3, seconds=3600)


async def allows(database: Database, keys: Keys, who: str, *, minutes: int = 0) -> bool:
    async with database.write() as db:
        now = NOON + timedelta(minutes=minutes)
        return await limits.allows(db, keys, THREE_AN_HOUR, who, now=now)


async def test_so_many_are_allowed_and_then_no_more(database: Database, keys: Keys) -> None:
    assert [await allows(database, keys, "a") for _ in range(5)] == [True] * 3 + [False] * 2


async def test_each_one_has_an_own_count_for_each_limit(database: Database, keys: Keys) -> None:
    for _ in range(3):
        await allows(database, keys, "a")

    assert await allows(database, keys, "b")
    async with database.write() as db:
        other = Limit("other", most=1, seconds=60)
        assert await limits.allows(db, keys, other, "a", now=NOON)


async def test_a_new_window_begins_from_nothing(database: Database, keys: Keys) -> None:
    for _ in range(4):
        await allows(database, keys, "a", minutes=59)

    assert [await allows(database, keys, "a", minutes=60) for _ in range(4)] == [
        True, True, True, False,
    ]  # fmt: skip


async def test_no_two_at_the_same_moment_get_the_last_one(
    database: Database, keys: Keys
) -> None:
    results = await asyncio.gather(*(allows(database, keys, "a") for _ in range(8)))

    assert sum(results) == 3


async def test_it_says_when_another_try_makes_sense(database: Database, keys: Keys) -> None:
    async with database.write() as db:
        for _ in range(3):
            await limits.spend(db, keys, THREE_AN_HOUR, "a", now=NOON)
        later = NOON + timedelta(minutes=10)
        with pytest.raises(TooMany) as refused:
            await limits.spend(db, keys, THREE_AN_HOUR, "a", now=later)

    assert refused.value.seconds == 50 * 60


async def test_nobody_can_be_recognised_in_what_is_counted_and_it_is_forgotten_after_a_day(
    database: Database, keys: Keys
) -> None:
    await allows(database, keys, "192.0.2.1")
    async with database.write() as db:
        [row] = list(await db.exec(select(Spent)))
        assert "192.0.2.1" not in row.key
        await limits.forget_old(db, now=NOON + timedelta(hours=24))
        assert list(await db.exec(select(Spent)))
        await limits.forget_old(db, now=NOON + timedelta(hours=24, seconds=1))
        assert not list(await db.exec(select(Spent)))
