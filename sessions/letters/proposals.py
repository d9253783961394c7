"""What becomes of a time that somebody proposed; when it is taken, all get the new date."""

from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from sessions import ics, outbox, recurrence
from sessions.entries import entry_of, summary_for
from sessions.language import place, say, when
from sessions.letters.desk import (
    Nothing,
    Office,
    Written,
    desk_for,
    finish,
    paragraphs,
    with_series,
)
from sessions.zones import resolve


async def counter_declined(
    db: AsyncSession, office: Office, letter: outbox.CounterDeclined
) -> Written:
    desk, booking = await with_series(db, await desk_for(db, office, letter), letter.series)
    series, pattern = booking.series, booking.series.pattern
    original = datetime.fromisoformat(letter.original) if letter.original else None
    start = original or series.start
    change = booking.changes.get(start)
    if series.cancelled_at is not None or not recurrence.follows(pattern, start):
        raise Nothing
    if change is not None and change.off:
        raise Nothing  # that was said in a letter of its own
    event = entry_of(
        booking,
        desk.person,
        keys=office.keys,
        settings=office.settings,
        stamped_at=office.now,
        invited=True,
        sequence=letter.sequence,
    )
    locale, zone = desk.person.locale, desk.person.zone
    local = recurrence.occurrence_at(pattern, booking.changes, start).local
    params: dict[str, str | int] = {
        "summary": summary_for(desk.person, series),
        "when": when(resolve(local, series.zone), zone=zone, locale=locale),
        "zone": place(zone, locale=locale),
    }
    return finish(
        desk,
        say(locale, "mail.counter_declined.subject", **params),
        paragraphs(desk, "mail.counter_declined.body", **params),
        calendar=ics.decline_counter(event, original),
        method="DECLINECOUNTER",
    )
