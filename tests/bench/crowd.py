"""Fills rooms and talks in them: `python -m tests.bench.crowd`."""

import asyncio
import random
import sys
import time
from dataclasses import dataclass, field

import msgspec
import uvloop
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Origin

from signaling.messages import VERSION, Chat, Hello, Said, ServerMessage, Welcome
from tests.bench.measures import CrowdJob, CrowdResult, times_of

ENTERING_AT_ONCE = 16
LAST_WORDS_SECONDS = 2.0

_decoder: msgspec.json.Decoder[ServerMessage] = msgspec.json.Decoder(ServerMessage)
_encoder = msgspec.json.Encoder()


@dataclass(slots=True)
class Tally:
    said: int = 0
    seconds: list[float] = field(default_factory=list)


async def run(job: CrowdJob) -> CrowdResult:
    began = time.monotonic()
    door = asyncio.Semaphore(ENTERING_AT_ONCE)
    entering = [_enter(job, token, door) for token in job.passes]
    sockets = await asyncio.gather(*entering)
    entered = time.monotonic() - began
    tally = Tally()
    listening = [asyncio.create_task(_listen(socket, tally)) for socket in sockets]
    async with asyncio.TaskGroup() as tasks:
        for socket in sockets:
            tasks.create_task(_talk(socket, job.seconds, tally))
    await asyncio.sleep(LAST_WORDS_SECONDS)
    await asyncio.gather(*(socket.close() for socket in sockets))
    await asyncio.gather(*listening)
    return CrowdResult(
        entered_seconds=entered,
        said=tally.said,
        heard=len(tally.seconds),
        times=times_of(tally.seconds),
    )


async def _enter(job: CrowdJob, token: str, door: asyncio.Semaphore) -> ClientConnection:
    async with door:
        socket = await connect(
            f"ws://127.0.0.1:{job.port}/socket",
            origin=Origin(job.origin),
            compression=None,
            ping_interval=None,
        )
        await socket.send(_text(Hello(VERSION, token)))
        message = _decoder.decode(await socket.recv())
        if not isinstance(message, Welcome):
            raise TypeError(f"not let in: {message}")
        return socket


async def _listen(socket: ClientConnection, tally: Tally) -> None:
    try:
        async for frame in socket:
            message = _decoder.decode(frame)
            if isinstance(message, Said):
                tally.seconds.append(time.monotonic() - float(message.text))
    except ConnectionClosed:
        pass


async def _talk(socket: ClientConnection, seconds: float, tally: Tally) -> None:
    """Once a second, not all at the same moment."""
    end = time.monotonic() + seconds
    await asyncio.sleep(random.random())  # noqa: S311 - no secret
    while time.monotonic() < end:
        await socket.send(_text(Chat(repr(time.monotonic()))))
        tally.said += 1
        await asyncio.sleep(1)


def _text(message: Hello | Chat) -> str:
    return _encoder.encode(message).decode()


if __name__ == "__main__":
    asked_for = msgspec.json.decode(sys.stdin.buffer.read(), type=CrowdJob)
    sys.stdout.buffer.write(msgspec.json.encode(uvloop.run(run(asked_for))))
