"""
From a personal link to a seat: who may come to which room, and the pass that says so.

A ticket is the person's link and stays good. A pass is signed, lasts two minutes and is
used once. A seat cookie brings the same device back without asking again, until the room
closes.
"""

import secrets
from datetime import datetime, timedelta
from typing import Literal, NamedTuple
from uuid import UUID

import msgspec
from pydantic import NaiveDatetime
from sqlalchemy import delete
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from sessions import circles, recurrence, schedule
from sessions.circles import Agreement, Belonging, Circle, Membership
from sessions.errors import Conflict, Gone, Invalid, NotAllowed, NotSignedIn
from sessions.keys import InvalidSeal, Keys
from sessions.people import Person
from sessions.recurrence import Occurrence
from sessions.schedule import Booking, Series
from sessions.text import clean_line
from signaling.passes import Pass, mint

PASS_LIFE = timedelta(minutes=2)
MESH_CAPACITY = 4
"""Without a relay each browser sends to every other one; four is what phones bear."""
MAX_NAME = 40
State = Literal["open", "early", "none", "removed"]
REMOVALS_KEPT = timedelta(days=1)


class Removal(SQLModel, table=True):
    """Somebody who may not come back into this session; forgotten a day after it."""

    room: str = Field(primary_key=True, max_length=80)
    seat: str = Field(primary_key=True, max_length=64)
    device: str = Field(primary_key=True, max_length=64)
    removed_at: datetime


class HeadCount(SQLModel, table=True):
    """All that is kept of attendance: how many, never who."""

    __tablename__ = "head_count"

    series_id: UUID = Field(foreign_key="series.id", ondelete="CASCADE", primary_key=True)
    original: NaiveDatetime = Field(primary_key=True)
    heads: int


class Seat(msgspec.Struct, frozen=True):
    """What the seat cookie holds, sealed: nothing of it lies in the database."""

    membership: UUID
    generation: int
    series: UUID
    original: datetime
    device: str
    name: str


class Door(NamedTuple):
    """What stands before a person with a ticket."""

    state: State
    """`open`, `early` (a date is to come), `none`, or `removed`."""
    mine: Belonging
    person: Person
    agreement: Agreement
    booking: Booking | None
    date: Occurrence | None
    later: Occurrence | None
    """The date after that one."""


class Entry(NamedTuple):
    token: str
    seat: bytes
    """Value of the seat cookie."""
    closes_at: datetime


async def look(
    db: AsyncSession, keys: Keys, token: str, *, device: str | None, now: datetime
) -> Door:
    """What the ticket leads to now; consumes nothing. Raises `NotFound` for a bad ticket."""
    mine = await circles.membership_by_ticket(db, token)
    person = await db.get_one(Person, mine.membership.person_id)
    agreement = await circles.current_agreement(db, mine.circle.id)
    dates = coming(await schedule.bookings(db, [mine]), now=now)
    booking, date = nearest(dates, now=now)
    state: State = "none"
    if booking is not None and date is not None:
        state = "open" if schedule.is_open(date, now=now) else "early"
        seat = seat_id(keys, mine.membership, booking.series, date.original)
        if await is_removed(db, room_id(booking.series, date.original), seat, device):
            state = "removed"
    later = [one for _, one in dates if date is not None and one.starts_at > date.starts_at]
    return Door(state, mine, person, agreement, booking, date, later[0] if later else None)


def coming(bookings: list[Booking], *, now: datetime) -> list[tuple[Booking, Occurrence]]:
    """Dates that take place and whose rooms have not closed, soonest first."""
    dates = [
        (booking, date)
        for booking in bookings
        if booking.series.cancelled_at is None
        for date in schedule.next_dates(booking, now=now, limit=4, with_cancelled=False)
        if schedule.closes_at(date) > now
    ]
    return sorted(dates, key=lambda pair: pair[1].starts_at)


def nearest(
    dates: list[tuple[Booking, Occurrence]], *, now: datetime
) -> tuple[Booking | None, Occurrence | None]:
    """The date whose room is open, the latest begun first; otherwise the next one."""
    open_now = [pair for pair in dates if schedule.is_open(pair[1], now=now)]
    if open_now:
        return open_now[-1]
    return dates[0] if dates else (None, None)


async def enter(
    db: AsyncSession,
    keys: Keys,
    token: str,
    *,
    name: str,
    agreement: int | None,
    seat_cookie: bytes | None,
    can_hide: bool,
    now: datetime,
) -> Entry:
    """Take a seat: checks ticket, door and agreement, and gives a pass and a seat cookie."""
    device = device_of(keys, seat_cookie) or secrets.token_urlsafe(16)
    door = await look(db, keys, token, device=device, now=now)
    if door.state == "removed":
        raise NotAllowed("removed")
    if door.booking is None or door.date is None or door.state != "open":
        raise Conflict("not_open")
    _accept(door, agreement)
    name = clean_line(name)[:MAX_NAME]
    if not name:
        raise Invalid("needed", field="name")
    seat = Seat(
        membership=door.mine.membership.id,
        generation=door.mine.membership.generation,
        series=door.booking.series.id,
        original=door.date.original,
        device=device,
        name=name,
    )
    return _entry(
        keys, seat, door.mine, door.booking.series, door.date, can_hide=can_hide, now=now
    )


