"""
One room while people are in it: a task with an inbox around the pure state.

What has to survive is saved before anybody is told of it. A room that nobody is in forgets all
but the time at which it closes, and reads its snapshot again when somebody comes.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol

import structlog

from signaling.alarm import Alarm, Wait
from signaling.line import Line
from signaling.mesh import forwardable
from signaling.messages import ByeReason, Candidate, Describe
from signaling.reports import Report
from signaling.room import removal, rules
from signaling.room.happenings import (
    Dismiss,
    Entered,
    Event,
    Happening,
    Heard,
    Lost,
    Step,
    Tell,
    Woke,
)
from signaling.room.state import (
    LineId,
    Room,
    durable,
    is_closed,
    is_empty,
    next_wake,
    restore,
    snapshot,
)

INBOX_AT_MOST = 500
"""Words not yet heard; beyond it a speaker is told that it is too much."""

BATCH_AT_MOST = 100
"""Happenings that share one write to the store."""

HOUSE_SECONDS = 5.0
"""How long a room waits for the house around it, so that a stuck database stops no circle."""

RETRY_SECONDS = 5.0

log = structlog.get_logger()


class SnapshotStore(Protocol):
    async def save(self, room: str, state: bytes) -> None: ...

    async def load(self, room: str) -> bytes | None: ...

    async def delete(self, room: str) -> None: ...


class StoreAway(Exception):
    """Nobody can be let in while it is unknown who was put out."""


@dataclass(frozen=True, slots=True)
class House:
    """What a room needs of the world."""

    clock: Callable[[], float]
    store: SnapshotStore
    report: Callable[[Report], Awaitable[None]]
    wait: Wait


class LiveRoom:
    def __init__(self, name: str, house: House) -> None:
        self.name = name
        self._house = house
        self._inbox: asyncio.Queue[Happening] = asyncio.Queue()
        self._lines: dict[LineId, Line] = {}
        self._room: Room | None = None
        self._saved: Room | None = None
        self._known_saved: Room | None = None
        self._wake_at: float | None = None
        self._met = False

    @property
    def is_occupied(self) -> bool:
        return self._room is not None

    def enter(self, line: Line, entered: Entered) -> None:
        self._lines[entered.visitor.line] = line
        self._inbox.put_nowait(entered)

    def hear(self, heard: Heard) -> bool:
        """Say whether there was room for it."""
        if self._inbox.qsize() >= INBOX_AT_MOST:
            return False
        self._inbox.put_nowait(heard)
        return True

    def lose(self, line: LineId) -> None:
        self._inbox.put_nowait(Lost(line))

    def wake(self) -> None:
        self._inbox.put_nowait(Woke())

    def hang_up(self, reason: ByeReason) -> None:
        for line in self._lines.values():
            line.hang_up(reason)

    def begin_again(self) -> None:
        """From the snapshot, after everybody was asked to come back."""
        self._lines.clear()
        self._room = self._saved = self._known_saved = None
        self._wake_at = None
        self.wake()

    async def run(self) -> None:
        """Live until the room is closed and nothing is left of it."""
        async with Alarm(self._house.clock, self._house.wait, self.wake) as alarm:
            while True:
                await self._live_through(await self._next())
                if self._wake_at is not None:
                    alarm.set(self._wake_at)
                elif self._inbox.empty():
                    return

    async def _next(self) -> list[Happening]:
        batch = [await self._inbox.get()]
        while not self._inbox.empty() and len(batch) < BATCH_AT_MOST:
            batch.append(self._inbox.get_nowait())
        return batch

    async def _live_through(self, batch: list[Happening]) -> None:
        self._forget_lost(batch)
        if self._room is None and self._wake_at is not None and _is_echo(batch):
            return
        try:
            room = self._room or await self._recall(batch)
        except StoreAway:
            self._turn_away()
            return
        if room is None:
            self._wake_at = None
            return
        self._room = await self._change(room, batch)
        await self._settle(self._room)

    async def _change(self, room: Room, batch: list[Happening]) -> Room:
        now = self._house.clock()
        told: list[Event] = []
        for happening in batch:
            room, events = self._step(room, happening, now)
            told.extend(events)
        await self._save(room)
        for event in told:
            await self._carry_out(event)
        return room

    def _step(self, room: Room, happening: Happening, now: float) -> Step:
        if isinstance(happening, Heard) and isinstance(happening.command, Describe | Candidate):
            shown = forwardable(happening.command, direct=room.plan.direct)
            if shown is None:
                return room, ()
            happening = Heard(happening.line, shown)
        return rules.step(room, happening, now)

    async def _carry_out(self, event: Event) -> None:
        match event:
            case Tell(to, message):
                for line in self._reach(to):
                    line.tell(message)
            case Dismiss(to, reason):
                for line in self._reach(to):
                    line.hang_up(reason)
            case _:
                await self._report(event)

    def _reach(self, to: tuple[LineId, ...]) -> list[Line]:
        return [self._lines[line] for line in to if line in self._lines]

    async def _settle(self, room: Room) -> None:
        """Decide when to wake; an empty room is forgotten, a closed one without a trace."""
        if self._is_unsaved(room):
            self._wake_at = min(next_wake(room), self._house.clock() + RETRY_SECONDS)
        elif not is_empty(room):
            self._wake_at = next_wake(room)
        else:
            self._room = self._saved = self._known_saved = None
            closed = is_closed(room, self._house.clock())
            gone = closed and await self._delete()
            self._wake_at = None if gone else self._later(room.plan.closes_at)

    def _later(self, at: float) -> float:
        return max(at, self._house.clock() + RETRY_SECONDS)

    def _forget_lost(self, batch: list[Happening]) -> None:
        for happening in batch:
            if isinstance(happening, Lost):
                self._lines.pop(happening.line, None)

    def _turn_away(self) -> None:
        self.hang_up("restarting")
        self._lines.clear()
        if self._wake_at is not None:
            self._wake_at = self._later(self._wake_at)

    async def _recall(self, batch: list[Happening]) -> Room | None:
        """The room as it was, or as the first pass describes it."""
        raw = await self._load()
        if raw is None:
            entered = next((each for each in batch if isinstance(each, Entered)), None)
            self._met = True
            return None if entered is None else Room(name=self.name, plan=entered.plan)
        room = restore(raw, self._house.clock())
        self._saved = durable(room)
        if not self._met:
            self._met = True
            for report in removal.again(room):
                await self._report(report)
        return room

    def _is_unsaved(self, room: Room) -> bool:
        """Most of what is said changes nothing: then the room is still the same value."""
        if room is self._known_saved:
            return False
        if durable(room) != self._saved:
            return True
        self._known_saved = room
        return False

    async def _load(self) -> bytes | None:
        try:
            async with asyncio.timeout(HOUSE_SECONDS):
                return await self._house.store.load(self.name)
        except Exception as error:
            self._complain("The store did not answer; nobody was let in.", error)
            raise StoreAway from error

    async def _save(self, room: Room) -> None:
        """A full disk must not end a circle: it goes on, and saving is tried again."""
        if not self._is_unsaved(room):
            return
        try:
            async with asyncio.timeout(HOUSE_SECONDS):
                await self._house.store.save(self.name, snapshot(room))
            self._saved = durable(room)
        except Exception as error:  # noqa: BLE001 - any store, any failure of it
            self._complain("A room could not be saved; it goes on and tries again.", error)

    async def _delete(self) -> bool:
        try:
            async with asyncio.timeout(HOUSE_SECONDS):
                await self._house.store.delete(self.name)
        except Exception as error:  # noqa: BLE001 - any store, any failure of it
            self._complain("A closed room could not be deleted; trying again.", error)
            return False
        return True

    async def _report(self, report: Report) -> None:
        try:
            async with asyncio.timeout(HOUSE_SECONDS):
                await self._house.report(report)
        except Exception as error:  # noqa: BLE001 - the house's troubles are not the circle's
            self._complain("A report was not taken.", error)

    def _complain(self, what: str, error: Exception) -> None:
        """By kind only: the text of an error may hold what somebody said."""
        log.warning(what, room=self.name, error=type(error).__name__)


def _is_echo(batch: list[Happening]) -> bool:
    """What is heard of lines that were closed with the room."""
    return all(isinstance(each, Lost | Heard) for each in batch)
