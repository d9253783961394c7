"""A place has become free for somebody who waits for one."""

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from sessions import outbox
from sessions.answers import Waiting
from sessions.language import place, say, when
from sessions.letters.desk import (
    Desk,
    Nothing,
    Office,
    Written,
    date_of,
    desk_for,
    finish,
    original_of,
    summary_of_date,
    with_series,
)
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
    original = original_of(letter)
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
    original = original_of(letter)
    moment = date_of(booking, original, now=desk.office.now).starts_at
    until = letter.until if isinstance(letter, outbox.SeatOffered) else None
    params: dict[str, str | int] = {
        "summary": summary_of_date(desk, booking, original),
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
