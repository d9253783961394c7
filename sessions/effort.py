"""
What takes the processor long to work out: a few at once, in threads of their own.

Rooms live in the same process, and nobody's voice may wait for somebody else's plan: Python
lets the event loop have its turn every few milliseconds. Whoever comes when too many wait
already is told so at once.
"""

import asyncio
from collections.abc import Callable
from typing import TypeVar

from sessions.errors import Overloaded

AT_ONCE = 2
MOST_WAITING = 8
TRY_AGAIN_SECONDS = 5

Result = TypeVar("Result")


class Effort:
    def __init__(self, *, at_once: int = AT_ONCE, most_waiting: int = MOST_WAITING) -> None:
        self._turn = asyncio.Semaphore(at_once)
        self._left = at_once + most_waiting

    async def work_out(self, task: Callable[[], Result]) -> Result:
        """Raises `Overloaded`. The task may use rows that are loaded, but no database."""
        if not self._left:
            raise Overloaded(seconds=TRY_AGAIN_SECONDS)
        self._left -= 1
        try:
            async with self._turn:
                return await asyncio.to_thread(task)
        finally:
            self._left += 1
