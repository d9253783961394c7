"""
The one thing a room is told about a person: a signed pass, read without a database.

Valid for two minutes and for one use. The signature is made over the very bytes that are sent,
so nothing depends on how JSON is spelled.
"""

import base64
import binascii
import hashlib
import hmac

import msgspec

from signaling.messages import Role

PURPOSE = b"ronda room pass 1\0"
"""Keeps a signature made for something else under the same key from passing as a pass."""

SPENT_AT_MOST = 100_000


class Pass(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    room: str
    seat: str
    device: str
    name: str
    role: Role
    title: str
    """Shown in the room."""
    lobby: bool
    direct: bool
    """Whether browsers of this circle may learn each other's address."""
    capacity: int
    closes_at: float
    """Unix seconds, like `expires_at`."""
    expires_at: float


class BadPass(ValueError):
    """Not signed by us, spent already, or no pass at all: deliberately not said which."""


class ExpiredPass(BadPass):
    pass


def mint(pass_: Pass, key: bytes) -> str:
    body = msgspec.json.encode(pass_)
    return f"{_text(body)}.{_text(_signature(body, key))}"


def verify(token: str, key: bytes, now: float) -> Pass:
    body, signature = _parts(token)
    if not hmac.compare_digest(signature, _signature(body, key)):
        raise BadPass
    try:
        pass_ = msgspec.json.decode(body, type=Pass)
    except msgspec.DecodeError:
        raise BadPass from None
    if pass_.expires_at <= now:
        raise ExpiredPass
    return pass_


class Spent:
    """
    The passes used already, remembered until they would have expired anyway.

    When the memory is full of passes that are still valid, further ones are refused: it takes
    more honest passes than a server can hold people to get there.
    """

    def __init__(self, at_most: int = SPENT_AT_MOST) -> None:
        self._until: dict[str, float] = {}
        self._at_most = at_most

    def spend(self, pass_: Pass, now: float) -> None:
        if len(self._until) >= self._at_most:
            self._forget(now)
        if pass_.id in self._until or len(self._until) >= self._at_most:
            raise BadPass
        self._until[pass_.id] = pass_.expires_at

    def _forget(self, now: float) -> None:
        self._until = {each: until for each, until in self._until.items() if until > now}


def _parts(token: str) -> tuple[bytes, bytes]:
    body, dot, signature = token.partition(".")
    if not dot:
        raise BadPass
    try:
        return _bytes(body), _bytes(signature)
    except (binascii.Error, ValueError):
        raise BadPass from None


def _signature(body: bytes, key: bytes) -> bytes:
    return hmac.digest(key, PURPOSE + body, hashlib.sha256)


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _bytes(text: str) -> bytes:
    padded = text + "=" * (-len(text) % 4)
    return base64.b64decode(padded, altchars=b"-_", validate=True)
