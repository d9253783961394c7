"""One time to be woken at, which may be moved."""

import asyncio
from collections.abc import Awaitable, Callable
from types import TracebackType
from typing import Self

Wait = Callable[[float], Awaitable[None]]


class Alarm:
    """Owns the one task that waits; leaving the `async with` block ends it."""

    def __init__(
        self, clock: Callable[[], float], wait: Wait, ring: Callable[[], None]
    ) -> None:
        self._clock = clock
        self._wait = wait
        self._ring = ring
        self._at: float | None = None
        self._task: asyncio.Task[None] | None = None

    def set(self, at: float) -> None:
        if at == self._at:
            return
        self._cancel()
        self._at = at
        self._task = asyncio.create_task(self._sleep_until(at), name="alarm")

    async def _sleep_until(self, at: float) -> None:
        await self._wait(max(0.0, at - self._clock()))
        self._at = None  # it may ring a moment early by another clock, and is set again then
        self._ring()

    def _cancel(self) -> None:
        if self._task is not None:
            self._task.cancel()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._cancel()
        if self._task is not None:
            await asyncio.wait([self._task])
