"""
What was told last, so that asking again costs next to nothing.

A tag is believed only as long as nobody has written anything into the database since it
was read; bytes are found by their tag, and so cannot be out of date.
"""

import hashlib
import struct
import zlib
from collections import OrderedDict
from collections.abc import Hashable
from datetime import datetime
from functools import cached_property
from typing import Generic, Protocol, TypeVar

from sessions import ics
from sessions.ics import Event

KEPT_ENTRIES = 5000
KEPT_TAGS = 10_000
KEPT_BYTES = 32 * 1024 * 1024
WORTH_PACKING = 1024
GZIP_WITH_COMMENT = bytes((0x1F, 0x8B, 8, 0x10, 0, 0, 0, 0, 0, 255))


class Dated(Protocol):
    @property
    def tag(self) -> str: ...
    @property
    def good_until(self) -> datetime: ...


Head = TypeVar("Head", bound=Dated)


class Body:
    def __init__(self, plain: bytes) -> None:
        self.plain = plain

    @cached_property
    def packed(self) -> bytes | None:
        """
        Compressed with gzip, where that is worth it; the same bytes every time.

        A secret stands beside words that others choose, whose every repetition makes it
        shorter. So up to 255 bytes are added, as a comment (RFC 1952 - 2.3.1. Member header
        and trailer): how many, only those know who have all of it.
        """
        if len(self.plain) < WORTH_PACKING:
            return None
        comment = b" " * hashlib.sha256(self.plain).digest()[0] + b"\0"
        deflate = zlib.compressobj(6, zlib.DEFLATED, -zlib.MAX_WBITS)
        squeezed = deflate.compress(self.plain) + deflate.flush()
        trailer = struct.pack("<II", zlib.crc32(self.plain), len(self.plain) & 0xFFFFFFFF)
        return GZIP_WITH_COMMENT + comment + squeezed + trailer


class Memory(Generic[Head]):
    def __init__(self, *, tags: int = KEPT_TAGS, size: int = KEPT_BYTES) -> None:
        self.entries = EntryBytes()
        self._tags, self._size = tags, size
        self._heads: OrderedDict[str, tuple[int, Head]] = OrderedDict()
        self._bodies: OrderedDict[str, Body] = OrderedDict()
        self._bytes = 0

    def recall(self, key: str, *, revision: int | None, now: datetime) -> Head | None:
        """`revision` is that of the database now; `None` where nobody can tell."""
        known = self._heads.get(key)
        if known is None or known[0] != revision or now >= known[1].good_until:
            return None
        return known[1]

    def remember(self, key: str, head: Head, *, revision: int | None) -> None:
        """`revision` is from before it was read: what came between counts as later."""
        if revision is None:
            return
        self._heads[key] = revision, head
        self._heads.move_to_end(key)
        if len(self._heads) > self._tags:
            self._heads.popitem(last=False)

    def body(self, tag: str) -> Body | None:
        if tag in self._bodies:
            self._bodies.move_to_end(tag)
        return self._bodies.get(tag)

    def keep(self, tag: str, plain: bytes) -> Body:
        """The oldest give way; one that would drive out all others is not kept."""
        body = Body(plain)
        if tag in self._bodies or len(plain) > self._size // 4:
            return body
        self._bodies[tag] = body
        self._bytes += len(plain)
        while self._bytes > self._size:
            _, oldest = self._bodies.popitem(last=False)
            self._bytes -= len(oldest.plain)
        return body


class EntryBytes:
    """The written entries by what they are made of; the oldest give way."""

    def __init__(self, size: int = KEPT_ENTRIES) -> None:
        self._size = size
        self._written: OrderedDict[Hashable, bytes] = OrderedDict()

    def __call__(self, event: Event) -> bytes:
        key = (
            event.uid,
            event.url,
            event.summary,
            event.description,
            event.conference,
            event.sequence,
            event.changed_at,
            event.stamped_at,
            tuple(event.words.items()),
        )
        if key not in self._written:
            self._written[key] = ics.entry(event)
            if len(self._written) > self._size:
                self._written.popitem(last=False)
        self._written.move_to_end(key)
        return self._written[key]
