"""
How one person's calendar shows a series: in full, or discreetly.

Discreet, an entry has a word of the person's own choosing (or a neutral one of their
language), the personal link and nothing else.
"""

import hashlib
import hmac
from datetime import datetime

from sessions.circles import ticket
from sessions.ics import Event
from sessions.keys import Keys
from sessions.language import say
from sessions.people import Person, address_of
from sessions.schedule import Booking, Series
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
) -> Event:
    """
    `invited`: with organizer and this one attendee, for a mail; a feed names nobody.

    `sequence`: the revision that a mail tells of, when it is not the latest.
    """
    series, mine = booking.series, booking.mine
    full = person.detail == "full"
    changed_at = max(series.changed_at, person.changed_at, mine.circle.changed_at)
    return Event(
        uid=series.uid,
        sequence=series.sequence if sequence is None else sequence,
        summary=summary_for(person, series),
        description=mine.circle.name if full else "",
        pattern=series.pattern,
        changes=booking.changes,
        created_at=series.created_at,
        changed_at=changed_at,
        # RFC 5545 - 3.8.7.2. Date-Time Stamp: never older than what it stands on
        stamped_at=max(stamped_at, changed_at),
        url=f"{settings.public_url}/j#{ticket(keys, mine.membership)}",
        organizer=organizer_address(keys, settings, booking) if invited else None,
        attendee=address_of(keys, person) if invited else None,
        conference=full,
        cancelled=series.cancelled_at is not None or mine.membership.ended_at is not None,
    )


def summary_for(person: Person, series: Series) -> str:
    if person.detail == "full":
        return series.title
    return person.summary or say(person.locale, "mail.neutral")


def organizer_address(keys: Keys, settings: Settings, booking: Booking) -> str:
    """
    One address per recipient and series, the same from the first mail to the last.

    An answer that comes back to it can only be this person's, about this series.
    """
    text = f"{booking.mine.membership.id.hex} {booking.series.id.hex}"
    token = hmac.new(keys.organizers, text.encode(), hashlib.sha256).hexdigest()[:24]
    local, _, host = settings.mail_from.rpartition("@")
    return f"{local}+{token}@{host}"
