"""Inviting people to a circle, and what they answer; no account is needed to answer."""

from datetime import datetime, timedelta
from typing import Literal, NamedTuple
from uuid import UUID, uuid4

from pydantic import NaiveDatetime
from sqlalchemy import Index, String, delete, text
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from sessions import limits, outbox, recurrence, schedule
from sessions.circles import (
    Belonging,
    Circle,
    Membership,
    end_membership,
    head_count,
    new_membership,
    people_in,
)
from sessions.errors import Conflict, NotFound
from sessions.keys import Keys
from sessions.language import Locale
from sessions.people import Person, checked_address, find_or_add
from sessions.schedule import Series

Word = Literal["yes", "no", "maybe"]
MailState = Literal["waiting", "sent", "failed"]
ANSWERS_KEPT = timedelta(days=30)
INVITES_PER_DAY = limits.Limit("invitations", most=500, seconds=86400)
ASKS_PER_HOST = limits.Limit("ask", most=20, seconds=3600)
ASKS_PER_ADDRESS = limits.Limit("ask-address", most=3, seconds=86400)
ASKS_PER_CIRCLE = limits.Limit("ask-circle", most=30, seconds=86400)


class Answer(SQLModel, table=True):
    """An answer to one date, or, without `original`, to a series: the default of its dates."""

    __table_args__ = (
        Index(
            "uq_answer_series",
            "membership_id",
            "series_id",
            unique=True,
            sqlite_where=text("original IS NULL"),
            postgresql_where=text("original IS NULL"),
        ),
        Index("uq_answer_date", "membership_id", "series_id", "original", unique=True),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    membership_id: UUID = Field(foreign_key="membership.id", ondelete="CASCADE")
    series_id: UUID = Field(foreign_key="series.id", ondelete="CASCADE", index=True)
    original: NaiveDatetime | None = None
    answer: Word = Field(sa_type=String(8))
    answered_at: datetime


class Invited(NamedTuple):
    invited: int
    already: int


async def invite(
    db: AsyncSession,
    keys: Keys,
    mine: Belonging,
    addresses: list[str],
    *,
    locale: Locale,
    zone: str,
    now: datetime,
) -> Invited:
    """
    Each address becomes a person and a member, and gets one mail for each series.

    Somebody who already belongs gets the same invitation again, at most once a day: it
    may have been lost.
    """
    checked = {
        a.casefold(): a for a in (checked_address(a, field="addresses") for a in addresses)
    }
    invited = 0
    for address in checked.values():
        await limits.spend(db, keys, INVITES_PER_DAY, str(mine.membership.id), now=now)
        person = await find_or_add(db, keys, address, locale=locale, zone=zone, now=now)
        invited += await admit_member(db, keys, mine.circle, person, now=now)
    return Invited(invited, len(checked) - invited)


async def admit_member(
    db: AsyncSession, keys: Keys, circle: Circle, person: Person, *, now: datetime
) -> bool:
    """False when the person is in already; then it is said again. Raises `Conflict` if full."""
    membership = await _membership_of(db, circle, person)
    if membership is not None and membership.ended_at is None:
        await _invite_again(db, keys, circle, membership, now=now)
        return False
    await _check_seats(db, circle)
    if membership is None:
        membership = new_membership(keys, circle, person, role="member", now=now)
        db.add(membership)
        await db.flush()
    membership.ended_at = None
    await _send_invitations(db, keys, circle, membership, now=now)
    return True


async def _membership_of(db: AsyncSession, circle: Circle, person: Person) -> Membership | None:
    found = await db.exec(
        select(Membership).where(
            Membership.circle_id == circle.id, Membership.person_id == person.id
        )
    )
    return found.first()


async def _check_seats(db: AsyncSession, circle: Circle) -> None:
    """Holds the circle until the transaction ends, so that nobody gets in between."""
    await db.refresh(circle, with_for_update={"key_share": True})
    if await head_count(db, circle.id) >= circle.seats:
        raise Conflict("circle_full", seats=circle.seats)


async def _send_invitations(
    db: AsyncSession, keys: Keys, circle: Circle, membership: Membership, *, now: datetime
) -> None:
    to_come = await _series_to_come(db, circle, membership, now=now)
    for series in to_come:
        if await schedule.was_told(db, membership, series):
            # RFC 5546 - 2.1.4. Message Sequencing: an invitation after a cancellation
            # must have a higher SEQUENCE.
            await schedule.lock(db, series)
            schedule.raise_sequence(series, now=now)
        letter = outbox.Booked(membership.id, series.id, series.sequence)
        outbox.post(db, keys, letter, now=now)
    if not to_come:
        welcome = outbox.Welcome(membership.id, membership.generation)
        outbox.post(db, keys, welcome, now=now)


async def _invite_again(
    db: AsyncSession, keys: Keys, circle: Circle, membership: Membership, *, now: datetime
) -> None:
    """The same revision once more: calendars take it for what they have already."""
    if membership.role == "facilitator":
        return
    today = now.date().isoformat()
    to_come = await _series_to_come(db, circle, membership, now=now)
    for series in to_come:
        letter = outbox.Booked(membership.id, series.id, series.sequence, again=today)
        await outbox.post_again(db, keys, letter, now=now)
    if not to_come:
        welcome = outbox.Welcome(membership.id, membership.generation, again=today)
        await outbox.post_again(db, keys, welcome, now=now)


async def _series_to_come(
    db: AsyncSession, circle: Circle, membership: Membership, *, now: datetime
) -> list[Series]:
    booked = await schedule.bookings(db, [Belonging(circle, membership)])
    return [b.series for b in booked if schedule.has_dates(b, now=now)]


async def let_go(
    db: AsyncSession, keys: Keys, mine: Belonging, membership_id: UUID, *, now: datetime
) -> None:
    """End a membership; what stands in that person's calendar is cancelled for them alone."""
    membership = await end_membership(db, keys, mine, membership_id, now=now)
    for booking in await schedule.bookings(db, [mine]):
        if not schedule.has_dates(booking, now=now):
            continue
        await schedule.lock(db, booking.series)
        schedule.raise_sequence(booking.series, now=now)
        await schedule.take_back(db, keys, membership, booking.series, now=now)


async def answer(
    db: AsyncSession,
    mine: Belonging,
    series_id: UUID,
    *,
    original: datetime | None,
    answer: Word,
    now: datetime,
) -> None:
    """
    Answer for one date or for the whole series; the last word counts.

    An answer for the series is the default of its dates; those answered on their own stay.
    """
    series = await db.get(Series, series_id)
    if series is None or series.circle_id != mine.circle.id:
        raise NotFound
    if series.cancelled_at is not None:
        raise Conflict("already_cancelled")
    if original is not None and not recurrence.follows(series.pattern, original):
        raise NotFound("no_such_date")
    found = await db.exec(
        select(Answer)
        .where(
            Answer.membership_id == mine.membership.id,
            Answer.series_id == series_id,
            col(Answer.original).is_(None) if original is None else Answer.original == original,
        )
        .with_for_update()
    )
    given = found.first()
    if given is None:
        given = Answer(
            membership_id=mine.membership.id,
            series_id=series_id,
            original=original,
            answer=answer,
            answered_at=now,
        )
        db.add(given)
    given.answer = answer
    given.answered_at = now


Given = dict[tuple[UUID, datetime | None], Word]
"""Answers of one person by series and original start; `None` stands for the series."""


async def answers_of(db: AsyncSession, memberships: list[UUID]) -> Given:
    found = await db.exec(select(Answer).where(col(Answer.membership_id).in_(memberships)))
    return {(a.series_id, a.original): a.answer for a in found}


def answer_for(given: Given, series_id: UUID, original: datetime) -> Word | None:
    return given.get((series_id, original), given.get((series_id, None)))


async def whole_answers(db: AsyncSession, circle_id: UUID) -> dict[UUID, Word]:
    """The latest answer to a whole series by membership, for the facilitators' list."""
    found = await db.exec(
        select(Answer)
        .join(Series, col(Answer.series_id) == col(Series.id))
        .where(Series.circle_id == circle_id, col(Answer.original).is_(None))
        .order_by(col(Answer.answered_at))
    )
    return {a.membership_id: a.answer for a in found}


async def ask_to_join(
    db: AsyncSession,
    keys: Keys,
    circle: Circle,
    *,
    address: str,
    locale: Locale,
    zone: str,
    host: str,
    now: datetime,
) -> None:
    """
    A stranger asks an open circle for a link; it says the same to known and unknown.

    Who was let go of does not come back this way, and is not told so.
    """
    address = checked_address(address)
    await limits.spend(db, keys, ASKS_PER_HOST, host, now=now)
    await limits.spend(db, keys, ASKS_PER_CIRCLE, str(circle.id), now=now)
    if not await limits.allows(db, keys, ASKS_PER_ADDRESS, address.casefold(), now=now):
        return  # in silence: nobody's mailbox is filled by somebody else
    await _check_seats(db, circle)  # first, or a full circle would tell who is in it
    person = await find_or_add(db, keys, address, locale=locale, zone=zone, now=now)
    membership = await _membership_of(db, circle, person)
    if membership is None or membership.ended_at is None:
        await admit_member(db, keys, circle, person, now=now)


async def mail_states(db: AsyncSession, circle_id: UUID) -> dict[UUID, MailState]:
    """By membership, how the latest mail went: `waiting`, `sent` or `failed`."""
    ids = [membership.id for membership, _ in await people_in(db, circle_id)]
    found = await db.exec(
        select(outbox.OutboxEntry)
        .where(col(outbox.OutboxEntry.membership_id).in_(ids))
        .order_by(col(outbox.OutboxEntry.created_at), col(outbox.OutboxEntry.order))
    )
    states: dict[UUID, MailState] = {}
    for entry in found:
        if entry.membership_id is not None and entry.outcome != "withdrawn":
            states[entry.membership_id] = entry.outcome or "waiting"
    return states


async def forget_old(db: AsyncSession, *, now: datetime) -> None:
    """
    30 days after what they were given for: a single date, or the last one of a series.

    Original starts are wall time; nobody counts the hours here.
    """
    limit = now - ANSWERS_KEPT
    wall = limit.replace(tzinfo=None)
    await db.exec(delete(Answer).where(col(Answer.original) < wall))
    answered = select(Answer.series_id).where(col(Answer.original).is_(None))
    found = await db.exec(select(Series).where(col(Series.id).in_(answered)))
    over = [series.id for series in found if _ended_before(series, limit)]
    await db.exec(delete(Answer).where(col(Answer.series_id).in_(over)))


def _ended_before(series: Series, limit: datetime) -> bool:
    if series.cancelled_at is not None and series.cancelled_at < limit:
        return True
    last = recurrence.last_start(series.pattern)
    return last is not None and last < limit.replace(tzinfo=None)
