"""What a room knows. Values only; every change makes a new one."""

import msgspec
from msgspec.structs import replace

from signaling.messages import Role

GRACE = 30.0
"""Seconds a seat is kept for somebody whose connection was lost."""

LineId = int
"""One connection. A seat outlives its lines."""


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """What the house decided about this room; the newest pass says it."""

    title: str
    direct: bool
    capacity: int
    closes_at: float


class Visitor(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody at the door, as their pass describes them."""

    line: LineId
    seat: str
    device: str
    page: str = ""
    """As the browser calls the page it has loaded: believed only of the device of the seat."""
    name: str
    role: Role
    lobby: bool

    @property
    def enters_freely(self) -> bool:
        """A facilitator is never locked out by a lobby they would have to open themselves."""
        return self.role == "facilitator" or not self.lobby


class Seat(msgspec.Struct, frozen=True, kw_only=True):
    """An admitted person's place."""

    id: str
    device: str
    page: str = ""
    name: str
    role: Role
    line: LineId | None
    away_until: float | None = None
    microphone: bool = False
    camera: bool = False


class Removal(msgspec.Struct, frozen=True):
    """Either may be missing: nobody shuts out their own seat or the device they sit at."""

    seat: str | None
    device: str | None


class Room(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    plan: Plan
    seats: tuple[Seat, ...] = ()
    """In order of arrival."""
    waiting: tuple[Visitor, ...] = ()
    """In order of arrival."""
    hands: tuple[str, ...] = ()
    removals: tuple[Removal, ...] = ()
    ever: frozenset[str] = frozenset()
    """Every seat that was admitted once; forgotten at the end for its number."""
    heads: int = 0
    ended: bool = False


def is_empty(room: Room) -> bool:
    return not room.seats and not room.waiting


def is_closed(room: Room, now: float) -> bool:
    return now >= room.plan.closes_at


def next_wake(room: Room) -> float:
    """When something happens though nobody does anything."""
    graces = (seat.away_until for seat in room.seats if seat.away_until is not None)
    return min((*graces, room.plan.closes_at))


def durable(room: Room) -> Room:
    """The part that survives the server: who sits where, not who happens to be connected."""
    seats = tuple(replace(seat, line=None, away_until=None, page="") for seat in room.seats)
    return replace(room, seats=seats, waiting=())


def snapshot(room: Room) -> bytes:
    return msgspec.json.encode(durable(room), order="deterministic")


def restore(raw: bytes, now: float) -> Room:
    """Everybody was cut off by whatever ended the server: they have their grace from now on."""
    room = msgspec.json.decode(raw, type=Room)
    seats = tuple(replace(seat, away_until=now + GRACE) for seat in room.seats)
    return replace(room, seats=seats)
