import asyncio
import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, inspect, text

from sessions.db import Database, open_engine
from sessions.migrate import NewerSchema, migrate
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
