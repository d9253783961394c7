"""The days that a rule names, period by period: weeks, or months."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from itertools import islice

from sessions.recurrence.pattern import Rule
from sessions.zones import WEEKDAYS

FIRST_YEAR, LAST_YEAR = 1970, 2100
LAST_DAY = date(9998, 12, 31)
"""Where every loop ends."""


def days(rule: Rule, start: date, since: date) -> Iterator[date]:
    """From `since` on, of a series that begins on `start`; its end does not matter here."""
    begin = _period(rule, start)
    ahead = max(_period(rule, since) - begin, 0)
    for period in range(
        begin + ahead // rule.interval * rule.interval,
        _period(rule, LAST_DAY),
        rule.interval,
    ):
        yield from (day for day in _days_in(rule, period) if day >= max(since, start))


def nth_day(rule: Rule, start: date, number: int) -> date | None:
    return next(islice(days(rule, start, start), number - 1, None), None)


def last_day(rule: Rule, start: date, until: date) -> date | None:
    """The last one up to and including `until`."""
    begin, end = _period(rule, start), _period(rule, min(until, LAST_DAY))
    for period in range(end - (end - begin) % rule.interval, begin - 1, -rule.interval):
        for day in reversed(_days_in(rule, period)):
            if start <= day <= until:
                return day
    return None


def first_start(rule: Rule, day: date, at: time) -> datetime:
    """The first start of a series by this rule that is begun on `day` or later."""
    return datetime.combine(next(days(replace(rule, interval=1), day, day)), at)


def _period(rule: Rule, day: date) -> int:
    """The number of the week, or the month, in which a day lies."""
    if rule.frequency == "monthly":
        return day.year * 12 + day.month - 1
    # Day 1, the first of January of the year 1, was a Monday.
    return (day.toordinal() - 1 - WEEKDAYS.index(rule.week_start)) // 7


def _days_in(rule: Rule, period: int) -> list[date]:
    if rule.frequency == "weekly":
        first = period * 7 + 1 + WEEKDAYS.index(rule.week_start)
        return _among(rule, [date.fromordinal(max(first + n, 1)) for n in range(7)])
    first_of_month = date(period // 12, period % 12 + 1, 1)
    if rule.day:
        return [first_of_month.replace(day=rule.day)]
    month = [first_of_month + timedelta(days=n) for n in range(31)]
    named = _among(rule, [day for day in month if day.month == first_of_month.month])
    position = rule.position or 1
    return [named[position - 1 if position > 0 else position]]


def _among(rule: Rule, some: list[date]) -> list[date]:
    return [day for day in some if WEEKDAYS[day.weekday()] in rule.weekdays]
