"""What a letter is written at: whose it is, how it looks when it is finished."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID, uuid5

import msgspec
from sqlmodel.ext.asyncio.session import AsyncSession

from sessions import outbox, recurrence, schedule
from sessions.circles import Belonging, Circle, Membership, answer_token, ticket
from sessions.entries import organizer_address, summary_for
from sessions.keys import Keys
from sessions.language import say
from sessions.mail import Button, Mail, compose
from sessions.outbox import OutboxEntry
from sessions.people import Person, address_of
from sessions.recurrence import Occurrence
from sessions.schedule import Booking, Series
from sessions.settings import Settings

AboutDate = (
    outbox.DateLetter
    | outbox.CounterDeclined
    | outbox.Reminder
    | outbox.SeatOffered
    | outbox.InLine
)


class Nothing(Exception):
    """There is nothing to say any more, or nobody to say it to."""


class Written(msgspec.Struct, frozen=True):
    """A finished mail; sealed while it waits."""

    message: bytes
    sender: str
    to: str
    revision: int | None = None
    """RFC 5545 - 3.8.7.4. Sequence Number, of the calendar in it."""

    def seal(self, keys: Keys) -> bytes:
        return keys.seal(msgspec.msgpack.encode(self))

    @classmethod
    def unseal(cls, keys: Keys, sealed: bytes) -> "Written":
        return msgspec.msgpack.decode(keys.open(sealed), type=cls)


class Office(NamedTuple):
    """What every letter is written with."""

    keys: Keys
    settings: Settings
    entry: OutboxEntry
    now: datetime

    @property
    def message_id(self) -> str:
        return message_id(self.settings, self.entry.id)


class Desk(NamedTuple):
    """What every letter to a member is written with."""

    office: Office
    person: Person
    mine: Belonging
    booking: Booking | None = None

    @property
    def full(self) -> bool:
        return self.person.detail == "full"

    @property
    def has_left(self) -> bool:
        return self.mine.membership.ended_at is not None

    @property
    def join_url(self) -> str:
        return self._link("j", ticket(self.office.keys, self.mine.membership))

    @property
    def answer_url(self) -> str:
        return self._link("a", answer_token(self.office.keys, self.mine.membership))

    def _link(self, page: str, token: str) -> str:
        return f"{self.office.settings.public_url}/{page}#{token}"


async def desk_for(
    db: AsyncSession, office: Office, letter: outbox.ToMember, *, leaving: bool = False
) -> Desk:
    """`leaving`: also for somebody who has left. Raises `Nothing`."""
    membership = await db.get(Membership, letter.membership)
    if membership is None or (membership.ended_at is not None and not leaving):
        raise Nothing
    person = await db.get_one(Person, membership.person_id)
    if person.address is None:
        raise Nothing
    mine = Belonging(await db.get_one(Circle, membership.circle_id), membership)
    return Desk(office, person, mine)


async def with_series(db: AsyncSession, desk: Desk, series_id: UUID) -> tuple[Desk, Booking]:
    series = await db.get(Series, series_id)
    if series is None:
        raise Nothing
    changes = await schedule.changes_of(db, [series.id])
    booking = Booking(series, changes[series.id], desk.mine)
    return desk._replace(booking=booking), booking


def original_of(letter: outbox.AnyLetter) -> datetime | None:
    """The date that it is about, by its original start; None: about none, or about all."""
    if not isinstance(letter, AboutDate) or not letter.original:
        return None
    return datetime.fromisoformat(letter.original)


def date_of(booking: Booking, original: datetime | None, *, now: datetime) -> Occurrence:
    """As it is now; for all of them the next one. Raises `Nothing` when it is no more."""
    series = booking.series
    if series.cancelled_at is not None:
        raise Nothing
    if original is None:
        coming = schedule.dates_between(booking, after=now, before=schedule.END_OF_TIME)
        found = next((date for date in coming if not date.cancelled), None)
    elif recurrence.follows(series.pattern, original):
        found = recurrence.occurrence_at(series.pattern, booking.changes, original)
    else:
        found = None
    if found is None or found.cancelled:
        raise Nothing
    return found


def summary_of_date(desk: Desk, booking: Booking, original: datetime | None) -> str:
    """Its own title, where it has one and the person sees titles."""
    change = booking.changes.get(original) if original else None
    return summary_for(desk.person, booking.series, change.title if change else None)


def paragraphs(desk: Desk, key: str, **params: str | int) -> list[str]:
    locale = desk.person.locale
    about_links = [] if desk.has_left else [say(locale, "mail.personal")]
    return [say(locale, key, **params), *about_links]


def finish(
    desk: Desk,
    subject: str,
    said: list[str],
    *,
    calendar: bytes | None = None,
    method: str = "REQUEST",
    buttons: list[Button] | None = None,
    revision: int | None = None,
) -> Written:
    locale = desk.person.locale
    to = address_of(desk.office.keys, desk.person)
    if to is None:
        raise Nothing
    sender = desk.office.settings.mail_from
    if desk.booking is not None:
        # RFC 5546 - 3.2.2. REQUEST: the organizer is who replies go to; the same from the
        # first mail to the last, or calendars take the update for somebody else's.
        sender = organizer_address(desk.office.keys, desk.office.settings, desk.booking)
    mail = Mail(
        to=to,
        sender=sender,
        sender_name=say(locale, "mail.from"),
        message_id=desk.office.message_id,
        subject=subject,
        paragraphs=said,
        buttons=_buttons(desk) if buttons is None else buttons,
        locale=locale,
        date=desk.office.now,
        calendar=calendar,
        method=method,
    )
    return Written(compose(mail), mail.sender, mail.to, revision)


def _buttons(desk: Desk) -> list[Button]:
    """The personal links; none for somebody who has left, for theirs are dead."""
    if desk.has_left:
        return []
    locale = desk.person.locale
    return [
        Button(say(locale, "mail.join.button"), desk.join_url),
        Button(say(locale, "mail.answer.button"), desk.answer_url),
    ]


def message_id(settings: Settings, entry: UUID) -> str:
    """Stable for the letter and opaque: nothing of circle or person is in it."""
    return f"<{uuid5(entry, 'message').hex}@{settings.mail_host}>"
