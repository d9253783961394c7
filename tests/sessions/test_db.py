# ruff: noqa: ASYNC240 - a test may wait for its own small files

import asyncio
import sqlite3
from contextlib import closing, suppress
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from sqlmodel import select

from sessions.db import Database
from sessions.keys import Keys
from sessions.people import Person, new_person
from sessions.settings import Settings
from sessions.sqlite import PRAGMAS
from tests.conftest import NOON


async def add(database: Database, keys: Keys, name: str) -> None:
    async with database.write() as db:
        person = new_person(keys, None, locale="en", zone="UTC", now=NOON)
        person.name = name
        db.add(person)


async def names(database: Database) -> set[str]:
    async with database.read() as db:
        return set(await db.exec(select(Person.name)))


async def test_a_write_is_kept_as_a_whole_or_not_at_all(database: Database, keys: Keys) -> None:
    class Oops(Exception):
        pass

    async def fail() -> None:
        async with database.write() as db:
            db.add(new_person(keys, None, locale="en", zone="UTC", now=NOON))
            await db.flush()
            raise Oops

    await add(database, keys, "kept")
    with pytest.raises(Oops):
        await fail()

    assert await names(database) == {"kept"}


async def test_a_read_keeps_nothing(database: Database, keys: Keys) -> None:
    with suppress(OperationalError):  # SQLite says so at once, PostgreSQL lets it be undone
        async with database.read() as db:
            db.add(new_person(keys, None, locale="en", zone="UTC", now=NOON))
            await db.flush()

    assert await names(database) == set()


async def test_writers_queue_and_none_meets_a_locked_database(
    database: Database, keys: Keys
) -> None:
    await asyncio.gather(*(add(database, keys, str(n)) for n in range(30)))

    assert len(await names(database)) == 30


async def test_a_reader_does_not_wait_for_a_writer(database: Database, keys: Keys) -> None:
    async with database.write() as db:
        db.add(new_person(keys, None, locale="en", zone="UTC", now=NOON))
        await db.flush()
        assert await names(database) == set()


async def test_between_two_statements_of_a_reader_others_have_their_turn(
    database: Database,
) -> None:
    seen: list[str] = []

    async def look() -> None:
        while True:
            seen.append("somebody else")
            await asyncio.sleep(0)

    other = asyncio.create_task(look())
    async with database.read() as db:
        for _ in range(2):
            await db.exec(select(Person.name))
            seen.append("reader")
    other.cancel()

    first = seen.index("reader")
    assert seen[first + 1] == "somebody else"


async def test_moments_come_back_aware_and_in_utc(database: Database, keys: Keys) -> None:
    await add(database, keys, "x")

    async with database.read() as db:
        assert (await db.exec(select(Person.created_at))).one() == NOON


async def test_sqlite_is_set_up_to_lose_nothing_and_to_forget_thoroughly(
    tmp_path: Path,
) -> None:
    database = Database(f"sqlite:///{tmp_path}/x.db")
    async with database.engine.connect() as connection:
        values = [
            (await connection.execute(text(pragma.partition("=")[0]))).scalar()
            for pragma in PRAGMAS
        ]
    await database.close()

    assert values == ["wal", 2, 5000, 1, 1]


async def test_the_journal_can_be_begun_anew_while_the_database_is_open(
    tmp_path: Path, sqlite_template: Path, keys: Keys
) -> None:
    path = tmp_path / "ronda.db"
    path.write_bytes(sqlite_template.read_bytes())
    database = Database(f"sqlite:///{path}")
    await add(database, keys, "canary")
    before = Path(f"{path}-wal").read_bytes()

    await database.truncate_journal()

    assert b"canary" in before
    assert Path(f"{path}-wal").read_bytes() == b""
    assert await names(database) == {"canary"}
    await database.close()


async def test_on_postgresql_there_is_no_such_journal_to_begin(database: Database) -> None:
    await database.truncate_journal()


def test_the_template_of_the_tests_is_a_whole_database(
    settings: Settings, sqlite_template: Path
) -> None:
    with closing(sqlite3.connect(sqlite_template)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
