"""Who sits where, and who may hear what."""

from collections.abc import Iterator

from msgspec.structs import replace

from signaling.room.state import LineId, Room, Seat, Visitor


def find(room: Room, seat_id: str) -> Seat | None:
    return next((seat for seat in room.seats if seat.id == seat_id), None)


def at(room: Room, line: LineId) -> Seat | None:
    return next((seat for seat in room.seats if seat.line == line), None)


def waiting_at(room: Room, line: LineId) -> Visitor | None:
    return next((each for each in room.waiting if each.line == line), None)


def audience(room: Room, *, but: str | None = None) -> Iterator[LineId]:
    """The lines of the admitted, and of nobody else."""
    return (s.line for s in room.seats if s.line is not None and s.id != but)


def facilitators(room: Room) -> Iterator[LineId]:
    return (s.line for s in room.seats if s.line is not None and s.role == "facilitator")


def everybody(room: Room) -> Iterator[LineId]:
    """Also those in the lobby: for last words only."""
    yield from audience(room)
    yield from (visitor.line for visitor in room.waiting)


def with_seat(room: Room, changed: Seat) -> Room:
    seats = tuple(changed if seat.id == changed.id else seat for seat in room.seats)
    return replace(room, seats=seats)


def is_full(room: Room) -> bool:
    """Those away count: their place is kept for them."""
    return len(room.seats) >= room.plan.capacity


def is_removed(room: Room, seat_id: str, device: str) -> bool:
    return any(each.seat == seat_id or each.device == device for each in room.removals)
