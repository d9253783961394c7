"""Inviting people to a circle, and letting them go."""

from datetime import datetime
from typing import Literal, NamedTuple
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from sessions import answers, limits, outbox, rota, schedule, waiting
from sessions.circles import (
    Belonging,
    Circle,
    Membership,
    end_membership,
    head_count,
    new_membership,
    people_in,
)
from sessions.errors import Conflict
from sessions.keys import Keys
from sessions.language import Locale
from sessions.people import Person, checked_address, find_or_add
from sessions.schedule import Series

MailState = Literal["waiting", "sent", "failed"]
INVITES_PER_DAY = limits.Limit("invitations", most=500, seconds=86400)


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
    membership = await membership_of(db, circle, person)
    if membership is not None and membership.ended_at is None:
        await _invite_again(db, keys, circle, membership, now=now)
        return False
    await check_seats(db, circle)
    if membership is None:
        membership = new_membership(keys, circle, person, role="member", now=now)
        db.add(membership)
        await db.flush()
    if membership.ended_at is not None:
        await schedule.renew_mailboxes(db, membership)
    membership.role, membership.ended_at = "member", None
    await _send_invitations(db, keys, circle, membership, now=now)
    return True


async def membership_of(db: AsyncSession, circle: Circle, person: Person) -> Membership | None:
    found = await db.exec(
        select(Membership).where(
            Membership.circle_id == circle.id, Membership.person_id == person.id
        )
    )
    return found.first()


async def check_seats(db: AsyncSession, circle: Circle) -> None:
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
            schedule.raise_sequence(series, now=now, openly=False)
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
    """
    End a membership; what stands in that person's calendar is cancelled for them alone.

    What they answered is forgotten; their places are offered to those who wait.
    """
    membership = await end_membership(db, keys, mine, membership_id, now=now)
    if await head_count(db, mine.circle.id) == 0:
        mine.circle.openness = "invitation"  # nobody is there who could open the door
    if membership.role == "facilitator":
        await rota.end_offers(db, [mine.circle])
    await answers.withdraw(db, membership.id)
    for booking in await schedule.bookings(db, [mine]):
        if not schedule.may_have_dates(booking, now=now):
            continue
        await waiting.settle(db, keys, booking.series, now=now)
        schedule.raise_sequence(booking.series, now=now, openly=False)
        await schedule.take_back(db, keys, membership, booking.series, now=now)


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
