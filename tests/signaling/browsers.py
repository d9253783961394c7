"""A real server on a free port, and browsers that talk to it as browsers do."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, TypeVar

import msgspec
import uvicorn
from litestar import Litestar
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Origin

from signaling.messages import VERSION, Bye, ServerMessage
from signaling.passes import Pass, mint
from signaling.rooms import Rooms
from signaling.websocket import socket_route
from tests.signaling.fakes import ICE, KEY, Clock

M = TypeVar("M", bound=ServerMessage)

ORIGIN = "https://ronda.example"

_decoder: msgspec.json.Decoder[ServerMessage] = msgspec.json.Decoder(ServerMessage)


class Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.ready.set()


@asynccontextmanager
async def serving(rooms: Rooms, clock: Clock) -> AsyncIterator[str]:
    """Yield the address of the socket; the settings are those of the real server."""
    route = socket_route(
        rooms, key=KEY, origin=ORIGIN, ice=lambda _: ICE, clock=clock, wait=clock.wait
    )
    config = uvicorn.Config(
        Litestar([route], openapi_config=None, logging_config=None),
        log_config=None,
        ws_max_size=64 * 1024,
        ws_per_message_deflate=False,
        ws_ping_interval=10,
        timeout_graceful_shutdown=2,
    )
    listener = socket.create_server(("127.0.0.1", 0))
    server = Server(config)
    running = asyncio.create_task(server.serve([listener]))
    await server.ready.wait()
    try:
        yield f"ws://127.0.0.1:{listener.getsockname()[1]}/socket"
    finally:
        server.should_exit = True
        await running
        listener.close()


class Browser:
    """One tab. Keeps every byte it was sent."""

    def __init__(self, connection: ClientConnection) -> None:
        self._connection = connection
        self.frames: list[str] = []

    async def send(self, kind: str, /, **fields: object) -> None:
        await self.send_raw(json.dumps({"type": kind, **fields}))

    async def send_raw(self, frame: str | bytes | list[str]) -> None:
        await self._connection.send(frame)

    async def hello(self, pass_: Pass, version: int = VERSION, page: str = "") -> None:
        await self.send("hello", version=version, token=mint(pass_, KEY), page=page)

    async def next(self) -> ServerMessage:
        async with asyncio.timeout(10):
            frame = await self._connection.recv()
        assert isinstance(frame, str)
        self.frames.append(frame)
        return _decoder.decode(frame)

    async def until(self, kind: type[M]) -> M:
        while True:
            message = await self.next()
            if isinstance(message, kind):
                return message

    async def closed(self) -> int:
        """Read to the end and say with which code it came."""
        try:
            while True:
                await self.next()
        except ConnectionClosed as end:
            return 1006 if end.rcvd is None else end.rcvd.code

    async def bye(self) -> tuple[str, int]:
        bye = await self.until(Bye)
        return bye.reason, await self.closed()

    def vanish(self) -> None:
        """As when a phone leaves the network: without a word."""
        self._connection.transport.abort()


@asynccontextmanager
async def browser(url: str, **options: Any) -> AsyncIterator[Browser]:
    async with connect(url, origin=Origin(ORIGIN), compression=None, **options) as connection:
        yield Browser(connection)
