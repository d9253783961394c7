"""Who hears of a change, and in which revision."""

from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from sessions import outbox
from sessions.circles import Membership
from sessions.errors import Conflict, NotAllowed
from sessions.keys import Keys
from sessions.people import Person
from sessions.schedule.means import Means, Notice, Said
from sessions.schedule.reading import Booking
from sessions.schedule.tables import Series
from sessions.schedule.told import cleared, note_told, reached

Wording = Callable[[UUID, UUID, int], outbox.SeriesLetter]
"""Makes the letter for a membership about a series in a revision."""


class Listener(NamedTuple):
    membership: Membership
    person: Person
    reached: bool
    """Has the series in their calendar by mail, or may have."""
    cleared: bool = False
    """Had it there, until a mail took it out again."""


async def listeners(
    db: AsyncSession,
    series: Series,
    *,
    acting: Membership | None,
    title_only: bool = False,
) -> list[Listener]:
    """
    Everyone of the circle. The one who acts sees it on the page, and hears of it only if
    a mail has put the series into their calendar too.

    `title_only`: to those whose entries are discreet, and have none, there is nothing new.
    """
    having, bereft = await reached(db, series), await cleared(db, series)
    found = await db.exec(
        select(Membership, Person)
        .join(Person, col(Membership.person_id) == col(Person.id))
        .where(Membership.circle_id == series.circle_id, col(Membership.ended_at).is_(None))
        .order_by(col(Membership.created_at), col(Membership.id))
    )
    everyone = [
        Listener(member, person, member.id in having, member.id in bereft)
        for member, person in found
    ]
    return [
        each
        for each in everyone
        if each.reached or each.cleared or each.membership != acting
        if not title_only or each.person.detail == "full"
    ]


async def tell(
    db: AsyncSession,
    keys: Keys,
    series: Series,
    hearing: list[Listener],
    wording: Wording,
    *,
    said: Said,
    means: Means,
    now: datetime,
) -> None:
    for listener in hearing:
        member, person = listener.membership, listener.person
        if person.address is None:
            means.notices.append(Notice(member, person, "feed", said))
            continue
        letter = wording(member.id, series.id, series.sequence)
        back = isinstance(letter, outbox.SeriesRestored) and listener.cleared
        knows = listener.reached or back
        if knows or said == "cancel":
            await send(db, keys, letter, now=now)
        else:
            # A change to what they never heard of: they are told the whole of it.
            invitation = outbox.Booked(member.id, series.id, series.sequence)
            await send(db, keys, invitation, now=now)
        if knows or said != "cancel":
            news = said if knows or said == "new_series" else "request"
            means.notices.append(Notice(member, person, "mail", news))


async def send(
    db: AsyncSession, keys: Keys, letter: outbox.AnyLetter, *, now: datetime
) -> None:
    """Instead of what it overtakes. Whether there is need of it shows when it leaves."""
    for entry in await outbox.overtaken_by(db, keys, letter):
        if entry.given:
            await note_told(db, keys, entry, now=now)
        outbox.finish(entry, "withdrawn", now=now)
    outbox.post(db, keys, letter, now=now)


async def lock(db: AsyncSession, series: Series) -> None:
    """One change at a time, or two of them would have the same SEQUENCE; reads it again."""
    await db.refresh(series, with_for_update={"key_share": True})


async def open_for_change(db: AsyncSession, booking: Booking) -> Series:
    """Locked. Raises `NotAllowed`, and `Conflict` for what is cancelled."""
    check_leads(booking)
    await lock(db, booking.series)
    if booking.series.cancelled_at is not None:
        raise Conflict("already_cancelled")
    return booking.series


def raise_sequence(series: Series, *, now: datetime, openly: bool) -> None:
    """`openly`: the dates have changed. What concerns members alone moves no public copy."""
    series.sequence += 1
    series.public_sequence += openly
    series.changed_at = now


def check_leads(booking: Booking) -> None:
    if not booking.mine.leads:
        raise NotAllowed
