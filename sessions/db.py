"""
Where things are kept: SQLite on one machine, PostgreSQL for several.

One request is one transaction: `provide_db` opens it. What is asked again and again (feeds,
public pages) opens its own only when nothing that is remembered answers, and the little that a
read writes down (`note`) comes after it in another. A read is one `BEGIN`, a write
`BEGIN IMMEDIATE`, so that two writers queue at the start and never meet halfway with "database
is locked".
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import (
    AbstractAsyncContextManager,
    asynccontextmanager,
    nullcontext,
    suppress,
)

from sqlalchemy import MetaData
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlmodel import SQLModel
from sqlmodel.ext.asyncio.session import AsyncSession

from sessions import sqlite

SQLModel.metadata.naming_convention = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_label)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
).naming_convention

PAUSE_SECONDS = 5.0


class Database:
    def __init__(self, url: str) -> None:
        self.engine = open_engine(url)
        self._writing = self.engine.execution_options(immediate=True)
        is_sqlite = self.engine.dialect.name == "sqlite"
        self._reading = sqlite.open_reader(self.engine.url) if is_sqlite else self.engine
        # SQLite has one writer, and lets those who wait for it in by luck: here in order.
        self._turn: AbstractAsyncContextManager[None] = (
            asyncio.Lock() if is_sqlite else nullcontext()
        )
        self._watch = sqlite.Watch(self.engine.url.database) if is_sqlite else None
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
        session = AsyncSession(self._reading, expire_on_commit=False)
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
                await connection.run_sync(sqlite.truncate_journal)

    async def close(self) -> None:
        if self._watch:
            self._watch.close()
        await self._reading.dispose()
        await self.engine.dispose()


def open_engine(url: str) -> AsyncEngine:
    """Takes `sqlite:///path` and `postgresql://…`; the async driver is chosen here."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        return sqlite.open_engine(parsed)
    return create_async_engine(
        parsed.set(drivername="postgresql+asyncpg"), pool_size=10, pool_pre_ping=True
    )
