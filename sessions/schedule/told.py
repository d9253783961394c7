"""Who has a series in their calendar, and in which revision."""

import hashlib
import hmac
from datetime import datetime
from uuid import UUID

from sqlalchemy import update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from sessions import outbox
from sessions.circles import Membership
from sessions.keys import Keys, digest_of
from sessions.outbox import OutboxEntry
from sessions.schedule.tables import Series, Told


async def was_told(db: AsyncSession, membership: Membership, series: Series) -> bool:
    """Also when it was cancelled for them since, for that has a SEQUENCE as well."""
    return await db.get(Told, (membership.id, series.id)) is not None


async def reached(db: AsyncSession, series: Series) -> set[UUID]:
    """By membership: who has it in their calendar, or may have."""
    told = await db.exec(
        select(Told.membership_id).where(
            Told.series_id == series.id, col(Told.cleared).is_(False)
        )
    )
    waiting = await db.exec(
        select(OutboxEntry.membership_id).where(
            # To the letter: reminders and offers of the series have threads of their own.
            col(OutboxEntry.thread).like(f"{'_' * 32} {series.id.hex}"),
            # Whatever else is said in this one brings no calendar, and so has no revision.
            col(OutboxEntry.written).is_(None) | col(OutboxEntry.revision).is_not(None),
            col(OutboxEntry.done_at).is_(None),
            col(OutboxEntry.attempts) > 0,
        )
    )
    return {*told, *(member for member in waiting if member is not None)}


async def cleared(db: AsyncSession, series: Series) -> set[UUID]:
    """By membership: who had it in their calendar, until it was cancelled there."""
    found = await db.exec(
        select(Told.membership_id).where(
            Told.series_id == series.id, col(Told.cleared).is_(True)
        )
    )
    return set(found)


async def note_told(db: AsyncSession, keys: Keys, entry: OutboxEntry, *, now: datetime) -> None:
    """It has arrived, or may have: from now on this person has to hear of every change."""
    letter = outbox.read(keys, entry)
    if entry.revision is None or not isinstance(letter, outbox.SeriesLetter):
        return
    key = (letter.membership, letter.series)
    before = await db.get(Told, key)
    if before is not None and before.sequence > entry.revision:
        return
    member = await db.get_one(Membership, letter.membership)
    token = mailbox_token(keys, member, letter.series)
    told = Told(
        membership_id=key[0],
        series_id=key[1],
        sequence=entry.revision,
        told_at=now,
        cleared=isinstance(letter, outbox.SeriesCancelled),
        mailbox_hash=digest_of(token),
    )
    await db.merge(told)


async def renew_mailboxes(db: AsyncSession, membership: Membership) -> None:
    """
    For one who comes back: what is sent to the old addresses is nobody's word any more.

    Who was let go because somebody else had their links would be spoken for by the same one
    again. An address can change only here: their entries were cancelled from the old one and
    are now sent as new, with a higher SEQUENCE (RFC 5546 - 3.2.2.4. Changing the Organizer).
    Where that cancellation has not left yet, the address stays: it would come from somebody
    whom their calendar does not know, and be taken for nobody's.
    """
    if await _is_being_told(db, membership):
        return
    membership.mailbox_generation = membership.generation
    theirs = col(Told.membership_id) == membership.id
    await db.exec(update(Told).where(theirs).values(mailbox_hash=None))


async def _is_being_told(db: AsyncSession, membership: Membership) -> bool:
    found = await db.exec(
        select(OutboxEntry.id).where(
            OutboxEntry.membership_id == membership.id, col(OutboxEntry.done_at).is_(None)
        )
    )
    return found.first() is not None


def mailbox_token(keys: Keys, membership: Membership, series: UUID) -> str:
    """
    What the address is known by that answers come back to; small letters, for on the way
    the large ones get lost.

    It goes with the generation of the links, but not at once: the cancellation for one who
    leaves has to come from the organizer that their calendar knows.
    """
    text = f"{membership.id.hex} {series.hex}"
    if membership.mailbox_generation:
        text += f" {membership.mailbox_generation}"
    return hmac.new(keys.organizers, text.encode(), hashlib.sha256).hexdigest()[:24]
