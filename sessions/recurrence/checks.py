"""What may be planned, and what is wrong with the rest."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from sessions.recurrence.dates import (
    FIRST_YEAR,
    LAST_YEAR,
    LATEST,
    NotInSeries,
    follows,
    last_start,
)
from sessions.recurrence.nights import change_days
from sessions.recurrence.pattern import Pattern, Rule
from sessions.zones import WEEKDAYS, ScheduleError, flaw, zone

INTERVALS = (1, 52)
COUNTS = (1, 520)
MINUTES = (5, 1440)
GRID = timedelta(minutes=5)


class OutOfRange(ScheduleError):
    code = "out_of_range"

    def __init__(self, field: str, low: int, high: int) -> None:
        super().__init__(low=low, high=high)
        self.field = field


class NotWallTime(ScheduleError):
    """It has a zone, or seconds."""

    code = "not_wall_time"
    field = "start"


class BadWeekdays(ScheduleError):
    """None, an unknown one, or one twice."""

    code = "bad_weekdays"
    field = "rule"


class StartOffRule(ScheduleError):
    """The first start is DTSTART, so the rule has to name its weekday."""

    code = "start_off_rule"
    field = "start"


class TwoEnds(ScheduleError):
    """RFC 5545 - 3.3.10. Recurrence Rule: COUNT and UNTIL exclude each other."""

    code = "two_ends"
    field = "rule"


class UntilBeforeStart(ScheduleError):
    code = "until_before_start"
    field = "rule"


class ClockChange(ScheduleError):
    """`start` names the date on which it happens, `nearest` a time of that day that is good."""

    field = "start"

    def __init__(self, *, start: datetime, nearest: time | None) -> None:
        best = nearest.isoformat("minutes") if nearest else ""
        super().__init__(start=start.isoformat(timespec="minutes"), nearest=best)
        self.start = start
        self.nearest = nearest


class Gap(ClockChange):
    """The clock skips this time."""

    code = "gap"


class Overlap(ClockChange):
    """The clock shows this time twice."""

    code = "overlap"


def check(pattern: Pattern) -> None:
    """Raise a ScheduleError for what cannot be planned, or not in every calendar app."""
    zone(pattern.zone)
    _check_wall_time(pattern.start)
    _check_range("minutes", pattern.minutes, MINUTES)
    if pattern.rule:
        _check_rule(pattern.rule, pattern.start)
        _check_range("rule", (last_start(pattern) or LATEST).year, (FIRST_YEAR, LAST_YEAR))
    _check_clock(pattern)


def check_move(pattern: Pattern, original: datetime, *, to: datetime) -> None:
    """A moved date obeys what a single one does."""
    if not follows(pattern, original):
        raise NotInSeries(original=original.isoformat())
    check(replace(pattern, start=to, rule=None))


def _check_wall_time(start: datetime) -> None:
    if start.tzinfo or start.second or start.microsecond:
        raise NotWallTime
    _check_range("start", start.year, (FIRST_YEAR, LAST_YEAR))


def _check_range(field: str, value: int, bounds: tuple[int, int]) -> None:
    low, high = bounds
    if not low <= value <= high:
        raise OutOfRange(field, low, high)


def _check_rule(rule: Rule, start: datetime) -> None:
    _check_range("rule", rule.interval, INTERVALS)
    days = set(rule.weekdays)
    if not days or not days <= set(WEEKDAYS) or len(days) < len(rule.weekdays):
        raise BadWeekdays
    if WEEKDAYS[start.weekday()] not in days:
        raise StartOffRule(weekday=WEEKDAYS[start.weekday()])
    if rule.count is not None and rule.until is not None:
        raise TwoEnds
    if rule.count is not None:
        _check_range("rule", rule.count, COUNTS)
    if rule.until is not None and rule.until < start.date():
        raise UntilBeforeStart


def _check_clock(pattern: Pattern) -> None:
    days = change_days(pattern, datetime.max.replace(tzinfo=UTC))
    found = _first_flaw(pattern, days)
    if found:
        kind = flaw(found, pattern.zone)
        error = Gap if kind == "gap" else Overlap
        raise error(start=found, nearest=_nearest(pattern, days))


def _nearest(pattern: Pattern, days: list[date]) -> time | None:
    """The time of day, nearest to the one wanted, that is good on all dates."""
    midnight = datetime.combine(pattern.start, time())
    grid = [midnight + step * GRID for step in range(timedelta(days=1) // GRID)]
    for start in sorted(grid, key=lambda t: (abs(t - pattern.start), pattern.start > t)):
        if not _first_flaw(replace(pattern, start=start), days):
            return start.time()
    return None


def _first_flaw(pattern: Pattern, days: Iterable[date]) -> datetime | None:
    for day in days:
        start = datetime.combine(day, pattern.start.time())
        if flaw(start, pattern.zone) and follows(pattern, start):
            return start
    return None
