"""Raised hands. Their order is the server's; clients never sort them."""

from msgspec.structs import replace

from signaling.messages import Hand, Hands
from signaling.room.happenings import Step, tell
from signaling.room.state import Room, Seat
from signaling.room.who import audience


def show_hand(room: Room, seat: Seat, hand: Hand) -> Step:
    if hand.up == (seat.id in room.hands):
        return room, ()
    room = _raise(room, seat.id) if hand.up else forget_hand(room, seat.id)
    return room, tell(audience(room), Hands(room.hands))


def _raise(room: Room, seat_id: str) -> Room:
    return replace(room, hands=(*room.hands, seat_id))


def forget_hand(room: Room, seat_id: str) -> Room:
    return replace(room, hands=tuple(each for each in room.hands if each != seat_id))
