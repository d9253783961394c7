"""The box itself: one table, one claim for every courier."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Literal, NamedTuple
from uuid import UUID, uuid4

import msgspec
from sqlalchemy import ColumnElement, String, delete, func, update
from sqlalchemy.orm import aliased
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from sessions.keys import Keys
from sessions.outbox.kinds import AnyLetter, Booked, RoleOffered, ToMember, Welcome
from sessions.outbox.threads import overtakes, thread_of

LEASE = timedelta(minutes=2)
RETRIES = tuple(timedelta(minutes=m) for m in (1, 5, 15, 60, 240, 720, 1440))
KEPT = timedelta(days=7)
Outcome = Literal["sent", "failed", "withdrawn"]


_decoder: msgspec.json.Decoder[AnyLetter] = msgspec.json.Decoder(AnyLetter)


class OutboxEntry(SQLModel, table=True):
    __tablename__ = "outbox"

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    dedup: str = Field(max_length=64, unique=True)
    """Keyed hash of the letter: the same thing is not said twice."""
    thread: str = Field(max_length=80, index=True)
    membership_id: UUID | None = Field(
        default=None, foreign_key="membership.id", ondelete="CASCADE", index=True
    )
    letter: bytes
    """Sealed."""
    written: bytes | None = None
    """Sealed mail as first tried: a retry sends the same bytes, with the same Message-ID."""
    created_at: datetime
    order: int = Field(index=True)
    """
    Rises, whatever clocks do: it says what must leave first. In a thread always; of other
    threads too, where they are of one transaction: a series ends before its follower begins.
    """
    not_before: datetime = Field(index=True)
    attempts: int = 0
    given: int = 0
    """How often the mail server was given it without saying that it was not taken."""
    revision: int | None = None
    """RFC 5545 - 3.8.7.4. Sequence Number, of what is written."""
    lease_until: datetime | None = None
    done_at: datetime | None = Field(default=None, index=True)
    outcome: Outcome | None = Field(default=None, sa_type=String(12), nullable=True)
    trouble: str | None = Field(default=None, max_length=200)
    """What the mail server said, without addresses."""


def post(db: AsyncSession, keys: Keys, letter: AnyLetter, *, now: datetime) -> None:
    """Put a letter in the box; it leaves if, and only if, `db` commits."""
    encoded = msgspec.json.encode(letter)
    entry = OutboxEntry(
        dedup=_dedups(keys, encoded)[0],
        thread=thread_of(letter),
        membership_id=letter.membership if isinstance(letter, ToMember) else None,
        letter=keys.seal(encoded),
        created_at=now,
        order=0,
        not_before=now,
    )
    # Found by the database, as it writes: after all that was ever put in.
    entry.order = _last() + _tick(db)  # type: ignore[assignment]
    db.add(entry)


async def post_again(
    db: AsyncSession, keys: Keys, letter: Welcome | Booked | RoleOffered, *, now: datetime
) -> None:
    """
    Nothing when it was posted already, or when a letter of its thread is still to leave.

    What was withdrawn before anybody could have got it was not said.
    """
    same = col(OutboxEntry.dedup).in_(_dedups(keys, msgspec.json.encode(letter)))
    unsaid = (col(OutboxEntry.outcome) == "withdrawn") & (col(OutboxEntry.given) == 0)
    await db.exec(delete(OutboxEntry).where(same, unsaid))
    waiting = (col(OutboxEntry.thread) == thread_of(letter)) & col(OutboxEntry.done_at).is_(
        None
    )
    found = await db.exec(select(OutboxEntry.id).where(same | waiting).limit(1))
    if found.first() is None:
        post(db, keys, letter, now=now)


async def was_posted(
    db: AsyncSession, keys: Keys, letters: Sequence[AnyLetter]
) -> set[AnyLetter]:
    """Which of these were put in the box, and are not forgotten yet."""
    by_dedup = {
        dedup: letter
        for letter in letters
        for dedup in _dedups(keys, msgspec.json.encode(letter))
    }
    found = await db.exec(select(OutboxEntry.dedup).where(col(OutboxEntry.dedup).in_(by_dedup)))
    return {by_dedup[dedup] for dedup in found}


def _dedups(keys: Keys, encoded: bytes) -> list[str]:
    return keys.fingerprints("letter", encoded.decode())


def _last() -> ColumnElement[int]:
    return func.coalesce(select(func.max(col(OutboxEntry.order))).scalar_subquery(), 0)


def _tick(db: AsyncSession) -> int:
    """Counts the letters of one transaction, so that those of one instant keep their order."""
    count: int = db.info.get("letters", 0) + 1
    db.info["letters"] = count
    return count


def read(keys: Keys, entry: OutboxEntry) -> AnyLetter:
    return _decoder.decode(keys.open(entry.letter))


async def overtaken_by(db: AsyncSession, keys: Keys, letter: AnyLetter) -> list[OutboxEntry]:
    """
    What is not said any more when the letter is, and is in no courier's hands now.

    What is in their hands they look at again, see `is_overtaken`.
    """
    found = await db.exec(
        select(OutboxEntry)
        .where(
            OutboxEntry.thread == thread_of(letter),
            col(OutboxEntry.done_at).is_(None),
            (col(OutboxEntry.attempts) == 0) | col(OutboxEntry.lease_until).is_(None),
        )
        .with_for_update()
    )
    return [entry for entry in found if overtakes(letter, read(keys, entry))]


async def is_overtaken(db: AsyncSession, keys: Keys, entry: OutboxEntry) -> bool:
    """Whether a later letter of its thread makes it needless, or wrong."""
    found = await db.exec(
        select(OutboxEntry).where(
            OutboxEntry.thread == entry.thread,
            col(OutboxEntry.done_at).is_(None),
            OutboxEntry.order > entry.order,
        )
    )
    letter = read(keys, entry)
    return any(overtakes(read(keys, later), letter) for later in found)


async def waiting_from(db: AsyncSession, keys: Keys, entry: OutboxEntry) -> list[AnyLetter]:
    """The letter, and those of its thread that leave after it."""
    found = await db.exec(
        select(OutboxEntry)
        .where(
            OutboxEntry.thread == entry.thread,
            col(OutboxEntry.done_at).is_(None),
            OutboxEntry.order >= entry.order,
        )
        .order_by(col(OutboxEntry.order))
    )
    return [read(keys, each) for each in found]


class Claim(NamedTuple):
    """A courier's hold on a letter; `attempt` tells it from a later hold."""

    entry: UUID
    attempt: int

    def holds(self, entry: OutboxEntry) -> bool:
        return entry.done_at is None and entry.attempts == self.attempt


