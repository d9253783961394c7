"""A change carried out to see what it means, and then undone."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlmodel.ext.asyncio.session import AsyncSession


@asynccontextmanager
async def rehearsed(db: AsyncSession, *, dry: bool) -> AsyncIterator[None]:
    """
    With `dry`, nothing of what is done inside is kept.

    What it shows is what would happen, for it did; so no promise can differ from the deed.
    """
    if not dry:
        yield
        return
    savepoint = await db.begin_nested()
    try:
        yield
    finally:
        await savepoint.rollback()
