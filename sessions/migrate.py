"""
Brings the database to this version's shape, one starter at a time.

A database of a newer version is refused: an old program must not write into it. Before
tables are changed, SQLite's file is copied beside them: a revision that fails halfway is not
rolled back there. The copy holds what may have to be forgotten, so it goes after a week.
"""

import asyncio
import fcntl
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.engine import make_url

from sessions.backup import copy_database
from sessions.db import open_engine
from sessions.settings import Settings

FOLDER = Path(__file__).parent / "migrations"
LOCK = 0x526F6E64
"""Names the advisory lock on PostgreSQL."""
COPY = "before-{}.db"
COPIES_KEPT = timedelta(days=7)


class NewerSchema(Exception):
    def __init__(self) -> None:
        super().__init__(
            "The database was written by a newer version of Ronda. Install that version again."
        )


class BrokenSchema(Exception):
    def __init__(self) -> None:
        super().__init__("The new tables do not fit the old rows; nothing was changed.")


async def migrate(settings: Settings) -> None:
    """Raises `NewerSchema` and `BrokenSchema`."""
    engine = open_engine(settings.database_url)
    try:
        async with _only_one(settings), engine.connect() as connection:
            if engine.dialect.name == "postgresql":
                await connection.execute(text("SELECT pg_advisory_lock(:lock)"), {"lock": LOCK})
                await connection.commit()
            waiting = await connection.run_sync(_waiting)
            await connection.rollback()
            if waiting:
                await asyncio.to_thread(_keep_copy, settings, waiting)
            await connection.run_sync(_upgrade)
            await connection.commit()
    finally:
        await engine.dispose()


def forget_copies(data: Path, *, now: datetime) -> None:
    for path in data.glob(COPY.format("*")):
        if path.stat().st_mtime < (now - COPIES_KEPT).timestamp():
            path.unlink()


def _waiting(connection: Connection) -> str | None:
    """The newest revision, when tables are there and not yet of it. Raises `NewerSchema`."""
    scripts = ScriptDirectory.from_config(_config())
    current = set(MigrationContext.configure(connection).get_current_heads())
    if not current <= {script.revision for script in scripts.walk_revisions()}:
        raise NewerSchema
    newest = scripts.get_current_head()
    return newest if current and newest not in current else None


def _keep_copy(settings: Settings, revision: str) -> None:
    url = make_url(settings.database_url)
    target = settings.data / COPY.format(revision)
    if url.get_backend_name() != "sqlite" or not url.database or target.exists():
        return  # of PostgreSQL its keeper has copies; after a failure the first one counts
    unfinished = target.with_suffix(".unfinished")
    unfinished.unlink(missing_ok=True)
    os.close(os.open(unfinished, os.O_CREAT | os.O_EXCL, 0o600))
    copy_database(Path(url.database), unfinished)
    unfinished.replace(target)


def _upgrade(connection: Connection, to: str = "head") -> None:
    is_sqlite = connection.dialect.name == "sqlite"
    if is_sqlite:
        _let_tables_go(connection)
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, to)
    if is_sqlite and connection.execute(text("PRAGMA foreign_key_check")).first():
        raise BrokenSchema


def _let_tables_go(connection: Connection) -> None:
    """
    SQLite changes a table by dropping the old one, which empties every table that hangs on it.

    Past SQLAlchemy, which would begin a transaction; in one it does nothing.
    """
    cursor = connection.connection.cursor()
    cursor.execute("PRAGMA foreign_keys=OFF")
    cursor.close()


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    return config


@asynccontextmanager
async def _only_one(settings: Settings) -> AsyncIterator[None]:
    """A file lock, for SQLite has none that outlives a transaction."""
    settings.data.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (settings.data / "migrate.lock").open("w") as file:
        await asyncio.to_thread(fcntl.flock, file, fcntl.LOCK_EX)
        yield
