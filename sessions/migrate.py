"""
Brings the database to this version's shape, one starter at a time.

A database of a newer version is refused: an old program must not write into it.
"""

import asyncio
import fcntl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import AsyncConnection

from sessions.db import open_engine
from sessions.settings import Settings

FOLDER = Path(__file__).parent / "migrations"
LOCK = 0x526F6E64
"""Names the advisory lock on PostgreSQL."""


class NewerSchema(Exception):
    def __init__(self) -> None:
        super().__init__(
            "The database was written by a newer version of Ronda. Install that version again."
        )


async def migrate(settings: Settings) -> None:
    """Raises `NewerSchema`."""
    engine = open_engine(settings.database_url)
    try:
        async with _only_one(settings), engine.connect() as connection:
            if engine.dialect.name == "postgresql":
                await connection.execute(text("SELECT pg_advisory_lock(:lock)"), {"lock": LOCK})
                await connection.commit()
            await _upgrade(connection)
    finally:
        await engine.dispose()


async def _upgrade(connection: AsyncConnection) -> None:
    await connection.run_sync(_upgrade_sync)
    await connection.commit()


def _upgrade_sync(connection: Connection) -> None:
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    config.attributes["connection"] = connection
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    current = MigrationContext.configure(connection).get_current_heads()
    if not set(current) <= known:
        raise NewerSchema
    command.upgrade(config, "head")


@asynccontextmanager
async def _only_one(settings: Settings) -> AsyncIterator[None]:
    """A file lock, for SQLite has none that outlives a transaction."""
    settings.data.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (settings.data / "migrate.lock").open("w") as file:
        await asyncio.to_thread(fcntl.flock, file, fcntl.LOCK_EX)
        yield
