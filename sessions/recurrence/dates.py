"""The dates of a series: counted on the wall, turned into instants at the very end."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, time, timedelta
from functools import lru_cache
from heapq import merge
from itertools import islice
from operator import attrgetter

from dateutil import rrule as dateutil_rrule

from sessions.recurrence.pattern import Change, Occurrence, Pattern, Rule
from sessions.zones import WEEKDAYS, ScheduleError, resolve, zone

FIRST_YEAR, LAST_YEAR = 1970, 2100
LATEST = datetime(LAST_YEAR, 12, 31, 23, 59)  # noqa: DTZ001 - wall time
"""Where an open series ends all the same, so that every loop does."""
WEEK_START = "MO"


class NotInSeries(ScheduleError):
    code = "not_in_series"
    field = "original"


def follows(pattern: Pattern, original: datetime) -> bool:
    """Whether the pattern itself has a start there; changes do not matter."""
    return original.tzinfo is None and next(_starts(pattern, original), None) == original


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
            if change.moved_to and follows(pattern, original)
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
    return _occurrence(pattern, original, changes.get(original))


@lru_cache(maxsize=4096)
def last_start(pattern: Pattern) -> datetime | None:
    """The last original start; None if the series is open."""
    rule = pattern.rule
    if rule is None:
        return pattern.start
    if rule.count:
        return list(_recurring(rule, pattern.start, count=rule.count))[-1]
    if rule.until:
        end = datetime.combine(rule.until, time.max)
        anchor = _anchor(pattern.start, rule, end)
        return _recurring(rule, anchor, until=end).before(end, inc=True) or pattern.start
    return None


def rrule_text(pattern: Pattern) -> str | None:
    """
    RFC 5545 - 3.3.10. Recurrence Rule. WKST is always written (the default is easily
    overlooked); UNTIL is UTC and the last real start, which no reader can misunderstand.
    """
    rule = pattern.rule
    if rule is None:
        return None
    parts = ["FREQ=WEEKLY", f"INTERVAL={rule.interval}"]
    if rule.count:
        parts.append(f"COUNT={rule.count}")
    elif last := last_start(pattern):
        parts.append(f"UNTIL={resolve(last, pattern.zone):%Y%m%dT%H%M%SZ}")
    days = ",".join(day for day in WEEKDAYS if day in rule.weekdays)
    return ";".join([*parts, f"BYDAY={days}", f"WKST={WEEK_START}"])


_by_start = attrgetter("starts_at")


def _unmoved(
    pattern: Pattern, changes: Mapping[datetime, Change], after: datetime
) -> Iterator[Occurrence]:
    # A day of slack: a wall clock may stand up to a day off where a zone changed sides of
    # the date line.
    since = max(after, resolve(pattern.start, pattern.zone)).astimezone(zone(pattern.zone))
    wall = since.replace(tzinfo=None) - timedelta(days=1)
    for original in _starts(pattern, wall):
        change = changes.get(original)
        if change is None or change.moved_to is None:
            yield _occurrence(pattern, original, change)


def _occurrence(pattern: Pattern, original: datetime, change: Change | None) -> Occurrence:
    local = (change and change.moved_to) or original
    starts_at = resolve(local, pattern.zone)
    return Occurrence(
        original=original,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=pattern.minutes),
        local=local,
        cancelled=change is not None and change.moved_to is None,
        moved=local != original,
    )


def _starts(pattern: Pattern, since: datetime) -> Iterator[datetime]:
    """Original starts at `since` or later."""
    if pattern.rule is None:
        return iter([pattern.start] if pattern.start >= since else [])
    anchor = _anchor(pattern.start, pattern.rule, since)
    until = last_start(pattern) or LATEST
    return _recurring(pattern.rule, anchor, until=until).xafter(since, inc=True)


def _anchor(start: datetime, rule: Rule, since: datetime) -> datetime:
    """A start shortly before `since`: nobody counts the weeks from the very first one."""
    step = timedelta(weeks=rule.interval)
    return start + max((since - start) // step, 0) * step


def _recurring(
    rule: Rule,
    anchor: datetime,
    *,
    count: int | None = None,
    until: datetime | None = None,
) -> dateutil_rrule.rrule:
    return dateutil_rrule.rrule(
        dateutil_rrule.WEEKLY,
        dtstart=anchor,
        interval=rule.interval,
        byweekday=[WEEKDAYS.index(day) for day in rule.weekdays],
        wkst=WEEKDAYS.index(WEEK_START),
        count=count,
        until=until,
    )
