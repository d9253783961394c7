"""To those who facilitate: whose turn it is."""

from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from sessions import outbox, recurrence, rota
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
from sessions.mail import Button
from sessions.people import Person, address_of, masked
from sessions.rota import RotaSwap
from sessions.schedule import Booking


async def changed(db: AsyncSession, office: Office, letter: outbox.RotaChanged) -> Written:
    desk = await _facilitating(db, office, letter)
    _, booking = await with_series(db, desk, letter.series)
    if booking.series.cancelled_at is not None:
        raise Nothing
    return _finished(desk, "rota_changed", booking, circle=desk.mine.circle.name)


async def asked(db: AsyncSession, office: Office, letter: outbox.RotaAsked) -> Written:
    desk = await _facilitating(db, office, letter)
    _, booking = await with_series(db, desk, letter.series)
    swap = await db.get(RotaSwap, letter.swap)
    standing = await rota.rota_of(db, booking)
    if swap is None or not rota.is_open(swap, booking, standing, now=office.now):
        raise Nothing
    _, asker = standing.facilitators[swap.asker_id]
    return _finished(
        desk,
        "rota_asked",
        booking,
        circle=desk.mine.circle.name,
        name=_name(office, asker),
        theirs=_when(desk, booking, swap.mine),
        yours=_when(desk, booking, swap.theirs),
        zone=place(desk.person.zone, locale=desk.person.locale),
    )


async def _facilitating(db: AsyncSession, office: Office, letter: outbox.ToMember) -> Desk:
    desk = await desk_for(db, office, letter)
    if not desk.mine.leads:
        raise Nothing
    return desk


def _finished(desk: Desk, kind: str, booking: Booking, **params: str | int) -> Written:
    """With one link, which is no secret: behind it stands the sign-in."""
    locale = desk.person.locale
    full = ".full" if desk.full else ""
    link = f"{desk.office.settings.public_url}/series/{booking.series.id}/rota"
    return finish(
        desk,
        say(locale, f"mail.{kind}.subject{full}", **params),
        [say(locale, f"mail.{kind}.body{full}", **params)],
        buttons=[Button(say(locale, "mail.rota.button"), link)],
    )


def _name(office: Office, person: Person) -> str:
    return person.name or masked(address_of(office.keys, person))


def _when(desk: Desk, booking: Booking, original: datetime) -> str:
    date = recurrence.occurrence_at(booking.series.pattern, booking.changes, original)
    return when(date.starts_at, zone=desk.person.zone, locale=desk.person.locale)
