# ruff: noqa: DTZ001 - wall time has no zone

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from sessions.recurrence import (
    BadWeekdays,
    Change,
    ClockChange,
    Gap,
    NotInSeries,
    NotWallTime,
    OutOfRange,
    Overlap,
    Pattern,
    Rule,
    Shift,
    StartOffRule,
    TwoEnds,
    UntilBeforeStart,
    check,
    check_move,
    follows,
    last_start,
    next_dates,
    occurrence_at,
    occurrences,
    rrule_text,
    shifts,
    uneven,
)
from sessions.zones import WEEKDAYS, ScheduleError, UnknownZone

TUESDAYS = Pattern(datetime(2026, 10, 13, 18), "Asia/Jerusalem", 75, Rule(("TU",)))
ALWAYS: Any = {
    "after": datetime(1970, 1, 1, tzinfo=UTC),
    "before": datetime(2027, 1, 1, tzinfo=UTC),
}
SECOND_CANCELLED = {datetime(2026, 10, 20, 18): Change(None)}


def utc(*numbers: int) -> datetime:
    return datetime(*numbers, tzinfo=UTC)  # type: ignore[arg-type, misc] # at most six


def weekly(start: datetime, *days: str, zone: str = "America/New_York", **rule: Any) -> Pattern:
    return Pattern(start, zone, 60, Rule(days or (WEEKDAYS[start.weekday()],), **rule))


def days_of(pattern: Pattern, limit: int = 6) -> list[str]:
    dates = next_dates(pattern, {}, after=ALWAYS["after"], limit=limit)
    return [f"{o.original:%a %d %b}" for o in dates]


class TestDates:
    def test_wall_time_survives_the_end_of_summer_time(self) -> None:
        dates = next_dates(TUESDAYS, {}, after=ALWAYS["after"], limit=4)

        assert [o.local.hour for o in dates] == [18, 18, 18, 18]
        assert [o.starts_at.hour for o in dates] == [15, 15, 16, 16]

    def test_a_meeting_lasts_its_minutes_even_when_the_clock_changes_in_it(self) -> None:
        night = weekly(datetime(2026, 10, 31, 23), count=2)

        assert [o.ends_at - o.starts_at for o in occurrences(night, {}, **ALWAYS)] == [
            timedelta(minutes=60)
        ] * 2

    def test_every_second_week_counts_from_the_first(self) -> None:
        every_second = weekly(datetime(2026, 3, 3, 19), "TU", "TH", interval=2)

        assert days_of(every_second) == [
            "Tue 03 Mar",
            "Thu 05 Mar",
            "Tue 17 Mar",
            "Thu 19 Mar",
            "Tue 31 Mar",
            "Thu 02 Apr",
        ]

    def test_weeks_begin_on_monday(self) -> None:
        assert days_of(weekly(datetime(2026, 3, 3, 19), "TU", "SU", interval=2), 3) == [
            "Tue 03 Mar",
            "Sun 08 Mar",
            "Tue 17 Mar",
        ]

    def test_a_counted_series_ends_with_its_last_date(self) -> None:
        three = weekly(datetime(2026, 3, 3, 19), "TU", "TH", count=3)

        assert days_of(three) == ["Tue 03 Mar", "Thu 05 Mar", "Tue 10 Mar"]
        assert last_start(three) == datetime(2026, 3, 10, 19)

    def test_the_last_day_is_included(self) -> None:
        until_tuesday = weekly(datetime(2026, 3, 3, 19), until=date(2026, 3, 17))

        assert days_of(until_tuesday) == ["Tue 03 Mar", "Tue 10 Mar", "Tue 17 Mar"]

    def test_a_single_date_has_no_rule(self) -> None:
        once = Pattern(datetime(2026, 3, 3, 19), "UTC", 60)

        assert days_of(once) == ["Tue 03 Mar"]
        assert last_start(once) == once.start
        assert rrule_text(once) is None

    def test_an_open_series_has_no_last_start_but_every_loop_ends(self) -> None:
        assert last_start(TUESDAYS) is None
        assert next_dates(TUESDAYS, {}, after=utc(2100, 12, 25), limit=9)
        assert next_dates(TUESDAYS, {}, after=utc(2101, 1, 2), limit=9) == []

    def test_the_window_includes_its_beginning_and_not_its_end(self) -> None:
        first, second = next_dates(TUESDAYS, {}, after=ALWAYS["after"], limit=2)

        window = {"after": first.starts_at, "before": second.starts_at}

        assert list(occurrences(TUESDAYS, {}, **window)) == [first]


