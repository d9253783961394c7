"""A place has become free for somebody who waits for one."""

from datetime import datetime

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from sessions import outbox, schedule
from sessions.answers import Waiting
from sessions.entries import summary_for
from sessions.language import place, say, when
from sessions.letters.desk import (
    Desk,
    Nothing,
    Office,
    Written,
    desk_for,
    finish,
    with_series,
)
from sessions.letters.reminders import date_as_told, summary_of_date
from sessions.mail import Button
from sessions.schedule import Booking

AboutPlace = outbox.SeatOffered | outbox.InLine
WORDS = {
    "seat_yours": ("mail.seat_yours.subject", "mail.seat_yours.body"),
    "seat_offered": ("mail.seat_offered.subject", "mail.seat_offered.body"),
    "all": ("mail.seat_offered_all.subject", "mail.seat_offered_all.body"),
    "in_line": ("mail.in_line.subject", "mail.in_line.body"),
    "in_line_all": ("mail.in_line_all.subject", "mail.in_line_all.body"),
}


async def seat_offered(db: AsyncSession, office: Office, letter: outbox.SeatOffered) -> Written:
    desk, booking = await with_series(db, await desk_for(db, office, letter), letter.series)
    if letter.until is None:
        return _written(desk, booking, letter, "seat_yours")
    if not await _is_kept(db, letter):
        raise Nothing  # taken, passed on, or the date is over
    return _written(desk, booking, letter, "seat_offered" if letter.original else "all")


async def in_line(db: AsyncSession, office: Office, letter: outbox.InLine) -> Written:
    desk, booking = await with_series(db, await desk_for(db, office, letter), letter.series)
    row = await _waiting(db, letter)
    if row is None or row.offered_until is not None:
        raise Nothing  # there is a place by now, or it is not wanted any more
    return _written(desk, booking, letter, "in_line" if letter.original else "in_line_all")


async def _is_kept(db: AsyncSession, letter: outbox.SeatOffered) -> bool:
    row = await _waiting(db, letter)
    return row is not None and row.offered_until == letter.until


async def _waiting(db: AsyncSession, letter: AboutPlace) -> Waiting | None:
    original = datetime.fromisoformat(letter.original) if letter.original else None
    found = await db.exec(
        select(Waiting).where(
            Waiting.membership_id == letter.membership,
            Waiting.series_id == letter.series,
            Waiting.original == original if original else col(Waiting.original).is_(None),
        )
    )
    return found.first()


def _written(desk: Desk, booking: Booking, letter: AboutPlace, kind: str) -> Written:
    locale, zone = desk.person.locale, desk.person.zone
    summary, moment = _date(desk, booking, letter)
    until = letter.until if isinstance(letter, outbox.SeatOffered) else None
    params: dict[str, str | int] = {
        "summary": summary,
        "when": when(moment, zone=zone, locale=locale),
        "until": when(until or moment, zone=zone, locale=locale),
        "zone": place(zone, locale=locale),
    }
    subject, body = WORDS[kind]
    button = Button(say(locale, "mail.seat.button"), desk.answer_url)
    if until is None:
        button = Button(say(locale, "mail.answer.button"), desk.answer_url)
    return finish(
        desk,
        say(locale, subject, **params),
        [*say(locale, body, **params).split("\n\n"), say(locale, "mail.personal_one")],
        buttons=[button],
    )


def _date(desk: Desk, booking: Booking, letter: AboutPlace) -> tuple[str, datetime]:
    """The date that it is about; for a place on all of them the next one."""
    if letter.original:
        date = date_as_told(booking, letter.original)
        return summary_of_date(desk, booking, date), date.starts_at
    now = desk.office.now
    coming = schedule.next_dates(booking, now=now, limit=4, with_cancelled=False)
    ahead = [date.starts_at for date in coming if date.starts_at > now]
    if booking.series.cancelled_at is not None or not ahead:
        raise Nothing
    return summary_for(desk.person, booking.series), ahead[0]
