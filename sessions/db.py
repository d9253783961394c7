"""
Where things are kept: SQLite on one machine, PostgreSQL for several.

One request is one transaction: `provide_db` opens it, and only `note` a second one, after
it. A read is one `BEGIN`, a write `BEGIN IMMEDIATE`, so that two writers
queue at the start and never meet halfway with "database is locked".
"""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import (
    AbstractAsyncContextManager,
    asynccontextmanager,
    nullcontext,
    suppress,
)
from typing import Any

from sqlalchemy import MetaData, event
from sqlalchemy.engine import Connection, make_url
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlmodel import SQLModel
from sqlmodel.ext.asyncio.session import AsyncSession

SQLModel.metadata.naming_convention = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_label)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
).naming_convention

BUSY_TIMEOUT = "PRAGMA busy_timeout=5000"
PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",  # what was acknowledged is on disk
    BUSY_TIMEOUT,
    "PRAGMA foreign_keys=ON",
    "PRAGMA secure_delete=ON",  # what must be forgotten leaves no trace in free pages
)

PAUSE_SECONDS = 5.0


class Database:
    def __init__(self, url: str) -> None:
        self.engine = open_engine(url)
        self._writing = self.engine.execution_options(immediate=True)
        # SQLite has one writer, and lets those who wait for it in by luck: here in order.
        is_sqlite = self.engine.dialect.name == "sqlite"
        self._turn: AbstractAsyncContextManager[None] = (
            asyncio.Lock() if is_sqlite else nullcontext()
        )
        self._watch = Watch(self.engine.url.database) if is_sqlite else None
        self._open = 0
        self._idle = asyncio.Event()
        self._may_begin = asyncio.Event()
        self._may_begin.set()

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncSession]:
        """Commit when the block ends, roll back when it raises."""
        session = AsyncSession(self._writing, expire_on_commit=False)
        async with self._counted(), self._turn, session as db, db.begin():
            yield db

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncSession]:
        session = AsyncSession(self.engine, expire_on_commit=False)
        async with self._counted(), session as db:
            yield db

    def revision(self) -> int | None:
        """
        Another number after each commit of anybody, in this process or in another.

        `None` where nobody can tell so without asking over the network.
        """
        return self._watch.revision() if self._watch else None

    @asynccontextmanager
    async def pause(self) -> AsyncIterator[None]:
        """
        Inside, no transaction is open and none begins: the moment to cancel tasks.

        Cancelled in the middle of a statement, a connection outlives even the event loop.
        """
        self._may_begin.clear()
        try:
            with suppress(TimeoutError):
                async with asyncio.timeout(PAUSE_SECONDS):
                    await self._until_idle()
            yield
        finally:
            self._may_begin.set()

    async def _until_idle(self) -> None:
        while self._open:
            self._idle.clear()
            await self._idle.wait()

    @asynccontextmanager
    async def _counted(self) -> AsyncIterator[None]:
        await self._may_begin.wait()
        self._open += 1
        try:
            yield
        finally:
            self._open -= 1
            self._idle.set()

    async def truncate_journal(self) -> None:
        """What was deleted still stands in SQLite's journal until that begins anew."""
        if self.engine.dialect.name == "sqlite":
            async with self.engine.connect() as connection:
                await connection.run_sync(_truncate_journal)

    async def close(self) -> None:
        if self._watch:
            self._watch.close()
        await self.engine.dispose()


class Watch:
    """
    A connection to SQLite that never writes, and so sees what all others have committed.

    It takes microseconds and no thread: nothing is read but the head of the journal.
    """

    def __init__(self, path: str | None) -> None:
        self._path = path or ""
        self._connection: sqlite3.Connection | None = None

    def revision(self) -> int | None:
        try:
            if self._connection is None:
                # It waits for nobody: whoever asks holds up everybody.
                self._connection = sqlite3.connect(self._path, timeout=0)
            row = self._connection.execute("PRAGMA data_version").fetchone()
        except sqlite3.OperationalError:
            return None
        return int(row[0])

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()


def open_engine(url: str) -> AsyncEngine:
    """Takes `sqlite:///path` and `postgresql://…`; the async driver is chosen here."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        engine = create_async_engine(parsed.set(drivername="sqlite+aiosqlite"))
        event.listen(engine.sync_engine, "connect", _set_up_sqlite)
        event.listen(engine.sync_engine, "begin", _begin_sqlite)
        return engine
    return create_async_engine(
        parsed.set(drivername="postgresql+asyncpg"), pool_size=10, pool_pre_ping=True
    )


def _set_up_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # SQLAlchemy's "begin" event says BEGIN, not the driver
    cursor = connection.cursor()
    for pragma in PRAGMAS:
        cursor.execute(pragma)
    cursor.close()


def _truncate_journal(connection: Connection) -> None:
    """
    Past SQLAlchemy, which would begin a transaction; in one it does nothing.

    Where readers are in the way it gives up at once, rather than hold up every writer; it
    is tried again with the next round of forgetting.
    """
    cursor = connection.connection.cursor()
    cursor.execute("PRAGMA busy_timeout=0")
    cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    cursor.execute(BUSY_TIMEOUT)
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    immediate = connection.get_execution_options().get("immediate", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")
