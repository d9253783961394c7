"""The world around a room, in memory: a clock moved by hand, a store, a pair of ears."""

import asyncio
from itertools import count

import msgspec

from signaling import messages
from signaling.messages import Bye, ByeReason, Ice, IceServer, ServerMessage
from signaling.passes import Pass
from signaling.reports import Report

NOW = 1_790_000_000.0
KEY = b"a key that signs passes in tests"
ICE = Ice((IceServer(("turn:turn.example:3478",), "1790000600:x", "secret"),), "all")

_ids = count(1)


def a_pass(seat: str, **changes: object) -> Pass:
    """A fresh pass for a member at their own device; anything may be said otherwise."""
    usual = Pass(
        id=f"pass-{next(_ids)}",
        room="tea",
        seat=seat,
        device=f"device-of-{seat}",
        name=seat.title(),
        role="member",
        title="Tuesday circle",
        lobby=True,
        direct=True,
        capacity=4,
        closes_at=NOW + 3600,
        expires_at=NOW + 120,
    )
    return msgspec.structs.replace(usual, **changes)


class Clock:
    """Time stands still until `pass_by` moves it; then everything due wakes up in order."""

    def __init__(self, now: float = NOW) -> None:
        self.now = now
        self._sleepers: list[tuple[float, asyncio.Future[None]]] = []
        self._stirred = asyncio.Event()

    def __call__(self) -> float:
        return self.now

    async def wait(self, seconds: float) -> None:
        if seconds <= 0:
            return
        due: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._sleepers.append((self.now + seconds, due))
        self._stirred.set()
        await due

    async def somebody_waits(self, seconds: float) -> None:
        """Return as soon as somebody waits for just that long from now."""
        while all(at != self.now + seconds for at, _ in self._sleepers):
            self._stirred.clear()
            await self._stirred.wait()

    def pass_by(self, seconds: float) -> None:
        self.now += seconds
        awake = [each for each in self._sleepers if each[0] <= self.now]
        self._sleepers = [each for each in self._sleepers if each[0] > self.now]
        for _, due in sorted(awake, key=lambda each: each[0]):
            if not due.done():
                due.set_result(None)


class Store:
    """Remembers snapshots; and, told to, refuses or takes its time."""

    def __init__(self) -> None:
        self.snapshots: dict[str, bytes] = {}
        self.saves: list[bytes] = []
        self.broken = False
        self.free = asyncio.Event()
        self.free.set()
        self.asked = asyncio.Event()
        self.saved = asyncio.Event()
        self.gone = asyncio.Event()

    async def save(self, room: str, state: bytes) -> None:
        self._check()
        self.asked.set()
        await self.free.wait()
        self.snapshots[room] = state
        self.saves.append(state)
        self.saved.set()

    async def load(self, room: str) -> bytes | None:
        self._check()
        return self.snapshots.get(room)

    async def delete(self, room: str) -> None:
        self._check()
        self.snapshots.pop(room, None)
        self.gone.set()

    def _check(self) -> None:
        if self.broken:
            raise OSError("No space left on device")


class Reports:
    def __init__(self) -> None:
        self.heard: list[Report] = []
        self._new = asyncio.Condition()

    async def __call__(self, report: Report) -> None:
        async with self._new:
            self.heard.append(report)
            self._new.notify_all()

    async def until(self, report: Report) -> None:
        async with self._new:
            await self._new.wait_for(lambda: report in self.heard)


class Ears:
    """A line whose other end is the test."""

    def __init__(self) -> None:
        self.heard: asyncio.Queue[ServerMessage] = asyncio.Queue()

    def tell(self, message: ServerMessage) -> None:
        messages.encode(message)
        self.heard.put_nowait(message)

    def hang_up(self, reason: ByeReason) -> None:
        self.heard.put_nowait(Bye(reason))

    async def next(self) -> ServerMessage:
        async with asyncio.timeout(5):
            return await self.heard.get()

    async def until(self, kind: type[ServerMessage]) -> ServerMessage:
        while True:
            message = await self.next()
            if isinstance(message, kind):
                return message
