"""Who has a series in their calendar, and in which revision."""

import hashlib
import hmac
from datetime import datetime
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from sessions import outbox
from sessions.circles import Membership
from sessions.keys import Keys, digest_of
from sessions.outbox import OutboxEntry
from sessions.schedule.tables import Series, Told


async def was_told(db: AsyncSession, membership: Membership, series: Series) -> bool:
    return await db.get(Told, (membership.id, series.id)) is not None


async def reached(db: AsyncSession, series: Series) -> set[UUID]:
    """By membership: whom a letter about it has reached, or may have."""
    told = await db.exec(select(Told.membership_id).where(Told.series_id == series.id))
    waiting = await db.exec(
        select(OutboxEntry.membership_id).where(
            col(OutboxEntry.thread).endswith(f" {series.id.hex}"),
            col(OutboxEntry.done_at).is_(None),
            col(OutboxEntry.attempts) > 0,
        )
    )
    return {*told, *(member for member in waiting if member is not None)}


async def note_told(db: AsyncSession, keys: Keys, entry: OutboxEntry, *, now: datetime) -> None:
    """It has arrived, or may have: from now on this person has to hear of every change."""
    letter = outbox.read(keys, entry)
    if entry.revision is None or not isinstance(letter, outbox.SeriesLetter):
        return
    key = (letter.membership, letter.series)
    before = await db.get(Told, key)
    if before is not None and before.sequence > entry.revision:
        return
    token = mailbox_token(keys, *key)
    told = Told(
        membership_id=key[0],
        series_id=key[1],
        sequence=entry.revision,
        told_at=now,
        mailbox_hash=digest_of(token),
    )
    await db.merge(told)


def mailbox_token(keys: Keys, membership: UUID, series: UUID) -> str:
    """
    What the address is known by that answers come back to; small letters, for on the way
    the large ones get lost.
    """
    text = f"{membership.hex} {series.hex}"
    return hmac.new(keys.organizers, text.encode(), hashlib.sha256).hexdigest()[:24]
