"""One connection as the room sees it: something to tell, and something to hang up on."""

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Callable
from typing import Protocol

from msgspec.structs import replace

from signaling.messages import Bye, ByeReason, Ice, ServerMessage, Welcome, encode

MAILBOX_BYTES = 256 * 1024


class Line(Protocol):
    def tell(self, message: ServerMessage) -> None:
        """Never waits: who cannot keep up is hung up on, and the room goes on."""

    def hang_up(self, reason: ByeReason) -> None:
        """Say good-bye and close; nothing is told after it."""


class Mailbox:
    """
    What is still to be sent on one line, bounded.

    Filled by a room and emptied by the one task that writes to the socket.
    """

    def __init__(self, ice: Callable[[], Ice], *, at_most: int = MAILBOX_BYTES) -> None:
        self._ice = ice
        self._at_most = at_most
        self._frames: deque[bytes] = deque()
        self._bytes = 0
        self._stirred = asyncio.Event()
        self.farewell: ByeReason | None = None
        self._shut = False

    def tell(self, message: ServerMessage) -> None:
        if self._shut:
            return
        self._put(encode(self._with_ice(message)))
        if self._bytes > self._at_most:
            self._drop_all()
            self.hang_up("slow")

    def hang_up(self, reason: ByeReason) -> None:
        if self._shut:
            return
        self._put(encode(Bye(reason)))
        self.farewell = reason
        self.shut()

    def shut(self) -> None:
        """Take nothing more; what is in it may still be sent."""
        self._shut = True
        self._stirred.set()

    async def frames(self) -> AsyncGenerator[bytes, None]:
        while self._frames or not self._shut:
            while self._frames:
                yield self._take()
            self._stirred.clear()
            if not self._shut:
                await self._stirred.wait()

    def _with_ice(self, message: ServerMessage) -> ServerMessage:
        """Asked for only now: who waited in the lobby needs credentials that still live."""
        match message:
            case Welcome():
                return replace(message, ice=self._ice())
            case Ice():
                return self._ice()
            case _:
                return message

    def _put(self, frame: bytes) -> None:
        self._frames.append(frame)
        self._bytes += len(frame)
        self._stirred.set()

    def _take(self) -> bytes:
        frame = self._frames.popleft()
        self._bytes -= len(frame)
        return frame

    def _drop_all(self) -> None:
        self._frames.clear()
        self._bytes = 0
