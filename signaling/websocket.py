"""
The socket through which a browser talks to its room.

The order of trust: the Origin before anything is accepted, a pass in the first message within
five seconds, then one typed message after the other. A browser that is too slow, too fast or
makes no sense is hung up on; it never holds up anybody else.
"""

import asyncio
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from dataclasses import dataclass, field
from functools import partial
from typing import Any, NamedTuple

from litestar import WebSocket, websocket
from litestar.exceptions import WebSocketDisconnect
from litestar.handlers import WebsocketRouteHandler

from signaling.alarm import Wait
from signaling.line import Mailbox
from signaling.messages import (
    FRAME_BYTES,
    VERSION,
    Bye,
    ByeReason,
    ClientMessage,
    Hello,
    Ice,
    Refused,
    Unreadable,
    decode,
    encode,
    kind,
)
from signaling.pace import Pace
from signaling.passes import BadPass, Pass, Spent, verify
from signaling.rooms import Rooms, Visit

HELLO_SECONDS = 5.0
SEND_SECONDS = 5.0
CLOSE_SECONDS = 1.0

POLICY_VIOLATION = 1008
"""RFC 6455 - 7.4.1. Defined Status Codes: also for a frame that is too large or binary."""

CLOSE_CODES: dict[ByeReason, int] = {
    "removed": 4001,
    "replaced": 4002,
    "full": 4003,
    "ended": 4004,
    "left": 4005,
    "bad_pass": 4006,
    "old_version": 4007,
    "closed": 4008,
    "slow": 4009,
    "restarting": 4010,
    "resumed": 4011,
}
WRONG_ORIGIN = 4403

Socket = WebSocket[Any, Any, Any]


def socket_route(
    rooms: Rooms,
    *,
    key: bytes,
    origin: str,
    ice: Callable[[Pass], Ice],
    clock: Callable[[], float] = time.time,
    wait: Wait = asyncio.sleep,
    path: str = "/socket",
) -> WebsocketRouteHandler:
    """Make the route; `origin` is the public one, exactly as browsers send it."""
    porch = Porch(rooms, key, origin, ice, clock, wait)

    @websocket(path)
    async def talk(socket: Socket) -> None:
        await porch.answer(socket)

    return talk


class Shown(NamedTuple):
    """What was shown at the door, and found to be good."""

    pass_: Pass
    page: str


@dataclass(frozen=True, slots=True)
class Porch:
    """Where it is found out who rings, before any room hears of it."""

    rooms: Rooms
    key: bytes
    origin: str
    ice: Callable[[Pass], Ice]
    clock: Callable[[], float]
    wait: Wait
    spent: Spent = field(default_factory=Spent)

    async def answer(self, socket: Socket) -> None:
        if socket.headers.get("origin") != self.origin:
            await socket.close(WRONG_ORIGIN)
            return
        await socket.accept()
        shown = await self._introduction(socket)
        if isinstance(shown, Shown):
            await self._visit(socket, shown)
        else:
            await _send_away(socket, shown)

    async def _introduction(self, socket: Socket) -> Shown | ByeReason:
        text = await self._first_words(socket)
        if text is None:
            return "bad_pass"
        try:
            return self._check(decode(text))
        except (Unreadable, BadPass):
            return "bad_pass"

    async def _first_words(self, socket: Socket) -> str | None:
        """Whoever says nothing is not waited for: such sockets cost nothing to open."""
        words = asyncio.create_task(_first(socket), name="first words")
        limit = asyncio.ensure_future(self.wait(HELLO_SECONDS))
        try:
            await asyncio.wait((words, limit), return_when=asyncio.FIRST_COMPLETED)
            return words.result() if words.done() else None
        finally:
            words.cancel()
            limit.cancel()
            await asyncio.gather(words, limit, return_exceptions=True)

    def _check(self, message: ClientMessage) -> Shown | ByeReason:
        if not isinstance(message, Hello):
            return "bad_pass"
        if message.version != VERSION:
            return "old_version"
        now = self.clock()
        pass_ = verify(message.token, self.key, now)
        self.spent.spend(pass_, now)
        return Shown(pass_, message.page)

    async def _visit(self, socket: Socket, shown: Shown) -> None:
        mailbox = Mailbox(partial(self.ice, shown.pass_))
        pace = Pace(self.clock)
        visiting = self.rooms.visit(shown.pass_, mailbox, page=shown.page)
        async with visiting as visit, asyncio.TaskGroup() as tasks:
            reader = tasks.create_task(
                _read(socket, mailbox, visit, pace), name="socket reader"
            )
            await _write(socket, mailbox)
            reader.cancel()


async def _read(socket: Socket, mailbox: Mailbox, visit: Visit, pace: Pace) -> None:
    try:
        async with aclosing(_texts(socket)) as texts:
            async for text in texts:
                refused = _hear(text, visit, pace)
                if refused is not None:
                    mailbox.tell(refused)
                    if not pace.has_patience():
                        return
    finally:
        mailbox.shut()


def _hear(text: str, visit: Visit, pace: Pace) -> Refused | None:
    """Pass one message on to the room, or say why not."""
    try:
        message = decode(text)
    except Unreadable as error:
        return error.refused
    if not pace.allows(message):
        return Refused(kind(message), "too_much")
    if isinstance(message, Hello):
        return Refused(kind(message), "not_allowed")
    return None if visit.say(message) else Refused(kind(message), "too_much")


async def _write(socket: Socket, mailbox: Mailbox) -> None:
    """The only writer of this socket. It ends with the last word, or with the connection."""
    try:
        async with aclosing(mailbox.frames()) as frames:
            async for frame in frames:
                async with asyncio.timeout(SEND_SECONDS):
                    await socket.send_text(frame)
    except (TimeoutError, OSError, WebSocketDisconnect):
        pass
    finally:
        mailbox.shut()
    farewell = mailbox.farewell
    await _close(socket, POLICY_VIOLATION if farewell is None else CLOSE_CODES[farewell])


async def _send_away(socket: Socket, reason: ByeReason) -> None:
    try:
        async with asyncio.timeout(SEND_SECONDS):
            await socket.send_text(encode(Bye(reason)))
    except (TimeoutError, OSError, WebSocketDisconnect):
        return
    await _close(socket, CLOSE_CODES[reason])


async def _close(socket: Socket, code: int) -> None:
    """Whoever does not read does not read our good-bye either: it may take no time."""
    try:
        async with asyncio.timeout(CLOSE_SECONDS):
            await socket.close(code)
    except (TimeoutError, OSError, WebSocketDisconnect):
        pass


async def _texts(socket: Socket) -> AsyncGenerator[str, None]:
    """What is said until the line ends; whoever sends bytes or too much ends it themselves."""
    while True:
        message = await socket.receive()
        if message["type"] != "websocket.receive":
            return
        text = message.get("text")
        if text is None or len(text.encode()) > FRAME_BYTES:
            return
        yield text


async def _first(socket: Socket) -> str | None:
    async with aclosing(_texts(socket)) as texts:
        return await anext(texts, None)
