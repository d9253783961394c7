from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

from dateutil import rrule
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from sessions.recurrence import (
    Pattern,
    Rule,
    check,
    follows,
    next_dates,
)
from sessions.zones import WEEKDAYS, ScheduleError


def utc(*numbers: int) -> datetime:
    return datetime(*numbers, tzinfo=UTC)  # type: ignore[arg-type, misc] # at most six


@st.composite
def patterns(draw: st.DrawFn) -> Pattern:
    zone = draw(st.sampled_from(["America/New_York", "Africa/Cairo", "Pacific/Chatham", "UTC"]))
    day = draw(st.dates(date(1971, 1, 1), date(2090, 1, 1)))
    start = datetime.combine(
        day, time(draw(st.integers(0, 23)), draw(st.sampled_from([0, 35])))
    )
    days = draw(st.sets(st.sampled_from(WEEKDAYS), max_size=6)) | {WEEKDAYS[day.weekday()]}
    count = draw(st.none() | st.integers(1, 520))
    until = draw(st.none() | st.integers(0, 4000)) if count is None else None
    rule = Rule(
        tuple(sorted(days)),
        interval=draw(st.integers(1, 9)),
        count=count,
        until=None if until is None else min(day + timedelta(days=until), date(2100, 12, 31)),
    )
    return Pattern(start, zone, draw(st.integers(5, 1440)), rule)


class TestProperties:
    @settings(max_examples=100, deadline=None)
    @given(patterns(), st.integers(-100, 9000))
    def test_looking_from_anywhere_gives_what_counting_from_the_start_gives(
        self, pattern: Pattern, ahead: int
    ) -> None:
        pattern = replace(pattern, zone="UTC")
        rule = pattern.rule
        assert rule
        last_day = rule.until or date(2100, 12, 31)
        counted = rrule.rrule(
            rrule.WEEKLY,
            dtstart=pattern.start,
            interval=rule.interval,
            byweekday=[WEEKDAYS.index(day) for day in rule.weekdays],
            wkst=rrule.MO,
            count=rule.count,
            until=None if rule.count else datetime.combine(last_day, time.max),
        )
        since = pattern.start + timedelta(days=ahead, minutes=-1)

        found = next_dates(pattern, {}, after=since.replace(tzinfo=UTC), limit=9)

        assert [o.original for o in found] == list(counted.xafter(since, count=9, inc=True))
        assert all(follows(pattern, o.original) for o in found)

    @settings(max_examples=60, deadline=None)
    @given(patterns())
    def test_whatever_passes_the_check_is_in_order_and_lasts_its_minutes(
        self, pattern: Pattern
    ) -> None:
        try:
            check(pattern)
        except ScheduleError:
            assume(False)
        dates = next_dates(pattern, {}, after=utc(1970, 1, 1), limit=60)

        assert dates[0].original == pattern.start
        assert all(a.starts_at < b.starts_at for a, b in pairwise(dates))
        assert {o.ends_at - o.starts_at for o in dates} == {timedelta(minutes=pattern.minutes)}
        assert {o.local.time() for o in dates} == {pattern.start.time()}
