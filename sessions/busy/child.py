"""Has strangers' bytes read by a process that can be killed, and takes its word for nothing."""

import asyncio
import os
import sys
from datetime import UTC, datetime

import msgspec

from sessions.busy.pruning import Unreadable
from sessions.busy.spans import Span

MOST_SECONDS = 6.0
"""By the clock. It may work for two; but where the machine is busy, those take longer."""
AT_ONCE = 2
PROGRAM = (sys.executable, "-I", "-m", "sessions.busy.reading")
NOTHING_OF_OURS = {"PATH": os.defpath, "LANG": "C.UTF-8"}
"""Its environment: keys and passwords of the house stand in ours."""


class Found(msgspec.Struct, frozen=True, array_like=True):
    """What a CalDAV server told of one address, and of those beneath it."""

    principal: str | None = None
    home: str | None = None
    calendars: tuple[str, ...] = ()


class Said(msgspec.Struct, frozen=True):
    busy: list[tuple[float, float]] = []
    found: Found = Found()
    trouble: str = ""


class Reader:
    """Some read at once, the others wait: two small processes do not stop the house."""

    def __init__(
        self, *, most_seconds: float = MOST_SECONDS, program: tuple[str, ...] = PROGRAM
    ) -> None:
        self._most_seconds = most_seconds
        self._program = program
        self._turn = asyncio.Semaphore(AT_ONCE)

    async def busy(
        self, data: bytes, kind: str, *, after: datetime, before: datetime, zone: str
    ) -> list[Span]:
        """`kind` is `ics` or `multistatus`. Raises `Unreadable`."""
        said = await self._ask(data, kind, after.isoformat(), before.isoformat(), zone)
        return [(_instant(begin), _instant(end)) for begin, end in said.busy]

    async def found(self, data: bytes) -> Found:
        """In the answer to a PROPFIND. Raises `Unreadable`."""
        return (await self._ask(data, "propfind")).found

    async def _ask(self, data: bytes, *arguments: str) -> Said:
        async with self._turn:
            answer = await self._run(data, arguments)
        try:
            said = msgspec.json.decode(answer, type=Said)
        except msgspec.DecodeError as error:  # it was killed before it had finished
            raise Unreadable("calendar_too_complex") from error
        if said.trouble:
            raise Unreadable(said.trouble)
        return said

    async def _run(self, data: bytes, arguments: tuple[str, ...]) -> bytes:
        process = await asyncio.create_subprocess_exec(
            *self._program,
            *arguments,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env=NOTHING_OF_OURS,
        )
        try:
            async with asyncio.timeout(self._most_seconds):
                answer, _ = await process.communicate(data)
        except TimeoutError:
            return b""
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
        return answer


def _instant(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, tz=UTC)
