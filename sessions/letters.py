"""
What stands in each letter, by kind of letter and by what the person wants to be seen.

Discreet is the default until a person chooses full: then no word of the circle is in
subject, body, sender, file name or calendar entry.
"""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID, uuid5

import msgspec
from sqlmodel.ext.asyncio.session import AsyncSession

from sessions import ics, outbox, schedule
from sessions.circles import Belonging, Circle, Membership, answer_token, ticket
from sessions.entries import entry_of, organizer_address, summary_for
from sessions.keys import Keys
from sessions.language import place, say, when
from sessions.mail import Button, Mail, compose
from sessions.outbox import OutboxEntry
from sessions.people import Person, address_of
from sessions.schedule import Booking, Series, Told
from sessions.settings import Settings
from sessions.zones import resolve


class Nothing(Exception):
    """There is nothing to say any more, or nobody to say it to."""


class Written(msgspec.Struct, frozen=True):
    """A finished mail; sealed while it waits."""

    message: bytes
    sender: str
    to: str

    def seal(self, keys: Keys) -> bytes:
        return keys.seal(msgspec.msgpack.encode(self))

    @classmethod
    def unseal(cls, keys: Keys, sealed: bytes) -> "Written":
        return msgspec.msgpack.decode(keys.open(sealed), type=cls)


class Desk(NamedTuple):
    """What every letter to a member is written with."""

    keys: Keys
    settings: Settings
    entry: OutboxEntry
    person: Person
    booking: Booking | None
    mine: Belonging
    now: datetime

    @property
    def full(self) -> bool:
        return self.person.detail == "full"

    @property
    def has_left(self) -> bool:
        return self.mine.membership.ended_at is not None

    @property
    def join_url(self) -> str:
        return f"{self.settings.public_url}/j#{ticket(self.keys, self.mine.membership)}"

    @property
    def answer_url(self) -> str:
        return f"{self.settings.public_url}/a#{answer_token(self.keys, self.mine.membership)}"


async def write(
    db: AsyncSession, keys: Keys, settings: Settings, entry: OutboxEntry, *, now: datetime
) -> Written:
    """Raises `Nothing` when the letter has become pointless."""
    letter = outbox.read(keys, entry)
    if isinstance(letter, outbox.SignInLetter):
        return _signin(settings, entry, letter, now=now)
    desk = await _desk(db, keys, settings, entry, letter, now=now)
    if isinstance(letter, outbox.Welcome):
        return _welcome(desk)
    booking = desk.booking
    told = await db.get(Told, (letter.membership, letter.series))
    if booking is None or _is_pointless(letter, booking, told, now=now):
        raise Nothing
    sequence = _revision(letter, booking.series)
    await _remember(db, letter, sequence, now=now)
    return _about_series(desk, letter, booking, sequence)


def _is_pointless(
    letter: outbox.SeriesLetter, booking: Booking, told: Told | None, *, now: datetime
) -> bool:
    """Whether the series has moved on: another letter has said it, or is about to."""
    again = isinstance(letter, outbox.Booked) and letter.again
    if told is not None and letter.sequence <= told.sequence and not again:
        return True  # a letter about the whole series came first, and it was in there
    if isinstance(letter, outbox.SeriesCancelled):
        return told is None
    if booking.series.cancelled_at is not None:
        return True
    match letter:
        case outbox.Booked():
            return not schedule.has_dates(booking, now=now)
        case outbox.DateChanged(original=original):
            change = booking.changes.get(datetime.fromisoformat(original))
            return change is None or change.moved_to is None
        case outbox.DateCancelled(original=original):
            change = booking.changes.get(datetime.fromisoformat(original))
            return told is None or change is None or change.moved_to is not None
        case outbox.DateRestored():
            return False


def _revision(letter: outbox.SeriesLetter, series: Series) -> int:
    """A letter about the whole series tells all that is known now; others, their one change."""
    if isinstance(letter, outbox.Booked | outbox.DateRestored):
        return series.sequence
    return letter.sequence


async def _desk(
    db: AsyncSession,
    keys: Keys,
    settings: Settings,
    entry: OutboxEntry,
    letter: outbox.Welcome | outbox.SeriesLetter,
    *,
    now: datetime,
) -> Desk:
    membership = await db.get(Membership, letter.membership)
    leaving = isinstance(letter, outbox.SeriesCancelled)
    if membership is None or (membership.ended_at is not None and not leaving):
        raise Nothing
    person = await db.get_one(Person, membership.person_id)
    if person.address is None:
        raise Nothing
    mine = Belonging(await db.get_one(Circle, membership.circle_id), membership)
    booking = None
    if not isinstance(letter, outbox.Welcome):
        series = await db.get(Series, letter.series)
        if series is None:
            raise Nothing
        changes = await schedule.changes_of(db, [series.id])
        booking = Booking(series, changes[series.id], mine)
    return Desk(keys, settings, entry, person, booking, mine, now)


