"""Plans of all kinds, drawn by hypothesis."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from hypothesis import assume
from hypothesis import strategies as st

from sessions.recurrence import Change, Pattern, Rule, check, first_start, next_dates
from sessions.zones import WEEKDAYS, ScheduleError

LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
LAST_DAY = date(2100, 12, 31)
ZONES = ["America/New_York", "Africa/Cairo", "Pacific/Chatham", "UTC"]


@st.composite
def rules(draw: st.DrawFn) -> Rule:
    """Without an end."""
    rule = Rule(
        tuple(sorted(draw(st.sets(st.sampled_from(WEEKDAYS), min_size=1)))),
        interval=draw(st.integers(1, 9)),
        week_start=draw(st.sampled_from(["MO", "SU", "SA"])),
    )
    match draw(st.sampled_from(["weekly", "day", "position"])):
        case "day":
            day = draw(st.integers(1, 28))
            return replace(rule, frequency="monthly", weekdays=(), day=day)
        case "position":
            position = draw(st.sampled_from([1, 2, 3, 4, -1]))
            return replace(rule, frequency="monthly", position=position)
        case _:
            return rule


@st.composite
def patterns(draw: st.DrawFn) -> Pattern:
    rule = draw(rules())
    at = time(draw(st.integers(0, 23)), draw(st.sampled_from([0, 35])))
    start = first_start(rule, draw(st.dates(date(1971, 1, 1), date(2090, 1, 1))), at)
    count = draw(st.none() | st.integers(1, 520))
    until = draw(st.none() | st.integers(0, 4000)) if count is None else None
    end = None if until is None else min(start.date() + timedelta(days=until), LAST_DAY)
    return Pattern(
        start,
        draw(st.sampled_from(ZONES)),
        draw(st.integers(5, 1440)),
        replace(rule, count=count, until=end),
    )


@st.composite
def plannable(draw: st.DrawFn) -> Pattern:
    pattern = draw(patterns())
    try:
        check(pattern)
    except ScheduleError:
        assume(False)
    return pattern


@st.composite
def changes(draw: st.DrawFn, originals: list[datetime]) -> dict[datetime, Change]:
    """Of some of these dates: put elsewhere, off, or both."""
    changed = {}
    for original in draw(st.sets(st.sampled_from(originals), max_size=4)):
        days, hours = draw(st.integers(-40, 40)), draw(st.integers(-9, 9))
        moved = original + timedelta(days=days, hours=hours)
        changed[original] = Change(
            draw(st.sampled_from([None, moved])),
            cancelled=draw(st.booleans()),
            minutes=draw(st.sampled_from([None, 30])),
        )
    return changed


def originals(pattern: Pattern | None, limit: int = 200) -> list[datetime]:
    if pattern is None:
        return []
    return [o.original for o in next_dates(pattern, {}, after=LONG_AGO, limit=limit)]
