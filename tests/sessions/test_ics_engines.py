# ruff: noqa: DTZ001 - wall time has no zone

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sessions import ics
from sessions.recurrence import (
    Change,
    Pattern,
    Rule,
    check,
    check_move,
    next_dates,
    occurrences,
)
from sessions.zones import WEEKDAYS, ScheduleError
from tests.calendars import golden
from tests.calendars.engines import Meeting, both_ways, readings
from tests.calendars.golden import ALL_NIGHT, CHANGES, MOVED, TUESDAYS, event, feed

ZONES = [
    "America/New_York", "Europe/London", "Asia/Jerusalem", "Africa/Cairo",
    "Africa/Casablanca", "Asia/Gaza", "Asia/Kolkata", "Australia/Sydney",
    "America/Santiago", "Europe/Kyiv", "Europe/Dublin", "Australia/Lord_Howe",
    "America/Nuuk", "Pacific/Chatham", "Antarctica/Troll", "UTC",
]  # fmt: skip
AFTER, BEFORE = datetime(2025, 7, 1, tzinfo=UTC), datetime(2027, 7, 1, tzinfo=UTC)


def ours(*events: ics.Event) -> list[Meeting]:
    return sorted(
        Meeting(e.uid, o.starts_at, o.ends_at)
        for e in events
        for o in occurrences(e.pattern, e.changes, after=AFTER, before=BEFORE)
        if not o.cancelled and not e.cancelled
    )


def assert_all_agree(calendar: bytes, *events: ics.Event) -> None:
    meetings = ours(*events)
    for engine, read in readings(calendar, after=AFTER, before=BEFORE).items():
        assert read == meetings, engine


def changed(pattern: Pattern) -> dict[datetime, Change]:
    """The third date is cancelled, the fifth is a day later, the seventh far earlier."""
    starts = [o.original for o in next_dates(pattern, {}, after=AFTER, limit=7)]
    return {
        starts[2]: Change(None),
        starts[4]: Change(starts[4] + timedelta(days=1)),
        starts[6]: Change(starts[6] - timedelta(days=33, minutes=25)),
    }


class TestEngines:
    """The instants that we compute are those that every engine reads from our iCalendar."""

    def test_all_read_the_same_in_every_zone_through_two_years(self) -> None:
        evenings = [
            Pattern(datetime(2025, 7, 6, 19), zone, 75, Rule(("TH", "SU"))) for zone in ZONES
        ]
        events = [event(p, changed(p), uid=p.zone) for p in evenings]

        assert len(ours(*events)) > 3000
        assert_all_agree(feed(*events), *events)

    def test_all_read_the_same_from_an_invitation(self) -> None:
        series = golden.invited(TUESDAYS, CHANGES)

        assert_all_agree(ics.request(series), series)

    def test_all_read_one_date_by_itself(self) -> None:
        series = golden.invited(TUESDAYS, CHANGES)
        (moved,) = (m for m in ours(series) if m.starts_at.day == 9)

        for engine, read in readings(
            ics.request_one(series, MOVED), after=AFTER, before=BEFORE
        ).items():
            assert read == [moved], engine

    def test_all_count_the_minutes_of_a_night_of_clock_change(self) -> None:
        nights = [
            Pattern(datetime(2025, 10, 4, 22, 30), zone, minutes, Rule((*WEEKDAYS,), count=400))
            for zone in ("America/New_York", "Africa/Cairo", "America/Santiago", "Asia/Gaza")
            for minutes in (30, 75, 180, 600, 1440)
        ]
        # Chile doubles the hour before midnight.
        nights = [
            replace(p, start=p.start.replace(hour=20)) if p.zone == "America/Santiago" else p
            for p in nights
        ]
        events = [event(p, uid=f"{p.zone} {p.minutes}") for p in nights]

        for pattern in nights:
            check(pattern)
        assert_all_agree(feed(*events), *events)

    @pytest.mark.parametrize("first", [datetime(2026, 10, 31, 22), datetime(2026, 3, 7, 22)])
    def test_a_first_night_of_clock_change_does_not_spoil_the_length_of_the_others(
        self, first: datetime
    ) -> None:
        series = event(replace(ALL_NIGHT, start=first))

        assert_all_agree(feed(series), series)

    def test_a_cancelled_series_has_no_dates(self) -> None:
        gone = event(TUESDAYS, CHANGES, cancelled=True)

        assert_all_agree(feed(gone), gone)
        assert_all_agree(ics.cancel(gone), gone)

    def test_a_series_older_than_its_zone_law_is_right_today(self) -> None:
        """Egypt had no summer time from 2015 to 2022."""
        old = event(Pattern(datetime(2014, 1, 7, 19), "Africa/Cairo", 60, Rule(("TU",))))

        assert_all_agree(feed(old), old)

    def test_a_wrong_vtimezone_is_noticed_by_each_engine(self) -> None:
        """Or else the tests above would prove nothing about ours."""
        series = event(Pattern(datetime(2025, 7, 6, 19), "America/New_York", 75, Rule(("SU",))))
        right = feed(series)
        wrong = right.replace(b"BYMONTH=11;BYDAY=1SU", b"BYMONTH=10;BYDAY=1SU").replace(
            b"DTSTART:20241103", b"DTSTART:20241006"
        )

        read = readings(wrong, after=AFTER, before=BEFORE)

        assert wrong != right
        assert read["recurring-ical-events, zones renamed"] != ours(series)
        assert read["ical.js, zones renamed"] != ours(series)
        assert read["recurring-ical-events"] == ours(series), "it knows New York by name"

    @pytest.mark.parametrize(
        "start", [datetime(2026, 3, 1, 2, 30), datetime(2025, 10, 26, 1, 30)]
    )
    def test_engines_disagree_about_skipped_and_doubled_hours_so_these_are_refused(
        self, start: datetime
    ) -> None:
        refused = event(Pattern(start, "America/New_York", 60, Rule(("SU",))))

        read = readings(feed(refused), after=AFTER, before=BEFORE)

        assert len({tuple(meetings) for meetings in read.values()}) > 1
        with pytest.raises(ScheduleError):
            check(refused.pattern)


