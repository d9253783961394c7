"""
How one person's calendar shows a series: in full, or discreetly.

Discreet, an entry has a word of the person's own choosing (or a neutral one of their
language), the personal link and nothing else.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from sessions.circles import Membership, ticket
from sessions.ics import Event, Participation, Words
from sessions.keys import Keys, digest_of
from sessions.language import say
from sessions.people import Person, address_of
from sessions.schedule import Booking, Series, Told, mailbox_token
from sessions.settings import Settings


def entry_of(
    booking: Booking,
    person: Person,
    *,
    keys: Keys,
    settings: Settings,
    stamped_at: datetime,
    invited: bool = False,
    sequence: int | None = None,
    partstat: Participation = "NEEDS-ACTION",
    words: Mapping[datetime, Words] | None = None,
) -> Event:
    """
    `invited`: with organizer and this one attendee, for a mail; a feed names nobody.

    `sequence`: the revision that a mail tells of, when it is not the latest. `partstat` is
    what the person has answered. `words` are for some of the dates, by original start;
    discreet, only what was answered to a date is taken from them.
    """
    series, mine = booking.series, booking.mine
    full = person.detail == "full"
    changed_at = max(series.changed_at, person.changed_at)
    if full:  # else nothing of the circle is in it, not even that something has changed
        changed_at = max(changed_at, mine.circle.changed_at)
    return Event(
        uid=series.uid,
        sequence=series.sequence if sequence is None else sequence,
        summary=summary_for(person, series),
        description=mine.circle.name if full else "",
        pattern=series.pattern,
        changes={original: change.time for original, change in booking.changes.items()},
        words=words_for(booking, person, words or {}),
        changed_at=changed_at,
        # RFC 5545 - 3.8.7.2. Date-Time Stamp: never older than what it stands on
        stamped_at=max(stamped_at, changed_at),
        url=f"{settings.public_url}/j#{ticket(keys, mine.membership)}",
        organizer=organizer_address(keys, settings, booking) if invited else None,
        attendee=address_of(keys, person) if invited else None,
        partstat=partstat,
        conference=full,
        cancelled=series.cancelled_at is not None or mine.membership.ended_at is not None,
    )


def words_for(
    booking: Booking, person: Person, words: Mapping[datetime, Words]
) -> dict[datetime, Words]:
    """The dates that have a title of their own as well, for those who see titles."""
    if person.detail != "full":
        said = {o: each.partstat for o, each in words.items() if each.partstat}
        return {original: Words(partstat=partstat) for original, partstat in said.items()}
    titles = {o: change.title for o, change in booking.changes.items() if change.title}
    own = {original: Words(summary=title) for original, title in titles.items()}
    for original, each in words.items():
        own[original] = replace(each, summary=each.summary or titles.get(original))
    return own


def summary_for(person: Person, series: Series, title: str | None = None) -> str:
    """`title`: that of one date, where it has one of its own."""
    if person.detail == "full":
        return title or series.title
    return person.summary or say(person.locale, "mail.neutral")


def organizer_address(keys: Keys, settings: Settings, booking: Booking) -> str:
    """
    One address per recipient and series, the same from the first mail to the last, unless
    they leave and come back.

    An answer that comes back to it can only be this person's, about this series.
    """
    token = mailbox_token(keys, booking.mine.membership, booking.series.id)
    local, _, host = settings.mail_from.rpartition("@")
    return f"{local}+{token}@{host}"


async def remember_mailboxes(db: AsyncSession, keys: Keys) -> None:
    """For what was told before answers came back by mail."""
    found = await db.exec(
        select(Told, Membership)
        .join(Membership, col(Told.membership_id) == col(Membership.id))
        .where(col(Told.mailbox_hash).is_(None))
    )
    for told, membership in found:
        told.mailbox_hash = digest_of(mailbox_token(keys, membership, told.series_id))
