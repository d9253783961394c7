"""Where a feed is found: a secret address that can be made anew, or ended."""

from datetime import date
from urllib.parse import quote
from uuid import UUID

from sqlalchemy import update
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from sessions.circles import Membership
from sessions.keys import Keys, digest_of
from sessions.people import FEED, Person
from sessions.settings import Settings

CIRCLE_FEED = "circle feed"
GOOGLE = "https://calendar.google.com/calendar/r?cid="
OUTLOOK = "https://outlook.live.com/calendar/0/addfromweb?url="
OFFICE = "https://outlook.office.com/calendar/0/addfromweb?url="

Owner = Person | Membership
"""A person has one feed for all of their circles, a membership one for its circle alone."""


def token_of(keys: Keys, owner: Owner) -> str | None:
    """`None` while there is no address: it was never asked for, or it was ended."""
    if owner.feed_hash is None:
        return None
    return keys.token_again(_purpose(owner), owner.id, owner.feed_generation, owner.feed_hash)


def renew(keys: Keys, owner: Owner) -> None:
    """A new address, the first one too; the one before is worthless from now on."""
    owner.feed_generation += 1
    token = keys.token(_purpose(owner), owner.id, owner.feed_generation)
    owner.feed_hash = digest_of(token)
    owner.feed_used_on = None


def end(owner: Owner) -> None:
    """No address at all, until `renew`."""
    owner.feed_hash = None
    owner.feed_used_on = None


async def note_use(db: AsyncSession, owner: type[Owner], key: UUID, day: date) -> None:
    await db.exec(update(owner).where(col(owner.id) == key).values(feed_used_on=day))


def url_of(settings: Settings, token: str) -> str:
    return f"{settings.public_url}/feed/{token}.ics"


def webcal_url(url: str) -> str:
    """What opens the calendar app; it asks by https all the same."""
    return "webcal:" + url.partition(":")[2]


def google_url(url: str) -> str:
    """Google takes the address to subscribe to only as webcal."""
    return GOOGLE + quote(webcal_url(url), safe="")


def outlook_url(url: str) -> str:
    return OUTLOOK + quote(url, safe="")


def office_url(url: str) -> str:
    """Outlook again, for those whose address belongs to their work or school."""
    return OFFICE + quote(url, safe="")


def _purpose(owner: Owner) -> str:
    return FEED if isinstance(owner, Person) else CIRCLE_FEED
