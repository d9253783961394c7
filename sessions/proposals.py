"""
Other times that people have proposed from their calendar (RFC 5546 - 3.2.7. COUNTER).

Facilitators see them beside the series. What cannot be is declined at once, and what is
accepted moves the date for everyone.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal, NamedTuple
from uuid import UUID, uuid4

from pydantic import NaiveDatetime
from sqlalchemy import String, delete
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from sessions import outbox, recurrence, rescheduling, schedule
from sessions.circles import Membership
from sessions.errors import Conflict, NotFound
from sessions.keys import Keys
from sessions.people import Person
from sessions.recurrence import Occurrence
from sessions.schedule import Booking, Carried, Series
from sessions.zones import ScheduleError, resolve, zone

State = Literal["open", "accepted", "declined"]
KEPT = timedelta(days=30)
A_LOT = 10_000
"""Of minutes: more than anything may last, and fits into a column."""


class Proposal(SQLModel, table=True):
    """The newest one of a person for a date, or, without `original`, for a whole series."""

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    membership_id: UUID = Field(foreign_key="membership.id", ondelete="CASCADE", index=True)
    series_id: UUID = Field(foreign_key="series.id", ondelete="CASCADE", index=True)
    original: NaiveDatetime | None = None
    start: NaiveDatetime
    """Wall time in the series' zone."""
    minutes: int
    comment: str = Field(default="", max_length=500)
    sequence: int
    stamped_at: datetime
    """RFC 5546 - 2.1.5. Message Sequencing: of the mail that brought it."""
    created_at: datetime = Field(index=True)
    state: State = Field(default="open", sa_type=String(8))


@dataclass(frozen=True, slots=True)
class Counter:
    """What a mail asks for."""

    original: datetime | None
    start: datetime
    minutes: int | None
    """`None`: as long as it is."""
    comment: str
    sequence: int
    stamped_at: datetime


class Proposed(NamedTuple):
    proposal: Proposal
    person: Person


async def is_news(db: AsyncSession, booking: Booking, counter: Counter) -> bool:
    known = await _known(db, booking, counter.original)
    return known is None or (counter.sequence, counter.stamped_at) > (
        known.sequence,
        known.stamped_at,
    )


async def propose(
    db: AsyncSession, keys: Keys, booking: Booking, counter: Counter, *, now: datetime
) -> None:
    """The newest replaces what the person proposed for this date before."""
    here = _here(booking, counter.original)
    minutes = _length(here) if counter.minutes is None else max(0, min(counter.minutes, A_LOT))
    if (counter.start, minutes) == (here.local, _length(here)):
        return  # another place or another title: those are the facilitators' alone
    proposal = await _known(db, booking, counter.original) or Proposal(
        membership_id=booking.mine.membership.id,
        series_id=booking.series.id,
        original=counter.original,
        start=counter.start,
        minutes=minutes,
        sequence=counter.sequence,
        stamped_at=counter.stamped_at,
        created_at=now,
    )
    proposal.start, proposal.minutes, proposal.comment = counter.start, minutes, counter.comment
    proposal.sequence, proposal.stamped_at = counter.sequence, counter.stamped_at
    proposal.created_at, proposal.state = now, "open"
    db.add(proposal)
    if not _can_be(booking, proposal, here, now=now):
        _decline(db, keys, proposal, now=now)


async def proposed(db: AsyncSession, booking: Booking, *, now: datetime) -> list[Proposed]:
    """What waits for a word, for facilitators alone; the soonest first."""
    schedule.check_leads(booking)
    found = await db.exec(
        select(Proposal, Person)
        .join(Membership, col(Proposal.membership_id) == col(Membership.id))
        .join(Person, col(Membership.person_id) == col(Person.id))
        .where(
            Proposal.series_id == booking.series.id,
            Proposal.state == "open",
            col(Membership.ended_at).is_(None),
        )
        .order_by(col(Proposal.start), col(Proposal.created_at))
    )
    zone = booking.series.zone
    return [Proposed(*row) for row in found if resolve(row[0].start, zone) > now]


async def accept(
    db: AsyncSession, keys: Keys, person: Person, proposal_id: UUID, *, now: datetime
) -> None:
    """Move the date to where the proposal has it, and tell everyone."""
    proposal, booking = await _decided(db, person, proposal_id)
    if proposal.state == "accepted":
        return
    if proposal.state == "declined":
        raise Conflict("proposal_decided")
    if proposal.original is None:
        raise Conflict("proposal_for_all")
    wish = schedule.Wish(to=proposal.start, minutes=proposal.minutes)
    await rescheduling.change_date(db, keys, booking, proposal.original, wish, now=now)
    proposal.state = "accepted"