@st.composite
def events(draw: st.DrawFn) -> ics.Event:
    pattern = draw(plannable())
    long_ago = AFTER - timedelta(days=2)
    starts = [o.original for o in next_dates(pattern, {}, after=long_ago, limit=40)]
    changes = {}
    for original in draw(st.sets(st.sampled_from(starts), max_size=5)):
        moved_to = draw(st.none() | st.integers(-40 * 288, 40 * 288))
        to = None if moved_to is None else original + timedelta(minutes=5 * moved_to)
        if to is None or is_good(check_move, pattern, original, to=to):
            changes[original] = Change(to)
    return event(pattern, changes, uid=draw(st.uuids()).hex)


@st.composite
def plannable(draw: st.DrawFn) -> Pattern:
    day = draw(st.dates(datetime(2025, 7, 1).date(), datetime(2026, 12, 1).date()))
    at = time(draw(st.integers(0, 23)), draw(st.sampled_from([0, 5, 30, 45, 55])))
    count = draw(st.none() | st.integers(1, 60))
    rule = Rule(
        tuple(draw(st.sets(st.sampled_from(WEEKDAYS), max_size=2)) | {WEEKDAYS[day.weekday()]}),
        interval=draw(st.integers(1, 5)),
        count=count,
        until=draw(st.none() | st.dates(day, datetime(2028, 1, 1).date()))
        if not count
        else None,
    )
    minutes = draw(st.sampled_from([5, 60, 75, 90, 240, 720, 1440]))
    pattern = Pattern(
        datetime.combine(day, at),
        draw(st.sampled_from(ZONES)),
        minutes,
        draw(st.sampled_from([rule, rule, rule, None])),
    )
    if is_good(check, pattern):
        return pattern
    return replace(pattern, start=datetime.combine(day, time(12)))


def is_good(question: Callable[..., None], *args: object, **more: object) -> bool:
    try:
        question(*args, **more)
    except ScheduleError:
        return False
    return True


@settings(max_examples=6, deadline=None)
@given(st.lists(events(), min_size=12, max_size=16))
def test_whatever_is_planned_all_engines_read_the_same(planned: list[ics.Event]) -> None:
    assert_all_agree(feed(*planned), *planned)
    assert_all_agree(ics.request(planned[0]), planned[0])


def test_a_renamed_copy_uses_no_name_that_is_known() -> None:
    plain, renamed = both_ways(golden.path("several_zones").read_bytes())

    assert b"TZID:Asia/Kolkata" in plain
    assert len(re.findall(rb"TZID[:=]", renamed)) == len(re.findall(rb"TZID[:=]X-", renamed))
