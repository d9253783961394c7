"""To somebody who deletes everything about themself: their calendar is cleared as well."""

from datetime import datetime

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from sessions import circles, ics, outbox, schedule
from sessions.entries import entry_of, organizer_address, summary_for
from sessions.keys import Keys
from sessions.language import say
from sessions.letters.desk import Office, Written
from sessions.mail import Mail, compose
from sessions.people import Person, address_of
from sessions.schedule import Booking, Told
from sessions.settings import Settings


async def say_farewell(
    db: AsyncSession, keys: Keys, settings: Settings, person: Person, *, now: datetime
) -> None:
    """Before the person is deleted: what is to be said is sealed in the letters themselves."""
    address = address_of(keys, person)
    if address is None:
        return
    mine = await circles.circles_of(db, person, with_ended=True)
    found = await db.exec(
        select(Told).where(
            col(Told.membership_id).in_([m.membership.id for m in mine]),
            col(Told.cleared).is_(False),
        )
    )
    told = {(each.membership_id, each.series_id) for each in found}
    for booking in await schedule.bookings(db, mine):
        if (booking.mine.membership.id, booking.series.id) not in told:
            continue
        if not schedule.has_dates(booking, now=now):
            continue
        await schedule.lock(db, booking.series)
        schedule.raise_sequence(booking.series, now=now, openly=False)
        letter = _letter(keys, settings, person, address, booking, now=now)
        outbox.post(db, keys, letter, now=now)


def _letter(
    keys: Keys,
    settings: Settings,
    person: Person,
    address: str,
    booking: Booking,
    *,
    now: datetime,
) -> outbox.Farewell:
    event = entry_of(
        booking, person, keys=keys, settings=settings, stamped_at=now, invited=True
    )
    return outbox.Farewell(
        address=address,
        sender=organizer_address(keys, settings, booking),
        locale=person.locale,
        summary=summary_for(person, booking.series),
        calendar=ics.cancel(event).decode(),
    )


async def farewell(_db: AsyncSession, office: Office, letter: outbox.Farewell) -> Written:
    locale = letter.locale
    mail = Mail(
        to=letter.address,
        sender=letter.sender,
        sender_name=say(locale, "mail.from"),
        message_id=office.message_id,
        subject=say(locale, "mail.series_cancelled.subject", summary=letter.summary),
        paragraphs=say(locale, "mail.farewell.body").split("\n\n"),
        buttons=[],
        locale=locale,
        date=office.now,
        calendar=letter.calendar.encode(),
        method="CANCEL",
    )
    return Written(compose(mail), mail.sender, mail.to)
