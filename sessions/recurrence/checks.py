"""What may be planned, and what is wrong with the rest."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from sessions.recurrence.dates import LATEST, NotInSeries, follows, last_start
from sessions.recurrence.days import FIRST_YEAR, LAST_YEAR, days, first_start
from sessions.recurrence.nights import change_days, even
from sessions.recurrence.pattern import Pattern, Rule
from sessions.zones import WEEKDAYS, ScheduleError, flaw, zone

INTERVALS = {"weekly": (1, 52), "monthly": (1, 24)}
DAYS_OF_MONTH = (1, 28)
"""Which every month has; apps disagree about a 31st of June."""
POSITIONS = (1, 2, 3, 4, -1)
"""Which every month has; a fifth Tuesday it may lack."""
WEEK_STARTS = ("MO", "SU", "SA")
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


class UnclearRule(ScheduleError):
    """Its parts do not belong together: a week has no fifteenth day."""

    code = "unclear_rule"
    field = "rule"


class SaturdayWeeks(ScheduleError):
    """Whether a Saturday belongs to the days before it or after it: not all apps read that."""

    code = "saturday_weeks"
    field = "rule"


class StartOffRule(ScheduleError):
    """The first start is DTSTART, so the rule has to name it; `nearest` is one that it does."""

    code = "start_off_rule"
    field = "start"


class TwoEnds(ScheduleError):
    """RFC 5545 - 3.3.10. Recurrence Rule: COUNT and UNTIL exclude each other."""

    code = "two_ends"
    field = "rule"


class UntilBeforeStart(ScheduleError):
    code = "until_before_start"
    field = "rule"


class FirstNight(ScheduleError):
    """
    Clocks are changed during the first meeting of a series. Apps take its length for that
    of the others, and each counts it in its own way. `nearest` is a first date that is good.
    """

    code = "first_night"
    field = "start"


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


class NearGap(ClockChange):
    """
    The clock skips this time on a day without a meeting. libical passes over that day when it
    counts to the next date, and arrives there an hour off.
    """

    code = "near_gap"


def check(pattern: Pattern) -> None:
    """Raise a ScheduleError for what cannot be planned, or not in every calendar app."""
    zone(pattern.zone)
    _check_wall_time(pattern.start)
    _check_range("minutes", pattern.minutes, MINUTES)
    if pattern.rule:
        _check_rule(pattern.rule, pattern.start)
        _check_range("rule", (last_start(pattern) or LATEST).year, (FIRST_YEAR, LAST_YEAR))
    _check_clock(pattern)
    _check_first_night(pattern)


def check_move(
    pattern: Pattern, original: datetime, *, to: datetime, minutes: int | None = None
) -> None:
    """A moved date, or a longer one, obeys what a single one does."""
    if not follows(pattern, original):
        raise NotInSeries(original=original.isoformat())
    length = pattern.minutes if minutes is None else minutes
    check(replace(pattern, start=to, minutes=length, rule=None))


def _check_wall_time(start: datetime) -> None:
    if start.tzinfo or start.second or start.microsecond:
        raise NotWallTime
    _check_range("start", start.year, (FIRST_YEAR, LAST_YEAR))


def _check_range(field: str, value: int, bounds: tuple[int, int]) -> None:
    low, high = bounds
    if not low <= value <= high:
        raise OutOfRange(field, low, high)


def _check_rule(rule: Rule, start: datetime) -> None:
    if rule.frequency not in INTERVALS or rule.week_start not in WEEK_STARTS:
        raise UnclearRule
    _check_range("rule", rule.interval, INTERVALS[rule.frequency])
    _check_days(rule)
    nearest = first_start(rule, start.date(), start.time())
    if nearest != start:
        raise StartOffRule(nearest=nearest.isoformat(timespec="minutes"))
    _check_end(rule, start)


def _check_days(rule: Rule) -> None:
    monthly = rule.frequency == "monthly"
    if monthly != ((rule.day is None) != (rule.position is None)):
        raise UnclearRule
    if not monthly and (rule.day, rule.position) != (None, None):
        raise UnclearRule
    if rule.day is not None:
        _check_range("rule", rule.day, DAYS_OF_MONTH)
        if rule.weekdays:
            raise UnclearRule
        return
    if monthly and rule.position not in POSITIONS:
        raise UnclearRule
    names = set(rule.weekdays)
    if not names or not names <= set(WEEKDAYS) or len(names) < len(rule.weekdays):
        raise BadWeekdays
    if rule.week_start == "SA" and "SA" in names and len(names) > 1 and _counts_weeks(rule):
        raise SaturdayWeeks


def _counts_weeks(rule: Rule) -> bool:
    """Whether it matters where a week begins."""
    return rule.frequency == "weekly" and rule.interval > 1


def _check_end(rule: Rule, start: datetime) -> None:
    if rule.count is not None and rule.until is not None:
        raise TwoEnds
    if rule.count is not None:
        _check_range("rule", rule.count, COUNTS)
    if rule.until is not None and rule.until < start.date():
        raise UntilBeforeStart


def _check_clock(pattern: Pattern) -> None:
    # Counting may begin with the first day of the week, or of the month.
    monthly = pattern.rule and pattern.rule.frequency == "monthly"
    ahead = timedelta(days=31 if monthly else 7)
    nights = change_days(pattern, datetime.max.replace(tzinfo=UTC), ahead=ahead)
    found = _clock_change(pattern, nights)
    if found:
        error, start = found
        raise error(start=start, nearest=_nearest(pattern, nights))


def _check_first_night(pattern: Pattern) -> None:
    if pattern.rule is None or even(pattern, pattern.start):
        return
    coming = days(pattern.rule, pattern.start.date(), pattern.start.date())
    starts = (datetime.combine(day, pattern.start.time()) for day in coming)
    nearest = next(start for start in starts if even(pattern, start))
    raise FirstNight(nearest=nearest.isoformat(timespec="minutes"))


def _nearest(pattern: Pattern, nights: list[date]) -> time | None:
    """The time of day, nearest to the one wanted, that is good on all dates."""
    midnight = datetime.combine(pattern.start, time())
    grid = [midnight + step * GRID for step in range(timedelta(days=1) // GRID)]
    for start in sorted(grid, key=lambda t: (abs(t - pattern.start), pattern.start > t)):
        if not _clock_change(replace(pattern, start=start), nights):
            return start.time()
    return None


def _clock_change(
    pattern: Pattern, nights: Iterable[date]
) -> tuple[type[ClockChange], datetime] | None:
    """What is wrong with the time of day, and when; first of all on a date of its own."""
    starts = (datetime.combine(day, pattern.start.time()) for day in nights)
    flawed = [(start, kind) for start in starts if (kind := flaw(start, pattern.zone))]
    for start, kind in flawed:
        if follows(pattern, start):
            return (Gap if kind == "gap" else Overlap), start
    last = last_start(pattern) or LATEST
    for start, kind in flawed:
        if kind == "gap" and pattern.rule and start < last:
            return NearGap, start
    return None