def _accept(door: Door, agreement: int | None) -> None:
    """The current version has to be accepted; an acceptance of another one says so."""
    current = door.agreement.version
    if door.mine.membership.agreed_version == current:
        return
    if agreement is None:
        raise Invalid("agreement_needed", field="agreement")
    if agreement != current:
        raise Conflict("agreement_changed")
    door.mine.membership.agreed_version = current


async def come_back(
    db: AsyncSession, keys: Keys, seat_cookie: bytes | None, *, can_hide: bool, now: datetime
) -> Entry:
    """A fresh pass for the same seat, by its cookie. Raises `NotSignedIn` without a seat."""
    seat = _seat(keys, seat_cookie)
    if seat is None:
        raise NotSignedIn("no_seat")
    membership = await db.get(Membership, seat.membership)
    series = await db.get(Series, seat.series)
    if membership is None or series is None or not _still_good(membership, seat):
        raise NotSignedIn("no_seat")
    changes = await schedule.changes_of(db, [series.id])
    date = recurrence.occurrence_at(series.pattern, changes[series.id], seat.original)
    if series.cancelled_at is not None or not schedule.is_open(date, now=now):
        raise Gone("not_open")
    room = room_id(series, seat.original)
    name = seat_id(keys, membership, series, seat.original)
    if await is_removed(db, room, name, seat.device):
        raise NotAllowed("removed")
    mine = Belonging(await db.get_one(Circle, membership.circle_id), membership)
    return _entry(keys, seat, mine, series, date, can_hide=can_hide, now=now)


def _still_good(membership: Membership, seat: Seat) -> bool:
    return membership.ended_at is None and membership.generation == seat.generation


def _entry(
    keys: Keys,
    seat: Seat,
    mine: Belonging,
    series: Series,
    date: Occurrence,
    *,
    can_hide: bool,
    now: datetime,
) -> Entry:
    closes_at = schedule.closes_at(date)
    room_pass = Pass(
        id=secrets.token_urlsafe(12),
        room=room_id(series, seat.original),
        seat=seat_id(keys, mine.membership, series, seat.original),
        device=seat.device,
        name=seat.name,
        role="facilitator" if mine.leads else "member",
        title=mine.circle.name,
        lobby=not mine.leads,
        direct=is_direct(mine.circle, can_hide=can_hide),
        capacity=min(MESH_CAPACITY, mine.circle.seats),
        closes_at=closes_at.timestamp(),
        expires_at=(now + PASS_LIFE).timestamp(),
    )
    token = mint(room_pass, keys.passes)
    return Entry(token, keys.seal(msgspec.msgpack.encode(seat)), closes_at)


def is_direct(circle: Circle, *, can_hide: bool) -> bool:
    """Whether the browsers of this circle learn each other's network address."""
    return not (circle.hide_addresses and can_hide)


def room_id(series: Series, original: datetime) -> str:
    """Names the room of one date for as long as the date is known."""
    return f"{series.id.hex}.{original:%Y%m%dT%H%M%S}"


def seat_id(keys: Keys, membership: Membership, series: Series, original: datetime) -> str:
    """The same person has the same seat in one session, and another in the next."""
    text = f"{membership.id.hex} {room_id(series, original)}"
    return keys.fingerprints("seat", text)[-1][:24]


def device_of(keys: Keys, seat_cookie: bytes | None) -> str | None:
    seat = _seat(keys, seat_cookie)
    return None if seat is None else seat.device


def _seat(keys: Keys, seat_cookie: bytes | None) -> Seat | None:
    if not seat_cookie:
        return None
    try:
        return msgspec.msgpack.decode(keys.open(seat_cookie), type=Seat)
    except (InvalidSeal, msgspec.DecodeError):
        return None


async def is_removed(db: AsyncSession, room: str, seat: str, device: str | None) -> bool:
    """By seat, and by device, so that a removed person does not return as somebody else."""
    same = col(Removal.seat) == seat
    if device:
        same = same | (col(Removal.device) == device)
    found = await db.exec(select(Removal.room).where(Removal.room == room, same).limit(1))
    return found.first() is not None


async def note_removal(
    db: AsyncSession, room: str, seat: str, device: str, *, now: datetime
) -> None:
    await db.merge(Removal(room=room, seat=seat, device=device, removed_at=now))


async def note_heads(db: AsyncSession, room: str, heads: int) -> None:
    series_id, original = read_room_id(room)
    if await db.get(Series, series_id) is not None:
        await db.merge(HeadCount(series_id=series_id, original=original, heads=heads))


def read_room_id(room: str) -> tuple[UUID, datetime]:
    series, _, original = room.partition(".")
    return UUID(series), datetime.strptime(original, "%Y%m%dT%H%M%S").replace(tzinfo=None)  # noqa: DTZ007


async def forget_old(db: AsyncSession, *, now: datetime) -> None:
    await db.exec(delete(Removal).where(col(Removal.removed_at) < now - REMOVALS_KEPT))
