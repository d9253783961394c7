"""What becomes of a time that somebody proposed; when it is taken, all get the new date."""

from sqlmodel.ext.asyncio.session import AsyncSession

from sessions import ics, outbox
from sessions.language import place, say, when
from sessions.letters.copies import copy_of
from sessions.letters.desk import (
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


async def counter_declined(
    db: AsyncSession, office: Office, letter: outbox.CounterDeclined
) -> Written:
    """Nothing for a date that is off: that was said in a letter of its own."""
    desk, booking = await with_series(db, await desk_for(db, office, letter), letter.series)
    original = original_of(letter)
    date = date_of(booking, original, now=office.now)
    event = await copy_of(db, desk, booking, sequence=letter.sequence)
    locale, zone = desk.person.locale, desk.person.zone
    params: dict[str, str | int] = {
        "summary": summary_of_date(desk, booking, original),
        "when": when(date.starts_at, zone=zone, locale=locale),
        "zone": place(zone, locale=locale),
    }
    return finish(
        desk,
        say(locale, "mail.counter_declined.subject", **params),
        paragraphs(desk, "mail.counter_declined.body", **params),
        calendar=ics.decline_counter(event, original),
        method="DECLINECOUNTER",
    )
