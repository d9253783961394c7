"""
Series of all kinds, drawn by number: the same number gives the same ones everywhere, so that
what failed once can be looked at again.
"""

# ruff: noqa: S311 - wall time has no zone; nobody has to be surprised

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from random import Random
from typing import NamedTuple

from sessions import ics
from sessions.recurrence import (
    Change,
    ClockChange,
    FirstNight,
    Occurrence,
    Pattern,
    Rule,
    SaturdayWeeks,
    check,
    check_move,
    first_start,
    next_dates,
    occurrences,
    split,
)
from sessions.zones import WEEKDAYS, ScheduleError
from tests.calendars import golden
from tests.calendars.engines import ENGINES, Meeting, Question, rename_zones

ZONES = [
    "America/New_York", "Europe/London", "Asia/Jerusalem", "Africa/Cairo",
    "Africa/Casablanca", "Asia/Gaza", "Asia/Kolkata", "Australia/Sydney",
    "America/Santiago", "Europe/Kyiv", "Europe/Dublin", "Australia/Lord_Howe",
    "America/Nuuk", "Pacific/Chatham", "Antarctica/Troll", "UTC",
    "Asia/Beirut", "America/Havana", "America/Los_Angeles", "America/Sao_Paulo",
    "America/St_Johns", "Asia/Kathmandu", "Pacific/Auckland", "Asia/Tehran",
    "Africa/El_Aaiun", "Europe/Chisinau", "America/Asuncion", "Atlantic/Azores",
]  # fmt: skip
CHANGED_LATELY = {
    "Africa/Casablanca", "Africa/El_Aaiun", "America/Asuncion", "America/Havana",
    "America/Nuuk", "Asia/Gaza", "Asia/Tehran", "Europe/Chisinau",
}  # fmt: skip
"""
libical counts its days with the zones of ICU and believes our VTIMEZONE only after that. ICU
may be older than the laws of these: so nothing is drawn in hours that they may have skipped.
"""
PER_BATCH = 25
KINDS = ("weekly", "weekly", "weekly", "day", "weekday", "weekday", "working", "once")


class Telling(NamedTuple):
    """A calendar that we have written, and what has to be read in it."""

    name: str
    question: Question
    meetings: list[Meeting]

    def with_calendar(self, calendar: bytes) -> "Telling":
        return self._replace(question=self.question._replace(calendar=calendar))

    def renamed(self) -> "Telling":
        copy = self.with_calendar(rename_zones(self.question.calendar))
        return copy._replace(name=f"{self.name}, zones renamed")


@dataclass(frozen=True)
class Batch:
    """Series that begin in the same months, and the time in which they are looked at."""

    number: int
    events: list[ics.Event]
    after: datetime
    before: datetime

    def feed(self) -> Telling:
        return self._telling("a feed", golden.feed(*self.events), self.events)

    def invitations(self) -> list[Telling]:
        return [self._telling(event.uid, _letter(event), [event]) for event in self.events]

    def _telling(self, name: str, calendar: bytes, events: list[ics.Event]) -> Telling:
        meetings = sorted(meeting for event in events for meeting in self._meetings(event))
        question = Question(calendar, self.after, self.before)
        return Telling(f"batch {self.number}, {name}", question, meetings)

    def _meetings(self, event: ics.Event) -> Iterator[Meeting]:
        """What we compute."""
        pattern, changes = event.pattern, event.changes
        for one in occurrences(pattern, changes, after=self.after, before=self.before):
            if not (one.cancelled or event.cancelled):
                yield Meeting(event.uid, one.starts_at, one.ends_at)


@cache
def batch(number: int) -> Batch:
    dice = Random(number)
    begin = date(dice.randint(2019, 2034), dice.randint(1, 12), 1)
    noon = datetime.combine(begin, time(12), UTC)
    events = [_event(dice, begin, f"{number}-{n}") for n in range(PER_BATCH)]
    return Batch(
        number,
        [replace(event, stamped_at=noon) for event in events],
        noon - timedelta(days=60),
        noon + timedelta(days=400),
    )


def disagreements(tellings: Sequence[Telling]) -> list[str]:
    """Who reads something else than what we compute, and in what."""
    questions = [telling.question for telling in tellings]
    return [
        f"{name} in {telling.name}"
        for name, engine in ENGINES.items()
        for telling, read in zip(tellings, engine(questions), strict=True)
        if read != telling.meetings
    ]


def _letter(event: ics.Event) -> bytes:
    return ics.cancel(event) if event.cancelled else ics.request(event)