async def _remember(
    db: AsyncSession, letter: outbox.SeriesLetter, sequence: int, *, now: datetime
) -> None:
    told = Told(
        membership_id=letter.membership,
        series_id=letter.series,
        sequence=sequence,
        told_at=now,
    )
    await db.merge(told)


def _signin(
    settings: Settings, entry: OutboxEntry, letter: outbox.SignInLetter, *, now: datetime
) -> Written:
    locale = letter.locale
    mail = Mail(
        to=letter.address,
        sender=settings.mail_from,
        sender_name=say(locale, "mail.from"),
        message_id=message_id(settings, entry.id),
        subject=say(locale, "mail.signin.subject"),
        paragraphs=say(locale, "mail.signin.body").split("\n\n"),
        buttons=[
            Button(
                say(locale, "mail.signin.button"), f"{settings.public_url}/in#{letter.token}"
            )
        ],
        locale=locale,
        date=now,
    )
    return Written(compose(mail), mail.sender, mail.to)


def _welcome(desk: Desk) -> Written:
    key = "mail.welcome.body.full" if desk.full else "mail.welcome.body"
    subject = "mail.welcome.subject.full" if desk.full else "mail.welcome.subject"
    circle = desk.mine.circle.name
    return _finish(
        desk, say(desk.person.locale, subject, circle=circle), _body(desk, key, circle=circle)
    )


def _about_series(
    desk: Desk, letter: outbox.SeriesLetter, booking: Booking, sequence: int
) -> Written:
    locale, zone = desk.person.locale, desk.person.zone
    params: dict[str, str | int] = {
        "summary": summary_for(desk.person, booking.series),
        "circle": desk.mine.circle.name,
        "zone": place(zone, locale=locale),
        "when": when(_moment(letter, booking, desk.now), zone=zone, locale=locale),
    }
    event = entry_of(
        booking,
        desk.person,
        keys=desk.keys,
        settings=desk.settings,
        stamped_at=desk.now,
        invited=True,
        sequence=sequence,
    )
    match letter:
        case outbox.Booked():
            calendar, kind = ics.request(event), "booked"
        case outbox.DateChanged(original=original):
            calendar, kind = ics.request_one(event, datetime.fromisoformat(original)), "changed"
        case outbox.DateRestored():
            # A lone date cannot undo an EXDATE that came with an earlier whole series.
            calendar, kind = ics.request(event), "changed"
        case outbox.DateCancelled(original=original):
            calendar = ics.cancel_one(event, datetime.fromisoformat(original))
            kind = "date_cancelled"
        case outbox.SeriesCancelled():
            calendar, kind = ics.cancel(event), "series_cancelled"
    body = f"mail.{kind}.body"
    if kind == "booked" and desk.full:
        body += ".full"
    subject = say(locale, f"mail.{kind}.subject", **params)
    method = "REQUEST" if kind in ("booked", "changed") else "CANCEL"
    return _finish(desk, subject, _body(desk, body, **params), calendar=calendar, method=method)


def _moment(letter: outbox.SeriesLetter, booking: Booking, now: datetime) -> datetime:
    """The date that the letter is about; for a whole series its next one."""
    if isinstance(letter, outbox.DateLetter):
        original = datetime.fromisoformat(letter.original)
        change = booking.changes.get(original)
        local = (change and change.moved_to) or original
        return resolve(local, booking.series.zone)
    dates = [d for d in schedule.next_dates(booking, now=now) if not d.cancelled]
    first = resolve(booking.series.start, booking.series.zone)
    return dates[0].starts_at if dates else first


def _body(desk: Desk, key: str, **params: str | int) -> list[str]:
    locale = desk.person.locale
    about_links = [] if desk.has_left else [say(locale, "mail.personal")]
    return [say(locale, key, **params), *about_links]


def _finish(
    desk: Desk,
    subject: str,
    paragraphs: list[str],
    *,
    calendar: bytes | None = None,
    method: str = "REQUEST",
) -> Written:
    locale = desk.person.locale
    to = address_of(desk.keys, desk.person)
    if to is None:
        raise Nothing
    sender = desk.settings.mail_from
    if desk.booking is not None:
        # RFC 5546 - 3.2.2. REQUEST: the organizer is who replies go to; the same from the
        # first mail to the last, or calendars take the update for somebody else's.
        sender = organizer_address(desk.keys, desk.settings, desk.booking)
    mail = Mail(
        to=to,
        sender=sender,
        sender_name=say(locale, "mail.from"),
        message_id=message_id(desk.settings, desk.entry.id),
        subject=subject,
        paragraphs=paragraphs,
        buttons=_buttons(desk),
        locale=locale,
        date=desk.now,
        calendar=calendar,
        method=method,
    )
    return Written(compose(mail), mail.sender, mail.to)


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