async def claim(db: AsyncSession, *, now: datetime, limit: int) -> list[Claim]:
    """
    Take letters for sending; nobody else gets them for two minutes.

    What is postponed is looked at again with each new letter of its thread, which would have
    to wait for it. See `postpone`.

    SQLite has one writer, so the select cannot race; PostgreSQL skips rows that another
    courier has locked.
    """
    earlier = aliased(OutboxEntry)
    waits_for = (
        select(earlier.id)
        .where(
            col(earlier.thread) == col(OutboxEntry.thread),
            col(earlier.done_at).is_(None),
            col(earlier.order) < col(OutboxEntry.order),
        )
        .exists()
    )
    later = aliased(OutboxEntry)
    is_waited_for = (col(OutboxEntry.attempts) == 0) & (
        select(later.id)
        .where(
            col(later.thread) == col(OutboxEntry.thread),
            col(later.done_at).is_(None),
            col(later.order) > col(OutboxEntry.order),
            col(later.not_before) <= now,
        )
        .exists()
    )
    found = await db.exec(
        select(OutboxEntry)
        .where(
            col(OutboxEntry.done_at).is_(None),
            (col(OutboxEntry.not_before) <= now) | is_waited_for,
            col(OutboxEntry.lease_until).is_(None) | (col(OutboxEntry.lease_until) <= now),
            ~waits_for,
        )
        .order_by(col(OutboxEntry.created_at), col(OutboxEntry.order))
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    entries = list(found)
    for entry in entries:
        entry.lease_until = now + LEASE
        entry.attempts += 1
    return [Claim(entry.id, entry.attempts) for entry in entries]


def is_given_up(entry: OutboxEntry) -> bool:
    """After the last retry."""
    return entry.attempts > len(RETRIES)


def put_off(entry: OutboxEntry, trouble: str, *, now: datetime) -> None:
    """Try again later."""
    entry.trouble = trouble[:200]
    entry.not_before = now + RETRIES[entry.attempts - 1]
    entry.lease_until = None


def say_instead(keys: Keys, entry: OutboxEntry, letter: AnyLetter) -> None:
    entry.letter = keys.seal(msgspec.json.encode(letter))


async def postpone(db: AsyncSession, entry: OutboxEntry, *, until: datetime) -> None:
    """No try was made, of it and of what waits for it."""
    entry.not_before = until
    entry.lease_until = None
    entry.attempts -= 1
    await db.exec(
        update(OutboxEntry)
        .where(
            col(OutboxEntry.thread) == entry.thread,
            col(OutboxEntry.done_at).is_(None),
            col(OutboxEntry.order) > entry.order,
            col(OutboxEntry.not_before) < until,
        )
        .values(not_before=until)
    )


def was_postponed(entry: OutboxEntry) -> bool:
    """Or tried before."""
    return entry.not_before > entry.created_at


def finish(
    entry: OutboxEntry, outcome: Outcome, *, now: datetime, trouble: str | None = None
) -> None:
    entry.outcome = outcome
    entry.done_at = now
    entry.lease_until = None
    entry.trouble = trouble and trouble[:200]
    entry.letter = b""
    entry.written = None


async def hand_back(db: AsyncSession, *, ids: list[UUID], now: datetime) -> None:
    """Give up leases, for a courier that stops."""
    await db.exec(
        update(OutboxEntry)
        .where(col(OutboxEntry.id).in_(ids), col(OutboxEntry.done_at).is_(None))
        .values(lease_until=None, not_before=now)
    )


async def forget_old(db: AsyncSession, *, now: datetime) -> None:
    await db.exec(delete(OutboxEntry).where(col(OutboxEntry.done_at) < now - KEPT))
