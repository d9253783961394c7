"""Who is in: taking a seat, losing the connection, coming back, leaving."""

from msgspec.structs import replace

from signaling import reports
from signaling.messages import (
    NO_ICE,
    Away,
    Back,
    Hands,
    Joined,
    Knock,
    Left,
    Peer,
    Welcome,
)
from signaling.room.happenings import Event, Step, dismiss, tell
from signaling.room.queue import forget_hand
from signaling.room.state import GRACE, Room, Seat, Visitor
from signaling.room.who import audience, with_seat


def sit(room: Room, visitor: Visitor) -> Step:
    """Give a visitor a place. Whoever calls this has made sure that there is one."""
    seat = _seat(visitor)
    room = replace(room, seats=(*room.seats, seat), ever=room.ever | {seat.id})
    return room, (
        *welcome(room, seat),
        *tell(audience(room, but=seat.id), Joined(peer(seat))),
        reports.Joined(room.name, seat.id),
    )


def come_back(room: Room, seat: Seat, visitor: Visitor) -> Step:
    """
    The same browser after a lost connection: its media may still be running.

    A page that changed networks is often back before its older line is known to be dead. It was
    never away then, as the others see it, and they keep what flows between them.
    """
    dead = () if seat.line is None else (seat.line,)
    missed = seat.line is None
    seat = replace(seat, line=visitor.line, page=visitor.page, away_until=None)
    room = with_seat(room, seat)
    return room, (
        *dismiss(dead, "resumed"),
        *welcome(room, seat),
        *(tell(audience(room, but=seat.id), Back(seat.id)) if missed else ()),
    )


def take_over(room: Room, seat: Seat, visitor: Visitor) -> Step:
    """
    Another tab or another device takes the place of the one that sits there.

    Its media begins anew, muted, so to the others one goes and one comes. The hand stays up.
    """
    replaced = () if seat.line is None else (seat.line,)
    newer = _seat(visitor)
    room = with_seat(room, newer)
    others = tuple(audience(room, but=seat.id))
    return room, (
        *dismiss(replaced, "replaced"),
        *tell(others, Left(seat.id)),
        *welcome(room, newer),
        *tell(others, Joined(peer(newer))),
        *(tell(others, Hands(room.hands)) if seat.id in room.hands else ()),
    )


def lose(room: Room, seat: Seat, now: float) -> Step:
    seat = replace(seat, line=None, away_until=now + GRACE)
    room = with_seat(room, seat)
    return room, tell(audience(room), Away(seat.id))


def rise(room: Room, seat: Seat) -> Step:
    """Free a place, for good or until they come in by the door again."""
    room = replace(room, seats=tuple(each for each in room.seats if each.id != seat.id))
    lowered = forget_hand(room, seat.id)
    order = tell(audience(room), Hands(lowered.hands)) if lowered != room else ()
    return lowered, (*tell(audience(room), Left(seat.id)), *order)


def welcome(room: Room, seat: Seat) -> tuple[Event, ...]:
    """Everything there is to see, told to the one who may see it now. The rim adds `ice`."""
    if seat.line is None:
        return ()
    message = Welcome(
        you=seat.id,
        name=seat.name,
        role=seat.role,
        title=room.plan.title,
        direct=room.plan.direct,
        peers=tuple(peer(each) for each in room.seats if each.id != seat.id),
        hands=room.hands,
        lobby=knocks(room) if seat.role == "facilitator" else (),
        ice=NO_ICE,
        closes_at=room.plan.closes_at,
    )
    return tell((seat.line,), message)


def peer(seat: Seat) -> Peer:
    return Peer(
        seat=seat.id,
        name=seat.name,
        role=seat.role,
        microphone=seat.microphone,
        camera=seat.camera,
        away=seat.line is None,
    )


def _seat(visitor: Visitor) -> Seat:
    """Everyone enters muted with the camera off."""
    return Seat(
        id=visitor.seat,
        device=visitor.device,
        page=visitor.page,
        name=visitor.name,
        role=visitor.role,
        line=visitor.line,
    )


def knocks(room: Room) -> tuple[Knock, ...]:
    """One for a seat, though several browsers may knock for it."""
    first = {visitor.seat: visitor for visitor in reversed(room.waiting)}
    shown = [visitor for visitor in room.waiting if first[visitor.seat] is visitor]
    return tuple(Knock(visitor.seat, visitor.name) for visitor in shown)
