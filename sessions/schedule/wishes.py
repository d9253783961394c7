"""What somebody wants changed, and the plan that comes of it. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal, NamedTuple

from msgspec import UNSET, UnsetType

from sessions import recurrence
from sessions.errors import Conflict, Invalid
from sessions.recurrence import Change, Pattern, Rule
from sessions.schedule.tables import AgendaKey, DateChange, Series
from sessions.text import clean_line
from sessions.zones import WEEKDAYS, resolve, zone

Scope = Literal["one", "following", "all"]
A_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """
    What is left out stays as it is.

    `to` is wall time in `zone`, or else in the series' own: where the first of the dates
    is to begin that are changed. A rule for all counts those that have been as well.
    """

    title: str | None = None
    to: datetime | None = None
    zone: str | None = None
    minutes: int | None = None
    rule: Rule | UnsetType | None = UNSET
    seats: int | UnsetType | None = UNSET
    agenda: AgendaKey | None = None


class Rest(NamedTuple):
    """What becomes of a series that has begun."""

    cut: datetime
    """The first date of the old plan that is not as it was."""
    plan: Pattern
    """What there is in its place, and in that of all after it."""


def one_date(series: Series, original: datetime, before: DateChange, wish: Wish) -> DateChange:
    """Raises `ScheduleError` and `Invalid`."""
    if wish.rule is not UNSET:
        raise Invalid("unclear_rule", field="rule")
    change = before
    if wish.to is not None:
        change = replace(change, moved_to=_elsewhere(series, original, wish))
    if wish.minutes is not None:
        same = wish.minutes == series.minutes
        change = replace(change, minutes=None if same else wish.minutes)
    if wish.title is not None:
        title = needed_line(wish.title)
        change = replace(change, title=None if title == series.title else title)
    if wish.seats is not UNSET:
        change = replace(change, seats=None if wish.seats == series.seats else wish.seats)
    if wish.agenda is not None:
        same = wish.agenda == series.agenda
        change = replace(change, agenda=None if same else wish.agenda)
    to, minutes = change.moved_to or original, change.minutes
    recurrence.check_move(series.pattern, original, to=to, minutes=minutes)
    return change


def needed_line(text: str) -> str:
    line = clean_line(text)
    if not line:
        raise Invalid("needed", field="title")
    return line


def replanned(pattern: Pattern, wish: Wish) -> Pattern:
    """The whole of it changed as is wanted; whether that is possible is not looked at."""
    start = wish.to or pattern.start
    days = (start.date() - pattern.start.date()).days
    rule = shifted(pattern.rule, start, days) if wish.rule is UNSET else wish.rule
    minutes = pattern.minutes if wish.minutes is None else wish.minutes
    return Pattern(start, wish.zone or pattern.zone, minutes, rule)


def rest_of(
    old: Pattern, changes: Mapping[datetime, Change], wish: Wish, *, now: datetime
) -> Rest:
    """
    All of a series that has begun: what was stays as it was, and what is to come goes where
    the new plan would have it, had that been the plan from the first. So does the next date
    stay, if its new time is over by now.

    What was is what has begun where it was put, with all that the old plan has before it: a
    series can end in one place only. A date that the old plan had before now, and that was
    put off until later, is still to come; it stays there, at the time it was given.

    Raises `ScheduleError`, `Conflict`, and `Invalid` for times before what has to stay.
    """
    recurrence.check(replanned(old, wish))
    coming = recurrence.next_dates(old, {}, after=_rest_begins(old, changes, now=now), limit=2)
    if not coming:
        raise Conflict("already_over")
    for cut in (date.original for date in coming):
        plan = _counterpart(old, wish, cut)
        if plan is None or _begin(plan) <= _begin_of_last(old, before=cut):
            break
        if _begin(plan) >= now:
            return Rest(cut, plan)
    raise Invalid("in_the_past", field="to")


def _rest_begins(
    pattern: Pattern, changes: Mapping[datetime, Change], *, now: datetime
) -> datetime:
    begun = recurrence.last_begun(pattern, changes, now=now)
    return now if begun is None else max(now, resolve(begun, pattern.zone) + A_MINUTE)


def _counterpart(old: Pattern, wish: Wish, cut: datetime) -> Pattern | None:
    """The new plan from that date on which stands for `cut`."""
    new, held = replanned(old, wish), recurrence.count_before(old, cut)
    if wish.rule is UNSET:
        begin = recurrence.nth_start(new, held)
        return None if begin is None else recurrence.split(new, begin)[1]
    if new.rule is None:
        return None
    # In another rhythm the tenth date may be a year away: there the days count.
    days = new.start.date() - old.start.date()
    endless = replace(new, rule=replace(new.rule, count=None))
    begin = recurrence.start_from(endless, datetime.combine(cut + days, new.start.time()))
    left = new.rule.count and new.rule.count - held
    if begin is None or (left is not None and left < 1):
        return None
    return replace(new, start=begin, rule=replace(new.rule, count=left))


def _begin(pattern: Pattern) -> datetime:
    return resolve(pattern.start, pattern.zone)


def _begin_of_last(pattern: Pattern, *, before: datetime) -> datetime:
    """Of the dates before that one; it is not the first."""
    number = recurrence.count_before(pattern, before) - 1
    return resolve(recurrence.nth_start(pattern, number) or pattern.start, pattern.zone)


def cloned(pattern: Pattern, start: datetime) -> Pattern:
    """The same plan from another day on; on the same weekdays, if that day is one of them."""
    new = replanned(pattern, Wish(to=start))
    days = pattern.rule.weekdays if pattern.rule else ()
    if new.rule is None or WEEKDAYS[start.weekday()] not in days:
        return new
    return replace(new, rule=replace(new.rule, weekdays=days))


def shifted(rule: Rule | None, start: datetime, days: int) -> Rule | None:
    """The same rhythm from another first day on."""
    if rule is None or not days:
        return rule
    until = rule.until and rule.until + timedelta(days=days)
    if rule.frequency == "weekly":
        names = tuple(_weekday_after(name, days) for name in rule.weekdays)
        return replace(rule, weekdays=names, until=until)
    if rule.day is not None:
        return replace(rule, day=start.day, until=until)
    if len(rule.weekdays) == 1:
        return replace(rule, weekdays=(WEEKDAYS[start.weekday()],), until=until)
    return replace(rule, until=until)


def same_hour(old: Pattern, new: Pattern) -> bool:
    """Whether who said that they come at the one time comes at the other too."""
    if (old.start.time(), old.zone) != (new.start.time(), new.zone):
        return False
    return _days(old) == _days(new)


def _days(pattern: Pattern) -> object:
    rule = pattern.rule
    if rule is None:
        return pattern.start.date()
    return rule.frequency, frozenset(rule.weekdays), rule.day, rule.position


def _weekday_after(name: str, days: int) -> str:
    return WEEKDAYS[(WEEKDAYS.index(name) + days) % 7]


def _elsewhere(series: Series, original: datetime, wish: Wish) -> datetime | None:
    """Where the date goes, in the series' zone; None where the rule has it anyway."""
    local = wish.to or original
    if wish.zone is not None and wish.zone != series.zone:
        recurrence.check(Pattern(local, wish.zone, series.minutes))
        there = resolve(local, wish.zone).astimezone(zone(series.zone))
        local = there.replace(tzinfo=None)
    return None if local == original else local
