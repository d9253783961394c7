# ruff: noqa: DTZ001 - wall time has no zone

from datetime import UTC, date, datetime, time, timedelta

import pytest

from sessions.recurrence import (
    Change,
    NotInSeries,
    Pattern,
    Rule,
    Shift,
    first_start,
    follows,
    last_start,
    next_dates,
    occurrence_at,
    occurrences,
    rrule_text,
    shifts,
    uneven,
)
from tests.calendars.patterns import ALWAYS, SUNDAY, TUESDAYS, monthly, utc, weekly

SECOND_CANCELLED = {datetime(2026, 10, 20, 18): Change(cancelled=True)}


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

    def test_where_weeks_begin_on_sunday_the_next_one_is_not_in_this_week(self) -> None:
        every_second = weekly(datetime(2026, 3, 3, 19), "TU", "SU", interval=2, week_start="SU")

        assert days_of(every_second, 3) == ["Tue 03 Mar", "Sun 15 Mar", "Tue 17 Mar"]

    def test_a_day_of_the_month(self) -> None:
        assert days_of(monthly(datetime(2026, 1, 28, 19), day=28), 3) == [
            "Wed 28 Jan",
            "Sat 28 Feb",
            "Sat 28 Mar",
        ]

    def test_every_third_month_counts_from_the_first(self) -> None:
        quarterly = monthly(datetime(2026, 11, 10, 19), "TU", position=2, interval=3)

        assert days_of(quarterly, 3) == ["Tue 10 Nov", "Tue 09 Feb", "Tue 11 May"]

    def test_the_last_weekday_of_the_month(self) -> None:
        assert days_of(monthly(datetime(2026, 1, 29, 19), "TH", position=-1), 4) == [
            "Thu 29 Jan",
            "Thu 26 Feb",
            "Thu 26 Mar",
            "Thu 30 Apr",
        ]

    @pytest.mark.parametrize(
        ("days", "expected"),
        [
            (("MO", "TU", "WE", "TH", "FR"), ["Fri 30 Jan", "Fri 27 Feb", "Tue 31 Mar"]),
            (("SU", "MO", "TU", "WE", "TH"), ["Thu 29 Jan", "Thu 26 Feb", "Tue 31 Mar"]),
        ],
    )
    def test_the_last_working_day_depends_on_the_week_of_the_country(
        self, days: tuple[str, ...], expected: list[str]
    ) -> None:
        rule = Rule(days, frequency="monthly", position=-1)
        start = first_start(rule, date(2026, 1, 3), time(9))

        assert days_of(Pattern(start, "Asia/Jerusalem", 60, rule), 3) == expected

    def test_the_first_start_is_on_the_day_itself_if_the_rule_has_it(self) -> None:
        tuesdays = Rule(("TU",), interval=5)

        assert first_start(tuesdays, date(2026, 3, 3), time(19)) == datetime(2026, 3, 3, 19)
        assert first_start(tuesdays, date(2026, 3, 4), time(19)) == datetime(2026, 3, 10, 19)
        on_the_fifth = Rule(frequency="monthly", day=5, interval=7)
        assert first_start(on_the_fifth, date(2026, 12, 6), time(8)) == datetime(2027, 1, 5, 8)

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

    def test_a_skipped_date_is_off_as_well_and_says_that_nobody_heard_of_it(self) -> None:
        skipped = {datetime(2026, 10, 20, 18): Change(skipped=True)}

        first, second, *_ = occurrences(TUESDAYS, skipped, **ALWAYS)

        assert (second.cancelled, second.skipped) == (True, True)
        assert (first.cancelled, first.skipped) == (False, False)

    def test_a_cancelled_date_is_shown_where_it_had_been_put_a_skipped_one_was_never(
        self,
    ) -> None:
        second, to = datetime(2026, 10, 20, 18), datetime(2026, 10, 21, 9)

        [cancelled], [skipped] = (
            [date for date in occurrences(TUESDAYS, off, **ALWAYS) if date.cancelled]
            for off in (
                {second: Change(to, cancelled=True)},
                {second: Change(to, skipped=True)},
            )
        )

        assert (cancelled.original, cancelled.local) == (second, to)
        assert (skipped.original, skipped.local) == (second, second)

    def test_one_date_may_last_longer(self) -> None:
        longer = {datetime(2026, 10, 20, 18): Change(minutes=180)}

        first, second, *_ = occurrences(TUESDAYS, longer, **ALWAYS)

        assert first.ends_at - first.starts_at == timedelta(minutes=75)
        assert second.ends_at - second.starts_at == timedelta(minutes=180)
        assert not second.moved

    def test_a_change_that_changes_nothing_is_none(self) -> None:
        nothing = {datetime(2026, 10, 20, 18): Change()}

        assert list(occurrences(TUESDAYS, nothing, **ALWAYS)) == list(
            occurrences(TUESDAYS, {}, **ALWAYS)
        )

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
        off = {
            start: Change(cancelled=True) for start in (two.start, datetime(2026, 3, 10, 19))
        }

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


class TestNights:
    def test_a_night_of_clock_change_is_uneven(self) -> None:
        nights = Pattern(datetime(2026, 3, 7, 22), "America/New_York", 480, Rule(("SA",)))

        assert list(uneven(nights, before=utc(2027, 1, 1))) == [
            datetime(2026, 3, 7, 22),
            datetime(2026, 10, 31, 22),
        ]

    def test_an_end_that_the_clock_shows_twice_is_uneven(self) -> None:
        fridays = Pattern(datetime(2026, 10, 1, 22, 30), "Africa/Cairo", 75, Rule(("TH",)))

        assert list(uneven(fridays, before=utc(2027, 1, 1))) == [datetime(2026, 10, 29, 22, 30)]

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

    def test_a_week_that_begins_on_saturday_is_told_as_one_of_sunday(self) -> None:
        """libical misreads WKST=SA; without a Saturday in it, the week is the same."""
        series = weekly(SUNDAY, "SU", "TU", interval=2, week_start="SA")

        assert rrule_text(series) == "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SU;WKST=SU"

    @pytest.mark.parametrize(
        ("pattern", "text"),
        [
            (monthly(SUNDAY, day=1), "BYMONTHDAY=1;WKST=MO"),
            (monthly(SUNDAY, "SU", position=1), "BYDAY=1SU;WKST=MO"),
            (monthly(SUNDAY, "SU", position=-1), "BYDAY=-1SU;WKST=MO"),
            (
                monthly(SUNDAY, "TU", "MO", position=-1, week_start="SU"),
                "BYDAY=MO,TU;BYSETPOS=-1;WKST=SU",
            ),
        ],
    )
    def test_a_month_is_told_as_all_read_it_alike(self, pattern: Pattern, text: str) -> None:
        assert rrule_text(pattern) == f"FREQ=MONTHLY;INTERVAL=1;{text}"

    def test_an_open_series_says_no_end(self) -> None:
        assert rrule_text(TUESDAYS) == "FREQ=WEEKLY;INTERVAL=1;BYDAY=TU;WKST=MO"