def _event(dice: Random, begin: date, uid: str) -> ics.Event:
    pattern = _pattern(dice, begin)
    dates = next_dates(pattern, {}, after=datetime(1990, 1, 1, tzinfo=UTC), limit=40)
    if dice.random() < 0.15:
        dates = dates[-3:]  # the last one of all as well
    chosen = dice.sample(dates, min(len(dates), dice.choice([0, 0, 1, 2, 5, 8])))
    if dice.random() < 0.2:
        chosen.append(dates[0])  # apps count from there
    event = golden.event(
        pattern,
        {date.original: _change(dice, pattern, date) for date in chosen},
        uid=uid,
        organizer="box+81f3@meet.example",
        attendee="noa@mail.example",
        cancelled=dice.random() < 0.03,
    )
    worded = dice.sample(dates, min(len(dates), dice.choice([0, 0, 0, 2])))
    own = ics.Words(summary="Another", partstat="ACCEPTED")
    return replace(event, words={date.original: own for date in worded})


def _change(dice: Random, pattern: Pattern, date: Occurrence) -> Change:
    to = date.local + timedelta(minutes=5 * dice.randint(-40 * 288, 40 * 288))
    minutes = dice.choice([5, 45, 90, 105, 300, 1440])
    change = dice.choice(
        [
            Change(cancelled=True),
            Change(skipped=True),
            Change(to),
            Change(to),
            Change(minutes=minutes),
            Change(to, minutes=minutes),
            Change(to, cancelled=True),
            Change(to, skipped=True, minutes=minutes),
            Change(),
        ]
    )
    try:
        check_move(
            pattern, date.original, to=change.moved_to or date.local, minutes=change.minutes
        )
    except ScheduleError:
        return Change(cancelled=True)
    return change


def _pattern(dice: Random, begin: date) -> Pattern:
    day = begin + timedelta(days=dice.randint(0, 120))
    at = time(dice.randint(0, 23), dice.choice([0, 0, 15, 30, 45, 55]))
    start, rule = datetime.combine(day, at), _rule(dice)
    if rule:
        start = first_start(rule, day, at)
        rule = _ended(dice, rule, start)
    minutes = dice.choice([5, 60, 75, 90, 240, 480, 1440])
    pattern = _mended(Pattern(start, dice.choice(ZONES), minutes, rule))
    if rule and dice.random() < 0.1:
        return _part(dice, pattern)
    return pattern


def _rule(dice: Random) -> Rule | None:
    week_start = dice.choice(["MO", "SU", "SA"])
    several: tuple[str, ...] = tuple(dice.sample(WEEKDAYS, dice.choice([1, 1, 1, 2, 3])))
    rule = Rule(several, dice.choice([1, 1, 1, 2, 2, 3, 5]), week_start=week_start)
    match dice.choice(KINDS):
        case "once":
            return None
        case "weekly":
            return rule
        case "day":
            day = dice.randint(1, 28)
            return replace(rule, frequency="monthly", weekdays=(), day=day)
        case "weekday":
            several = several[:1]
        case _:
            several = dice.choice([WEEKDAYS[:5], ("SU", "MO", "TU", "WE", "TH"), several])
    position = dice.choice([1, 2, 3, 4, -1, -1])
    return replace(rule, frequency="monthly", weekdays=several, position=position)


def _ended(dice: Random, rule: Rule, start: datetime) -> Rule:
    match dice.choice(["count", "until", "open"]):
        case "count":
            return replace(rule, count=dice.randint(1, 60))
        case "until":
            return replace(rule, until=start.date() + timedelta(days=dice.randint(0, 500)))
        case _:
            return rule


def _mended(pattern: Pattern) -> Pattern:
    """As it would be after the refusals were read."""
    if pattern.zone in CHANGED_LATELY and not 4 <= pattern.start.hour < 22:
        return _mended(replace(pattern, start=pattern.start.replace(hour=12)))
    try:
        check(pattern)
    except ClockChange as refusal:
        at = refusal.nearest or time(12)
        return _mended(replace(pattern, start=datetime.combine(pattern.start, at)))
    except SaturdayWeeks:
        assert pattern.rule
        return _mended(replace(pattern, rule=replace(pattern.rule, week_start="SU")))
    except FirstNight as refusal:
        nearest = datetime.fromisoformat(str(refusal.params["nearest"]))
        return _mended(replace(pattern, start=nearest))
    return pattern


def _part(dice: Random, pattern: Pattern) -> Pattern:
    """What "this and following" makes of it."""
    dates = next_dates(pattern, {}, after=datetime(1990, 1, 1, tzinfo=UTC), limit=9)
    before, after = split(pattern, dice.choice(dates).original)
    return dice.choice([before or after, after])