class TestChanges:
    def test_a_moved_date_keeps_its_name(self) -> None:
        original, to = datetime(2026, 10, 20, 18), datetime(2026, 10, 21, 20, 30)

        moved = occurrence_at(TUESDAYS, {original: Change(to)}, original)

        assert (moved.original, moved.local, moved.moved) == (original, to, True)
        assert moved.starts_at == utc(2026, 10, 21, 17, 30)

    def test_dates_come_in_the_order_in_which_they_now_happen(self) -> None:
        changes = {datetime(2026, 10, 13, 18): Change(datetime(2026, 10, 22, 9))}

        starts = [o.starts_at for o in occurrences(TUESDAYS, changes, **ALWAYS)]

        assert starts == sorted(starts)
        assert starts[1] == utc(2026, 10, 22, 6)

    @pytest.mark.parametrize("to", [datetime(2026, 1, 5, 9), datetime(2034, 1, 5, 9)])
    def test_a_date_moved_far_away_is_found_there(self, to: datetime) -> None:
        changes = {datetime(2026, 12, 8, 18): Change(to)}
        week = timedelta(days=7)
        around = {
            "after": to.replace(tzinfo=UTC) - week,
            "before": to.replace(tzinfo=UTC) + week,
        }

        assert [o.local for o in occurrences(TUESDAYS, changes, **around) if o.moved] == [to]

    def test_a_moved_date_is_not_found_where_it_was(self) -> None:
        changes = {datetime(2026, 10, 20, 18): Change(datetime(2027, 5, 1, 9))}

        assert datetime(2026, 10, 20, 18) not in [
            o.original for o in occurrences(TUESDAYS, changes, **ALWAYS)
        ]

    def test_a_cancelled_date_stays_and_says_so(self) -> None:
        _, second, *_ = occurrences(TUESDAYS, SECOND_CANCELLED, **ALWAYS)

        assert second.cancelled
        assert not second.moved
        assert second.local == second.original == datetime(2026, 10, 20, 18)

    def test_cancelled_dates_can_be_left_out(self) -> None:
        dates = next_dates(
            TUESDAYS,
            SECOND_CANCELLED,
            after=ALWAYS["after"],
            limit=2,
            with_cancelled=False,
        )

        assert [o.original.day for o in dates] == [13, 27]

    def test_a_series_whose_dates_are_all_cancelled_has_none_left(self) -> None:
        two = weekly(datetime(2026, 3, 3, 19), count=2)
        off = {start: Change(None) for start in (two.start, datetime(2026, 3, 10, 19))}

        assert next_dates(two, off, after=ALWAYS["after"], limit=5, with_cancelled=False) == []

    def test_a_change_of_a_date_that_the_pattern_lacks_counts_for_nothing(self) -> None:
        changes = {datetime(2026, 10, 14, 18): Change(datetime(2026, 10, 15, 18))}

        assert not any(o.moved for o in occurrences(TUESDAYS, changes, **ALWAYS))

    def test_a_name_must_be_exact(self) -> None:
        assert follows(TUESDAYS, datetime(2026, 12, 8, 18))
        assert not follows(TUESDAYS, datetime(2026, 12, 8, 18, 0, 1))
        assert not follows(TUESDAYS, datetime(2026, 12, 9, 18))
        assert not follows(TUESDAYS, datetime(2026, 10, 6, 18))
        assert not follows(TUESDAYS, utc(2026, 12, 8, 18))
        with pytest.raises(NotInSeries):
            occurrence_at(TUESDAYS, {}, datetime(2026, 12, 9, 18))


SUNDAY = datetime(2026, 3, 1, 19)


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

    def test_a_series_that_ends_before_the_clock_change_is_allowed(self) -> None:
        check(weekly(datetime(2026, 2, 1, 2, 30), until=date(2026, 3, 7)))

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


class TestNights:
    def test_a_night_of_clock_change_is_uneven(self) -> None:
        nights = Pattern(datetime(2026, 3, 7, 22), "America/New_York", 480, Rule(("SA",)))

        assert uneven(nights, before=utc(2027, 1, 1)) == [
            datetime(2026, 3, 7, 22),
            datetime(2026, 10, 31, 22),
        ]

    def test_an_end_that_the_clock_shows_twice_is_uneven(self) -> None:
        fridays = Pattern(datetime(2026, 10, 1, 22, 30), "Africa/Cairo", 75, Rule(("TH",)))

        assert uneven(fridays, before=utc(2027, 1, 1)) == [datetime(2026, 10, 29, 22, 30)]

    def test_other_zones_part_from_the_series_and_come_back(self) -> None:
        series = weekly(datetime(2026, 3, 3, 12), count=6)  # New York changes on March 8th
        dates = list(occurrences(series, {}, **ALWAYS))

        assert shifts(
            series, ["Europe/London", "America/New_York", "America/Toronto"], dates
        ) == [
            Shift("Europe/London", datetime(2026, 3, 10, 12), -60),
            Shift("Europe/London", datetime(2026, 3, 31, 12), 60),
        ]

    def test_a_moved_date_is_not_taken_for_a_clock_change(self) -> None:
        series = weekly(datetime(2026, 6, 2, 12), count=3)
        changes = {datetime(2026, 6, 9, 12): Change(datetime(2026, 6, 9, 15))}

        assert shifts(series, ["Asia/Tokyo"], occurrences(series, changes, **ALWAYS)) == []


class TestRuleText:
    def test_the_end_is_the_last_real_start_in_utc(self) -> None:
        series = weekly(datetime(2026, 10, 6, 19), "TU", interval=2, until=date(2026, 11, 16))

        assert rrule_text(series) == (
            "FREQ=WEEKLY;INTERVAL=2;UNTIL=20261104T000000Z;BYDAY=TU;WKST=MO"
        )

    def test_a_count_stays_a_count_and_days_stand_in_order(self) -> None:
        series = weekly(SUNDAY, "SU", "WE", "MO", count=7)

        assert rrule_text(series) == "FREQ=WEEKLY;INTERVAL=1;COUNT=7;BYDAY=MO,WE,SU;WKST=MO"

    def test_an_open_series_says_no_end(self) -> None:
        assert rrule_text(TUESDAYS) == "FREQ=WEEKLY;INTERVAL=1;BYDAY=TU;WKST=MO"
