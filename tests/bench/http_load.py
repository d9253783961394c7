"""Asks over HTTP as fast as it is answered: `python -m tests.bench.http_load`."""

import asyncio
import itertools
import sys
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

import msgspec
import uvloop

from tests.bench.measures import HttpJob, HttpResult, times_of

WARM_UP_SECONDS = 0.3
BODILESS = (b"204", b"304")


@dataclass(slots=True)
class Tally:
    begin: float
    end: float
    seconds: list[float] = field(default_factory=list)
    statuses: Counter[str] = field(default_factory=Counter)

    def note(self, status: bytes, asked: float, answered: float) -> None:
        if self.begin <= asked and answered <= self.end:
            self.seconds.append(answered - asked)
            self.statuses[status.decode()] += 1


async def run(job: HttpJob) -> HttpResult:
    begin = time.monotonic() + (0 if job.once else WARM_UP_SECONDS)
    tally = Tally(begin, begin + job.seconds)
    async with asyncio.TaskGroup() as tasks:
        for requests in job.requests:
            each = requests if job.once else itertools.cycle(requests)
            tasks.create_task(_ask(job.port, each, tally))
    took = min(time.monotonic(), tally.end) - begin
    return HttpResult(
        per_second=len(tally.seconds) / took,
        times=times_of(tally.seconds),
        statuses=dict(tally.statuses),
    )


async def _ask(port: int, requests: Iterable[bytes], tally: Tally) -> None:
    """One connection that stays, like that of a proxy."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        for request in requests:
            asked = time.monotonic()
            if asked >= tally.end:
                return
            writer.write(request)
            status = await _answer(reader)
            tally.note(status, asked, time.monotonic())
    finally:
        writer.close()


async def _answer(reader: asyncio.StreamReader) -> bytes:
    head = await reader.readuntil(b"\r\n\r\n")
    status = head[9:12]
    if status not in BODILESS:
        await reader.readexactly(_length(head))
    return status


def _length(head: bytes) -> int:
    _, _, rest = head.lower().partition(b"\r\ncontent-length:")
    return int(rest.partition(b"\r\n")[0])


if __name__ == "__main__":
    asked_for = msgspec.json.decode(sys.stdin.buffer.read(), type=HttpJob)
    sys.stdout.buffer.write(msgspec.json.encode(uvloop.run(run(asked_for))))
