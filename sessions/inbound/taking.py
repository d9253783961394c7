"""
Do what a mail asks for, if it is the word of the person to whose address it came.

A forged, an old or a foreign one changes nothing, and nobody is told: whoever sends it learns
nothing from us.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from sessions import answers, limits, outbox, proposals, recurrence, schedule, waiting
from sessions.answers import Answer, Word
from sessions.circles import Belonging, Circle, Membership
from sessions.errors import SessionsError
from sessions.inbound.dates import original_of, same_start, wall_of
from sessions.inbound.itip import Entry, Message
from sessions.keys import Keys, digest_of
from sessions.people import Person, address_of
from sessions.recurrence import Pattern
from sessions.schedule import Booking, Series, Told

TAKEN_PER_DAY = limits.Limit("mailed answers", most=100, seconds=86400)
RESENT_PER_DAY = limits.Limit("refresh", most=1, seconds=86400)
WORDS: dict[str, Word] = {"ACCEPTED": "yes", "DECLINED": "no", "TENTATIVE": "maybe"}
CLOCKS_DIFFER = timedelta(days=1)
MOST_COUNTERS = 10


class Addressee(NamedTuple):
    """Whose address it is, and what this person was told last."""

    booking: Booking
    told: Told

    @property
    def who(self) -> str:
        return f"{self.told.membership_id} {self.told.series_id}"


async def take(
    db: AsyncSession, keys: Keys, message: Message, tokens: Iterable[str], *, now: datetime
) -> None:
    to = await _addressee(db, tokens, message.uid)
    if to is None:
        return
    match message.method:
        case "REFRESH":
            await _send_again(db, keys, to, now=now)
        case "REPLY":
            await _answer_all(db, keys, to, message.entries, now=now)
        case "COUNTER":
            entries = message.entries[:MOST_COUNTERS]
            # RFC 5546 - 3.2.7. COUNTER: its times are those wished for.
            timeless = [replace(entry, start=None) for entry in entries]
            await _answer_all(db, keys, to, timeless, now=now)
            for entry in entries:
                await _propose(db, keys, to, entry, now=now)


async def _addressee(db: AsyncSession, tokens: Iterable[str], uid: str) -> Addressee | None:
    """One mail at a time for each address; nobody for a series or a membership that is over."""
    found = await db.exec(
        select(Told, Series, Circle, Membership)
        .join(Series, col(Told.series_id) == col(Series.id))
        .join(Membership, col(Told.membership_id) == col(Membership.id))
        .join(Circle, col(Series.circle_id) == col(Circle.id))
        .where(
            col(Told.mailbox_hash).in_([digest_of(token) for token in tokens]),
            col(Told.cleared).is_(False),
            col(Series.cancelled_at).is_(None),
            col(Membership.ended_at).is_(None),
        )
        .with_for_update(of=Told)
    )
    rows = [row for row in found if row[1].uid == uid]
    if len(rows) != 1:
        return None
    told, series, circle, membership = rows[0]
    changes = await schedule.changes_of(db, [series.id])
    return Addressee(Booking(series, changes[series.id], Belonging(circle, membership)), told)


async def _send_again(db: AsyncSession, keys: Keys, to: Addressee, *, now: datetime) -> None:
    """RFC 5546 - 3.2.6. REFRESH: an app that has lost the series asks for all of it."""
    if not await limits.allows(db, keys, RESENT_PER_DAY, to.who, now=now):
        return
    series = to.booking.series
    letter = outbox.Booked(
        to.told.membership_id, series.id, series.sequence, again=now.date().isoformat()
    )
    await outbox.post_again(db, keys, letter, now=now)


async def _answer_all(
    db: AsyncSession, keys: Keys, to: Addressee, entries: Iterable[Entry], *, now: datetime
) -> None:
    taken = [await _answer(db, keys, to, entry, now=now) for entry in entries]
    if any(taken):
        await waiting.settle(db, keys, to.booking.series, now=now)


async def _answer(
    db: AsyncSession, keys: Keys, to: Addressee, entry: Entry, *, now: datetime
) -> bool:
    """RFC 5546 - 3.2.3. REPLY"""
    word = WORDS.get(await _partstat(db, keys, to, entry))
    known, original = _date(to.booking, entry)
    if word is None or not known or not _is_about_now(to, entry, original, now=now):
        return False
    series = to.booking.series
    if series.rule is None and await _given(db, to, series.start):
        original = series.start  # what was said on its page would count more
    given = await _given(db, to, original)
    if given is not None and not _is_news(given, entry):
        return False
    if not await limits.allows(db, keys, TAKEN_PER_DAY, to.who, now=now):
        return False
    try:
        place = await answers.answer(
            db, to.booking.mine, series.id, original=original, answer=word, now=now
        )
    except SessionsError:
        return False  # the page would have said why
    given = given or await _given(db, to, original)
    if given is not None:
        given.replied_sequence, given.replied_at = entry.sequence, entry.stamped_at
        given.taken_at = given.answered_at
    if place == "waiting":
        waiting.say_so(db, keys, to.booking.mine, series, original, now=now)
    return True


async def _propose(
    db: AsyncSession, keys: Keys, to: Addressee, entry: Entry, *, now: datetime
) -> None:
    """RFC 5546 - 3.2.7. COUNTER"""
    pattern = to.booking.series.pattern
    known, original = _date(to.booking, entry)
    start = _wall(pattern, entry)
    if not known or start is None or not _may_count(to, entry, now=now):
        return
    if not await _partstat(db, keys, to, entry):
        return
    counter = proposals.Counter(
        original=original if pattern.rule else pattern.start,
        start=start,
        minutes=entry.minutes,
        comment=entry.comment,
        sequence=entry.sequence,
        stamped_at=entry.stamped_at,
    )
    if not await proposals.is_news(db, to.booking, counter):
        return
    if await limits.allows(db, keys, TAKEN_PER_DAY, to.who, now=now):
        await proposals.propose(db, keys, to.booking, counter, now=now)


async def _partstat(db: AsyncSession, keys: Keys, to: Addressee, entry: Entry) -> str:
    """
    What the entry says of the person; empty when it names several others.

    A single address that is not the one we write to is taken for another one of theirs: only
    they were given the address that this came to. Whether we know somebody by it must not
    matter, or anybody could find out who is known here.
    """
    person = await db.get_one(Person, to.booking.mine.membership.person_id)
    own = (address_of(keys, person) or "").casefold()
    said = {attendee.address.casefold(): attendee.partstat for attendee in entry.attendees}
    if own in said:
        return said[own]
    return entry.attendees[0].partstat if len(entry.attendees) == 1 else ""


def _date(booking: Booking, entry: Entry) -> tuple[bool, datetime | None]:
    """Whether the series has what is meant, and its original start; `None`: all of them."""
    pattern = booking.series.pattern
    if entry.recurrence_id is None and pattern.rule is not None:
        return True, None
    original = original_of(pattern, entry.recurrence_id or pattern.start)
    if original is None:
        return False, None
    change = booking.changes.get(original)
    takes_place = change is None or not change.off
    return takes_place, original if pattern.rule else None


def _wall(pattern: Pattern, entry: Entry) -> datetime | None:
    """The time that is wished for, on the series' own clock."""
    if not isinstance(entry.start, datetime):
        return None
    try:
        return wall_of(pattern, entry.start)
    except OverflowError:
        return None  # at the end of the calendar


