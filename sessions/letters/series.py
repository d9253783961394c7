"""Invitations, and everything that changes them (iTIP over mail)."""

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from sqlmodel.ext.asyncio.session import AsyncSession

from sessions import answers, ics, outbox, recurrence, rota, schedule
from sessions.answers import Word
from sessions.entries import entry_of, summary_for
from sessions.ics import Event, Participation, Words
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
from sessions.schedule import Booking, Series, Told
from sessions.zones import resolve

PARTSTAT: dict[Word, Participation] = {
    "yes": "ACCEPTED",
    "maybe": "TENTATIVE",
    "no": "DECLINED",
}


class Answered(NamedTuple):
    """RFC 5545 - 3.2.12. Participation Status: a copy that forgot it would ask again."""

    whole: Participation
    dates: dict[datetime, Participation]


async def about_series(
    db: AsyncSession, office: Office, letter: outbox.SeriesLetter
) -> Written:
    leaving = isinstance(letter, outbox.SeriesCancelled)
    desk = await desk_for(db, office, letter, leaving=leaving)
    desk, booking = await with_series(db, desk, letter.series)
    told = await db.get(Told, (letter.membership, letter.series))
    if _is_pointless(letter, booking, told, now=office.now):
        raise Nothing
    if told is None and isinstance(letter, outbox.DateChanged):
        # What went before it never arrived: a lone date would hang in the air.
        letter = outbox.SeriesChanged(letter.membership, letter.series, letter.sequence)
    sequence = _revision(letter, booking.series)
    event = await _event(db, desk, booking, sequence)
    return _written(desk, letter, booking, event)


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
        case outbox.Redrawn():
            return told is None or not schedule.has_dates(booking, now=now)
        case outbox.DateCancelled(original=original):
            return told is None or not _is_off(booking, original)
        case outbox.DateChanged(original=original):
            name = datetime.fromisoformat(original)
            return name not in booking.changes or _is_off(booking, original)
        case _:
            # A single date that is off has a letter of its own, which says that it is.
            start = booking.series.start.isoformat()
            return booking.series.rule is None and _is_off(booking, start)


def _is_off(booking: Booking, original: str) -> bool:
    change = booking.changes.get(datetime.fromisoformat(original))
    return change is not None and change.off


def _revision(letter: outbox.SeriesLetter, series: Series) -> int:
    """A letter about the whole series tells all that is known now; others, their one change."""
    if isinstance(letter, outbox.WholeLetter):
        return series.sequence
    return letter.sequence


async def _event(db: AsyncSession, desk: Desk, booking: Booking, sequence: int) -> Event:
    answered = await _answered(db, booking)
    return entry_of(
        booking,
        desk.person,
        keys=desk.office.keys,
        settings=desk.office.settings,
        stamped_at=desk.office.now,
        invited=True,
        sequence=sequence,
        partstat=answered.whole,
        words=await _words(db, desk, booking, answered.dates),
    )


async def _answered(db: AsyncSession, booking: Booking) -> Answered:
    given = await answers.answers_of(db, [booking.mine.membership.id])
    mine = {
        original: PARTSTAT[word]
        for (series, original), word in given.items()
        if series == booking.series.id
    }
    whole = mine.pop(None, "NEEDS-ACTION")
    dates = {
        original: said
        for original, said in mine.items()
        if original is not None
        and said != whole
        and recurrence.follows(booking.series.pattern, original)
    }
    return Answered(whole, dates)


async def _words(
    db: AsyncSession,
    desk: Desk,
    booking: Booking,
    answered: Mapping[datetime, Participation],
) -> dict[datetime, Words]:
    """What this reader's copy alone says of some of the dates."""
    own = await rota.own_dates(db, [booking], now=desk.office.now)
    duty = f"{desk.mine.circle.name}\n{say(desk.person.locale, 'entry.on_duty')}"
    on_duty = own.get(booking.series.id, set())
    return {
        original: Words(
            description=duty if original in on_duty else None,
            partstat=answered.get(original),
        )
        for original in on_duty | answered.keys()
    }


def _written(
    desk: Desk, letter: outbox.SeriesLetter, booking: Booking, event: Event
) -> Written:
    calendar, method, kind = _calendar(letter, booking, event, now=desk.office.now)
    locale, zone = desk.person.locale, desk.person.zone
    params: dict[str, str | int] = {
        "summary": summary_for(desk.person, booking.series, _title(letter, booking)),
        "circle": desk.mine.circle.name,
        "zone": place(zone, locale=locale),
        "when": when(_moment(letter, booking, desk.office.now), zone=zone, locale=locale),
    }
    body = f"mail.{kind}.body"
    if kind == "booked" and desk.full:
        body += ".full"
    return finish(
        desk,
        say(locale, f"mail.{kind}.subject", **params),
        paragraphs(desk, body, **params),
        calendar=calendar,
        method=method,
        revision=event.sequence,
    )


def _calendar(
    letter: outbox.SeriesLetter, booking: Booking, event: Event, *, now: datetime
) -> tuple[bytes, str, str]:
    """With its method, and the name of the words that go with it."""
    match letter:
        case outbox.Booked():
            return ics.request(event), "REQUEST", "booked"
        case outbox.DateChanged(original=original):
            one = ics.request_one(event, datetime.fromisoformat(original))
            return one, "REQUEST", "changed"
        case outbox.DateRestored():
            # A lone date cannot undo an EXDATE that came with an earlier whole series.
            return ics.request(event), "REQUEST", "changed"
        case outbox.SeriesChanged():
            goes_on = schedule.has_dates(booking, now=now)
            kind = "series_changed" if goes_on else "series_ended"
            return ics.request(event), "REQUEST", kind
        case outbox.SeriesRestored():
            return ics.request(event), "REQUEST", "series_restored"
        case outbox.Redrawn():
            kind = "renewed" if letter.renewed else "redrawn"
            return ics.request(event), "REQUEST", kind
        case outbox.DateCancelled(original=original):
            off = ics.cancel_one(event, datetime.fromisoformat(original))
            return off, "CANCEL", "date_cancelled"
        case outbox.SeriesCancelled():
            return ics.cancel(event), "CANCEL", "series_cancelled"


def _title(letter: outbox.SeriesLetter, booking: Booking) -> str | None:
    if not isinstance(letter, outbox.DateLetter):
        return None
    changed = booking.changes.get(datetime.fromisoformat(letter.original))
    return changed.title if changed else None


def _moment(letter: outbox.SeriesLetter, booking: Booking, now: datetime) -> datetime:
    """The date that the letter is about; for a whole series its next one."""
    pattern = booking.series.pattern
    if isinstance(letter, outbox.DateLetter):
        original = datetime.fromisoformat(letter.original)
        if recurrence.follows(pattern, original):
            changed = booking.changes.get(original)
            local = (changed and changed.moved_to) or original
            return resolve(local, pattern.zone)
    dates = schedule.next_dates(booking, now=now, limit=1, with_cancelled=False)
    if dates:
        return dates[0].starts_at
    return resolve(recurrence.last_start(pattern) or pattern.start, pattern.zone)
