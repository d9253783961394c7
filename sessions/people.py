"""
Persons, by what little we know of them.

An address is encrypted where it lies and found again by a keyed hash; the name is
whatever the person wants to be called. Invited people are persons before they ever
sign in.
"""

import re
from datetime import date, datetime
from typing import Literal
from uuid import UUID, uuid4

from sqlalchemy import JSON, String
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from sessions.errors import Invalid
from sessions.keys import Keys, digest_of
from sessions.language import Locale
from sessions.text import clean_line
from sessions.zones import UnknownZone
from sessions.zones import zone as zone_of

Detail = Literal["discreet", "full"]
MAX_ADDRESS = 254  # RFC 5321 - 4.5.3.1.3. Path, less the angle brackets
# RFC 5321 - 4.1.2. Command Argument Syntax: a Dot-string and a Domain; no quoted strings.
ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
HOST = rf"{LABEL}(?:\.{LABEL})+|localhost"
ADDRESS = re.compile(rf"(?P<local>{ATOM}(?:\.{ATOM})*)@(?P<host>{HOST})")
ENCODED = "=?"
"""RFC 2047 - 2. Syntax of encoded-words: in a header such an address would be another one."""
FEED = "feed"
Minutes = Literal[15, 60, 180, 1440, 2880, 4320]
"""How long before a date one can be reminded of it."""
DAY_BEFORE: Minutes = 1440


class Person(SQLModel, table=True):
    id: UUID = Field(default_factory=uuid4, primary_key=True)
    address: bytes | None = None
    """Sealed; `None` for somebody who came without mail."""
    address_hash: str | None = Field(default=None, max_length=64, unique=True)
    name: str = Field(default="", max_length=80)
    """What this person is called by Ronda; never shown to other participants."""
    locale: Locale = Field(default="en", sa_type=String(8))
    zone: str = Field(default="UTC", max_length=64)
    detail: Detail = Field(default="discreet", sa_type=String(8))
    summary: str | None = Field(default=None, max_length=80)
    """Own word for discreet calendar entries; `None`: a neutral word of the language."""
    reminders: list[Minutes] = Field(default_factory=lambda: [DAY_BEFORE], sa_type=JSON)
    """Minutes before each date; none, and nobody reminds them."""
    feed_generation: int = 0
    feed_hash: str | None = Field(default=None, max_length=64, unique=True)
    """Of the secret address of the feed for all circles; `None`: ended, and not made anew."""
    feed_used_on: date | None = None
    created_at: datetime
    changed_at: datetime
    """When something changed that its calendar entries show."""


def new_person(
    keys: Keys, address: str | None, *, locale: Locale, zone: str, now: datetime
) -> Person:
    person = Person(
        locale=locale,
        zone=zone if is_zone(zone) else "UTC",
        created_at=now,
        changed_at=now,
    )
    person.feed_hash = digest_of(keys.token(FEED, person.id, 0))
    if address is not None:
        person.address = keys.seal(address.encode())
        person.address_hash = keys.fingerprints("address", _folded(address))[0]
    return person


async def find_person(db: AsyncSession, keys: Keys, address: str) -> Person | None:
    hashes = keys.fingerprints("address", _folded(address))
    found = await db.exec(select(Person).where(col(Person.address_hash).in_(hashes)))
    return found.first()


async def find_or_add(
    db: AsyncSession, keys: Keys, address: str, *, locale: Locale, zone: str, now: datetime
) -> Person:
    person = await find_person(db, keys, address)
    if person is None:
        person = new_person(keys, address, locale=locale, zone=zone, now=now)
        db.add(person)
        await db.flush()
    return person


def checked_address(text: str, *, field: str = "address") -> str:
    """One mail address that our mail server will take; raises `Invalid`."""
    address = text.strip()
    found = ADDRESS.fullmatch(address) if len(address) <= MAX_ADDRESS else None
    if found is None or len(found["local"]) > 64 or ENCODED in address:
        raise Invalid("bad_address", field=field, address=clean_line(address)[:80])
    return address


def address_of(keys: Keys, person: Person) -> str | None:
    return None if person.address is None else keys.open(person.address).decode()


def masked(address: str | None) -> str:
    """Enough to recognise one's own address, not enough to learn somebody else's."""
    if not address:
        return ""
    local, _, host = address.rpartition("@")
    return (
        f"{local[:1]}…@{host[:1]}….{host.rpartition('.')[2]}"
        if "." in host
        else f"{local[:1]}…@{host}"
    )


def change_person(
    person: Person,
    *,
    now: datetime,
    name: str | None = None,
    locale: Locale | None = None,
    zone: str | None = None,
    detail: Detail | None = None,
    summary: str | None = None,
    reminders: list[Minutes] | None = None,
) -> None:
    """Only what is given changes; an empty `summary` goes back to the neutral word."""
    if zone is not None and not is_zone(zone):
        raise Invalid("unknown_zone", field="zone", zone=clean_line(zone)[:64])
    if name is not None:
        person.name = clean_line(name)
    if summary is not None:
        person.summary = clean_line(summary) or None
    if reminders is not None:
        person.reminders = sorted(set(reminders))
    person.locale = locale or person.locale
    person.zone = zone or person.zone
    person.detail = detail or person.detail
    person.changed_at = now


def is_zone(name: str) -> bool:
    try:
        zone_of(name)
    except UnknownZone:
        return False
    return True


def _folded(address: str) -> str:
    return address.strip().casefold()


async def has_people(db: AsyncSession) -> bool:
    """Whether the instance is in use, so that losing its key would lock somebody out."""
    return (await db.exec(select(Person.id).limit(1))).first() is not None
