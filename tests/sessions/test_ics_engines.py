# ruff: noqa: DTZ001 - wall time has no zone

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sessions import ics
from sessions.recurrence import (
    Change,
    Pattern,
    Rule,
    check,
    next_dates,
    occurrences,
)
from sessions.zones import WEEKDAYS, ScheduleError
from tests.calendars import drawn, golden
from tests.calendars.engines import ENGINES, Meeting, Question, both_ways, readings
from tests.calendars.golden import ALL_NIGHT, CHANGES, MOVED, TUESDAYS, event, feed

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
        starts[2]: Change(cancelled=True),
        starts[4]: Change(starts[4] + timedelta(days=1)),
        starts[6]: Change(starts[6] - timedelta(days=33, minutes=25)),
    }


class TestEngines:
    """The instants that we compute are those that every engine reads from our iCalendar."""

    def test_all_read_the_same_in_every_zone_through_two_years(self) -> None:
        evenings = [
            Pattern(datetime(2025, 7, 6, 19), zone, 75, Rule(("TH", "SU")))
            for zone in drawn.ZONES
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
    def test_a_first_night_of_clock_change_spoils_the_length_of_the_others_and_is_refused(
        self, first: datetime
    ) -> None:
        nights = event(replace(ALL_NIGHT, start=first))

        read = readings(feed(nights), after=AFTER, before=BEFORE)

        assert [name for name in ENGINES if read[name] != ours(nights)] == ["libical"]
        with pytest.raises(ScheduleError):
            check(nights.pattern)

    def test_all_read_the_same_in_every_file(self) -> None:
        names = list(golden.calendars())
        questions = [Question(golden.path(name).read_bytes(), AFTER, BEFORE) for name in names]
        read = [engine(questions) for engine in ENGINES.values()]

        for name, *meetings in zip(names, *read, strict=True):
            assert len(meetings) == 3
            assert meetings[0] == meetings[1] == meetings[2], name

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
        fooled = {engine for engine, meetings in read.items() if meetings != ours(series)}

        assert wrong != right
        assert read.keys() - fooled == {"recurring-ical-events"}, "it knows New York by name"

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


class TestDrawnSeries:
    """
    Patterns of all kinds in many zones, with moved, cancelled, skipped, longer and differently
    worded dates: what sessions computes is what each engine reads, to the second.

    All believe our VTIMEZONE where its zone is renamed. Of a zone that it knows by name,
    recurring-ical-events takes its own; ical.js takes ours; libical counts the days with the
    one that ICU has (see `drawn.CHANGED_LATELY`), and turns them into instants with ours.
    """

    @pytest.mark.parametrize("first", range(0, 80, 5))
    def test_all_read_what_we_compute(self, first: int) -> None:
        """Two thousand in all; each once as a feed, once as an invitation, and once renamed."""
        tellings = []
        for batch in map(drawn.batch, range(first, first + 5)):
            told, asked = batch.feed(), batch.invitations()
            if batch.number % 2:
                tellings += [told.renamed(), *asked]
            else:
                tellings += [told, *(one.renamed() for one in asked)]

        assert sum(len(telling.meetings) for telling in tellings) > 2000
        assert drawn.disagreements(tellings) == []

    @pytest.mark.soak
    @pytest.mark.parametrize("first", range(1000, 1200, 10))
    def test_all_read_what_we_compute_of_five_thousand_more_in_every_form(
        self, first: int
    ) -> None:
        for batch in map(drawn.batch, range(first, first + 10)):
            tellings = [batch.feed(), *batch.invitations()]
            tellings += [telling.renamed() for telling in tellings]

            assert drawn.disagreements(tellings) == []

    def test_one_hour_that_is_wrong_is_noticed_by_each_engine(self) -> None:
        """In the middle of all that was drawn, a summer that is an hour short of itself."""
        right = [drawn.batch(number).feed() for number in range(3)]
        wrong = [
            telling.with_calendar(
                telling.question.calendar.replace(b"TZOFFSETTO:+03", b"TZOFFSETTO:+02")
            ).renamed()
            for telling in right
        ]

        assert drawn.disagreements([telling.renamed() for telling in right]) == []
        assert drawn.disagreements(wrong) == [
            f"{engine} in {telling.name}" for engine in ENGINES for telling in wrong
        ]

    def test_all_kinds_are_drawn(self) -> None:
        events = [one for n in range(80) for one in drawn.batch(n).events]
        rules = [one.pattern.rule for one in events if one.pattern.rule]
        changes = [change for one in events for change in one.changes.values()]

        assert len(events) == 2000
        assert {one.pattern.zone for one in events} == set(drawn.ZONES)
        assert {rule.week_start for rule in rules} == {"MO", "SU", "SA"}
        assert {rule.position for rule in rules} == {None, 1, 2, 3, 4, -1}
        assert {rule.day for rule in rules} == {None, *range(1, 29)}
        for kind in (
            {rule.count is None for rule in rules},
            {rule.until is None for rule in rules},
            {rule.frequency == "weekly" for rule in rules},
            {len(rule.weekdays) > 1 for rule in rules if rule.position},
            {one.pattern.rule is None for one in events},
            {one.cancelled for one in events},
            {not one.words for one in events},
            {change.cancelled for change in changes},
            {change.skipped for change in changes},
            {change.moved_to is None for change in changes},
            {change.minutes is None for change in changes},
        ):
            assert kind == {True, False}


@settings(max_examples=6, deadline=None)
@given(st.integers(10**6, 10**9))
def test_whatever_is_drawn_all_engines_read_the_same(number: int) -> None:
    batch = drawn.batch(number)

    assert drawn.disagreements([batch.feed(), batch.feed().renamed()]) == []


def test_a_renamed_copy_uses_no_name_that_is_known() -> None:
    plain, renamed = both_ways(golden.path("several_zones").read_bytes())

    assert b"TZID:Asia/Kolkata" in plain
    assert len(re.findall(rb"TZID[:=]", renamed)) == len(re.findall(rb"TZID[:=]X-", renamed))
