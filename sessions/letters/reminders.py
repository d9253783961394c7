"""A date is near: when, and the personal links. Whoever is discreet reads nothing else."""

from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from sessions import answers, outbox
from sessions.language import place, say, when
from sessions.letters.desk import (
    Nothing,
    Office,
    Written,
    date_of,
    desk_for,
    finish,
    original_of,
    paragraphs,
    summary_of_date,
    with_series,
)
from sessions.recurrence import Occurrence
from sessions.schedule import Booking


async def reminder(db: AsyncSession, office: Office, letter: outbox.Reminder) -> Written:
    desk, booking = await with_series(db, await desk_for(db, office, letter), letter.series)
    date = date_of(booking, original_of(letter), now=office.now)
    if date.starts_at != letter.starts or date.starts_at <= office.now:
        raise Nothing  # it was moved: the new time has a reminder of its own
    if not await _comes(db, booking, date, now=office.now):
        raise Nothing
    locale, zone = desk.person.locale, desk.person.zone
    params: dict[str, str | int] = {
        "summary": summary_of_date(desk, booking, date.original),
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


async def _comes(
    db: AsyncSession, booking: Booking, date: Occurrence, *, now: datetime
) -> bool:
    membership, series = booking.mine.membership, booking.series.id
    said = await answers.said_by(db, [membership.id], about=[series], now=now)
    return answers.may_come(said[membership.id], membership, series, date.original)
