"""What can happen to a room, and what comes out of it."""

from collections.abc import Callable, Iterable

import msgspec

from signaling.messages import ByeReason, Command, ServerMessage
from signaling.reports import Report
from signaling.room.state import LineId, Plan, Room, Visitor


class Entered(msgspec.Struct, frozen=True):
    """A connection brought a valid pass."""

    visitor: Visitor
    plan: Plan


class Heard(msgspec.Struct, frozen=True):
    line: LineId
    command: Command


class Lost(msgspec.Struct, frozen=True):
    """A connection is gone, for whatever reason, and also after we closed it ourselves."""

    line: LineId


class Woke(msgspec.Struct, frozen=True):
    """Time has passed."""


Happening = Entered | Heard | Lost | Woke


class Tell(msgspec.Struct, frozen=True):
    to: tuple[LineId, ...]
    message: ServerMessage


class Dismiss(msgspec.Struct, frozen=True):
    """The last word to some lines; they are closed after it."""

    to: tuple[LineId, ...]
    reason: ByeReason


Event = Tell | Dismiss | Report
Step = tuple[Room, tuple[Event, ...]]
Move = Callable[[Room], Step]


def in_turn(room: Room, *moves: Move) -> Step:
    """Make one move after the other; what they have to say keeps its order."""
    events: tuple[Event, ...] = ()
    for move in moves:
        room, more = move(room)
        events = (*events, *more)
    return room, events


def tell(to: Iterable[LineId], message: ServerMessage) -> tuple[Event, ...]:
    hearers = tuple(to)
    return (Tell(hearers, message),) if hearers else ()


def dismiss(to: Iterable[LineId], reason: ByeReason) -> tuple[Event, ...]:
    lines = tuple(to)
    return (Dismiss(lines, reason),) if lines else ()
