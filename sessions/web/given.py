"""What handlers are given: the transaction of the request, who asks, and the house."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime
from ipaddress import IPv6Address, IPv6Network, ip_address
from typing import Any, NamedTuple

from litestar import Request
from litestar.datastructures import State
from litestar.di import NamedDependency
from litestar.types import Scope
from sqlmodel.ext.asyncio.session import AsyncSession

from sessions import limits, signin
from sessions.clock import Clock
from sessions.courier import Courier
from sessions.db import Database
from sessions.effort import Effort
from sessions.errors import NotSignedIn
from sessions.feeds import Memory, Tagged
from sessions.keys import Keys
from sessions.language import Locale, accepted
from sessions.limits import Limit
from sessions.meetings import Directory
from sessions.people import Person
from sessions.public import Listed
from sessions.settings import Settings
from sessions.visits import Visits
from sessions.web.cookies import SEAT, SESSION

AnyRequest = Request[Any, Any, State]
READS = frozenset({"GET", "HEAD", "OPTIONS"})
TRANSACTION = "transaction"
ONLY_READS = {"reads": True}
"""For a POST that changes nothing: a secret must not stand in an address."""
RAW_BODY = {"raw": True}
"""For what comes from a program that has no JSON to send; browsers have no business there."""


class House(NamedTuple):
    """Everything that lives as long as the app."""

    settings: Settings
    keys: Keys
    database: Database
    courier: Courier
    clock: Clock
    feeds: Memory[Tagged]
    listed: Memory[Listed]
    effort: Effort
    visits: Visits
    directory: Directory

    @property
    def now(self) -> datetime:
        return self.clock()


class Me(NamedTuple):
    """Who is signed in, and on which device."""

    person: Person
    device: signin.SignedIn
    language: Locale
    """Of the page that asks; mails are in that of the person."""


def provide_house(state: State) -> House:
    house: House = state.house
    return house


async def provide_db(
    house: NamedDependency[House], request: AnyRequest
) -> AsyncIterator[AsyncSession]:
    """Commit when the handler returns, roll back when it raises; then let the post go."""
    reads = request.method in READS or "reads" in request.route_handler.opt
    opened = house.database.read() if reads else house.database.write()
    async with AsyncExitStack() as stack:
        request.scope["state"][TRANSACTION] = stack
        yield await stack.enter_async_context(opened)
    if not reads:
        house.courier.nudge()


async def let_go(error: Exception, scope: Scope) -> None:
    """
    End the transaction of a request that failed before its handler was called.

    Litestar leaves a dependency open when a later one raises: until somebody collects the
    garbage, SQLite's only writer would be nobody.
    """
    stack: AsyncExitStack | None = scope["state"].pop(TRANSACTION, None)
    if stack is not None:
        await stack.__aexit__(type(error), error, error.__traceback__)


@asynccontextmanager
async def note(house: House, db: AsyncSession) -> AsyncIterator[AsyncSession]:
    """
    For the little that a read writes down, first or last of all.

    Its own transaction ends first: SQLite's checkpoint waits for readers while writers wait
    for it, so a reader that waited to write would hold up everybody.
    """
    await db.close()
    async with house.database.write() as after:
        yield after


async def spend(house: House, db: AsyncSession, limit: Limit, who: str) -> None:
    """For a request that only reads, before it does: `db` begins anew. Raises `TooMany`."""
    async with note(house, db) as counting:
        await limits.spend(counting, house.keys, limit, who, now=house.now)


async def provide_me(
    house: NamedDependency[House], db: NamedDependency[AsyncSession], request: AnyRequest
) -> Me:
    """Raises `NotSignedIn`."""
    token = request.cookies.get(SESSION)
    if not token:
        raise NotSignedIn
    language = accepted(request.headers.get("accept-language", ""))
    return Me(*await signin.who(db, token, now=house.now), language)


def seat_of(request: AnyRequest) -> bytes | None:
    value = request.cookies.get(SEAT)
    return value.encode() if value else None


def host_of(request: AnyRequest) -> str:
    """Where a request came from, for limits only; never stored as it is."""
    return network_of(request.client.host) if request.client else "unknown"


def network_of(host: str) -> str:
    """
    Whom a limit can be for: in IPv6 a whole /64, all of which is one subscriber's to use
    (RFC 6177 - 2. On /48 Assignments to End Sites).
    """
    try:
        address = ip_address(host)
    except ValueError:
        return host
    if not isinstance(address, IPv6Address):
        return host
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(IPv6Network((int(address), 64), strict=False))
