"""Which of many dates meet which of many other times. Pure."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from heapq import heappop, heappush
from typing import Literal, NamedTuple

Kind = Literal["circle", "calendar", "colleague"]


class Taken(NamedTuple):
    """A time that somebody has given to something else."""

    starts_at: datetime
    ends_at: datetime
    kind: Kind
    label: str


class Planned(NamedTuple):
    starts_at: datetime
    ends_at: datetime
    original: datetime
    """Wall time: the name of the date."""


class Clash(NamedTuple):
    original: datetime
    starts_at: datetime
    ends_at: datetime
    """What of the date is taken; of a colleague no more is told than the date."""
    kind: Kind
    label: str


class Clashes(NamedTuple):
    first: list[Clash]
    total: int


def find(dates: Iterable[Planned], taken: Iterable[Taken], *, most: int) -> Clashes:
    """The first few, in the order of the dates, and how many there are in all."""
    first: list[Clash] = []
    total = 0
    for clash in _all(sorted(dates), sorted(taken)):
        total += 1
        if total <= most:
            first.append(clash)
    return Clashes(first, total)


def _all(dates: list[Planned], taken: list[Taken]) -> Iterator[Clash]:
    """One pass over both, each looked at once: what began and is not over waits in a heap."""
    coming = iter(taken)
    next_one = next(coming, None)
    going_on: list[tuple[datetime, int, Taken]] = []
    for date in dates:
        while next_one and next_one.starts_at < date.ends_at:
            heappush(going_on, (next_one.ends_at, id(next_one), next_one))
            next_one = next(coming, None)
        while going_on and going_on[0][0] <= date.starts_at:
            heappop(going_on)
        met = (one for _, _, one in going_on if one.starts_at < date.ends_at)
        yield from _of(date, sorted(met))


def _of(date: Planned, met: Iterable[Taken]) -> Iterator[Clash]:
    """One for each who has no time, and for each thing of one's own."""
    told = set()
    for one in met:
        if (one.kind, one.label) in told:
            continue
        told.add((one.kind, one.label))
        begins = max(date.starts_at, one.starts_at)
        ends = min(date.ends_at, one.ends_at)
        if one.kind == "colleague":
            begins, ends = date.starts_at, date.ends_at
        yield Clash(date.original, begins, ends, one.kind, one.label)
