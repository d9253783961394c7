# ruff: noqa: ASYNC240 - a test may wait for its own small files

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import select

from sessions import admission, answers, circles, export, retention, signin
from sessions.db import Database
from sessions.keys import Keys
from sessions.outbox import OutboxEntry
from sessions.people import Person
from sessions.settings import Settings
from sessions.snapshots import DatabaseSnapshots
from tests.conftest import SetClock
from tests.house import PUBLIC_URL
from tests.sessions.village import BO, DANA, FIRST, Village

CANARY = "canary-9f3a71"
ADDRESS = f"{CANARY}@example.org"


def plain_bytes(village: Village) -> bytes:
    """All that lies on the disk of a SQLite database: pages, free ones too, and journal."""
    files = sorted(village.settings.data.glob("ronda.db*"))
    return b"".join(each.read_bytes() for each in files)


async def run_once(village: Village) -> None:
    class Enough(BaseException):
        pass

    async def wait(_seconds: float) -> None:
        raise Enough

    with pytest.raises(Enough):
        await retention.run(village.database, village.clock, wait)


async def everything_happens(village: Village) -> None:
    """One person does all that leaves a trace."""
    async with village.database.write() as db:
        await signin.send_link(
            db,
            village.keys,
            ADDRESS,
            locale="en",
            zone="UTC",
            host=CANARY,
            now=village.clock(),
            signup="open",
        )
    await village.invite(ADDRESS, BO)
    await village.choose(ADDRESS, name=CANARY, summary=CANARY)
    series = await village.book()
    async with village.acting(ADDRESS) as (db, mine):
        await answers.answer(
            db, mine, series, original=FIRST, answer="yes", now=village.clock()
        )
        person = await db.get_one(Person, mine.membership.person_id)
        signin.sign_in(db, person, now=village.clock())
    await DatabaseSnapshots(village.database, village.keys, village.clock).save(
        "room", CANARY.encode()
    )


@pytest.fixture
async def on_sqlite(
    tmp_path: Path, sqlite_template: Path, keys: Keys, clock: SetClock
) -> AsyncIterator[Village]:
    """The files of PostgreSQL are not ours to read, or to clean."""
    (tmp_path / "ronda.db").write_bytes(sqlite_template.read_bytes())
    settings = Settings(
        data=tmp_path, public_url=PUBLIC_URL, database_url=f"sqlite:///{tmp_path}/ronda.db"
    )
    database = Database(settings.database_url)
    village = Village(database, keys, settings, clock)
    await village.found()
    yield village
    await database.close()


class TestDisk:
    async def test_addresses_lie_nowhere_in_the_clear(self, on_sqlite: Village) -> None:
        await everything_happens(on_sqlite)
        before = plain_bytes(on_sqlite)
        await on_sqlite.post()
        after = plain_bytes(on_sqlite)

        assert len(before) > 10_000
        assert ADDRESS.encode() not in before + after
        assert DANA.encode() not in before + after

    async def test_names_in_a_room_lie_nowhere_in_the_clear(self, on_sqlite: Village) -> None:
        store = DatabaseSnapshots(on_sqlite.database, on_sqlite.keys, on_sqlite.clock)
        await store.save("room", CANARY.encode())

        assert CANARY.encode() not in plain_bytes(on_sqlite)

    async def test_of_a_person_who_deleted_themself_nothing_is_left(
        self, on_sqlite: Village
    ) -> None:
        await everything_happens(on_sqlite)
        assert CANARY.encode() in plain_bytes(on_sqlite), "or this would prove nothing"
        async with on_sqlite.acting(ADDRESS) as (db, mine):
            await export.forget(db, await db.get_one(Person, mine.membership.person_id))

        await run_once(on_sqlite)

        assert CANARY.encode() not in plain_bytes(on_sqlite)

    async def test_a_circle_that_is_deleted_takes_its_words_along(
        self, on_sqlite: Village
    ) -> None:
        await on_sqlite.found(name=CANARY, purpose=CANARY)
        await on_sqlite.book(title=CANARY)
        async with on_sqlite.acting() as (db, mine):
            await db.delete(await db.get_one(circles.Circle, mine.circle.id))

        await run_once(on_sqlite)

        assert CANARY.encode() not in plain_bytes(on_sqlite)


class TestTime:
    async def test_after_a_hundred_days_only_persons_and_plans_are_left(
        self, village: Village
    ) -> None:
        await everything_happens(village)
        await village.post()
        async with village.database.write() as db:
            await admission.note_removal(db, "room", "seat", "device", now=village.clock())
        village.clock.forward(timedelta(days=100))

        await run_once(village)

        async with village.database.read() as db:
            for table in (
                answers.Answer,
                signin.SignedIn,
                signin.SignInLink,
                OutboxEntry,
                admission.Removal,
            ):
                assert list(await db.exec(select(table))) == [], table
            assert len(list(await db.exec(select(Person)))) == 3
        assert await DatabaseSnapshots(village.database, village.keys, village.clock).load(
            "room"
        ) is None  # fmt: skip

    async def test_it_is_done_at_the_start_and_then_every_hour(self, village: Village) -> None:
        waits: list[float] = []

        class Enough(BaseException):
            pass

        async def wait(seconds: float) -> None:
            waits.append(seconds)
            if len(waits) == 3:
                raise Enough

        with pytest.raises(Enough):
            await retention.run(village.database, village.clock, wait)

        assert waits == [3600.0] * 3

    async def test_trouble_does_not_end_it(
        self, village: Village, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        tries = 0

        async def fail(*_: object, **__: object) -> None:
            nonlocal tries
            tries += 1
            raise ConnectionRefusedError

        monkeypatch.setattr(retention, "forget_old", fail)
        for _ in range(2):
            await run_once(village)

        assert tries == 2

    async def test_it_stops_when_it_is_told_to(self, village: Village) -> None:
        waiting = asyncio.Event()

        async def wait(_seconds: float) -> None:
            waiting.set()
            await asyncio.Event().wait()

        task = asyncio.create_task(retention.run(village.database, village.clock, wait))
        await waiting.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
