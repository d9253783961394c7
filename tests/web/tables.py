"""
What lies in the database, to be compared before and after.

Not how far its letters have come: they leave in their own time.
"""

from sqlalchemy import FromClause, Table, select

from sessions.db import Database
from sessions.outbox import OutboxEntry
from sessions.tables import METADATA

COURIERS = {"told"}


async def everything(database: Database) -> dict[str, list[str]]:
    async with database.engine.connect() as connection:
        return {
            name: sorted(map(repr, await connection.execute(select(_kept(table)))))
            for name, table in METADATA.tables.items()
            if name not in COURIERS
        }


def _kept(table: Table) -> FromClause:
    if table.name != OutboxEntry.__tablename__:
        return table
    return select(table.c.dedup).subquery()
