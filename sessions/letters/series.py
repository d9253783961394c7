"""Invitations, and everything that changes them (iTIP over mail)."""

from datetime import datetime

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from sessions import ics, outbox, recurrence, schedule
from sessions.ics import Event
from sessions.language import place, say, when
from sessions.letters.copies import copy_of
from sessions.letters.desk import (
    Desk,
    Nothing,
    Office,
    Written,
    desk_for,
    finish,
    original_of,
    paragraphs,
    summary_of_date,
    with_series,
)
from sessions.schedule import Booking, Series, Told
from sessions.zones import EPOCH, resolve


async def about_series(
    db: AsyncSession, office: Office, letter: outbox.SeriesLetter
) -> Written:
    leaving = isinstance(letter, outbox.SeriesCancelled)
    desk = await desk_for(db, office, letter, leaving=leaving)
    desk, booking = await with_series(db, desk, letter.series)
    told = await db.get(Told, (letter.membership, letter.series))
    if _is_pointless(letter, booking, told, now=office.now):
        raise Nothing
    if isinstance(letter, outbox.DateChanged) and not _has_it(told):
        # What went before it never arrived: a lone date would hang in the air.
        letter = outbox.SeriesChanged(letter.membership, letter.series, letter.sequence)
    sequence = _revision(letter, booking.series)
    event = await copy_of(db, desk, booking, sequence=sequence)
    return _written(desk, letter, booking, event, followed=await _is_followed(db, booking))


def _is_pointless(
    letter: outbox.SeriesLetter, booking: Booking, told: Told | None, *, now: datetime
) -> bool:
    """Whether the series has moved on: another letter has said it, or is about to."""
    again = isinstance(letter, outbox.Booked) and letter.again
    if told is not None and letter.sequence <= told.sequence and not again:
        return True  # a letter about the whole series came first, and it was in there
    if isinstance(letter, outbox.SeriesCancelled):
        return not _has_it(told)
    if booking.series.cancelled_at is not None:
        return True
    original = original_of(letter)
    match letter:
        case outbox.Booked():
            return not schedule.has_dates(booking, now=now)
        case outbox.Redrawn():
            return not _has_it(told) or not schedule.has_dates(booking, now=now)
        case outbox.DateCancelled():
            return not _has_it(told) or not _is_off(booking, original)
        case outbox.DateChanged():
            return original not in booking.changes or _is_off(booking, original)
        case outbox.DateRestored():
            return _is_off(booking, original)
        case _:
            # A single date that is off has a letter of its own, which says that it is.
            return booking.series.rule is None and _is_off(booking, booking.series.start)


def _has_it(told: Told | None) -> bool:
    return told is not None and not told.cleared


def _is_off(booking: Booking, original: datetime | None) -> bool:
    change = booking.changes.get(original) if original else None
    return change is not None and change.off


def _revision(letter: outbox.SeriesLetter, series: Series) -> int:
    """Of what holds now, where nothing is left to say for the letters that come after."""
    if isinstance(letter, outbox.WholeLetter):
        return series.sequence
    return letter.sequence


async def _is_followed(db: AsyncSession, booking: Booking) -> bool:
    """Whether a series begins where this one ends that this person has not heard of yet."""
    if recurrence.last_start(booking.series.pattern) is None:
        return False
    heard = select(Told.series_id).where(
        Told.series_id == Series.id, Told.membership_id == booking.mine.membership.id
    )
    found = await db.exec(
        select(Series.id).where(
            Series.follows == booking.series.id,
            col(Series.cancelled_at).is_(None),
            ~heard.exists(),
        )
    )
    return found.first() is not None


def _written(
    desk: Desk,
    letter: outbox.SeriesLetter,
    booking: Booking,
    event: Event,
    *,
    followed: bool,
) -> Written:
    calendar, method, kind = _calendar(letter, booking, event, now=desk.office.now)
    if kind == "series_changed" and followed:
        kind = "series_shortened"
    locale, zone = desk.person.locale, desk.person.zone
    params: dict[str, str | int] = {
        "summary": summary_of_date(desk, booking, original_of(letter)),
        "circle": desk.mine.circle.name,
        "zone": place(zone, locale=locale),
        "when": when(_moment(letter, booking, desk.office.now), zone=zone, locale=locale),
    }
    if kind == "series_shortened":
        params["last"] = when(_last(booking), zone=zone, locale=locale)
    body = f"mail.{kind}.body"
    if kind == "booked" and desk.full:
        body += ".full"
    said = paragraphs(desk, body, **params)
    if kind in ("series_shortened", "series_ended") and followed:
        said.insert(1, say(locale, "mail.series_follows"))
    return finish(
        desk,
        say(locale, f"mail.{kind}.subject", **params),
        said,
        calendar=calendar,
        method=method,
        revision=event.sequence,
    )


def _calendar(
    letter: outbox.SeriesLetter, booking: Booking, event: Event, *, now: datetime
) -> tuple[bytes, str, str]:
    """With its method, and the name of the words that go with it."""
    original = original_of(letter) or booking.series.start
    match letter:
        case outbox.Booked():
            return ics.request(event), "REQUEST", "booked"
        case outbox.DateChanged():
            return ics.request_one(event, original), "REQUEST", "changed"
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
        case outbox.DateCancelled():
            return ics.cancel_one(event, original), "CANCEL", "date_cancelled"
        case outbox.SeriesCancelled():
            return ics.cancel(event), "CANCEL", "series_cancelled"


def _moment(letter: outbox.SeriesLetter, booking: Booking, now: datetime) -> datetime:
    """The date that the letter is about; for a whole series its next one."""
    pattern = booking.series.pattern
    original = original_of(letter)
    if original is not None and recurrence.follows(pattern, original):
        changed = booking.changes.get(original)
        local = (changed and changed.moved_to) or original
        return resolve(local, pattern.zone)
    dates = schedule.next_dates(booking, now=now, limit=1, with_cancelled=False)
    return dates[0].starts_at if dates else _last(booking)


def _last(booking: Booking) -> datetime:
    """The last date that takes place, or took place; the end of the plan if none does."""
    pattern = booking.series.pattern
    dates = schedule.dates_between(booking, after=EPOCH, before=schedule.END_OF_TIME)
    end = recurrence.last_start(pattern) or pattern.start
    standing = (date.starts_at for date in dates if not date.cancelled)
    return max(standing, default=resolve(end, pattern.zone))
