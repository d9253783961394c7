"""
What takes the processor long to work out: a few at once, in threads of their own.

Rooms live in the same process, and nobody's voice may wait for somebody else's plan: Python
lets the event loop have its turn every millisecond, see `server`. Whoever comes when too many
wait already is told so at once.

One person has one thing worked out at a time, and one more that waits: what they ask for
while they still type. So nobody takes the places of all others.
"""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar
from uuid import UUID

from sessions.errors import Overloaded, TooMany

AT_ONCE = 2
MOST_WAITING = 8
MOST_EACH = 2
TRY_AGAIN_SECONDS = 5

Result = TypeVar("Result")


class _Line:
    """Of one person."""

    def __init__(self) -> None:
        self.turn = asyncio.Lock()
        self.left = MOST_EACH


class Effort:
    def __init__(self, *, at_once: int = AT_ONCE, most_waiting: int = MOST_WAITING) -> None:
        self._turn = asyncio.Semaphore(at_once)
        self._left = at_once + most_waiting
        self._lines: dict[UUID, _Line] = {}

    async def work_out(self, task: Callable[[], Result], *, who: UUID) -> Result:
        """
        The task may use rows that are loaded, but no database.

        Raises `Overloaded`, and `TooMany` when it is one person who asks for much.
        """
        with self._place(who) as line:
            async with line.turn, self._turn:
                return await asyncio.to_thread(task)

    @contextmanager
    def _place(self, who: UUID) -> Iterator[_Line]:
        line = self._lines.get(who) or _Line()
        if not line.left:
            raise TooMany(seconds=TRY_AGAIN_SECONDS)
        if not self._left:
            raise Overloaded(seconds=TRY_AGAIN_SECONDS)
        self._lines[who] = line
        self._left -= 1
        line.left -= 1
        try:
            yield line
        finally:
            self._left += 1
            line.left += 1
            if line.left == MOST_EACH:
                del self._lines[who]
