"""
Signing in with a link from one's mail, and staying signed in on a device.

A link is 192 random bits, works once and for 15 minutes; the database holds its SHA-256.
Asking for one answers the same whether the address is known or not.
"""

from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import String, bindparam, delete, update
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from sessions import limits, outbox
from sessions.errors import Gone, NotFound, NotSignedIn
from sessions.keys import Keys, digest_of, random_token
from sessions.language import Locale
from sessions.people import Person, checked_address, find_or_add, find_person, is_zone

LINK_LIFE = timedelta(minutes=15)
IDLE = timedelta(days=14)
LONGEST = timedelta(days=90)
TOUCH_EVERY = timedelta(hours=1)
LINKS_PER_ADDRESS = limits.Limit("signin-address", most=5, seconds=3600)
LINKS_PER_HOST = limits.Limit("signin-host", most=40, seconds=3600)


class SignInLink(SQLModel, table=True):
    __tablename__ = "sign_in_link"

    digest: str = Field(primary_key=True, max_length=64)
    address: bytes
    """Sealed: for an unknown address the person comes to be when the link is used."""
    locale: Locale = Field(sa_type=String(8))
    zone: str = Field(max_length=64)
    expires_at: datetime
    used_at: datetime | None = None


class SignedIn(SQLModel, table=True):
    """One device on which a person is signed in."""

    __tablename__ = "signed_in"

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    digest: str = Field(max_length=64, unique=True)
    person_id: UUID = Field(foreign_key="person.id", ondelete="CASCADE", index=True)
    created_at: datetime
    seen_at: datetime


# Asked with every request, so put together once: that costs more than the answer does.
_SIGNED_IN = (
    select(Person, SignedIn)
    .join(SignedIn, col(SignedIn.person_id) == col(Person.id))
    .where(SignedIn.digest == bindparam("digest"))
)


async def send_link(
    db: AsyncSession,
    keys: Keys,
    address: str,
    *,
    locale: Locale,
    zone: str,
    host: str,
    now: datetime,
    signup: str,
) -> None:
    """Mail a link to `address`, unless too many were asked for: then only silence."""
    address = checked_address(address)
    await limits.spend(db, keys, LINKS_PER_HOST, host, now=now)
    known = await find_person(db, keys, address)
    if not await limits.allows(db, keys, LINKS_PER_ADDRESS, address.casefold(), now=now):
        return
    if known is None and signup != "open":
        return
    token = random_token()
    link = SignInLink(
        digest=digest_of(token),
        address=keys.seal(address.encode()),
        locale=locale,
        zone=zone if is_zone(zone) else "UTC",
        expires_at=now + LINK_LIFE,
    )
    db.add(link)
    outbox.post(
        db, keys, outbox.SignInLetter(address=address, token=token, locale=locale), now=now
    )


async def look_at_link(db: AsyncSession, keys: Keys, token: str, *, now: datetime) -> str:
    """The address the link was sent to; consumes nothing. Raises `Gone`."""
    return keys.open((await _good_link(db, token, now=now)).address).decode()


async def use_link(
    db: AsyncSession, keys: Keys, token: str, *, now: datetime
) -> tuple[Person, str]:
    """Sign in; gives the person and the value of the sign-in cookie. Raises `Gone`."""
    link = await _good_link(db, token, now=now)
    link.used_at = now
    address = keys.open(link.address).decode()
    person = await find_or_add(db, keys, address, locale=link.locale, zone=link.zone, now=now)
    return person, sign_in(db, person, now=now)


def sign_in(db: AsyncSession, person: Person, *, now: datetime) -> str:
    """A fresh cookie value for every sign-in; a value brought along is never kept."""
    token = random_token()
    db.add(SignedIn(digest=digest_of(token), person_id=person.id, created_at=now, seen_at=now))
    return token


async def who(db: AsyncSession, token: str, *, now: datetime) -> tuple[Person, SignedIn]:
    """Whose sign-in cookie this is. Raises `NotSignedIn`."""
    row = (await db.exec(_SIGNED_IN, params={"digest": digest_of(token)})).first()
    if row is None:
        raise NotSignedIn
    person, signed_in = row
    if now - signed_in.seen_at > IDLE or now - signed_in.created_at > LONGEST:
        raise NotSignedIn
    return person, signed_in


def is_stale(signed_in: SignedIn, *, now: datetime) -> bool:
    """Time to write down that it was seen; not at every request."""
    return now - signed_in.seen_at > TOUCH_EVERY


async def touch(db: AsyncSession, signed_in: SignedIn, *, now: datetime) -> None:
    await db.exec(update(SignedIn).where(col(SignedIn.id) == signed_in.id).values(seen_at=now))


async def sign_out(db: AsyncSession, token: str) -> None:
    await db.exec(delete(SignedIn).where(col(SignedIn.digest) == digest_of(token)))


async def devices(db: AsyncSession, person: Person) -> list[SignedIn]:
    found = await db.exec(
        select(SignedIn)
        .where(SignedIn.person_id == person.id)
        .order_by(col(SignedIn.seen_at).desc())
    )
    return list(found)


async def sign_out_device(db: AsyncSession, person: Person, device: UUID) -> None:
    signed_in = await db.get(SignedIn, device)
    if signed_in is None or signed_in.person_id != person.id:
        raise NotFound
    await db.delete(signed_in)


async def forget_old(db: AsyncSession, *, now: datetime) -> None:
    """Links a day after their end, sign-ins when they no longer count."""
    await db.exec(
        delete(SignInLink).where(col(SignInLink.expires_at) < now - timedelta(days=1))
    )
    await db.exec(
        delete(SignedIn).where(
            (col(SignedIn.seen_at) < now - IDLE) | (col(SignedIn.created_at) < now - LONGEST)
        )
    )


async def _good_link(db: AsyncSession, token: str, *, now: datetime) -> SignInLink:
    link = await db.get(SignInLink, digest_of(token), with_for_update=True)
    if link is None or link.used_at is not None or link.expires_at <= now:
        raise Gone("signin_link_expired")
    return link
