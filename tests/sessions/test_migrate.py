import asyncio
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import (
    JSON,
    BindParameter,
    Connection,
    DateTime,
    TextClause,
    Uuid,
    bindparam,
    inspect,
    text,
)
from sqlmodel import select

from sessions import public
from sessions.circles import Circle
from sessions.db import Database, open_engine
from sessions.keys import Keys
from sessions.migrate import NewerSchema, _upgrade, forget_copies, migrate
from sessions.recurrence import Rule
from sessions.schedule import OccurrenceChange, Series
from sessions.settings import Settings
from sessions.tables import METADATA
from tests.conftest import _execute


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database in which nothing is yet."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/empty.db"
    server: str = request.getfixturevalue("postgres_url")
    name = f"empty_{uuid4().hex}"
    asyncio.run(_execute(server, f"CREATE DATABASE {name}"))
    return urlsplit(server)._replace(path=f"/{name}").geturl()


def _differences(connection: Connection) -> list[object]:
    context = MigrationContext.configure(connection, opts={"compare_type": True})
    found: list[object] = compare_metadata(context, METADATA)
    return found


async def test_the_migrated_database_is_what_the_models_say(database: Database) -> None:
    async with database.engine.connect() as connection:
        assert await connection.run_sync(_differences) == []


async def test_migrating_again_changes_nothing(settings: Settings, database: Database) -> None:
    await migrate(settings)

    async with database.engine.connect() as connection:
        assert await connection.run_sync(_differences) == []


async def test_a_newer_schema_is_refused_and_left_alone(empty_url: str, tmp_path: Path) -> None:
    settings = Settings(data=tmp_path, database_url=empty_url)
    await migrate(settings)
    database = Database(empty_url)
    async with database.engine.begin() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))

    with pytest.raises(NewerSchema, match="newer version"):
        await migrate(settings)

    async with database.engine.connect() as connection:
        version = await connection.execute(text("SELECT version_num FROM alembic_version"))
        assert version.scalar() == "9999"
    await database.close()


CIRCLE = """
INSERT INTO circle
(id, name, purpose, languages, openness, seats, hide_addresses, created_at, changed_at)
VALUES (:circle, 'Lantern', '', '[]', 'open', 12, true, :now, :now)
"""
SERIES = """
INSERT INTO series
(id, uid, circle_id, title, start, zone, minutes, weekdays, interval, sequence, created_at,
changed_at)
VALUES (:id, :uid, :circle, 'Tea', :now, 'UTC', 60, :weekdays, 1, 0, :now, :now)
"""
CHANGE = """
INSERT INTO occurrence_change (series_id, original, moved_to, changed_at)
VALUES (:series, :original, :moved_to, :now)
"""
WEEKDAYS = {"weekly": ["TU"], "once": None}
FIRST, SECOND, MOVED = (datetime(2026, 3, day, 19) for day in (10, 17, 18))  # noqa: DTZ001


async def _at_first_version(url: str) -> None:
    """Rows as it wrote them."""
    engine = open_engine(url)
    now, circle = {"now": FIRST}, {"circle": uuid4()}
    ids = {uid: uuid4() for uid in WEEKDAYS}
    async with engine.connect() as connection:
        await connection.run_sync(_upgrade, "0001")
        await connection.execute(_typed(CIRCLE, "circle"), circle | now)
        for uid, weekdays in WEEKDAYS.items():
            row = {"id": ids[uid], "uid": uid, "weekdays": weekdays}
            await connection.execute(_typed(SERIES, "id", "circle"), row | circle | now)
        for original, moved_to in ((FIRST, None), (SECOND, MOVED)):
            row = {"series": ids["weekly"], "original": original, "moved_to": moved_to}
            await connection.execute(_typed(CHANGE, "series"), row | now)
        await connection.commit()
    await engine.dispose()


def _typed(statement: str, *ids: str) -> TextClause:
    of_types: list[BindParameter[Any]] = [
        *(bindparam(name, type_=Uuid()) for name in ids),
        *(bindparam(n, type_=DateTime()) for n in ("now", "original", "moved_to")),
        bindparam("weekdays", type_=JSON()),
    ]
    return text(statement).bindparams(*(p for p in of_types if f":{p.key}" in statement))


