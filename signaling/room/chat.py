"""What is written. It is told and forgotten: no state here, so nothing can be kept."""

from signaling import plain
from signaling.messages import Chat, Refused, Said, kind
from signaling.room.happenings import Step, tell
from signaling.room.state import LineId, Room, Seat
from signaling.room.who import audience


def say(room: Room, seat: Seat, chat: Chat, *, line: LineId, now: float) -> Step:
    text = plain.lines(chat.text)
    if not text:
        return room, tell((line,), Refused(kind(chat), "bad_message"))
    return room, tell(audience(room), Said(seat.id, seat.name, text, now))
