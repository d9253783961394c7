"""What load generators are asked and answer; it travels as JSON between processes."""

import subprocess
import sys
from collections.abc import Sequence
from typing import TypeVar

import msgspec

GRACE_SECONDS = 30.0


class HttpJob(msgspec.Struct, frozen=True, kw_only=True):
    """Each list belongs to one connection, which asks in turn, again and again or once."""

    port: int
    seconds: float
    requests: list[list[bytes]]
    once: bool = False


class CrowdJob(msgspec.Struct, frozen=True, kw_only=True):
    """Everybody enters, then says something once a second."""

    port: int
    origin: str
    seconds: float
    passes: list[str]


class Times(msgspec.Struct, frozen=True, kw_only=True):
    """In milliseconds."""

    p50: float
    p99: float


class HttpResult(msgspec.Struct, frozen=True, kw_only=True):
    per_second: float
    times: Times
    statuses: dict[str, int]


class CrowdResult(msgspec.Struct, frozen=True, kw_only=True):
    entered_seconds: float
    said: int
    heard: int
    times: Times


Result = TypeVar("Result", HttpResult, CrowdResult)


def times_of(seconds: Sequence[float]) -> Times:
    ordered = sorted(seconds) or [0.0]
    return Times(p50=_at(ordered, 0.50) * 1000, p99=_at(ordered, 0.99) * 1000)


def _at(ordered: Sequence[float], part: float) -> float:
    return ordered[min(len(ordered) - 1, int(len(ordered) * part))]


def in_a_process(module: str, job: HttpJob | CrowdJob, result: type[Result]) -> Result:
    """Apart from the server and from us: one's waiting must not count as another's."""
    done = subprocess.run(
        [sys.executable, "-m", module],
        input=msgspec.json.encode(job),
        capture_output=True,
        timeout=job.seconds + GRACE_SECONDS,
        check=False,
    )
    if done.returncode != 0:
        raise RuntimeError(done.stderr.decode())
    return msgspec.json.decode(done.stdout, type=result)
