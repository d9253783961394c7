"""Whether the server can do its work; for proxies and for starting up."""

from litestar import get
from litestar.di import NamedDependency
from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession


@get("/healthz", tags=("health",), summary="Whether the server can do its work")
async def health(db: NamedDependency[AsyncSession]) -> dict[str, str]:
    await db.exec(select(1))
    return {"status": "ok"}
