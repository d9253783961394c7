"""The way in: one happening at a time changes the room and says who hears of it."""

from typing import assert_never

from signaling import reports
from signaling.messages import (
    Admit,
    AdmitAll,
    Candidate,
    Chat,
    Command,
    Describe,
    Devices,
    End,
    Hand,
    Leave,
    Refused,
    Remove,
    Renew,
    kind,
)
from signaling.room import chat, door, media, queue, removal, seats
from signaling.room.happenings import (
    Entered,
    Happening,
    Heard,
    Lost,
    Move,
    Step,
    Woke,
    dismiss,
    in_turn,
    tell,
)
from signaling.room.powers import Standing, refusal
from signaling.room.state import LineId, Room, Seat, is_closed
from signaling.room.who import at, waiting_at


def step(room: Room, happening: Happening, now: float) -> Step:
    match happening:
        case Entered(visitor, plan):
            return door.enter(room, visitor, plan, now)
        case Heard(line, command):
            return _heard(room, line, command, now)
        case Lost(line):
            return _lost(room, line, now)
        case Woke():
            return _woke(room, now)
        case _:
            assert_never(happening)


def _heard(room: Room, line: LineId, command: Command, now: float) -> Step:
    standing = _standing(room, line)
    if standing is None:
        return room, ()  # its last words were in the inbox when it was dismissed
    reason = refusal(command, standing)
    if reason is not None:
        return room, tell((line,), Refused(kind(command), reason))
    seat = at(room, line)
    if seat is None:
        return _leave_lobby(room, line)
    return _obey(room, seat, command, line=line, now=now)


def _obey(room: Room, seat: Seat, command: Command, *, line: LineId, now: float) -> Step:
    match command:
        case Admit():
            return door.admit(room, command, line=line)
        case AdmitAll():
            return door.admit_all(room, command, line=line)
        case Remove():
            return removal.remove(room, seat, command)
        case End():
            return removal.end(room, "ended")
        case Chat():
            return chat.say(room, seat, command, line=line, now=now)
        case Hand():
            return queue.show_hand(room, seat, command)
        case Devices() | Renew() | Describe() | Candidate():
            return media.obey(room, seat, command, line=line)
        case Leave():
            return in_turn(room, lambda r: (r, dismiss((line,), "left")), _depart(seat))
        case _:
            assert_never(command)


def _standing(room: Room, line: LineId) -> Standing | None:
    seat = at(room, line)
    if seat is not None:
        return seat.role
    return None if waiting_at(room, line) is None else "lobby"


def _leave_lobby(room: Room, line: LineId) -> Step:
    """The one thing the table allows there."""
    room, events = _lost(room, line, 0.0)
    return room, (*dismiss((line,), "left"), *events)


def _lost(room: Room, line: LineId, now: float) -> Step:
    seat = at(room, line)
    if seat is not None:
        return seats.lose(room, seat, now)
    visitor = waiting_at(room, line)
    return (room, ()) if visitor is None else door.give_up(room, visitor)


def _woke(room: Room, now: float) -> Step:
    if is_closed(room, now):
        return removal.end(room, "closed")
    late = [s for s in room.seats if s.away_until is not None and s.away_until <= now]
    return in_turn(room, *(_depart(seat) for seat in late))


def _depart(seat: Seat) -> Move:
    def depart(room: Room) -> Step:
        room, events = seats.rise(room, seat)
        freed, more = door.let_in_owner(room, seat.id)
        return freed, (*events, reports.Left(room.name, seat.id), *more)

    return depart
