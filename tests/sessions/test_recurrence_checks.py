# ruff: noqa: DTZ001 - wall time has no zone

from dataclasses import replace
from datetime import UTC, date, datetime, time

import pytest

from sessions.recurrence import (
    BadWeekdays,
    ClockChange,
    FirstNight,
    Gap,
    NearGap,
    NotInSeries,
    NotWallTime,
    OutOfRange,
    Overlap,
    Pattern,
    Rule,
    SaturdayWeeks,
    StartOffRule,
    TwoEnds,
    UnclearRule,
    UntilBeforeStart,
    check,
    check_move,
)
from sessions.zones import WEEKDAYS, ScheduleError, UnknownZone
from tests.calendars.patterns import SUNDAY, monthly, utc, weekly


class TestRefusals:
    @pytest.mark.parametrize(
        ("pattern", "error", "field"),
        [
            (Pattern(SUNDAY, "Mars/Base", 60), UnknownZone, "zone"),
            (Pattern(SUNDAY.replace(tzinfo=UTC), "UTC", 60), NotWallTime, "start"),
            (Pattern(SUNDAY.replace(second=1), "UTC", 60), NotWallTime, "start"),
            (Pattern(SUNDAY.replace(microsecond=1), "UTC", 60), NotWallTime, "start"),
            (Pattern(SUNDAY.replace(year=1969), "UTC", 60), OutOfRange, "start"),
            (Pattern(SUNDAY.replace(year=2101), "UTC", 60), OutOfRange, "start"),
            (Pattern(SUNDAY, "UTC", 4), OutOfRange, "minutes"),
            (Pattern(SUNDAY, "UTC", 1441), OutOfRange, "minutes"),
            (weekly(SUNDAY, interval=0), OutOfRange, "rule"),
            (weekly(SUNDAY, interval=53), OutOfRange, "rule"),
            (weekly(SUNDAY, count=0), OutOfRange, "rule"),
            (weekly(SUNDAY, count=521), OutOfRange, "rule"),
            (weekly(SUNDAY, count=520, interval=52), OutOfRange, "rule"),
            (weekly(SUNDAY, until=date(2101, 1, 5)), OutOfRange, "rule"),
            (weekly(SUNDAY, until=date(2026, 2, 28)), UntilBeforeStart, "rule"),
            (weekly(SUNDAY, until=date(2026, 5, 1), count=3), TwoEnds, "rule"),
            (weekly(SUNDAY, "TU"), StartOffRule, "start"),
            (weekly(SUNDAY, "SU", "XX"), BadWeekdays, "rule"),
            (weekly(SUNDAY, "SU", "SU"), BadWeekdays, "rule"),
            (Pattern(SUNDAY, "UTC", 60, Rule(())), BadWeekdays, "rule"),
            (weekly(SUNDAY, day=1), UnclearRule, "rule"),
            (weekly(SUNDAY, position=1), UnclearRule, "rule"),
            (weekly(SUNDAY, day=1, position=1), UnclearRule, "rule"),
            (weekly(SUNDAY, week_start="TU"), UnclearRule, "rule"),
            (weekly(SUNDAY, frequency="yearly"), UnclearRule, "rule"),
            (monthly(SUNDAY), UnclearRule, "rule"),
            (monthly(SUNDAY, "SU"), UnclearRule, "rule"),
            (monthly(SUNDAY, "SU", day=1), UnclearRule, "rule"),
            (monthly(SUNDAY, "SU", day=1, position=1), UnclearRule, "rule"),
            (monthly(SUNDAY, "SU", position=0), UnclearRule, "rule"),
            (monthly(SUNDAY, "SU", position=5), UnclearRule, "rule"),
            (monthly(SUNDAY, "SU", position=-2), UnclearRule, "rule"),
            (monthly(SUNDAY, position=1), BadWeekdays, "rule"),
            (monthly(SUNDAY, "SU", "XX", position=1), BadWeekdays, "rule"),
            (monthly(SUNDAY, day=0), OutOfRange, "rule"),
            (
                weekly(SUNDAY, "SU", "SA", interval=2, week_start="SA"),
                SaturdayWeeks,
                "rule",
            ),
            (monthly(SUNDAY, day=29), OutOfRange, "rule"),
            (monthly(SUNDAY, day=1, interval=25), OutOfRange, "rule"),
            (monthly(SUNDAY, day=1, interval=24, count=520), OutOfRange, "rule"),
            (monthly(SUNDAY, day=2), StartOffRule, "start"),
            (monthly(SUNDAY, "SU", position=2), StartOffRule, "start"),
            (monthly(SUNDAY, "SA", "SU", position=-1), StartOffRule, "start"),
        ],
    )
    def test_what_cannot_be_planned_is_refused(
        self, pattern: Pattern, error: type[ScheduleError], field: str
    ) -> None:
        with pytest.raises(error) as refusal:
            check(pattern)

        assert refusal.value.code
        assert refusal.value.field == field

    def test_what_is_just_possible_is_allowed(self) -> None:
        check(Pattern(SUNDAY, "UTC", 5))
        check(Pattern(SUNDAY, "UTC", 1440))
        check(weekly(SUNDAY, *WEEKDAYS, count=520))
        check(weekly(SUNDAY, interval=52))
        check(weekly(SUNDAY, until=SUNDAY.date()))
        check(weekly(SUNDAY, "SU", "TU", interval=2, week_start="SA"))
        check(weekly(SUNDAY, "SU", "SA", week_start="SA"))
        check(monthly(SUNDAY, day=1, interval=24))
        check(monthly(SUNDAY, "SU", position=1, week_start="SA"))

    def test_a_start_off_the_rule_is_told_the_next_one_on_it(self) -> None:
        with pytest.raises(StartOffRule) as refusal:
            check(monthly(SUNDAY, "TH", position=-1))

        assert refusal.value.params == {"nearest": "2026-03-26T19:00"}

    def test_a_series_does_not_begin_in_a_night_of_clock_change(self) -> None:
        """libical takes the length of that night for the length of all."""
        nights = Pattern(datetime(2026, 3, 7, 22), "America/New_York", 480, Rule(("SA",)))

        with pytest.raises(FirstNight) as refusal:
            check(nights)

        assert refusal.value.params == {"nearest": "2026-03-14T22:00"}
        check(replace(nights, start=datetime(2026, 2, 28, 22)))
        check(replace(nights, rule=None))

    def test_every_date_of_a_month_is_asked_for_its_clock(self) -> None:
        """The second Sunday of March, in some year, is the one."""
        with pytest.raises(Gap) as refusal:
            check(monthly(datetime(2026, 1, 8, 2, 30), day=8))

        assert refusal.value.start == datetime(2026, 3, 8, 2, 30)
        assert refusal.value.nearest == time(3)

    @pytest.mark.parametrize(
        ("pattern", "error", "when", "nearest"),
        [
            (weekly(datetime(2026, 3, 1, 2, 30)), Gap, datetime(2026, 3, 8, 2, 30), time(3)),
            (
                weekly(datetime(2026, 3, 15, 1, 10)),
                Overlap,
                datetime(2026, 11, 1, 1, 10),
                time(0, 55),
            ),
            (
                Pattern(datetime(2026, 3, 8, 2, 10), "America/New_York", 60),
                Gap,
                datetime(2026, 3, 8, 2, 10),
                time(1, 55),
            ),
            (
                weekly(datetime(2026, 3, 6, 0, 40), zone="Africa/Cairo"),
                Gap,
                datetime(2026, 4, 24, 0, 40),
                time(1),
            ),
            (
                weekly(datetime(2026, 3, 7, 23, 20), zone="America/Santiago"),
                Overlap,
                datetime(2026, 4, 4, 23, 20),
                time(22, 55),
            ),
            (
                weekly(datetime(2026, 1, 4, 1, 45), zone="Australia/Lord_Howe"),
                Overlap,
                datetime(2026, 4, 5, 1, 45),
                time(1, 25),
            ),
        ],
    )
    def test_a_date_in_a_skipped_or_doubled_hour_is_named_with_a_better_time(
        self, pattern: Pattern, error: type[ClockChange], when: datetime, nearest: time
    ) -> None:
        with pytest.raises(error) as refusal:
            check(pattern)

        assert (refusal.value.start, refusal.value.nearest) == (when, nearest)
        check(Pattern(when.combine(pattern.start, nearest), pattern.zone, 60, pattern.rule))

    def test_the_better_time_is_good_on_all_dates(self) -> None:
        """02:00 would be nearer to 01:45, and good in autumn; in spring there is none."""
        with pytest.raises(Overlap) as refusal:
            check(weekly(datetime(2026, 3, 15, 1, 45)))

        assert refusal.value.params == {"start": "2026-11-01T01:45", "nearest": "00:55"}

    @pytest.mark.parametrize(
        "pattern",
        [
            weekly(datetime(2026, 2, 3, 2, 30)),
            monthly(datetime(2026, 2, 10, 2, 30), day=10, count=9),
            monthly(datetime(2026, 3, 31, 2, 30), "TU", position=-1, count=9),
        ],
    )
    def test_a_time_that_is_skipped_between_two_dates_is_refused(
        self, pattern: Pattern
    ) -> None:
        """libical counts by way of that day, and is an hour off afterwards."""
        with pytest.raises(NearGap) as refusal:
            check(pattern)

        assert refusal.value.start == datetime(2026, 3, 8, 2, 30)
        assert refusal.value.nearest == time(3)
        check(replace(pattern, start=pattern.start.replace(hour=3, minute=0)))

    def test_a_series_that_ends_before_the_clock_change_is_allowed(self) -> None:
        check(weekly(datetime(2026, 2, 1, 2, 30), until=date(2026, 3, 7)))
        check(weekly(datetime(2026, 2, 6, 2, 30), until=date(2026, 3, 7)))

    def test_a_day_that_never_was_has_no_better_time(self) -> None:
        """Samoa went from the 29th to the 31st."""
        with pytest.raises(Gap) as refusal:
            check(Pattern(datetime(2011, 12, 30, 12), "Pacific/Apia", 60))

        assert refusal.value.nearest is None

    def test_a_moved_date_obeys_what_a_single_one_does(self) -> None:
        sundays = weekly(datetime(2026, 3, 1, 19))
        original = datetime(2026, 3, 8, 19)

        check_move(sundays, original, to=datetime(2026, 3, 9, 19))
        with pytest.raises(Gap):
            check_move(sundays, original, to=datetime(2026, 3, 8, 2, 30))
        with pytest.raises(NotWallTime):
            check_move(sundays, original, to=utc(2026, 3, 9, 19))
        with pytest.raises(NotInSeries):
            check_move(sundays, datetime(2026, 3, 9, 19), to=original)
        check_move(sundays, original, to=original, minutes=1440)
        with pytest.raises(OutOfRange):
            check_move(sundays, original, to=original, minutes=1441)
