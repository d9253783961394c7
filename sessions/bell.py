"""Tells a task that lives as long as the app that there may be something to do."""

import asyncio
from contextlib import suppress


class Bell:
    def __init__(self) -> None:
        self._rung = asyncio.Event()

    def ring(self) -> None:
        self._rung.set()

    def answer(self) -> None:
        """What was rung for until now is about to be done."""
        self._rung.clear()

    async def wait(self, seconds: float) -> None:
        """Until it rings, or for so long."""
        # Not `wait_for`: before Python 3.12 it swallows a cancellation that meets the ring.
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._rung.wait()
