"""
What lies in the database, to be compared before and after.

Not how far its letters and calendars have come: they are looked after in their own time.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy import FromClause, Table, select, text

from sessions.busy.tables import ExternalCalendar
from sessions.db import Database
from sessions.outbox import OutboxEntry
from sessions.tables import METADATA
from tests.house import House

COURIERS = {"told", "spent"}


async def everything(database: Database) -> dict[str, list[str]]:
    async with database.engine.connect() as connection:
        return {
            name: sorted(map(repr, await connection.execute(select(_kept(table)))))
            for name, table in METADATA.tables.items()
            if name not in COURIERS
        }


def _kept(table: Table) -> FromClause:
    if table.name == ExternalCalendar.__tablename__:
        return select(table.c.id).subquery()
    if table.name == OutboxEntry.__tablename__:
        return select(table.c.dedup).subquery()
    return table


@asynccontextmanager
async def without(house: House, table: str) -> AsyncIterator[None]:
    """A database that breaks, and is mended."""
    await _rename(house, table, to=f"{table}_away")
    try:
        yield
    finally:
        await _rename(house, f"{table}_away", to=table)


async def _rename(house: House, table: str, *, to: str) -> None:
    async with house.inside.database.engine.begin() as connection:
        await connection.execute(text(f"ALTER TABLE {table} RENAME TO {to}"))
