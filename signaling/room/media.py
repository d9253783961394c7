"""Whose devices are open, and the words two browsers need to find each other."""

from typing import assert_never

from msgspec.structs import replace

from signaling.messages import (
    NO_ICE,
    Candidate,
    CandidateOf,
    Describe,
    Described,
    Devices,
    DevicesOf,
    Refused,
    Renew,
    kind,
)
from signaling.room.happenings import Step, tell
from signaling.room.state import LineId, Room, Seat
from signaling.room.who import audience, find, with_seat

Said = Devices | Renew | Describe | Candidate


def obey(room: Room, seat: Seat, said: Said, *, line: LineId) -> Step:
    match said:
        case Devices():
            return show_devices(room, seat, said)
        case Renew():
            # The rim knows the servers and fills them in.
            return room, tell((line,), NO_ICE)
        case Describe() | Candidate():
            return forward(room, seat, said, line=line)
        case _:
            assert_never(said)


def show_devices(room: Room, seat: Seat, devices: Devices) -> Step:
    """People show their own; there is no way to speak for another seat."""
    changed = replace(seat, microphone=devices.microphone, camera=devices.camera)
    if changed == seat:
        return room, ()
    shown = DevicesOf(seat.id, devices.microphone, devices.camera)
    room = with_seat(room, changed)
    return room, tell(audience(room, but=seat.id), shown)


def forward(room: Room, seat: Seat, said: Describe | Candidate, *, line: LineId) -> Step:
    """From one admitted seat to another; to somebody away it is lost, they will offer anew."""
    other = find(room, said.to)
    if other is None or other.id == seat.id:
        return room, tell((line,), Refused(kind(said), "unknown_seat"))
    to = () if other.line is None else (other.line,)
    return room, tell(to, _forwarded(seat.id, said))


def _forwarded(by: str, said: Describe | Candidate) -> Described | CandidateOf:
    if isinstance(said, Describe):
        return Described(by, said.kind, said.sdp)
    return CandidateOf(by, said.candidate, said.mid, said.index, said.fragment)
