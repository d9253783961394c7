"""
What was told last, so that asking again costs next to nothing.

A tag is believed only as long as nobody has written anything into the database since it
was read; bytes are found by their tag, and so cannot be out of date.
"""

import hashlib
import re
import struct
import zlib
from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import replace
from datetime import datetime
from functools import cached_property
from itertools import islice
from typing import Generic, Protocol, TypeVar

from sessions import ics
from sessions.ics import Event
from sessions.keys import random_token

KEPT_ENTRIES = 5000
KEPT_TAGS = 10_000
KEPT_BYTES = 32 * 1024 * 1024
WORTH_PACKING = 1024
FOLD = b"\r\n "
STAND_IN = random_token()
"""Nobody can know it, and so have it among words of their own."""
SECRET = re.compile(f"[A-Za-z0-9_-]{{{len(STAND_IN)}}}")
PLACES = re.compile(b"(" + b"(?:\r\n )?".join(re.escape(c.encode()) for c in STAND_IN) + b")")
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
    """
    The written entries by what they are made of; the oldest give way.

    Members have the same, but for the secret that ends their link. It is as long for all of
    them and of plain letters, so a line is folded at the same places whatever it is: it can be
    put in where a stand-in was (RFC 5545 - 3.1. Content Lines).
    """

    def __init__(self, size: int = KEPT_ENTRIES) -> None:
        self._size = size
        self._written: OrderedDict[Hashable, list[bytes]] = OrderedDict()

    def __call__(self, event: Event) -> bytes:
        link, secret = _split(event.url)
        key = (
            link,
            event.uid,
            event.summary,
            event.description,
            event.conference,
            event.sequence,
            event.changed_at,
            event.stamped_at,
            tuple(event.words.items()),
        )
        if key not in self._written:
            stands_in = replace(event, url=link + STAND_IN) if secret else event
            self._written[key] = PLACES.split(ics.entry(stands_in))
            if len(self._written) > self._size:
                self._written.popitem(last=False)
        self._written.move_to_end(key)
        parts = self._written[key]
        if not secret:
            return parts[0]
        return b"".join(
            _like(part, secret) if at % 2 else part for at, part in enumerate(parts)
        )


def _split(url: str) -> tuple[str, str]:
    """A link and its secret, where it ends in one."""
    link, mark, secret = url.rpartition("#")
    if mark and SECRET.fullmatch(secret):
        return link + mark, secret
    return url, ""


def _like(folded: bytes, secret: str) -> bytes:
    """The secret, with the folds that its stand-in has."""
    rest = iter(secret)
    lines = ("".join(islice(rest, len(line))) for line in folded.split(FOLD))
    return FOLD.join(line.encode() for line in lines)
