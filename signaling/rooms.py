"""All rooms of this process. Each is a task of its own; what breaks in one stays in it."""

import asyncio
import itertools
import math
import traceback
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from types import TracebackType
from typing import Self

import structlog

from signaling import plain
from signaling.alarm import Wait
from signaling.line import Line
from signaling.live import House, LiveRoom, SnapshotStore
from signaling.messages import Command
from signaling.passes import Pass
from signaling.reports import Report
from signaling.room.happenings import Entered, Heard
from signaling.room.state import LineId, Plan, Visitor

CRASH_SECONDS = 60.0
"""A second crash within this time ends the room instead of restarting it."""

log = structlog.get_logger()


class Visit:
    """Being in a room, or at its door, on one line."""

    def __init__(self, room: LiveRoom, line: LineId) -> None:
        self._room = room
        self._line = line

    def say(self, command: Command) -> bool:
        """Say whether there was room for it."""
        return self._room.hear(Heard(self._line, command))


class Rooms:
    """
    An async context manager that owns every room's task.

    `store` keeps snapshots, `report` hears what happened; both may fail or hang without ending
    a circle. `wait` sleeps for some seconds of `clock`.
    """

    def __init__(
        self,
        *,
        clock: Callable[[], float],
        store: SnapshotStore,
        report: Callable[[Report], Awaitable[None]],
        wait: Wait = asyncio.sleep,
    ) -> None:
        self._house = House(clock, store, report, wait)
        self._live: dict[str, LiveRoom] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._numbers = itertools.count(1)
        self._open = False

    @asynccontextmanager
    async def visit(self, pass_: Pass, line: Line, *, page: str = "") -> AsyncIterator[Visit]:
        """Be in the room for the length of the `async with` block, and no longer."""
        number = next(self._numbers)
        room = self._room(pass_.room)
        room.enter(line, Entered(_visitor(pass_, number, page), _plan(pass_)))
        if not self._open:
            line.hang_up("restarting")
        try:
            yield Visit(room, number)
        finally:
            room.lose(number)

    def recall(self, name: str) -> None:
        """Bring a room back from its snapshot though nobody has come yet, or let it close."""
        self._room(name).wake()

    def wake(self) -> None:
        """The clock was moved: let every room look at it."""
        for room in self._live.values():
            room.wake()

    def say_restarting(self) -> None:
        """Ask everybody to come back in a moment; nobody else is let in."""
        self._open = False
        for room in self._live.values():
            room.hang_up("restarting")

    @property
    def occupied(self) -> int:
        return sum(room.is_occupied for room in self._live.values())

    async def __aenter__(self) -> Self:
        self._open = True
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.say_restarting()
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _room(self, name: str) -> LiveRoom:
        room = self._live.get(name)
        if room is None:
            room = self._live[name] = LiveRoom(name, self._house)
            self._start(room)
        return room

    def _start(self, room: LiveRoom) -> None:
        task = asyncio.create_task(self._keep(room), name=f"room {room.name}")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _keep(self, room: LiveRoom) -> None:
        """Run one room; a bug in it ends that room at worst, never the server."""
        last_crash = -math.inf
        while True:
            try:
                await room.run()
                break
            except Exception as error:  # noqa: BLE001 - here one room meets all others
                _log_crash(room, error)
            now = self._house.clock()
            if now - last_crash < CRASH_SECONDS:
                room.hang_up("ended")
                break
            last_crash = now
            room.hang_up("restarting")
            room.begin_again()
        # Nothing is awaited between the room's last look at its inbox and here.
        del self._live[room.name]


def _visitor(pass_: Pass, number: LineId, page: str) -> Visitor:
    return Visitor(
        line=number,
        seat=pass_.seat,
        device=pass_.device,
        page=page,
        name=plain.line(pass_.name),
        role=pass_.role,
        lobby=pass_.lobby,
    )


def _plan(pass_: Pass) -> Plan:
    return Plan(
        title=plain.line(pass_.title),
        direct=pass_.direct,
        capacity=pass_.capacity,
        closes_at=pass_.closes_at,
    )


def _log_crash(room: LiveRoom, error: Exception) -> None:
    """Where and what kind, not the error's own words: they may hold what somebody said."""
    places = [f"{f.filename}:{f.lineno}" for f in traceback.extract_tb(error.__traceback__)]
    log.error("A room crashed.", room=room.name, error=type(error).__name__, where=places[-3:])
