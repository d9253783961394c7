"""
The whole protocol between a browser and the room: text frames of JSON, a class per meaning.

`type` on the wire is the class name in lower case. `python -m signaling.schema` writes the same
unions as TypeScript, so this file is the only place where the protocol is changed.
"""

from typing import Annotated, Literal, get_args

import msgspec
from msgspec import UNSET, Meta, UnsetType

VERSION = 1

FRAME_BYTES = 64 * 1024
SDP_BYTES = 48 * 1024
CHAT_LENGTH = 2000

Role = Literal["facilitator", "member", "guest"]
RefusalReason = Literal[
    "not_allowed",
    "unknown_seat",
    "full",
    "too_much",
    "too_long",
    "not_admitted",
    "bad_message",
]
ByeReason = Literal[
    "removed",
    "replaced",
    "full",
    "ended",
    "left",
    "bad_pass",
    "old_version",
    "closed",
    "slow",
    "restarting",
    "resumed",
]

SeatId = Annotated[str, Meta(max_length=64, pattern=r"^[A-Za-z0-9_-]+\Z")]
Sdp = Annotated[str, Meta(max_length=SDP_BYTES)]
CandidateLine = Annotated[str, Meta(max_length=1024)]
Label = Annotated[str, Meta(max_length=256)]
PageId = Annotated[str, Meta(max_length=64, pattern=r"^[A-Za-z0-9_-]*\Z")]
LineIndex = Annotated[int, Meta(ge=0, le=1023)]


class Message(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="type", tag=str.lower
):
    pass


# What a browser says


class Hello(Message, frozen=True, forbid_unknown_fields=False):
    """First of all messages, within 5 seconds. A newer client may say more than we know."""

    version: int
    token: Annotated[str, Meta(max_length=4096)]
    page: PageId = ""
    """Made anew by each page that is loaded; a page that says none is never the same one."""


class Admit(Message, frozen=True):
    seat: SeatId


class AdmitAll(Message, frozen=True):
    pass


class Remove(Message, frozen=True):
    seat: SeatId


class End(Message, frozen=True):
    pass


class Chat(Message, frozen=True):
    text: Annotated[str, Meta(min_length=1, max_length=CHAT_LENGTH)]


class Hand(Message, frozen=True):
    up: bool


class Devices(Message, frozen=True):
    """What is open at the speaker's own seat. There is no message that opens another's."""

    microphone: bool
    camera: bool


class Leave(Message, frozen=True):
    pass


class Renew(Message, frozen=True):
    """Asks for fresh `ice`: what a relay lets one in with is short-lived."""


class Describe(Message, frozen=True):
    to: SeatId
    kind: Literal["offer", "answer"]
    sdp: Sdp


class Candidate(Message, frozen=True):
    """One way to reach a browser; an empty one ends the list."""

    to: SeatId
    candidate: CandidateLine
    mid: Label | None
    index: LineIndex | None
    fragment: Label | None


Command = (
    Admit
    | AdmitAll
    | Remove
    | End
    | Chat
    | Hand
    | Devices
    | Leave
    | Renew
    | Describe
    | Candidate
)
ClientMessage = Hello | Command


# What the room says


class Peer(msgspec.Struct, frozen=True):
    """What the admitted see of each other, and nothing more."""

    seat: str
    name: str
    role: Role
    microphone: bool
    camera: bool
    away: bool


class Knock(msgspec.Struct, frozen=True):
    seat: str
    name: str


class IceServer(msgspec.Struct, frozen=True, omit_defaults=True):
    urls: tuple[str, ...]
    username: str | UnsetType = UNSET
    credential: str | UnsetType = UNSET


class Ice(Message, frozen=True):
    """How browsers may find each other: part of `welcome`, and the answer to `renew`."""

    servers: tuple[IceServer, ...]
    policy: Literal["all", "relay"]


NO_ICE = Ice((), "relay")


class Waiting(Message, frozen=True):
    """You are in the lobby. Of the others it says nothing, not even whether there are any."""


class Welcome(Message, frozen=True, kw_only=True):
    you: str
    name: str
    role: Role
    title: str
    direct: bool
    peers: tuple[Peer, ...]
    hands: tuple[str, ...]
    lobby: tuple[Knock, ...]
    ice: Ice
    closes_at: float


class Joined(Message, frozen=True):
    peer: Peer


class Left(Message, frozen=True):
    seat: str


class Away(Message, frozen=True):
    seat: str


class Back(Message, frozen=True):
    seat: str


class Knocked(Message, frozen=True):
    knock: Knock


class Unknocked(Message, frozen=True):
    seat: str


class Said(Message, frozen=True):
    seat: str
    name: str
    text: str
    at: float


class Hands(Message, frozen=True):
    order: tuple[str, ...]


class DevicesOf(Message, frozen=True):
    seat: str
    microphone: bool
    camera: bool


class Described(Message, frozen=True):
    by: str
    kind: Literal["offer", "answer"]
    sdp: str


class CandidateOf(Message, frozen=True):
    by: str
    candidate: str
    mid: str | None
    index: int | None
    fragment: str | None


class Refused(Message, frozen=True):
    """`command` is the type of what was refused, empty when it could not be read."""

    command: str
    reason: RefusalReason


class Bye(Message, frozen=True):
    """The last message of a socket; it is closed right after."""

    reason: ByeReason


ServerMessage = (
    Waiting
    | Welcome
    | Joined
    | Left
    | Away
    | Back
    | Knocked
    | Unknocked
    | Said
    | Hands
    | DevicesOf
    | Ice
    | Described
    | CandidateOf
    | Refused
    | Bye
)

CLIENT_KINDS = frozenset(each.__name__.lower() for each in get_args(ClientMessage))

_decoder: msgspec.json.Decoder[ClientMessage] = msgspec.json.Decoder(ClientMessage)
_encoder = msgspec.json.Encoder()


class _Kind(msgspec.Struct):
    type: Annotated[str, Meta(max_length=20)]


_kind_decoder = msgspec.json.Decoder(_Kind)


class Unreadable(ValueError):
    """Carries the answer to give; what was sent is deliberately not part of it."""

    def __init__(self, refused: Refused) -> None:
        super().__init__(refused.reason)
        self.refused = refused


def decode(text: str) -> ClientMessage:
    try:
        return _decoder.decode(text)
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        too_long = isinstance(error, msgspec.ValidationError) and "length <=" in str(error)
        raise Unreadable(
            Refused(_kind(text), "too_long" if too_long else "bad_message")
        ) from None


def encode(message: ServerMessage) -> bytes:
    return _encoder.encode(message)


def kind(message: ClientMessage | ServerMessage) -> str:
    return type(message).__name__.lower()


def _kind(text: str) -> str:
    """Name the type of a message that is wrong otherwise, and never echo an unknown one."""
    try:
        named = _kind_decoder.decode(text).type
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return ""
    return named if named in CLIENT_KINDS else ""
