"""Going out against one's will, and the end for everybody."""

from msgspec.structs import replace

from signaling import reports
from signaling.messages import ByeReason, Refused, Remove, kind
from signaling.reports import Report
from signaling.room import door
from signaling.room.happenings import Move, Step, dismiss, in_turn, tell
from signaling.room.seats import rise
from signaling.room.state import Removal, Room, Seat, Visitor
from signaling.room.who import everybody


def remove(room: Room, by: Seat, command: Remove) -> Step:
    """
    Out now and not back in: neither the seat on another device nor the device on another seat.

    The remover's own device is never refused: a shared laptop would shut its facilitator out.
    """
    line = () if by.line is None else (by.line,)
    if command.seat == by.id:
        return room, tell(line, Refused(kind(command), "not_allowed"))
    devices = {_device(each) for each in _people(room) if _seat(each) == command.seat}
    if not devices:
        return room, tell(line, Refused(kind(command), "unknown_seat"))
    return _put_out(room, by, command.seat, devices - {by.device})


def end(room: Room, reason: ByeReason) -> Step:
    """What stays is that it is over: no name, no seat, nobody who was refused."""
    if room.ended:
        return room, ()
    gone = replace(
        room,
        plan=replace(room.plan, title=""),
        seats=(),
        waiting=(),
        hands=(),
        removals=(),
        ever=frozenset(),
        heads=len(room.ever),
        ended=True,
    )
    return gone, (*dismiss(everybody(room), reason), reports.Ended(room.name, gone.heads))


def again(room: Room) -> tuple[Report, ...]:
    """What is said once more after a restart, in case it was not heard before."""
    if room.ended:
        return (reports.Ended(room.name, room.heads),)
    return tuple(reports.Removed(room.name, r.seat, r.device) for r in room.removals)


def _put_out(room: Room, by: Seat, seat_id: str, devices: set[str]) -> Step:
    out = [p for p in _people(room) if _seat(p) == seat_id or _device(p) in devices]
    refused = {Removal(_unless(_seat(p), by.id), _unless(_device(p), by.device)) for p in out}
    new = sorted(refused - set(room.removals), key=str)
    room = replace(room, removals=(*room.removals, *new))
    room, told = in_turn(_deafened(room, out), *(_gone(person) for person in out))
    lines = (person.line for person in out if person.line is not None)
    return room, (
        *dismiss(lines, "removed"),
        *told,
        *(reports.Removed(room.name, each.seat, each.device) for each in new),
    )


def _deafened(room: Room, out: list[Seat | Visitor]) -> Room:
    """Whoever is put out does not hear who else is."""
    seats = tuple(replace(s, line=None) if s in out else s for s in room.seats)
    return replace(room, seats=seats)


def _gone(person: Seat | Visitor) -> Move:
    if isinstance(person, Seat):
        return lambda room: rise(room, person)
    return lambda room: door.give_up(room, person)


def _people(room: Room) -> tuple[Seat | Visitor, ...]:
    return (*room.seats, *room.waiting)


def _seat(person: Seat | Visitor) -> str:
    return person.id if isinstance(person, Seat) else person.seat


def _device(person: Seat | Visitor) -> str:
    return person.device


def _unless(value: str, own: str) -> str | None:
    return None if value == own else value