def _rows(path: Path, statement: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(statement).fetchall()


class TestFromTheFirstVersion:
    async def test_each_series_still_happens_when_it_did(
        self, empty_url: str, tmp_path: Path
    ) -> None:
        await _at_first_version(empty_url)

        await migrate(Settings(data=tmp_path, database_url=empty_url))

        database = Database(empty_url)
        async with database.read() as db:
            found = {s.uid: s.rule for s in await db.exec(select(Series))}
            changes = await db.exec(select(OccurrenceChange))
            told = {(c.original, c.moved_to, c.cancelled, c.skipped) for c in changes}
        await database.close()
        assert found == {"weekly": Rule(("TU",)), "once": None}
        assert told == {(FIRST, None, True, False), (SECOND, MOVED, False, False)}

    async def test_no_public_entry_says_an_earlier_moment_than_before(
        self, empty_url: str, tmp_path: Path, keys: Keys
    ) -> None:
        await _at_first_version(empty_url)

        await migrate(Settings(data=tmp_path, database_url=empty_url))

        database, now = Database(empty_url), FIRST.replace(tzinfo=UTC)
        async with database.read() as db:
            circle = (await db.exec(select(Circle))).one()
            found = (await db.exec(select(Series))).all()
            moments = [public.revised_at(keys, circle, each, now=now) for each in found]
        await database.close()
        assert all(now < moment < now + timedelta(days=2) for moment in moments)

    def test_what_was_there_is_copied_first_and_kept_for_a_week(self, tmp_path: Path) -> None:
        url = f"sqlite:///{tmp_path}/ronda.db"
        asyncio.run(_at_first_version(url))

        asyncio.run(migrate(Settings(data=tmp_path, database_url=url)))

        [copy] = tmp_path.glob("before-*")
        assert copy.stat().st_mode & 0o777 == 0o600
        assert _rows(copy, "SELECT version_num FROM alembic_version") == [("0001",)]
        assert len(_rows(copy, "SELECT uid FROM series")) == 2
        made = datetime.fromtimestamp(copy.stat().st_mtime, tz=UTC)
        forget_copies(tmp_path, now=made + timedelta(days=6.9))
        assert copy.exists()
        forget_copies(tmp_path, now=made + timedelta(days=7.1))
        assert not copy.exists()

    def test_a_new_database_and_one_that_is_up_to_date_are_not_copied(
        self, tmp_path: Path
    ) -> None:
        settings = Settings(data=tmp_path, database_url=f"sqlite:///{tmp_path}/ronda.db")
        asyncio.run(migrate(settings))
        asyncio.run(migrate(settings))

        assert list(tmp_path.glob("before-*")) == []


STARTER = """
import asyncio, os
from sessions.migrate import migrate
from sessions.settings import Settings
asyncio.run(migrate(Settings.from_env(os.environ)))
"""


def test_several_starters_at_once_make_one_schema(empty_url: str, tmp_path: Path) -> None:
    """With folders of their own, as on two machines, where only the database can keep order."""
    apart = empty_url.startswith("postgresql")
    starters = [
        subprocess.Popen(
            [sys.executable, "-c", STARTER],
            env=os.environ
            | {
                "RONDA_DATA": str(tmp_path / (str(number) if apart else "data")),
                "RONDA_DATABASE_URL": empty_url,
            },
            stderr=subprocess.PIPE,
            text=True,
        )
        for number in range(2)
    ]

    ends = [starter.communicate(timeout=60) for starter in starters]

    assert [starter.returncode for starter in starters] == [0, 0], ends
    assert asyncio.run(_tables(empty_url)) >= set(METADATA.tables)


async def _tables(url: str) -> set[str]:
    engine = open_engine(url)
    async with engine.connect() as connection:
        found = await connection.run_sync(lambda c: set(inspect(c).get_table_names()))
    await engine.dispose()
    return found
