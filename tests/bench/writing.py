"""
How long a feed takes to write, beside plain `icalendar` writing the same events.

`python -m tests.bench.writing`; in the same process and minute, so that the ratios compare.
"""

import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from statistics import median
from typing import NamedTuple

import icalendar

from sessions import circles, feeds, people
from sessions.circles import Belonging, Circle
from sessions.clock import system_clock
from sessions.demo import weekly_pattern
from sessions.feeds import EntryBytes, Memory, Subscription
from sessions.keys import Keys
from sessions.public import Listed
from sessions.schedule import Booking, Series
from sessions.settings import Settings

SIZES, QUICK_SIZES = (10, 100, 1000), (10,)
ZONES = ("Asia/Jerusalem", "Europe/Berlin", "America/New_York")
ROUNDS, FEWEST = 200, 5
KEYS = Keys(("a secret for the bench that is long enough",))


class Written(NamedTuple):
    """In milliseconds of the processor, the median of many rounds: others may be at work."""

    events: int
    kilobytes: float
    fresh: float
    for_others: float
    """For the next member of the circle: what is the same for all was written."""
    from_memory: float
    plain: float


def measure(settings: Settings, sizes: tuple[int, ...] = SIZES) -> Iterator[Written]:
    for size in sizes:
        yield _measure(settings, size, now=system_clock())


def _measure(settings: Settings, size: int, *, now: datetime) -> Written:
    first, another = _subscriptions(size, now=now)
    warm, memory = EntryBytes(), Memory[Listed]()

    def write(whose: Subscription, written: EntryBytes) -> bytes:
        return feeds.write(whose, keys=KEYS, settings=settings, written=written, now=now)

    body = write(first, warm)
    memory.keep("tag", body)
    same = icalendar.Calendar.from_ical(body)
    rounds = max(FEWEST, ROUNDS // size)
    return Written(
        events=body.count(b"BEGIN:VEVENT"),
        kilobytes=len(body) / 1024,
        fresh=_median(lambda: write(first, EntryBytes()), rounds),
        for_others=_median(lambda: write(another, warm), rounds),
        from_memory=_median(lambda: memory.body("tag"), ROUNDS),
        plain=_median(same.to_ical, rounds),
    )


def _median(act: Callable[[], object], rounds: int) -> float:
    took = []
    for _ in range(rounds):
        began = time.thread_time()
        act()
        took.append(time.thread_time() - began)
    return median(took) * 1000


def _subscriptions(size: int, *, now: datetime) -> list[Subscription]:
    """Two in a circle with as many weekly series."""
    circle = Circle(
        name="Bench", seats=12, hide_addresses=False, created_at=now, changed_at=now
    )
    series = [_series(circle, number, now=now) for number in range(size)]
    return [_subscription(circle, series, name, now=now) for name in ("bo", "cy")]


def _subscription(
    circle: Circle, series: list[Series], name: str, *, now: datetime
) -> Subscription:
    person = people.new_person(KEYS, f"{name}@example.org", locale="en", zone="UTC", now=now)
    person.detail = "full"
    membership = circles.new_membership(KEYS, circle, person, role="member", now=now)
    mine = Belonging(circle, membership)
    return Subscription(person, [Booking(each, {}, mine) for each in series], "tag")


def _series(circle: Circle, number: int, *, now: datetime) -> Series:
    zone = ZONES[number % len(ZONES)]
    pattern = weekly_pattern(zone, now=now + timedelta(days=number))
    series = Series(
        uid=f"{number}.{zone}",
        circle_id=circle.id,
        title=f"Evening {number}",
        start=pattern.start,
        zone=zone,
        minutes=pattern.minutes,
        created_at=now,
        changed_at=now,
    )
    series.plan(pattern)
    return series


if __name__ == "__main__":
    for each in measure(Settings.from_env({"RONDA_DATA": "/nowhere"})):
        print(each)  # noqa: T201 - the terminal is its output
