"""Coming in: the lobby, admission, and places that are taken already."""

from functools import partial

from msgspec.structs import replace

from signaling.messages import (
    Admit,
    AdmitAll,
    ByeReason,
    Knock,
    Knocked,
    Refused,
    Unknocked,
    Waiting,
    kind,
)
from signaling.room import seats
from signaling.room.happenings import Event, Step, dismiss, in_turn, tell
from signaling.room.state import LineId, Plan, Room, Seat, Visitor, is_closed
from signaling.room.who import facilitators, find, is_full, is_removed

LOBBY_AT_MOST = 100


def enter(room: Room, visitor: Visitor, plan: Plan, now: float) -> Step:
    """A valid pass opens the door of the house, not yet that of the room."""
    room = _planned(room, plan)
    shut = _shut(room, visitor, now)
    if shut is not None:
        return room, dismiss((visitor.line,), shut)
    older = _waiting_page(room, visitor)
    if older is not None:
        return _wait_on(room, older, visitor)
    return in_turn(room, partial(_supersede, visitor), partial(_let_in, visitor))


def admit(room: Room, command: Admit, *, line: LineId) -> Step:
    visitor = _knocking(room, command.seat)
    if visitor is None:
        return room, tell((line,), Refused(kind(command), "unknown_seat"))
    if find(room, visitor.seat) is None and is_full(room):
        return room, tell((line,), Refused(kind(command), "full"))
    return in_turn(room, partial(_unqueue, visitor), partial(_place, visitor))


def admit_all(room: Room, command: AdmitAll, *, line: LineId) -> Step:
    """Everybody who waits for a free place; taking over another needs a choice of its own."""
    events: tuple[Event, ...] = ()
    for visitor in room.waiting:
        if find(room, visitor.seat) is not None:
            continue
        if is_full(room):
            return room, (*events, *tell((line,), Refused(kind(command), "full")))
        room, more = in_turn(room, partial(_unqueue, visitor), partial(_place, visitor))
        events = (*events, *more)
    return room, events


def let_in_owner(room: Room, seat_id: str) -> Step:
    """A place became free: who waited only because it was taken need not wait longer."""
    visitor = _knocking(room, seat_id)
    if visitor is None or not visitor.enters_freely:
        return room, ()
    return in_turn(room, partial(_unqueue, visitor), partial(_place, visitor))


def give_up(room: Room, visitor: Visitor) -> Step:
    return _unqueue(visitor, room)


def _planned(room: Room, plan: Plan) -> Room:
    """The newest pass knows the plan best. Addresses once hidden stay hidden."""
    if room.ended:
        return room
    return replace(room, plan=replace(plan, direct=plan.direct and room.plan.direct))


def _shut(room: Room, visitor: Visitor, now: float) -> ByeReason | None:
    if room.ended:
        return "ended"
    if is_closed(room, now):
        return "closed"
    return "removed" if is_removed(room, visitor.seat, visitor.device) else None


def _waiting_page(room: Room, visitor: Visitor) -> Visitor | None:
    """The very page that waits already, on a line not yet known to be dead."""
    same = (each for each in room.waiting if replace(each, line=visitor.line) == visitor)
    return next(same, None) if visitor.page else None


def _wait_on(room: Room, older: Visitor, visitor: Visitor) -> Step:
    """It keeps its place, and nobody hears a second knock."""
    waiting = tuple(visitor if each is older else each for each in room.waiting)
    return replace(room, waiting=waiting), (
        *dismiss((older.line,), "resumed"),
        *tell((visitor.line,), Waiting()),
    )


def _supersede(visitor: Visitor, room: Room) -> Step:
    """The newer tab of a browser waits instead of the older one."""
    older = next((each for each in room.waiting if _same_browser(each, visitor)), None)
    if older is None:
        return room, ()
    room, events = _unqueue(older, room)
    return room, (*dismiss((older.line,), "replaced"), *events)


def _same_browser(one: Visitor, other: Visitor) -> bool:
    return (one.seat, one.device) == (other.seat, other.device)


def _let_in(visitor: Visitor, room: Room) -> Step:
    seat = find(room, visitor.seat)
    if seat is not None:
        return _return(room, seat, visitor)
    if is_full(room):
        return room, dismiss((visitor.line,), "full")
    return seats.sit(room, visitor) if visitor.enters_freely else _wait(room, visitor)


def _return(room: Room, seat: Seat, visitor: Visitor) -> Step:
    """Only the browser that holds the seat has it back; any other one has to be admitted."""
    if seat.device != visitor.device:
        return _wait(room, visitor)
    same_person = (seat.name, seat.role) == (visitor.name, visitor.role)
    same_page = seat.page == visitor.page != ""
    if same_person and (seat.line is None or same_page):
        return seats.come_back(room, seat, visitor)
    return seats.take_over(room, seat, visitor)


def _wait(room: Room, visitor: Visitor) -> Step:
    if len(room.waiting) >= LOBBY_AT_MOST:
        return room, dismiss((visitor.line,), "full")
    known = _knocking(room, visitor.seat) is not None
    room = replace(room, waiting=(*room.waiting, visitor))
    told = () if known else tell(facilitators(room), _knock(visitor))
    return room, (*tell((visitor.line,), Waiting()), *told)


def _place(visitor: Visitor, room: Room) -> Step:
    seat = find(room, visitor.seat)
    if seat is None:
        return seats.sit(room, visitor)
    return seats.take_over(room, seat, visitor)


def _unqueue(visitor: Visitor, room: Room) -> Step:
    """Two browsers may knock for one seat; facilitators see one knock, so it is shown anew."""
    left = tuple(each for each in room.waiting if each.line != visitor.line)
    room = replace(room, waiting=left)
    still = _knocking(room, visitor.seat)
    again = () if still is None else tell(facilitators(room), _knock(still))
    return room, (*tell(facilitators(room), Unknocked(visitor.seat)), *again)


def _knock(visitor: Visitor) -> Knocked:
    return Knocked(Knock(visitor.seat, visitor.name))


def _knocking(room: Room, seat_id: str) -> Visitor | None:
    return next((each for each in room.waiting if each.seat == seat_id), None)
