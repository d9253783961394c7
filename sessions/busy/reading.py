"""
Reads what a stranger wrote, in a process of its own that can be killed: bytes come in, times
go out. `python -m sessions.busy.reading ics <after> <before> <zone>`

An event that repeats every second, or a file that is nothing but exceptions, takes hours and
gigabytes in any library. Here it takes two seconds and 128 MB, and then it is over.
"""

import json
import resource
import sys
import zoneinfo
from collections.abc import Mapping
from datetime import datetime

from sessions.busy import multistatus
from sessions.busy.expanding import expand
from sessions.busy.pruning import MOST_BYTES, Unreadable, Window, prune

MOST_MEMORY = 128 * 1024 * 1024
MOST_SECONDS = 2
LIMITS = {
    resource.RLIMIT_AS: MOST_MEMORY,
    resource.RLIMIT_CPU: MOST_SECONDS,
    resource.RLIMIT_FSIZE: 0,
    resource.RLIMIT_CORE: 0,
    resource.RLIMIT_NPROC: 0,
}
UTC = zoneinfo.ZoneInfo("UTC")
TOO_MUCH = {"trouble": "calendar_too_complex"}


def main(arguments: list[str]) -> None:
    for limit, most in LIMITS.items():
        resource.setrlimit(limit, (most, most))
    zoneinfo.reset_tzpath(to=())
    try:
        said = _answer(sys.stdin.buffer.read(MOST_BYTES + 1), *arguments)
    except Unreadable as error:
        said = {"trouble": error.code}
    except (MemoryError, RecursionError, OverflowError):
        said = TOO_MUCH
    except Exception:  # noqa: BLE001 - whatever a stranger's bytes did to the libraries
        said = {"trouble": "calendar_not_ics"}
    sys.stdout.write(json.dumps(said))


def _answer(data: bytes, kind: str, *arguments: str) -> Mapping[str, object]:
    if len(data) > MOST_BYTES:
        raise Unreadable("calendar_too_large")
    if kind == "propfind":
        return {"found": multistatus.found(data)}
    after, before, zone = arguments
    if kind == "multistatus":
        data = multistatus.calendar_data(data)
    window = Window(datetime.fromisoformat(after), datetime.fromisoformat(before))
    pruned = prune(data, window)
    spans = expand(pruned, window, _zone(pruned.zone) or _zone(zone) or UTC)
    return {"busy": [[begin.timestamp(), end.timestamp()] for begin, end in spans]}


def _zone(name: str | None) -> zoneinfo.ZoneInfo | None:
    try:
        return zoneinfo.ZoneInfo(name) if name else None
    except (ValueError, OSError, zoneinfo.ZoneInfoNotFoundError):
        return None


if __name__ == "__main__":
    main(sys.argv[1:])
