"""
What a room tells the house it lives in. No names and no times: those it keeps to itself.

After a restart a room repeats who was removed and that it has ended, in case nobody had heard
it: whoever listens must be able to hear the same thing twice.
"""

import msgspec


class Joined(msgspec.Struct, frozen=True):
    room: str
    seat: str


class Left(msgspec.Struct, frozen=True):
    room: str
    seat: str


class Removed(msgspec.Struct, frozen=True):
    """Refuse both from now on; one of them is missing where only the other is meant."""

    room: str
    seat: str | None
    device: str | None


class Ended(msgspec.Struct, frozen=True):
    """`heads` is how many distinct seats were ever admitted: a count without identities."""

    room: str
    heads: int


Report = Joined | Left | Removed | Ended