def _may_count(to: Addressee, entry: Entry, *, now: datetime) -> bool:
    """Not what was never told, nor what comes from a time to come."""
    told = 0 <= entry.sequence <= to.booking.series.sequence
    return told and entry.stamped_at <= now + CLOCKS_DIFFER


def _is_about_now(
    to: Addressee, entry: Entry, original: datetime | None, *, now: datetime
) -> bool:
    """
    Whether it answers to the time at which the date now is.

    RFC 5546 - 2.1.5. Message Sequencing leaves it open: SEQUENCE goes up with any change, and
    an answer to a date that stayed where it was is as good as ever. An app that does not
    repeat the start has to know the latest revision.
    """
    if not _may_count(to, entry, now=now):
        return False
    if not isinstance(entry.start, datetime):
        return entry.sequence >= to.told.sequence
    series = to.booking.series
    start = original or series.start
    if original is not None or series.rule is None:
        start = recurrence.occurrence_at(series.pattern, to.booking.changes, start).local
    return same_start(series.pattern, start, entry.start)


async def _given(db: AsyncSession, to: Addressee, original: datetime | None) -> Answer | None:
    found = await db.exec(
        select(Answer).where(
            Answer.membership_id == to.told.membership_id,
            Answer.series_id == to.told.series_id,
            col(Answer.original).is_(None) if original is None else Answer.original == original,
        )
    )
    return found.first()


def _is_news(given: Answer, entry: Entry) -> bool:
    """RFC 5546 - 2.1.5. Message Sequencing: by SEQUENCE, then by DTSTAMP."""
    if given.replied_at is not None and given.replied_sequence is not None:
        newest = (given.replied_sequence, given.replied_at)
        if (entry.sequence, entry.stamped_at) <= newest:
            return False
    on_the_page = given.answered_at != given.taken_at
    return not on_the_page or entry.stamped_at >= given.answered_at.replace(microsecond=0)
