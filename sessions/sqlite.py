"""SQLite: what is asked of it, who reads from it without a thread, and its journal."""

import asyncio
import sqlite3
from typing import Any

from sqlalchemy import event
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.engine import URL, Connection
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import AsyncAdaptedQueuePool
from sqlalchemy.util import await_only

BUSY_TIMEOUT = "PRAGMA busy_timeout=5000"
IN_LOOP_TIMEOUT = "PRAGMA busy_timeout=50"
"""Readers meet a lock only where a database is being repaired: nobody's call waits for that."""
MOST_READERS = 15
PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",  # what was acknowledged is on disk
    BUSY_TIMEOUT,
    "PRAGMA foreign_keys=ON",
    "PRAGMA secure_delete=ON",  # what must be forgotten leaves no trace in free pages
)


class InLoop(SQLiteDialect_pysqlite):
    """
    Reads where it is called, as the driver of the standard library does.

    In a journal that writers append to (WAL) a reader waits for nobody, and what we ask for
    is found in microseconds: less than the way to a thread and back, which is what an
    asynchronous driver of SQLite is. Whoever writes waits for the disk, and does so there.
    """

    is_async = True
    supports_statement_cache = True


registry.register("sqlite.inloop", __name__, InLoop.__name__)


def open_engine(url: URL) -> AsyncEngine:
    return _prepared(create_async_engine(url.set(drivername="sqlite+aiosqlite")))


def open_reader(url: URL) -> AsyncEngine:
    """For sessions that only read; between two statements everybody else has a turn."""
    engine = _prepared(
        create_async_engine(
            url.set(drivername="sqlite+inloop"),
            poolclass=AsyncAdaptedQueuePool,
            pool_size=MOST_READERS,
            max_overflow=0,
        )
    )
    event.listen(engine.sync_engine, "connect", _only_read)
    event.listen(engine.sync_engine, "after_cursor_execute", _give_way)
    return engine


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


def truncate_journal(connection: Connection) -> None:
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


def _prepared(engine: AsyncEngine) -> AsyncEngine:
    event.listen(engine.sync_engine, "connect", _set_up)
    event.listen(engine.sync_engine, "begin", _begin)
    return engine


def _only_read(connection: Any, _record: object) -> None:
    connection.execute("PRAGMA query_only=ON")
    connection.execute(IN_LOOP_TIMEOUT)


def _give_way(*_of_the_statement: object) -> None:
    await_only(asyncio.sleep(0))


def _set_up(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # SQLAlchemy's "begin" event says BEGIN, not the driver
    cursor = connection.cursor()
    for pragma in PRAGMAS:
        cursor.execute(pragma)
    cursor.close()


def _begin(connection: Connection) -> None:
    immediate = connection.get_execution_options().get("immediate", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")
