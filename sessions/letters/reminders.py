"""A date is near: when, and the personal links. Whoever is discreet reads nothing else."""

from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from sessions import answers, outbox, recurrence
from sessions.entries import summary_for
from sessions.language import place, say, when
from sessions.letters.desk import (
    Desk,
    Nothing,
    Office,
    Written,
    desk_for,
    finish,
    paragraphs,
    with_series,
)
from sessions.recurrence import Occurrence
from sessions.schedule import Booking


async def reminder(db: AsyncSession, office: Office, letter: outbox.Reminder) -> Written:
    desk, booking = await with_series(db, await desk_for(db, office, letter), letter.series)
    date = date_as_told(booking, letter.original)
    if date.starts_at != letter.starts or date.starts_at <= office.now:
        raise Nothing  # it was moved: the new time has a reminder of its own
    if not await _comes(db, booking, date, now=office.now):
        raise Nothing
    locale, zone = desk.person.locale, desk.person.zone
    params: dict[str, str | int] = {
        "summary": summary_of_date(desk, booking, date),
        "circle": desk.mine.circle.name,
        "when": when(date.starts_at, zone=zone, locale=locale),
        "zone": place(zone, locale=locale),
    }
    body = "mail.reminder.body.full" if desk.full else "mail.reminder.body"
    return finish(
        desk,
        say(locale, "mail.reminder.subject", **params),
        [*paragraphs(desk, body, **params), say(locale, "mail.reminder.choice")],
    )


def date_as_told(booking: Booking, original: str) -> Occurrence:
    """Raises `Nothing` for a date that is no more."""
    start, pattern = datetime.fromisoformat(original), booking.series.pattern
    if booking.series.cancelled_at is not None or not recurrence.follows(pattern, start):
        raise Nothing
    date = recurrence.occurrence_at(pattern, booking.changes, start)
    if date.cancelled:
        raise Nothing
    return date


def summary_of_date(desk: Desk, booking: Booking, date: Occurrence) -> str:
    change = booking.changes.get(date.original)
    own = change.title if change and desk.full else None
    return own or summary_for(desk.person, booking.series)


async def _comes(
    db: AsyncSession, booking: Booking, date: Occurrence, *, now: datetime
) -> bool:
    membership, series = booking.mine.membership, booking.series.id
    said = await answers.said_by(db, [membership.id], {series}, now=now)
    given, waits = said.get(membership.id, ({}, {}))
    return answers.may_come(given, waits, membership, series, date.original)
