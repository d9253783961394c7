"""Times from and until, in UTC. Pure."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from sessions.busy.pruning import Unreadable, Window

MOST = 10_000

Span = tuple[datetime, datetime]


def merged(spans: Iterable[Span]) -> list[Span]:
    """In order, and none touches another; raises `Unreadable` for too many."""
    found: list[Span] = []
    for begin, end in sorted(spans):
        if found and begin <= found[-1][1]:
            found[-1] = found[-1][0], max(end, found[-1][1])
        else:
            found.append((begin, end))
    if len(found) > MOST:
        raise Unreadable("calendar_too_full")
    return found


def clipped(spans: Iterable[Span], window: Window) -> Iterator[Span]:
    for begin, end in spans:
        begin, end = max(begin, window.after), min(end, window.before)
        if begin < end:
            yield begin, end