async def decline(
    db: AsyncSession, keys: Keys, person: Person, proposal_id: UUID, *, now: datetime
) -> None:
    """It stays as it is, and the one who asked is told so."""
    proposal, _ = await _decided(db, person, proposal_id)
    if proposal.state == "accepted":
        raise Conflict("proposal_decided")
    if proposal.state == "open":
        _decline(db, keys, proposal, now=now)


async def carry_over(db: AsyncSession, before: Series, after: Series, carried: Carried) -> None:
    """
    What waits for a word goes with its date, and stays the instant that was asked for. What
    was for all goes to where the dates are now; with a date that is no more it is settled.
    The same series has no dates but those that have a name in it; one that ends keeps its own.
    """
    found = await db.exec(
        select(Proposal).where(Proposal.series_id == before.id, Proposal.state == "open")
    )
    for proposal in found:
        original = proposal.original
        if original is None or (name := carried.name(original)):
            _rename(proposal, after, carried, None if original is None else name)
        elif carried.before == carried.after or original >= carried.since:
            proposal.state = "declined"  # the new plan is told to all, and says enough
    await db.flush()


def _rename(
    proposal: Proposal, after: Series, carried: Carried, original: datetime | None
) -> None:
    if (proposal.series_id, proposal.original) != (after.id, original):
        # By that name apps know it from this revision on.
        proposal.sequence = after.sequence
    proposal.series_id, proposal.original = after.id, original
    if carried.new.zone != carried.old.zone:
        instant = resolve(proposal.start, carried.old.zone)
        proposal.start = instant.astimezone(zone(carried.new.zone)).replace(tzinfo=None)


async def forget_old(db: AsyncSession, *, now: datetime) -> None:
    await db.exec(delete(Proposal).where(col(Proposal.created_at) < now - KEPT))


async def of_memberships(db: AsyncSession, memberships: list[UUID]) -> list[Proposal]:
    found = await db.exec(select(Proposal).where(col(Proposal.membership_id).in_(memberships)))
    return list(found)


async def _known(
    db: AsyncSession, booking: Booking, original: datetime | None
) -> Proposal | None:
    same_date = (
        col(Proposal.original).is_(None) if original is None else Proposal.original == original
    )
    found = await db.exec(
        select(Proposal).where(
            Proposal.membership_id == booking.mine.membership.id,
            Proposal.series_id == booking.series.id,
            same_date,
        )
    )
    return found.first()


async def _decided(
    db: AsyncSession, person: Person, proposal_id: UUID
) -> tuple[Proposal, Booking]:
    """Held until the transaction ends: two facilitators do not decide at once."""
    proposal = await db.get(Proposal, proposal_id, with_for_update=True)
    if proposal is None:
        raise NotFound
    booking = await schedule.booking_for(db, person, proposal.series_id)
    schedule.check_leads(booking)
    return proposal, booking


def _here(booking: Booking, original: datetime | None) -> Occurrence:
    """The date as it is now; for a whole series, its first one."""
    pattern = booking.series.pattern
    if original is None:
        return recurrence.occurrence_at(pattern, {}, pattern.start)
    return recurrence.occurrence_at(pattern, booking.changes, original)


def _length(occurrence: Occurrence) -> int:
    return (occurrence.ends_at - occurrence.starts_at) // timedelta(minutes=1)


def _can_be(booking: Booking, proposal: Proposal, here: Occurrence, *, now: datetime) -> bool:
    pattern = booking.series.pattern
    wished = replace(pattern, start=proposal.start, minutes=proposal.minutes, rule=None)
    try:
        recurrence.check(wished)
    except ScheduleError:
        return False
    over = proposal.original is not None and here.ends_at <= now
    return resolve(proposal.start, pattern.zone) > now and not over and not here.cancelled


def _decline(db: AsyncSession, keys: Keys, proposal: Proposal, *, now: datetime) -> None:
    proposal.state = "declined"
    letter = outbox.CounterDeclined(
        proposal.membership_id,
        proposal.series_id,
        proposal.original.isoformat() if proposal.original else "",
        proposal.sequence,
        proposal.stamped_at.isoformat(),
    )
    outbox.post(db, keys, letter, now=now)
