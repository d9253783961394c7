"""The dates of a series: counted on the wall, turned into instants at the very end."""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from heapq import merge
from itertools import islice, takewhile
from operator import attrgetter

from sessions.recurrence.days import LAST_YEAR, days, last_day, nth_day
from sessions.recurrence.pattern import Change, Occurrence, Pattern, Rule
from sessions.zones import WEEKDAYS, ScheduleError, resolve, zone

LATEST = datetime(LAST_YEAR, 12, 31, 23, 59)  # noqa: DTZ001 - wall time
"""Where an open series ends all the same, so that every loop does."""
UNCHANGED = Change()
A_DAY = timedelta(days=1)


class NotInSeries(ScheduleError):
    code = "not_in_series"
    field = "original"


def follows(pattern: Pattern, original: datetime) -> bool:
    """Whether the pattern itself has a start there; changes do not matter."""
    return original.tzinfo is None and start_from(pattern, original) == original


def start_from(pattern: Pattern, since: datetime) -> datetime | None:
    """The first original start at `since` or later."""
    return next(_starts(pattern, since), None)


def nth_start(pattern: Pattern, number: int) -> datetime | None:
    """The original start that has `number` others before it."""
    return next(islice(_starts(pattern, pattern.start), number, None), None)


def occurrences(
    pattern: Pattern,
    changes: Mapping[datetime, Change],
    *,
    after: datetime,
    before: datetime,
) -> Iterator[Occurrence]:
    """
    Yield the occurrences that start in [after, before), soonest first.

    A moved date counts by where it is now. A change whose original the pattern does not
    have (any more) counts for nothing.
    """
    moved = sorted(
        (
            _occurrence(pattern, original, change)
            for original, change in changes.items()
            if _elsewhere(change) and follows(pattern, original)
        ),
        key=_by_start,
    )
    for occurrence in merge(_unmoved(pattern, changes, after), moved, key=_by_start):
        if occurrence.starts_at >= before:
            return
        if occurrence.starts_at >= after:
            yield occurrence


def next_dates(
    pattern: Pattern,
    changes: Mapping[datetime, Change],
    *,
    after: datetime,
    limit: int,
    with_cancelled: bool = True,
) -> list[Occurrence]:
    end_of_time = datetime.max.replace(tzinfo=UTC)
    coming = occurrences(pattern, changes, after=after, before=end_of_time)
    return list(islice((o for o in coming if with_cancelled or not o.cancelled), limit))


def occurrence_at(
    pattern: Pattern, changes: Mapping[datetime, Change], original: datetime
) -> Occurrence:
    if not follows(pattern, original):
        raise NotInSeries(original=original.isoformat())
    return _occurrence(pattern, original, changes.get(original, UNCHANGED))


def last_begun(
    pattern: Pattern, changes: Mapping[datetime, Change], *, now: datetime
) -> datetime | None:
    """The last original start whose date has begun, or would have, wherever it was put."""
    long_ago = datetime.min.replace(tzinfo=UTC)
    begun = occurrences(pattern, changes, after=long_ago, before=now)
    return max((date.original for date in begun), default=None)


@lru_cache(maxsize=4096)
def last_start(pattern: Pattern) -> datetime | None:
    """The last original start; None if the series is open."""
    rule, start = pattern.rule, pattern.start
    if rule is None:
        return start
    if rule.count:
        last = nth_day(rule, start.date(), rule.count)
    elif rule.until:
        last = last_day(rule, start.date(), rule.until)
    else:
        return None
    return datetime.combine(last or start, start.time())


def count_before(pattern: Pattern, original: datetime) -> int:
    """How many starts the pattern has before that one."""
    starts = _starts(pattern, pattern.start)
    return sum(1 for _ in takewhile(lambda start: start < original, starts))


def is_out_of_turn(
    pattern: Pattern, changes: Mapping[datetime, Change], original: datetime
) -> bool:
    """
    Whether a date is past another one of its series, or on the same day.

    RFC 5545 allows it; Exchange and Outlook refuse an exception that is "crossing or
    overlapping adjacent occurrence", and show the date where it was, or not at all.
    """
    one = occurrence_at(pattern, changes, original)
    there, here = (resolve(wall, pattern.zone) for wall in (one.original, one.local))
    near = occurrences(
        pattern, changes, after=min(there, here) - A_DAY, before=max(there, here) + A_DAY
    )
    return any(
        (date.original < original) != (date.local.date() < one.local.date())
        or date.local.date() == one.local.date()
        for date in near
        if not date.cancelled and date.original != original
    )


def rrule_text(pattern: Pattern) -> str | None:
    """
    RFC 5545 - 3.3.10. Recurrence Rule. WKST is always written (the default is easily
    overlooked); UNTIL is UTC and the last real start, which no reader can misunderstand.
    """
    rule = pattern.rule
    if rule is None:
        return None
    parts = [f"FREQ={rule.frequency.upper()}", f"INTERVAL={rule.interval}"]
    if rule.count:
        parts.append(f"COUNT={rule.count}")
    elif last := last_start(pattern):
        parts.append(f"UNTIL={resolve(last, pattern.zone):%Y%m%dT%H%M%SZ}")
    # libical misreads weeks that begin on Saturday. Where no Saturday is meant, and `check`
    # sees to that, those of Sunday are the same.
    week_start = "SU" if rule.week_start == "SA" else rule.week_start
    return ";".join([*parts, _by_what(rule), f"WKST={week_start}"])


def _by_what(rule: Rule) -> str:
    names = ",".join(day for day in WEEKDAYS if day in rule.weekdays)
    if rule.frequency == "weekly":
        return f"BYDAY={names}"
    if rule.day:
        return f"BYMONTHDAY={rule.day}"
    if len(rule.weekdays) == 1:
        return f"BYDAY={rule.position}{names}"
    return f"BYDAY={names};BYSETPOS={rule.position}"


_by_start = attrgetter("starts_at")


def _unmoved(
    pattern: Pattern, changes: Mapping[datetime, Change], after: datetime
) -> Iterator[Occurrence]:
    # A day of slack: a wall clock may stand up to a day off where a zone changed sides of
    # the date line.
    since = max(after, resolve(pattern.start, pattern.zone)).astimezone(zone(pattern.zone))
    wall = since.replace(tzinfo=None) - timedelta(days=1)
    for original in _starts(pattern, wall):
        change = changes.get(original, UNCHANGED)
        if not _elsewhere(change):
            yield _occurrence(pattern, original, change)


def _elsewhere(change: Change) -> datetime | None:
    return None if change.skipped else change.moved_to


def _occurrence(pattern: Pattern, original: datetime, change: Change) -> Occurrence:
    local = _elsewhere(change) or original
    starts_at = resolve(local, pattern.zone)
    return Occurrence(
        original=original,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=change.minutes or pattern.minutes),
        local=local,
        cancelled=change.off,
        moved=local != original,
        skipped=change.skipped,
    )


def _starts(pattern: Pattern, since: datetime) -> Iterator[datetime]:
    """Original starts at `since` or later."""
    if pattern.rule is None:
        yield from [pattern.start] if pattern.start >= since else []
        return
    first, at = pattern.start.date(), pattern.start.time()
    last: date = (last_start(pattern) or LATEST).date()
    for day in days(pattern.rule, first, since.date()):
        if day > last:
            return
        start = datetime.combine(day, at)
        if start >= since:
            yield start
