"""
The door of an open circle: a stranger asks, and is let in once the address is theirs.

Asking alone makes nobody a member, or anyone could put a person they know of into a circle
with the circle's name in their mailbox.
"""

from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import String, delete
from sqlmodel import Field, SQLModel, col
from sqlmodel.ext.asyncio.session import AsyncSession

from sessions import circles, invites, limits, outbox
from sessions.circles import Circle
from sessions.errors import Conflict, Gone
from sessions.keys import Keys, digest_of, random_token
from sessions.language import Locale
from sessions.people import checked_address, find_or_add, find_person, is_zone

LIFE = timedelta(hours=24)
ASKS_PER_HOST = limits.Limit("ask", most=20, seconds=3600)
ASKS_PER_ADDRESS = limits.Limit("ask-address", most=3, seconds=86400)
ASKS_PER_CIRCLE = limits.Limit("ask-circle", most=30, seconds=86400)


class JoinRequest(SQLModel, table=True):
    """Asked, and not confirmed yet; who asks is nobody's member so far."""

    __tablename__ = "join_request"

    digest: str = Field(primary_key=True, max_length=64)
    """Of the token in the mail."""
    circle_id: UUID = Field(foreign_key="circle.id", ondelete="CASCADE", index=True)
    address: bytes
    """Sealed."""
    locale: Locale = Field(default="en", sa_type=String(8))
    zone: str = Field(max_length=64)
    expires_at: datetime


class Asked(NamedTuple):
    """What a link from such a mail is about."""

    circle: Circle
    address: str


async def ask(
    db: AsyncSession,
    keys: Keys,
    circle: Circle,
    *,
    address: str,
    locale: Locale,
    zone: str,
    host: str,
    now: datetime,
) -> None:
    """
    Mail a link by which to confirm; it says the same to known and unknown, and of a full
    circle: how many are in there is nobody's business who is not.

    Who was let go of does not come back this way, and is not told so.
    """
    address = checked_address(address)
    await limits.spend(db, keys, ASKS_PER_HOST, host, now=now)
    await limits.spend(db, keys, ASKS_PER_CIRCLE, str(circle.id), now=now)
    if not await limits.allows(db, keys, ASKS_PER_ADDRESS, address.casefold(), now=now):
        return  # in silence: nobody's mailbox is filled by somebody else
    if await _was_let_go(db, keys, circle, address):
        return
    token = random_token()
    db.add(
        JoinRequest(
            digest=digest_of(token),
            circle_id=circle.id,
            address=keys.seal(address.encode()),
            locale=locale,
            zone=zone if is_zone(zone) else "UTC",
            expires_at=now + LIFE,
        )
    )
    outbox.post(db, keys, outbox.JoinAsked(address, token, locale), now=now)


async def look(db: AsyncSession, keys: Keys, token: str, *, now: datetime) -> Asked:
    """Consumes nothing. Raises `Gone` for a link that is not good, or not good any more."""
    request, circle = await _good(db, token, now=now)
    return Asked(circle, _address(keys, request))


async def confirm(db: AsyncSession, keys: Keys, token: str, *, now: datetime) -> None:
    """In, with all invitations. Raises `Conflict` while there is no place, and counts none."""
    request, circle = await _good(db, token, now=now)
    await circles.hold(db, circle)
    _check_open(circle)
    address = _address(keys, request)
    if await _was_let_go(db, keys, circle, address):
        raise Gone
    person = await find_or_add(
        db, keys, address, locale=request.locale, zone=request.zone, now=now
    )
    try:
        await invites.admit_member(db, keys, circle, person, now=now)
    except Conflict as full:
        raise Conflict("nobody_new") from full
    await db.delete(request)


async def _good(db: AsyncSession, token: str, *, now: datetime) -> tuple[JoinRequest, Circle]:
    request = await db.get(JoinRequest, digest_of(token))
    if request is None or request.expires_at <= now:
        raise Gone
    circle = await db.get_one(Circle, request.circle_id)
    _check_open(circle)
    return request, circle


def _check_open(circle: Circle) -> None:
    if circle.openness != "open":
        raise Gone


async def _was_let_go(db: AsyncSession, keys: Keys, circle: Circle, address: str) -> bool:
    person = await find_person(db, keys, address)
    if person is None:
        return False
    membership = await invites.membership_of(db, circle, person)
    return membership is not None and membership.ended_at is not None


def _address(keys: Keys, request: JoinRequest) -> str:
    return keys.open(request.address).decode()


async def forget_old(db: AsyncSession, *, now: datetime) -> None:
    await db.exec(delete(JoinRequest).where(col(JoinRequest.expires_at) <= now))
